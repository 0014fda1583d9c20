"""What people draw that is no digit: letters, signs, shapes, scribbles, several digits, digits on their side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from training import glyphs
from training.figures import LETTERS, SHAPES, SIGNS
from training.strokes import NOTHING, Drawing

if TYPE_CHECKING:
    from collections.abc import Sequence

MIRRORED: Final = (3, 4, 7)  # read backwards these are no digit
TURNED: Final = (2, 3, 4, 7)  # a quarter turned these are no digit
SHARES: Final = {  # of the kinds, in training
    "letter": 0.50,
    "shape": 0.14,
    "sign": 0.12,
    "several": 0.10,
    "scribble": 0.08,
    "turned": 0.04,
    "tap": 0.02,
}


def any_nondigit(digits: Sequence[Drawing], random: np.random.Generator) -> Drawing:
    """Draw something that is no digit; some are made out of `digits`."""
    kind = str(random.choice(list(SHARES), p=list(SHARES.values())))
    return make(kind, digits, random)


def make(kind: str, digits: Sequence[Drawing], random: np.random.Generator) -> Drawing:
    """Draw one non-digit of a kind of SHARES."""
    forms = {"letter": LETTERS, "shape": SHAPES, "sign": SIGNS}
    if kind in forms:
        return glyphs.any_of(forms[kind], random)
    if kind in ("scribble", "tap"):
        return glyphs.scribble(random) if kind == "scribble" else glyphs.tap(random)
    if kind == "turned":
        return _turned(digits, random)
    return _side_by_side([_one(digits, random) for _ in range(random.integers(2, 4))], random.uniform(0.9, 1.4))


def _one(digits: Sequence[Drawing], random: np.random.Generator) -> Drawing:
    return digits[int(random.integers(len(digits)))]


def _unit(drawing: Drawing) -> Drawing:
    """Bring a drawing to a height of 1, its left and upper edge at 0."""
    points = np.concatenate(drawing.strokes)  # (n, 2)
    low, high = points.min(axis=0), points.max(axis=0)
    side = max(float(high[1] - low[1]), 0.3 * float(high[0] - low[0]), 1e-6)
    return replace(drawing, strokes=tuple((stroke - low) / np.float32(side) for stroke in drawing.strokes))


def _side_by_side(drawings: Sequence[Drawing], apart: float) -> Drawing:
    """Put drawings beside each other, `apart` of a height from the left edge of one to the next's."""
    moved = [
        stroke + np.array([number * apart, 0], np.float32)
        for number, drawing in enumerate(map(_unit, drawings))
        for stroke in drawing.strokes
    ]
    return Drawing(NOTHING, tuple(moved))


def _turned(digits: Sequence[Drawing], random: np.random.Generator) -> Drawing:
    """Mirror a digit, or turn it by a quarter; one of the forms' where `digits` has none that fits."""
    mirrors = random.random() < 0.5
    fitting = MIRRORED if mirrors else TURNED
    any_fits = any(digit.label in fitting for digit in digits)
    while True:
        digit = _one(digits, random) if any_fits else glyphs.any_digit(random)
        if digit.label in fitting:
            break
    way = np.array([[-1, 0], [0, 1]] if mirrors else [[0, 1], [-1, 0]] if random.random() < 0.5 else [[0, -1], [1, 0]])
    return Drawing(NOTHING, tuple((stroke @ way).astype(np.float32) for stroke in digit.strokes))
