"""Pictures of few pixels: squares that a screen made of them are undone, and small digits enlarged smoothly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.recognition.paper import Floats, Levels
    from app.recognition.parts import Sides

LARGE: Final = 40  # px, shorter side from which on a picture may be of fewer pixels than it has
ENLARGED: Final = 2  # px, side of what was a pixel, at least
CHANGES: Final = (6, 3)  # from row to row, and from column to column, at least: a few rectangles have fewer
UNEQUAL: Final = 1.5  # times the lowest row at most: a higher one was several
ROUNDED: Final = 1  # px, a row is higher or lower than its share at most
TIMES: Final = 4  # as many px for each there is, enough to see where between two of them a stroke ends
AROUND: Final = 2  # px beside a digit, where its ink may be too faint to be told from paper


def as_drawn(pixels: Levels, few: int) -> Levels:  # (H, W, …), px -> (h, w, …)
    """Return a picture whose every pixel was enlarged to a rectangle as it was before, if what it shows is of `few` px.

    Any other is returned as it is.
    """
    if min(pixels.shape[:2]) < LARGE:
        return pixels
    if np.diff(_ends(pixels[len(pixels) // 2])).min(initial=ENLARGED) < ENLARGED:  # nearly always
        return pixels
    rows = _drawn(pixels, CHANGES[0], few)
    columns = None if rows is None else _drawn(pixels.swapaxes(0, 1), CHANGES[1], few)
    return pixels if rows is None or columns is None else pixels[np.ix_(rows, columns)]


def _ends(rows: Levels) -> NDArray[np.intp]:  # (n, …) -> (m,)
    """Return the numbers of the rows that differ from the one before."""
    return np.flatnonzero((rows[1:] != rows[:-1]).reshape(len(rows) - 1, -1).any(axis=1)) + 1


def _drawn(rows: Levels, changes: int, few: int) -> NDArray[np.intp] | None:  # (n, …) -> (m,)
    """Return the number of one row for each that was enlarged to several; None where none was."""
    ends = _ends(rows)
    heights = np.diff(ends)  # px
    if len(ends) < changes or heights.min() < ENLARGED:
        return None
    drawn = np.rint(heights / heights[heights <= UNEQUAL * heights.min()].mean())
    height = heights.sum() / drawn.sum()
    if drawn.sum() >= few or np.abs(heights - drawn * height).max() > ROUNDED:  # a block letter is uneven
        return None
    times = np.rint(np.diff(ends, prepend=0, append=len(rows)) / height).astype(int)
    return np.repeat(np.concatenate([[0], ends]), np.maximum(times, 1))


def closer(ink: Floats, sides: Sides) -> Floats:  # (H, W) -> (h, w)
    """Return what lies between `sides`, and a little around it, TIMES as large."""
    left, top, right, bottom = sides
    near = ink[max(top - AROUND, 0) : bottom + AROUND, max(left - AROUND, 0) : right + AROUND]
    padded = cv2.copyMakeBorder(near, 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    large = cv2.resize(padded, None, fx=TIMES, fy=TIMES, interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(large, 0, 1), np.float32)
