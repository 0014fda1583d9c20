"""The ways in which one hand differs from another, and the curves that hands draw."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from training.strokes import Drawing, Stroke

PACES: Final = 24  # points of a stroke that is blended with another
STEP: Final = 0.04  # of the longest side, between the points of a stroke drawn in haste
ALIKE: Final = 0.22  # of the longest side, mean distance up to which two drawings are alike


@dataclass(frozen=True)
class Hand:
    """How much one hand's drawings differ from another's; every amount is drawn anew for each drawing."""

    turn: float = 6.0  # degrees, standard deviation
    slant: float = 0.15  # standard deviation
    aspect: float = 0.14  # standard deviation of the logarithm of width to height
    bend: float = 0.03  # of the drawing's longest side, standard deviation of a smooth bending
    apart: float = 0.025  # of the longest side, standard deviation of each stroke's own place
    hasty: float = 0.5  # of the drawings: corners are rounded, as by a hurried hand or a screen that smooths
    haste: float = 0.18  # of the longest side, at most: standard deviation of what is averaged along a hasty stroke

    def __call__(self, drawing: Drawing, random: np.random.Generator) -> Drawing:
        """Return the drawing as another hand might have made it."""
        angle = np.radians(random.normal(0, self.turn))
        turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        slanted = np.array([[1, random.normal(0, self.slant)], [0, 1]])
        stretched = np.diag(np.exp(np.array([0.5, -0.5]) * random.normal(0, self.aspect)))
        affine = turned @ slanted @ stretched  # (2, 2)
        waves = random.normal(0, 2.0, (2, 2))  # of each axis' bending along x and y, radians a side
        phases = random.uniform(0, 2 * np.pi, 2)
        depth = random.normal(0, self.bend, 2)
        haste = random.uniform(0, self.haste) if random.random() < self.hasty else 0.0

        def moved(stroke: Stroke) -> Stroke:  # (n, 2) -> (m, 2)
            drawn = _hasty(stroke, haste) if haste else stroke
            bent = drawn @ affine.T + depth * np.sin(drawn @ waves.T + phases)
            placed: Stroke = (bent + random.normal(0, self.apart, 2)).astype(np.float32)
            return placed

        return replace(drawing, strokes=tuple(map(moved, _unit(drawing.strokes))))


def between(one: Drawing, other: Drawing, share: float) -> Drawing | None:
    """Return `one` on its `share` of the way to `other`, or beyond it; None unless both were drawn alike.

    Alike are drawings of the same digit, in as many strokes, that stay near each other from their beginnings to their
    ends: what lies between them is another way to draw that digit, that nobody's hand has drawn yet.
    """
    if (one.label, len(one.strokes)) != (other.label, len(other.strokes)):
        return None
    pairs = list(zip(map(_paced, _unit(one.strokes)), map(_paced, _unit(other.strokes)), strict=True))
    if np.mean([np.linalg.norm(theirs - own, axis=1).mean() for own, theirs in pairs]) > ALIKE:
        return None
    return replace(one, strokes=tuple(own + np.float32(share) * (theirs - own) for own, theirs in pairs))


def _unit(strokes: tuple[Stroke, ...]) -> list[Stroke]:
    """Bring strokes to a longest side of 1 around 0."""
    points = np.concatenate(strokes)  # (n, 2)
    low, high = points.min(axis=0), points.max(axis=0)
    side = max(float((high - low).max()), 1e-6)
    return [(stroke - (low + high) / 2) / np.float32(side) for stroke in strokes]


def _hasty(stroke: Stroke, haste: float) -> Stroke:  # (n, 2) -> (m, 2)
    """Return a stroke averaged along its way by a Gaussian of `haste`, short ones by less; its ends stay."""
    length = float(np.linalg.norm(np.diff(stroke, axis=0), axis=1).sum())
    even = _paced(stroke, round(length / STEP) + 2)
    for _ in range(round(2 * (haste / STEP) ** 2)):  # the variance of weights 1 2 1 is half a step's square
        even[1:-1] = (even[:-2] + 2 * even[1:-1] + even[2:]) / 4
    return even


def _paced(stroke: Stroke, count: int = PACES) -> Stroke:  # (n, 2) -> (count, 2)
    """Return points at even distances along a stroke."""
    lengths = np.linalg.norm(np.diff(stroke, axis=0), axis=1)  # (n - 1,)
    along = np.concatenate([np.zeros(1), lengths.cumsum()])  # (n,)
    places = np.linspace(0, along[-1], count)
    return np.stack([np.interp(places, along, axis) for axis in stroke.T], axis=1).astype(np.float32)


def smooth(corners: Stroke, steps: int = 6) -> Stroke:  # (n, 2) -> (m, 2)
    """Return a Catmull-Rom curve through the points; a point given twice is a sharp corner (Catmull & Rom 1974)."""
    pieces = np.split(corners, np.flatnonzero((corners[1:] == corners[:-1]).all(axis=1)) + 1)
    return np.concatenate([_curve(piece, steps) for piece in pieces])


def _curve(points: Stroke, steps: int) -> Stroke:  # (n, 2) -> (m, 2)
    if len(points) < 3:
        return points
    before, after = 2 * points[0] - points[1], 2 * points[-1] - points[-2]
    padded = np.concatenate([before[None], points, after[None]])  # (n + 2, 2)
    p0, p1, p2, p3 = (padded[start : len(points) - 1 + start, None] for start in range(4))  # each (n - 1, 1, 2)
    t = (np.arange(steps, dtype=np.float32) / steps)[None, :, None]  # (1, steps, 1)
    curve = p1 + t / 2 * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0)))
    return np.concatenate([curve.reshape(-1, 2), points[-1:]]).astype(np.float32)
