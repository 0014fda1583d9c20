"""A training run as it was after its last epoch, on disk: an interruption costs an epoch at most."""

from __future__ import annotations

import io
import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from app.recognition import weights

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Checkpoint:
    """Where a run is kept, and what must be the same for it to go on."""

    path: Path
    key: str  # of network, recipe, seed, device, data and versions

    def load(self) -> dict[str, Any] | None:
        """Return what was saved last; None where there is nothing, or nothing of this very run."""
        try:
            saved: dict[str, Any] = torch.load(self.path, weights_only=True)
        except (OSError, RuntimeError, EOFError, ValueError, KeyError, pickle.UnpicklingError):
            return None
        return saved if saved.get("key") == self.key else None

    def save(self, state: dict[str, Any]) -> None:
        """Replace what was saved."""
        buffer = io.BytesIO()
        torch.save(state | {"key": self.key}, buffer)
        weights.replace({self.path: buffer.getvalue()})

    def remove(self) -> None:
        """Forget the run: it is done."""
        self.path.unlink(missing_ok=True)
