"""How hands differ."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from training import hands
from training.hands import Hand
from training.strokes import Drawing

SEVEN = Drawing(7, (np.array([[0, 0], [60, 0], [20, 100]], np.float32), np.array([[10, 50], [50, 50]], np.float32)))

STILL = Hand(turn=0, slant=0, aspect=0, bend=0, apart=0, hasty=0)


def test_hand() -> None:
    """Another hand draws the same digit differently each time; one that never differs changes place and unit alone."""
    random = np.random.default_rng(0)
    unhurried = Hand(hasty=0)
    first, second = unhurried(SEVEN, random), unhurried(SEVEN, random)
    assert (7, [3, 2]) == (first.label, [len(stroke) for stroke in first.strokes])
    assert not np.allclose(first.strokes[0], second.strokes[0])
    np.testing.assert_allclose(STILL(SEVEN, random).strokes[0], (SEVEN.strokes[0] - [30, 50]) / 100, atol=1e-6)


def test_haste() -> None:
    """Haste rounds the corner of a seven, the more the hastier, leaves straight strokes and all ends as they are."""
    away = []
    for haste in (0.04, 0.12, 0.36):
        bent, straight = replace(STILL, hasty=1, haste=haste)(SEVEN, np.random.default_rng(0)).strokes
        np.testing.assert_allclose(bent[[0, -1]], [[-0.3, -0.5], [-0.1, 0.5]], atol=1e-6)
        np.testing.assert_allclose(straight[:, 1], 0.0, atol=1e-6)
        away.append(float(np.linalg.norm(bent - [0.3, -0.5], axis=1).min()))
    assert 0.01 < away[0] < away[1] / 2 < away[2] / 4


def test_haste_of_a_tap() -> None:
    """A tap, which has no way, stays where it is however hurried the hand."""
    tap = replace(STILL, hasty=1)(Drawing(1, (np.array([[5, 5]], np.float32),)), np.random.default_rng(0))
    assert not np.concatenate(tap.strokes).any()


def test_smooth() -> None:
    """The curve goes through all points, turns gently at one and sharply at a doubled one."""
    points = np.array([[0, 0], [5, 0], [5, 5], [5, 5], [0, 5]], np.float32)
    curve = hands.smooth(points)
    for point in points:
        assert float(np.abs(curve - point).sum(axis=1).min()) < 1e-6
    assert len(curve) > 2 * len(points)
    steps = np.diff(curve, axis=0)
    turns = [abs(float(a[0] * b[1] - a[1] * b[0])) for a, b in pairwise(steps[:6])]
    assert max(turns) < 0.5


def corner(*points: tuple[float, float], label: int = 7) -> Drawing:
    return Drawing(label, (np.array(points, np.float32),), "somebody")


def test_between() -> None:
    """Between two drawings lies a third, whatever their units and however many points they have; beyond them others."""
    one, other = corner((0, 0), (0, 10)), corner((100, 200), (100, 250), (150, 300), label=7)
    half, none, all_of_it = (hands.between(one, other, share) for share in (0.5, 0.0, 1.0))
    assert half is not None
    assert none is not None
    assert all_of_it is not None
    assert (7, "somebody", 1) == (half.label, half.writer, len(half.strokes))
    np.testing.assert_allclose(none.strokes[0][[0, -1]], [[0, -0.5], [0, 0.5]], atol=1e-6)
    np.testing.assert_allclose(all_of_it.strokes[0][[0, -1]], [[-0.25, -0.5], [0.25, 0.5]], atol=1e-6)
    np.testing.assert_allclose(half.strokes[0], (none.strokes[0] + all_of_it.strokes[0]) / 2, atol=1e-6)


@pytest.mark.parametrize(
    "other",
    [
        corner((0, 0), (0, 10), label=1),  # another digit
        corner((0, 10), (0, 0)),  # the other way round
        Drawing(7, (*corner((0, 0), (0, 10)).strokes, *corner((2, 5), (4, 5)).strokes)),  # crossed
    ],
)
def test_nothing_between(other: Drawing) -> None:
    """Drawings of other digits, in other strokes or other directions have nothing between them."""
    assert hands.between(corner((0, 0), (0, 10)), other, 0.5) is None


def test_between_taps() -> None:
    """A dot is as near to a dot as can be."""
    found = hands.between(corner((3, 3)), corner((8, 1)), 0.5)
    assert found is not None
    np.testing.assert_array_equal(np.zeros((24, 2)), found.strokes[0])
