"""A seven as people draw it, the frames of such pictures, and how far they are from what they should be."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition import ink, png

Pixels = NDArray[np.uint8]
BLOCKS = {
    "0": "1111 1001 1001 1001 1001 1001 1111",
    "8": "1111 1001 1001 1111 1001 1001 1111",
    "6": "1111 1000 1000 1111 1001 1001 1111",
    "2": "1111 0001 0001 1111 1000 1000 1111",
    "1": "1 1 1 1 1 1 1",
}


def draw(
    size: int = 200, *, paper: int = 255, colour: int = 0, pen: int = 12, at: tuple[int, int] = (40, 30)
) -> Pixels:
    """Draw a seven, 60 px wide and 90 px high."""
    canvas = np.full((size, size), paper, np.uint8)
    x, y = at
    points = np.array([(x, y), (x + 60, y), (x + 20, y + 90)], np.int32)
    cv2.polylines(canvas, [points], isClosed=False, color=colour, thickness=pen, lineType=cv2.LINE_AA)
    return canvas


def framed(png: bytes) -> NDArray[np.float32]:
    frame = ink.frame(ink.read_png(png))
    assert frame is not None
    return frame


def distance(frame: NDArray[np.float32], reference: NDArray[np.float32] | None = None) -> float:
    """Return the mean difference from a reference; a rounding may have placed the frame one pixel off."""
    reference = REFERENCE if reference is None else reference
    moves = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return min(float(np.abs(np.roll(frame, move, (0, 1)) - reference).mean()) for move in moves)


REFERENCE = framed(png.write(draw()))
