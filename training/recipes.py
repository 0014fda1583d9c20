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

    epochs: int  # passes over what it learns from
    batch: int  # frames a step
    lr: float  # highest learning rate
    warmup: float = 0.15  # of the training: the learning rate rises, then falls to nothing as a cosine does
    weight_decay: float = 0.0
    average: float = 0.0  # weight of the past in the running average of the weights; 0: none
    normalised: bool = False  # while it learns, see training/learner.py
    robust: float = 0.0  # q of the generalised cross-entropy that it learns by; 0: the cross-entropy itself
    augmentation: Augmentation | None = None
    bfloat16: bool = False  # where the device has it: faster, and a little less accurate in the end
    candidates: int = 1  # networks trained side by side from other random weights; the best on validation is kept
    rounds: int = 1  # of framed MNIST in an epoch, each with drawings of its own
    as_written: int = 0  # more rounds of MNIST, as its makers framed it: for those who do not ask by our framing
    pens: float = 0.0  # frames of pen digits, to each framed one of MNIST
    taught: float = 0.0  # frames of digits as schools teach them, likewise
    non_digits: float = 0.0  # frames that show no digit, likewise; the network learns to tell them


# Eight hidden units have no room for much: strong changes cost the feed-forward net accuracy, and so do non-digits.
SLIGHT: Final = Augmentation(turn=2, shear=0.02, scale=0.02, shift=0.15, bend=0.2, width=0.1)
MODERATE: Final = Augmentation(turn=6, shear=0.07, scale=0.05, shift=0.5, bend=0.7, width=0.25)

# The best recipe alone learns from drawings too: without them MNIST is read better, and everybody else's digits worse.
RECIPES: Final[Mapping[str, Mapping[str, Recipe]]] = {
    "best": {
        "ff": Recipe(
            epochs=15,
            batch=256,
            lr=0.05,
            average=0.998,
            normalised=True,
            robust=0.3,
            augmentation=SLIGHT,
            candidates=12,
            rounds=2,
            as_written=2,
            pens=0.8,
            taught=0.1,
        ),
        "cnn": Recipe(
            epochs=14,
            batch=256,
            lr=0.02,
            weight_decay=0.05,
            average=0.9998,
            normalised=True,
            augmentation=MODERATE,
            rounds=3,
            pens=0.6,
            taught=0.2,
            non_digits=0.25,
        ),
    },
    "default": {
        "ff": Recipe(
            epochs=10,
            batch=256,
            lr=0.05,
            normalised=True,
            robust=0.3,
            augmentation=SLIGHT,
            candidates=6,
            as_written=1,
        ),
        "cnn": Recipe(
            epochs=30,
            batch=256,
            lr=0.02,
            weight_decay=0.05,
            average=0.9995,
            normalised=True,
            augmentation=MODERATE,
        ),
    },
    "quick": {
        # Framing 55,000 digits takes longer than learning from them here.
        "ff": Recipe(epochs=7, batch=512, lr=0.02, normalised=True, robust=0.3, candidates=3, rounds=0, as_written=1),
        "cnn": Recipe(
            epochs=1, batch=128, lr=0.012, warmup=0.25, normalised=True, bfloat16=True, rounds=0, as_written=1
        ),
    },
}
