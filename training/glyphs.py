"""Digits as schools around the world teach them, letters, signs and shapes: a few points that a curve goes through.

A point is two figures, x to the right and y down, each 0 … 9; `|` lifts the pen, and a point given twice is a corner.
They show the forms; how hands differ is added when they are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from training.strokes import NOTHING, Drawing, smooth

if TYPE_CHECKING:
    from training.strokes import Stroke

Forms = Mapping[str, tuple[str, ...]]

DIGITS: Final[Forms] = {
    "0": (
        "50 23 15 27 49 68 75 63 51 40",
        "40 13 06 39 69 86 83 50 30",
        "60 30 13 16 39 69 87 83 60 41",
        "40 13 06 39 69 86 83 50 30|90 09",  # slashed
        "40 14 17 49 68 75 72 50 30|71 28",  # slashed inside
    ),
    "1": (
        "50 59",
        "13 50 50 59",
        "32 51 51 49",
        "04 50 50 59",  # long upstroke
        "06 60 60 69",
        "13 50 50 59|19 89",  # base line
        "22 50 50 59|29 79",
        "04 50 50 59|19 89",
    ),
    "2": (
        "12 30 60 82 74 46 19 19 89",
        "12 30 60 82 64 37 18 08 16 37 68 99",  # loop below
        "02 21 50 81 83 55 28 09 09 49 99",
        "13 31 60 72 55 28 09 09 47 69 98",
        "02 20 60 82 65 38 19 17 38 79 98",
    ),
    "3": (
        "12 40 72 64 44 44 75 87 69 39 08",
        "00 80 80 44 44 76 78 59 29 07",  # flat top
        "12 40 71 63 44 34 54 86 78 49 18",
        "01 30 61 53 34 34 65 67 49 09",
        "11 50 72 54 44 45 55 76 68 39 19",
    ),
    "4": (
        "20 05 05 85|60 69",  # open
        "10 14 35 75|80 79",
        "31 16 16 86|63 68",
        "60 06 06 96|60 69",  # closed
        "69 60 60 06 06 96",
        "50 05 05 85|54 59",
        "20 15 25 75|81 59",
    ),
    "5": (
        "80 20 20 14 14 43 74 86 78 49 18",
        "20 14 14 43 74 86 78 49 18|20 80",
        "80 40 22 34 65 77 58 29 08",
        "30 24 24 53 75 67 39 19|30 90",
        "90 10 10 14 14 54 87 69 09",
    ),
    "6": (
        "60 32 15 17 39 69 87 75 45 16",
        "50 25 17 39 69 77 65 35 17",
        "71 50 23 16 28 59 78 76 55 26",
        "30 14 17 49 88 86 64 35 16",
        "80 43 16 18 49 78 76 45 26 28",
    ),
    "7": (
        "00 80 80 39",
        "00 80 80 55 49",
        "02 00 00 80 80 39",  # serif
        "00 80 80 39|24 84",  # crossed
        "10 80 80 49|25 75",
        "12 21 50 80 80 55 39|24 74",
        "02 00 00 80 80 39|14 64",
    ),
    "8": (
        "70 40 12 34 65 77 59 28 16 45 63 71 60",  # S and back
        "71 40 22 44 66 78 49 18 26 54 72 71",
        "44 22 40 71 63 44 16 28 59 88 76 44",
        "50 22 34 55 73 50 50|45 17 29 69 87 65 45",  # two rings
        "80 30 12 55 87 59 18 27 55 82 80",
    ),
    "9": (
        "72 40 13 35 64 72 72 69",
        "72 40 13 35 64 72 72 76 58 28",  # hooked
        "71 30 12 34 64 71 71 64 49",
        "61 30 13 35 64 61 66 58 29 08",
        "70 30 13 35 64 71 71 78",
        "62 31 13 34 53 62 55 39",
    ),
}

LETTERS: Final[Forms] = {  # without those that some write like a digit: O o I i l S s Z z B b G g q Q
    "A": ("09 40 40 89|25 65", "19 50 50 89|26 75", "08 14 40 74 88|16 76"),
    "C": (
        "81 50 22 15 28 59 88",
        "73 51 23 26 48 77",
        "92 60 21 05 18 59 97",
        "70 31 13 16 38 79",
        "81 72 50 22 15 28 59 87 86",
    ),
    "D": ("10 19|10 51 84 67 19", "10 19 19 58 85 52 10", "20 29|00 40 83 86 49 09"),
    "E": (
        "80 10 10 19 19 89|14 64",
        "71 30 22 44 44 16 28 59 88",
        "80 40 22 34 64 35 17 39 78",
        "10 19|10 70|15 65|19 79",
    ),
    "F": ("80 10 10 19|14 64", "90 20 20 29|25 75"),
    "H": ("10 19|80 89|14 84", "20 18|81 79|25 75"),
    "J": (
        "60 67 49 28 16",
        "20 80|60 67 49 27",
        "70 68 49 19 07",
        "40 90|70 67 48 28",
    ),
    "K": ("10 19|80 14 14 89", "20 19|71 15 34 89"),
    "L": ("10 19 19 79", "20 18 18 88"),
    "M": ("09 10 10 45 45 80 80 99", "09 00 00 46 46 90 90 99", "19 11 32 36 52 72 79"),
    "N": ("10 19|10 79 79 80", "09 10 10 79 79 80"),
    "P": ("10 19|10 60 82 64 15", "20 29|11 50 82 74 35"),
    "R": ("10 19|10 60 82 64 15 15 89", "20 19|11 60 72 54 24 24 79"),
    "T": ("00 90|50 59", "11 81|50 48"),
    "U": ("10 16 39 69 86 80", "10 15 38 67 70 70 79"),
    "V": ("00 49 49 90", "10 59 59 80"),
    "W": ("00 29 29 43 43 69 69 90", "01 17 39 55 55 69 87 90"),
    "X": ("00 89|80 09", "10 79|80 19", "11 32 57 88|81 62 37 08"),
    "Y": (
        "00 44 44 90|44 49",
        "10 45|80 29",
        "10 24 44 70|70 45 39",
        "11 35 55 81|55 59",
    ),
    "a": (
        "73 43 15 18 39 68 74 74 79",
        "72 42 15 18 49 77 72 72 79",
        "23 52 73 79|75 36 18 49 77",
        "82 52 14 17 48 76 82 78 99",
        "73 42 14 17 48 75 73 78 98",
        "22 50 72 79 89|75 46 17 29 58 76",
    ),
    "c": (
        "73 43 15 17 49 79",
        "82 51 14 17 48 87",
        "64 42 14 17 49 77",
    ),
    "d": (
        "80 89|84 44 17 39 69 87",
        "74 34 16 38 68 70 70 79",
        "70 79|74 43 15 18 48 76",
    ),
    "e": (
        "15 75 73 42 14 17 49 79",
        "06 55 73 52 25 18 49 88",
        "16 65 73 52 24 17 38 78",
        "05 45 63 52 33 25 28 59 87",
        "15 54 61 40 22 16 38 77",
    ),
    "f": (
        "70 41 44 49|14 74",
        "80 51 45 39|24 74",
    ),
    "h": (
        "10 19|15 43 64 69",
        "20 19 25 53 74 79",
        "30 28 35 54 68 79",
    ),
    "j": (
        "63 67 49 28|60 60",
        "73 67 48 18|71 71",
    ),
    "k": ("10 19|73 16 16 79", "20 19|63 25 25 69"),
    "m": ("03 09|05 23 45 49|45 63 85 89", "13 19 24 43 49 54 73 79"),
    "n": ("13 19|15 43 64 69", "12 18 24 53 74 79"),
    "p": (
        "11 19|12 42 74 56 16",
        "20 29|22 52 74 55 25",
        "12 19|13 42 63 65 46 15",
    ),
    "r": (
        "13 19|16 34 63",
        "22 28 24 43 73",
        "03 23 28|25 43 63",
    ),
    "t": ("40 47 59 78|13 73", "50 48 69|23 83"),
    "u": ("13 17 39 68 73|73 79", "12 16 38 66 72 78 99"),
    "v": ("13 49 49 83",),
    "w": ("03 29 29 54 54 79 79 93", "13 18 38 43 48 68 73"),
    "x": ("13 79|73 19", "13 33 58 78|73 53 38 18"),
    "y": (
        "13 37 67 73|73 67 48 29",
        "11 24 45 64 71|71 66 48 19",
        "00 45|90 19",
        "11 14 35 65 71 71 67 49 18",
        "12 45|72 45 19",
        "10 33 54 80|80 56 38 18 27 55 84",
    ),
}

SIGNS: Final[Forms] = {
    "plus": ("50 59|05 95",),
    "hash": ("30 29|70 69|03 93|06 96",),
    "question": ("12 40 72 55 47|49 49",),
    "exclamation": ("50 56|59 59",),
    "equals": ("03 93|07 97",),
    "minus": ("05 95", "06 94"),
    "arrow": ("05 95|62 95 95 68", "50 59|23 50 50 73", "50 59|26 59 59 86"),
    "tick": ("05 39 39 90",),
    "heart": ("49 02 20 43 60 82 49",),
    "star": ("40 69 69 03 03 93 93 29 29 40",),
    "asterisk": ("50 59|12 87|82 17",),
    "and": ("89 32 40 61 26 18 49 86",),
    "euro": ("81 50 22 27 59 88|04 64|06 66",),
    "percent": ("11 20 31 22 11|80 19|77 86 97 88 77",),
    "smile": ("40 13 06 39 69 86 83 50 30|33 33|63 63|26 47 66",),
    "house": ("04 40 40 84 84 89 89 09 09 04",),
    "spiral": ("45 54 56 36 32 63 68 38 14 30 71 86",),
    "zigzag": ("01 91 91 14 14 95 95 08 08 99", "05 22 38 52 68 82 98"),
    "wave": ("05 23 36 55 73 95", "05 14 25 34 45 54 65 74 85"),
    "slash back": ("10 89",),
    "bracket": ("60 20 20 29 29 69", "20 60 60 69 69 29"),
    "pi": ("02 92|32 28|72 68 89",),
    "stickman": ("40 32 44 62 50 40|44 47|15 85|47 29|47 79",),
    "horse": ("05 24 20 43 44 74 84 89 76 39 36 29 25 05",),
    "boat": ("06 96 78 28 06|56 50 85",),
    "flower": ("44 32 53 44 73 54 76 44 57 45 27 44 15 44",),
    "umbrella": ("05 30 60 95 05|50 58 39 28",),
    "fish": ("05 33 64 93 96 65 36 05",),
}

SHAPES: Final[Forms] = {
    "triangle": ("40 40 09 09 89 89 40", "00 00 90 90 49 49 00", "00 00 09 09 99 99 00", "09 90 90 99 99 09"),
    "square": ("00 09 09 99 99 90 90 00", "10 80 80 89 89 19 19 10", "00 90 90 97 97 07 07 00"),
    "diamond": ("50 05 05 59 59 95 95 50", "50 15 15 59 59 85 85 50"),
    "pentagon": ("50 04 04 29 29 79 79 94 94 50",),
    "half moon": ("04 94 94 78 49 18 04",),
}


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
