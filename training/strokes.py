"""Pen strokes -> canvas -> ink -> frame: real people's digits, drawn the way the page draws them.

The pen digits are the "Pen-Based Recognition of Handwritten Digits" of the UCI Machine Learning Repository
(E. Alpaydin and F. Alimoglu, CC BY 4.0), in their original UNIPEN text.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
import torch

from app.recognition import ink
from training.data import DataError, Digits

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Stroke = NDArray[np.float32]  # (n, 2), x to the right and y down

CANVAS: Final = 280  # px, side of the canvas that strokes are drawn on
SUBPIXELS: Final = 4  # bits of a pixel's fraction that OpenCV draws with

PENDIGITS: Final = {
    "pendigits-train": "a66225d68d7d68591e62944df1ad33b3f5aa608e2df2505844b41f5568a80da4",
    "pendigits-test": "ddb1c19e277a56c7ffe682cc024d6ab73696f9adcc1643ef9ed5aa753007e081",
}


@dataclass(frozen=True)
class Drawing:
    """One digit as somebody drew it."""

    label: int
    strokes: tuple[Stroke, ...]


@dataclass(frozen=True)
class Habit:
    """How somebody uses a canvas."""

    size: float  # longest side of the digit, of the canvas's
    pen: float  # width of the stroke, of the digit's longest side
    place: tuple[float, float] = (0.5, 0.5)  # of the room left, from the left and from the top
    paper: int = 255  # grey level
    colour: int = 0  # grey level of the ink


HABITS: Final = {
    "clean canvas": Habit(size=0.7, pen=0.1),
    "thin pen": Habit(size=0.7, pen=0.04),
    "thick pen": Habit(size=0.7, pen=0.2),
    "small, in a corner": Habit(size=0.2, pen=0.1, place=(0.05, 0.95)),
    "touching the edges": Habit(size=1.0, pen=0.1),
    "white on black": Habit(size=0.5, pen=0.1, place=(0.3, 0.4), paper=0, colour=255),
    "grey on grey": Habit(size=0.5, pen=0.1, place=(0.6, 0.2), paper=160, colour=110),
}


def read_pendigits(root: Path, part: str) -> list[Drawing]:
    """Read `pendigits-train` or `pendigits-test` from `root`/pendigits; DataError where it is missing or altered."""
    path = root / "pendigits" / part
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError(f"The pen digits are not there ({path}: {error.strerror}).") from error
    if hashlib.sha256(data).hexdigest() != PENDIGITS[part]:
        raise DataError(f"{path} is not the file of the pen digits (its sha256 differs): fetch it again.")
    return parse_unipen(data.decode("ascii"))


def parse_unipen(text: str) -> list[Drawing]:
    """Parse UNIPEN segments; ValueError where a label or a point cannot be read."""
    drawings = []
    for segment in text.split(".SEGMENT DIGIT")[1:]:
        head, *pieces = segment.split(".PEN_DOWN")
        strokes = tuple(_points(piece.split(".PEN_UP")[0]) for piece in pieces)
        drawings.append(Drawing(int(head.split('"')[1]), strokes))
    return drawings


def _points(text: str) -> Stroke:
    points = np.array(text.split(), dtype=np.float32).reshape(-1, 2)  # (n, 2)
    return points * np.array([1, -1], np.float32)  # UNIPEN's y points up


def render(drawing: Drawing, habit: Habit) -> NDArray[np.uint8]:  # (280, 280)
    """Draw strokes on a canvas with round pens, as the page does."""
    points = np.concatenate(drawing.strokes)  # (n, 2)
    low, high = points.min(axis=0), points.max(axis=0)
    side = habit.size * CANVAS
    thickness = max(1, round(habit.pen * side))
    scale = (side - thickness) / max(float((high - low).max()), 1e-6)
    room = CANVAS - (high - low) * scale - thickness  # (2,)
    start = room * np.array(habit.place, np.float32) + thickness / 2  # (2,)
    canvas = np.full((CANVAS, CANVAS), habit.paper, np.uint8)
    for stroke in drawing.strokes:
        placed = np.round(((stroke - low) * scale + start) * 2**SUBPIXELS).astype(np.int32)
        placed = np.concatenate([placed, placed[-1:]])  # OpenCV draws no line of a single point, a tap
        cv2.polylines(canvas, [placed], False, habit.colour, thickness, cv2.LINE_AA, SUBPIXELS)
    return canvas


def digits(drawings: list[Drawing], habit: Habit, name: str) -> Digits:
    """Render drawings and take the app's own way from canvas to frame."""
    frames = np.zeros((len(drawings), 28, 28), np.uint8)
    for index, drawing in enumerate(drawings):
        framed = ink.frame(ink.to_ink(render(drawing, habit)))
        if framed is not None:
            frames[index] = np.round(framed * 255)
    labels = torch.tensor([drawing.label for drawing in drawings])
    return Digits(name, torch.from_numpy(frames), labels)
