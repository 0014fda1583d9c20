"""Drawings of forms, and of nothing in particular; how hands differ is added when they are rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.forms import DIGITS
from training.hands import smooth
from training.strokes import NOTHING, Drawing

if TYPE_CHECKING:
    from training.forms import Forms
    from training.strokes import Stroke


def draw(form: str, label: int, random: np.random.Generator, unsteady: float) -> Drawing:
    """Draw a form, each of its points missed by `unsteady` of a grid unit (standard deviation)."""
    strokes = []
    for text in form.split("|"):
        points = np.array([(int(point[0]), int(point[1])) for point in text.split()], np.float32)  # (n, 2)
        same = np.flatnonzero((points[1:] == points[:-1]).all(axis=1))
        points += random.normal(0, unsteady, points.shape).astype(np.float32)
        points[same + 1] = points[same]  # corners stay corners
        strokes.append(smooth(points))
    return Drawing(label, tuple(strokes))


def any_digit(random: np.random.Generator) -> Drawing:
    """Draw one of the digits' forms."""
    label = int(random.integers(10))
    return draw(_any(DIGITS[str(label)], random), label, random, 0.25)


def any_of(forms: Forms, random: np.random.Generator, unsteady: float = 0.45) -> Drawing:
    """Draw one of `forms`, none of them a digit."""
    return draw(_any(forms[_any(tuple(forms), random)], random), NOTHING, random, unsteady)


def _any(choices: tuple[str, ...], random: np.random.Generator) -> str:
    return choices[int(random.integers(len(choices)))]


def scribble(random: np.random.Generator) -> Drawing:
    """Draw a line that goes nowhere: from a few wide turns to a dense tangle."""
    turns = int(random.integers(4, 30))
    steps = random.normal(0, 1, (turns, 2)).astype(np.float32)
    points: Stroke = steps.cumsum(axis=0) if random.random() < 0.5 else steps
    return Drawing(NOTHING, (smooth(points),))


def tap(random: np.random.Generator) -> Drawing:
    """Draw a dot, or a few."""
    return Drawing(
        NOTHING, tuple(random.uniform(0, 9, (1, 2)).astype(np.float32) for _ in range(random.integers(1, 4)))
    )
