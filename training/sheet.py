"""A contact sheet: frames in rows, each with what it is and what it was taken for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
import torch

from app.recognition import png
from app.recognition.networks import SIDE
from training.metrics import log_probs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from app.recognition.networks import DigitClassifier
    from training.data import Digits

WORST: Final = 160  # misreadings on a sheet
COLUMNS: Final = 16
LARGER: Final = 2  # times the size of a frame
TITLE: Final = 20  # px, height of the line under a frame


@dataclass(frozen=True)
class Misread:
    """A frame taken for another digit."""

    frame: NDArray[np.uint8]  # (28, 28)
    label: int
    answer: int
    confidence: float  # of the wrong answer


def misread(network: DigitClassifier, sets: Sequence[Digits]) -> list[Misread]:
    """Return the WORST misreadings in all sets, the most confident first."""
    found: list[Misread] = []
    for digits in sets:
        confidence, answers = log_probs(network, digits).exp().max(dim=1)
        wrong = torch.nonzero(answers != digits.labels).flatten().tolist()
        found += [
            Misread(digits.frames[i].numpy(), int(digits.labels[i]), int(answers[i]), float(confidence[i]))
            for i in wrong
        ]
    return sorted(found, key=lambda one: -one.confidence)[:WORST]


def write(path: Path, misreadings: Sequence[Misread]) -> None:
    """Write a PNG of the frames in rows of COLUMNS, under each `truth>answer confidence`."""
    rows = max(1, -(-len(misreadings) // COLUMNS))
    wide, high = SIDE * LARGER + 8, SIDE * LARGER + TITLE
    canvas = np.zeros((rows * high, COLUMNS * wide), np.uint8)
    for number, one in enumerate(misreadings):
        top, left = number // COLUMNS * high, number % COLUMNS * wide
        large = cv2.resize(one.frame, None, fx=LARGER, fy=LARGER, interpolation=cv2.INTER_NEAREST)
        canvas[top : top + SIDE * LARGER, left : left + SIDE * LARGER] = large
        title = f"{one.label}>{one.answer} {one.confidence:.0%}"
        cv2.putText(canvas, title, (left + 2, top + high - 6), 255, cv2.FontFace("sans"), 12, 400)
    path.write_bytes(png.write(canvas))
