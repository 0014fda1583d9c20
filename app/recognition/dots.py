"""A line of dots or dashes, as programs draw it that put a dot wherever they hear of the mouse: its gaps are closed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import cv2

if TYPE_CHECKING:
    from cv2.typing import MatLike

DOTS: Final = (5, 64)  # in a line; more are dithered ink
SMALL: Final = 64  # px, longest side that is enough to find the gaps
GAPS: Final = (0.5, 0.75, 1, 1.3, 1.6, 2, 2.5, 3)  # times a dot's side, tried one after the other
WIDEST: Final = 0.2  # of the digit's longest side, a gap at most: a loop is wider


def joined(inked: MatLike, pieces: int) -> MatLike:  # (h, w) -> (h, w)
    """Close the gaps between so many pieces of a digit, no wider ones than it takes."""
    if not DOTS[0] <= pieces <= DOTS[1]:
        return inked
    high, wide = inked.shape
    scale = min(SMALL / max(high, wide), 1)
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    closed = cv2.resize(_closed(_solid(cv2.resize(inked, size, interpolation=cv2.INTER_AREA)), pieces), (wide, high))
    return cv2.bitwise_or(inked, _solid(closed))


def _closed(small: MatLike, pieces: int) -> MatLike:  # (h, w) -> (h, w)
    dot = math.sqrt(cv2.countNonZero(small) / pieces)  # px, side of a square as large
    room = math.ceil(WIDEST * max(small.shape))  # px
    around = found = cv2.copyMakeBorder(small, room, room, room, room, cv2.BORDER_CONSTANT)
    for gap in sorted({math.ceil(times * dot) for times in GAPS}):  # px
        if gap > room or cv2.connectedComponents(found)[0] <= 2:  # paper and a whole digit
            break
        shape = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (gap, gap))
        found = cv2.morphologyEx(around, cv2.MORPH_CLOSE, shape)
    return found[room:-room, room:-room]


def _solid(grey: MatLike) -> MatLike:  # (h, w) -> (h, w)
    """Return 255 where there is more ink than paper, 0 elsewhere."""
    return cv2.threshold(grey, 127, 255, cv2.THRESH_BINARY)[1]
