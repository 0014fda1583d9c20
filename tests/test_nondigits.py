"""What is no digit."""

from itertools import pairwise

import numpy as np
import pytest

from training import nondigits
from training.strokes import NOTHING, Drawing

LINE = np.array([[0, 0], [0, 90]], np.float32)
THREE = np.array([[0, 0], [60, 0], [20, 40], [60, 60], [0, 90]], np.float32)
DIGITS = [Drawing(1, (LINE,)), Drawing(3, (THREE,))]


@pytest.mark.parametrize("kind", nondigits.SHARES)
def test_kinds(kind: str) -> None:
    """Every kind makes drawings that are labelled as no digit and have ink."""
    random = np.random.default_rng(0)
    for _ in range(20):
        made = nondigits.make(kind, DIGITS, random)
        assert NOTHING == made.label
        assert all(len(stroke) and np.isfinite(stroke).all() for stroke in made.strokes)


def test_several_stand_beside_each_other() -> None:
    """Several digits make a drawing wider than one, each at the same height."""
    random = np.random.default_rng(0)
    for _ in range(20):
        made = nondigits.make("several", DIGITS, random)
        assert 2 <= len(made.strokes) <= 3
        left = [float(stroke[:, 0].min()) for stroke in made.strokes]
        assert sorted(left) == left
        assert all(right - near >= 0.9 - 1e-5 for near, right in pairwise(left))
        assert all(1 == pytest.approx(float(np.ptp(stroke[:, 1]))) for stroke in made.strokes)


def test_turned_or_mirrored() -> None:
    """Only digits that are none any more when turned or mirrored are."""
    random = np.random.default_rng(0)
    for _ in range(20):
        stroke = nondigits.make("turned", DIGITS, random).strokes[0]
        assert len(THREE) == len(stroke)  # never the 1
        assert not np.allclose(stroke, THREE)


@pytest.mark.timeout(20)  # the failure is that it never ends
@pytest.mark.parametrize("label", range(10))
def test_turned_without_a_digit_that_fits(label: int) -> None:
    """Whoever drew one digit alone still gets turned and mirrored ones: where theirs does not fit, of the forms."""
    random = np.random.default_rng(0)
    mine = Drawing(label, (THREE,))
    for _ in range(20):
        made = nondigits.make("turned", [mine], random)
        assert NOTHING == made.label
        own = len(made.strokes) == 1 and len(THREE) == len(made.strokes[0])
        assert own <= (label in {*nondigits.MIRRORED, *nondigits.TURNED})


def test_shares_are_a_whole() -> None:
    """The kinds' shares sum to one."""
    assert 1 == pytest.approx(sum(nondigits.SHARES.values()))
