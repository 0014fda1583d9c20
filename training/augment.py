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
        count, side = len(batch), batch.shape[-1]

        def normal(*shape: int) -> Tensor:
            return torch.randn(shape, device=batch.device, generator=generator)

        angle = normal(count) * math.radians(self.turn)
        sheared = normal(count) * self.shear
        wide, high = (1 + normal(2, count) * self.scale).unbind()
        moved = normal(2, count) * (self.shift / (side / 2))
        cos, sin = torch.cos(angle), torch.sin(angle)
        rows = [wide * cos, wide * (sheared * cos - sin), moved[0], high * sin, high * (sheared * sin + cos), moved[1]]
        affine = torch.stack(rows, dim=1).view(count, 2, 3)
        bent = normal(count, 2, self.grid**2) * (self.bend / (side / 2))
        places = torch.cat([affine, bent], dim=2) @ self._basis(side, batch.device)  # (N, 2, 28 * 28)
        grid = places.view(count, 2, side, side).permute(0, 2, 3, 1)  # (N, 28, 28, 2)
        return self._rewidth(functional.grid_sample(batch, grid, align_corners=False), generator)

    def _basis(self, side: int, device: torch.device) -> Tensor:  # (3 + grid², 28 * 28)
        """Return what a place in the frame is the weighted sum of: its x and y, 1, and its share of each bending."""
        index = (2 * torch.arange(side, device=device) + 1) / side - 1  # (28,), -1 … 1
        y, x = torch.meshgrid(index, index, indexing="ij")  # each (28, 28)
        points = torch.eye(self.grid**2, device=device).view(-1, 1, self.grid, self.grid)
        shares = functional.interpolate(points, size=(side, side), mode="bilinear", align_corners=True)
        return torch.cat([torch.stack([x, y, torch.ones_like(x)]), shares[:, 0]]).flatten(1)

    def _rewidth(self, batch: Tensor, generator: torch.Generator) -> Tensor:  # (N, 1, 28, 28)
        amount = torch.rand(len(batch), 1, 1, 1, device=batch.device, generator=generator) * 2 - 1
        amount = amount * self.width
        thick, thin = _darkest(batch), -_darkest(-batch)
        return batch + amount.clamp(min=0) * (thick - batch) + (-amount).clamp(min=0) * (thin - batch)


def _darkest(batch: Tensor) -> Tensor:  # (N, 1, 28, 28)
    """Return the largest value of each 3x3 neighbourhood; a pooling layer does the same, many times slower."""
    rows = functional.pad(batch, (0, 0, 1, 1), mode="replicate")
    rows = torch.maximum(torch.maximum(rows[..., :-2, :], rows[..., 1:-1, :]), rows[..., 2:, :])
    columns = functional.pad(rows, (1, 1, 0, 0), mode="replicate")
    return torch.maximum(torch.maximum(columns[..., :-2], columns[..., 1:-1]), columns[..., 2:])
