"""What nobody learnt from, to report on: the 14 test writers' digits on every kind of canvas, and what is no digit."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from training import sources, strokes
from training.canvas import HABITS, any_habit, render
from training.data import DataError, Digits
from training.sources import Picture, Random, Source
from training.strokes import NOTHING, Drawing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SEED: Final = 20_000  # the same pictures whatever the training's seed
ANY: Final = "any hand, any canvas"
LETTERS: Final = "ACDEFHJKLMNPRTUVWXYacdefhjkmnprtuvwxy"  # without look-alikes: O o I i l S s Z z B b G g Q q
FACES: Final = ("sans", "italic", "uni")  # OpenCV's own fonts
NON_DIGITS: Final = 2000  # frames of each kind
CORNERS: Final = {  # of a side, from the middle
    "triangle": ((0, -1), (-1, 1), (1, 1)),
    "square": ((-1, -1), (-1, 1), (1, 1), (1, -1)),
    "diamond": ((0, -1), (-1, 0), (0, 1), (1, 0)),
}


@dataclass(frozen=True)
class Outsiders:
    """All of them; both empty where only MNIST is asked for."""

    pen_digits: Sequence[Digits] = ()
    non_digits: Sequence[Digits] = ()


def draw(root: Path | None) -> Outsiders:
    """Draw all of them; without the pen digits where they cannot be had, or there is no `root` to look for them in."""
    return Outsiders(pen_digits(root) if root else (), non_digits())


def pen_digits(root: Path) -> list[Digits]:
    """Return the test writers' digits, once for each habit and once by any hand; none where they cannot be had."""
    try:
        drawings = tuple(strokes.read_pendigits(root, "pendigits-test"))
    except DataError as error:
        print(f"{error} They are left out of the report.")
        return []
    fixed = [Source(name, len(drawings), sources.drawn, drawings, habit=habit) for name, habit in HABITS.items()]
    return list(sources.make([*fixed, Source(ANY, len(drawings), sources.drawn, drawings)], SEED).values())


def non_digits() -> list[Digits]:
    """Return printed letters, drawn shapes, and scribbles, none of them from the forms that training draws."""
    kinds = {"letters": letter, "shapes": shape, "scribbles": scribble}
    return list(sources.make([Source(name, NON_DIGITS, maker) for name, maker in kinds.items()], SEED).values())


def letter(_source: Source, number: int, random: Random) -> Picture:
    """Print a letter in one of OpenCV's fonts, from light to bold, a little turned."""
    height = int(random.integers(40, 140))  # px
    side = 2 * height
    face = cv2.FontFace(FACES[int(random.integers(len(FACES)))])
    paper, ink = int(random.integers(170, 256)), int(random.integers(0, 110))
    canvas = np.full((side, side), paper, np.uint8)
    weight = int(random.integers(100, 800))
    where = (height // 2, int(1.5 * height))
    cv2.putText(canvas, LETTERS[number % len(LETTERS)], where, ink, face, height, weight)
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), random.normal(0, 6), 1)
    return np.asarray(cv2.warpAffine(canvas, turn, (side, side), borderValue=paper), np.uint8), NOTHING


def shape(_source: Source, number: int, random: Random) -> Picture:
    """Draw a triangle, a square or a diamond with an unsteady hand."""
    corners = np.array(list(CORNERS.values())[number % len(CORNERS)], np.float64)  # (n, 2)
    corners = corners * [random.uniform(0.7, 1.3), 1] + random.normal(0, 0.08, corners.shape)
    around = np.concatenate([corners, corners[:1] + random.normal(0, 0.06, (1, 2))])
    sides = [np.linspace(start, stop, 12) for start, stop in pairwise(around)]
    points = np.concatenate(sides) + random.normal(0, 0.012, (12 * len(sides), 2))
    return render(Drawing(NOTHING, (points.astype(np.float32),)), any_habit(random), random), NOTHING


def scribble(_source: Source, _number: int, random: Random) -> Picture:
    """Draw loops that drift: of another making than those that training draws."""
    turns = random.uniform(2.5, 9)
    t = np.linspace(0, 2 * np.pi * turns, int(20 * turns))
    wide, high, drift = random.uniform(0.3, 1), random.uniform(0.3, 1), random.uniform(-1, 1)
    wander = random.normal(0, 0.15, (len(t), 2)).cumsum(axis=0) / 3
    loops = np.stack([wide * np.cos(t) + drift * t / 6, high * np.sin(t * random.uniform(0.8, 1.3))], axis=1)
    return render(Drawing(NOTHING, ((loops + wander).astype(np.float32),)), any_habit(random), random), NOTHING
