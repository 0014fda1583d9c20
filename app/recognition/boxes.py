"""What is drawn around a digit: the border of a canvas, a box to write in, a tile that the digit is left out of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.recognition import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cv2.typing import MatLike

    from app.recognition.paper import Floats

SMALLEST: Final = 24  # px, shorter side from which on what is drawn may be a box or a tile
STRAIGHT: Final = 0.75  # of each side of a box is its line, rounded corners are not
LINED: Final = 0.1  # of a box's rows or columns are lines at most: the straight strokes of a block letter's 0 are more
WHOLE: Final = 0.97  # of each side of a tile is inked
HOLE: Final = 0.3  # of a tile's shorter side, the longest side of the digit at least
FILLED: Final = (0.5, 0.98)  # of a tile is inked, with a digit left out of it


def is_box(inked: MatLike) -> bool:  # (h, w)
    """Tell thin straight lines on all four sides."""
    if min(inked.shape) < SMALLEST or not all(side >= STRAIGHT for side in _sides(inked)):
        return False
    shares = ((last - first + 1) / side for (first, last), side in zip(_within(inked), inked.shape, strict=True))
    return all(share >= 1 - LINED for share in shares)


def is_tile(inked: MatLike) -> bool:  # (h, w)
    """Tell a filled rectangle with a digit left out of it from a block letter, whose holes are rectangles too."""
    if min(inked.shape) < SMALLEST or not all(side >= WHOLE for side in _sides(inked)):
        return False
    filled = cv2.countNonZero(inked) / inked.size
    if not FILLED[0] <= filled <= FILLED[1]:
        return False
    holes = _holes(inked)
    return bool(holes.size) and holes[:, 2:4].max() >= HOLE * min(inked.shape) and not parts.are_rectangles(holes)


def _holes(inked: MatLike) -> MatLike:  # (h, w) -> (n, 5)
    """Return the boxes of what is left out inside, neither at the edges, which may be soft, nor dirt."""
    boxes = cv2.connectedComponentsWithStats(cv2.bitwise_not(inked))[2][1:]  # (n, 5)
    low, high = boxes[:, :2], boxes[:, :2] + boxes[:, 2:4]  # (n, 2), px
    within = boxes[(low > 0).all(axis=1) & (high < inked.shape[::-1]).all(axis=1)]
    areas = within[:, cv2.CC_STAT_AREA]
    return np.asarray(within[areas >= parts.SPECK * areas.max(initial=1)])


def _sides(inked: MatLike) -> Iterator[float]:  # (h, w)
    """Yield how much of each side is inked, 0 … 1; most digits are told by the first."""
    for side in (inked[0], inked[-1], inked[:, 0], inked[:, -1]):
        yield np.count_nonzero(side) / len(side)


def inside(box: Floats, inked: MatLike) -> Floats:  # (h, w), (h, w) -> (h', w')
    """Return what is inside a box's lines and their soft edges, each side's as wide as it is."""
    (top, bottom), (left, right) = _within(inked)
    return box[top + 1 : bottom, left + 1 : right]


def _within(inked: MatLike) -> Iterator[tuple[int, int]]:  # (h, w)
    """Yield the first and the last row, then column, between the lines at both ends."""
    for axis in (1, 0):
        places = np.flatnonzero(np.count_nonzero(inked, axis=axis) < STRAIGHT * inked.shape[axis])
        yield (int(places[0]), int(places[-1])) if len(places) else (0, -1)


def left_out(tile: Floats) -> Floats:  # (h, w) -> (h, w)
    """Return the ink of what was left out of a tile: how far each pixel is from the tile's colour."""
    return np.asarray(np.abs(tile - np.median(tile)), np.float32)


def joins(digit: Floats, times: int, box: Floats) -> bool:  # (h, w), (), (h', w')
    """Tell what joins two opposite lines of its box: the bar of an 8, the slash of a 0; it is `times` as large."""
    (high, wide), (most_high, most_wide) = digit.shape, box.shape
    return bool(high >= times * most_high or wide >= times * most_wide)
