"""What each network is trained with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from training.augment import Augmentation

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Recipe:
    """Options of one training run: AdamW with a one-cycle learning rate, and a running average of the weights."""

    epochs: int
    batch: int  # frames a step
    lr: float  # highest learning rate
    warmup: float = 0.15  # of the training: the learning rate rises, then falls to nothing as a cosine does
    weight_decay: float = 0.0
    average: float = 0.0  # weight of the past in the running average of the weights; 0: none
    augmentation: Augmentation | None = None
    restarts: int = 1  # runs from other random weights; the lowest validation cost is kept


RECIPES: Final[Mapping[str, Mapping[str, Recipe]]] = {
    "default": {
        "ff": Recipe(epochs=40, batch=256, lr=0.01, average=0.998, restarts=3),
        "cnn": Recipe(epochs=60, batch=256, lr=0.01, average=0.998, augmentation=Augmentation()),
    },
    "quick": {
        "ff": Recipe(epochs=8, batch=256, lr=0.02),
        "cnn": Recipe(epochs=3, batch=128, lr=0.015, warmup=0.25),
    },
}
