"""Make each batch a little different: turned, scaled, moved, bent, thinner or thicker."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Augmentation:
    """How much each frame may change; every amount is drawn anew for each frame."""

    turn: float = 10.0  # degrees, standard deviation
    shear: float = 0.10  # standard deviation
    scale: float = 0.07  # standard deviation
    shift: float = 0.7  # px, standard deviation
    bend: float = 1.1  # px, standard deviation of the elastic field (Simard, Steinkraus & Platt 2003)
    grid: int = 6  # points a side that the elastic field is drawn on
    width: float = 0.5  # of the way to the neighbours' darkest or palest pixel, at most

    def __call__(self, batch: Tensor, generator: torch.Generator) -> Tensor:  # (N, 1, 28, 28) -> (N, 1, 28, 28)
        """Return a changed copy of `batch`, drawn from `generator` (on the batch's device)."""
        count = len(batch)

        def normal(*shape: int) -> Tensor:
            return torch.randn(shape, device=batch.device, generator=generator)

        angle = normal(count) * math.radians(self.turn)
        sheared = normal(count) * self.shear
        wide, high = (1 + normal(2, count) * self.scale).unbind()
        moved = normal(2, count) * (self.shift / (batch.shape[-1] / 2))
        cos, sin = torch.cos(angle), torch.sin(angle)
        rows = [wide * cos, wide * (sheared * cos - sin), moved[0], high * sin, high * (sheared * sin + cos), moved[1]]
        affine = torch.stack(rows, dim=1).view(count, 2, 3)
        grid = functional.affine_grid(affine, list(batch.shape), align_corners=False)  # (N, 28, 28, 2)
        coarse = normal(count, 2, self.grid, self.grid) * (self.bend / (batch.shape[-1] / 2))
        field = functional.interpolate(coarse, size=batch.shape[-2:], mode="bilinear", align_corners=True)
        bent = functional.grid_sample(batch, grid + field.permute(0, 2, 3, 1), align_corners=False)  # (N, 1, 28, 28)
        return self._rewidth(bent, generator)

    def _rewidth(self, batch: Tensor, generator: torch.Generator) -> Tensor:  # (N, 1, 28, 28)
        amount = torch.rand(len(batch), 1, 1, 1, device=batch.device, generator=generator) * 2 - 1
        amount = amount * self.width
        thick = functional.max_pool2d(batch, 3, stride=1, padding=1)
        thin = -functional.max_pool2d(-batch, 3, stride=1, padding=1)
        return batch + amount.clamp(min=0) * (thick - batch) + (-amount).clamp(min=0) * (thin - batch)
