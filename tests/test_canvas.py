"""Strokes -> canvas."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from app.recognition import ink
from app.recognition.paper import Floats
from training.canvas import HABITS, Habit, any_habit, render
from training.forms import DIGITS
from training.glyphs import draw
from training.strokes import Drawing

SEVEN = Drawing(7, (np.array([[0, 0], [60, 0], [20, 90]], np.float32),))


@pytest.mark.parametrize("name", HABITS)
def test_habits_keep_the_digit(name: str) -> None:
    """Whatever the habit, the frame is the clean canvas' one, but for a pixel's shift and a pen's rounder corners."""
    random = np.random.default_rng(0)
    clean = ink.frame(ink.to_ink(render(SEVEN, HABITS["clean canvas"], random)))
    found = ink.frame(ink.to_ink(render(SEVEN, HABITS[name], random)))
    assert _apart(found, clean) < (0.06 if "thick" in name else 0.035)


@pytest.mark.parametrize("board", [45, 90])
@pytest.mark.parametrize("shadow", range(10))
def test_chalk_in_any_shadow(board: int, shadow: int) -> None:
    """Wherever a hand's shadow falls on a board, all of the digit is in the frame: chalk darkens as the board does."""
    lit = Habit(size=0.55, pen=0.08, paper=(board,) * 3, colour=(215, 215, 205))
    shaded = replace(lit, shadow=0.55, noise=6.0, jpeg=60)
    for digit, (form, *_) in DIGITS.items():
        chalk = draw(form, int(digit), np.random.default_rng(0), unsteady=0)
        clean, found = (
            ink.frame(ink.to_ink(render(chalk, habit, np.random.default_rng(shadow)))) for habit in (lit, shaded)
        )
        assert _apart(found, clean) < 0.035, digit


def _apart(found: Floats | None, clean: Floats | None) -> float:  # (28, 28), (28, 28)
    """Return how far a frame's pixels are from another's, in the mean, but for a shift by a pixel."""
    assert clean is not None
    assert found is not None
    moves = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return min(float(np.abs(np.roll(found, move, (0, 1)) - clean).mean()) for move in moves)


def test_place_size_and_pen() -> None:
    """A drawing takes its share of the canvas, where the habit puts it, with the habit's pen."""
    canvas = render(SEVEN, Habit(size=0.5, pen=0.1, place=(0, 1), canvas=200), np.random.default_rng(0))
    rows, columns = np.nonzero(canvas[..., 0] < 128)
    assert 100 == pytest.approx(rows.min(), abs=2)
    assert 200 == pytest.approx(rows.max() + 1, abs=2)
    assert 0 == pytest.approx(columns.min(), abs=2)
    assert 10 == pytest.approx(int((canvas[150, :, 0] < 128).sum()), abs=3)


def test_small_canvases_are_smooth() -> None:
    """A tiny drawing's stroke is as wide as its share says, not rounded up to whole pixels."""
    tiny, large = (
        255 - render(SEVEN, Habit(size=0.7, pen=0.07, canvas=side), np.random.default_rng(0)).astype(np.float32)
        for side in (30, 280)
    )
    assert float(large.mean()) == pytest.approx(float(tiny.mean()), rel=0.15)


def test_any_habit() -> None:
    """Habits drawn at random are many, and all of them leave something to see."""
    random = np.random.default_rng(0)
    habits = [any_habit(random) for _ in range(100)]
    assert len({habit.canvas for habit in habits}) > 3
    for kind in ("jpeg", "pressure", "coarse", "squares", "bilevel"):
        assert {True, False} == {bool(getattr(habit, kind)) for habit in habits}, kind
    for habit in habits:
        assert ink.frame(ink.to_ink(render(SEVEN, habit, random))) is not None


def test_pressure() -> None:
    """Where the hand is light a line is thinner, by the share that the habit says; else it is as thick all along."""
    across = np.stack([np.linspace(0, 100, 60), np.zeros(60)], axis=1).astype(np.float32)
    line = Drawing(1, (across, across + np.array([0, 40], np.float32)))
    for pressure in (0.0, 0.5):
        ink_there = render(line, Habit(pen=0.2, pressure=pressure), np.random.default_rng(1)) < 128  # (S, S, 3)
        for stroke in np.split(ink_there[..., 0], 2):  # above and below
            widths = stroke.sum(axis=0)[80:200]  # px, without the round ends
            assert 1 - pressure == pytest.approx(widths.min() / widths.max(), abs=0.05)


def test_enlarged() -> None:
    """A coarse picture enlarged by squares has blocks of one grey, else none; the digit stays where it was."""
    random = np.random.default_rng(0)
    coarse = Habit(size=0.5, place=(0.1, 0.8), canvas=200, coarse=20)
    fine, squares, smooth = (
        render(SEVEN, habit, random)[..., 0].astype(np.int16)
        for habit in (replace(coarse, coarse=0), replace(coarse, squares=True), coarse)
    )
    assert 0 == np.ptp(squares.reshape(20, 10, 20, 10), axis=(1, 3)).max()
    assert 100 < np.ptp(smooth.reshape(20, 10, 20, 10), axis=(1, 3)).max()
    for picture in (squares, smooth):
        assert 255 - fine.mean() == pytest.approx(255 - float(picture.mean()), rel=0.1)
        for axis in (0, 1):
            assert centre(fine, axis) == pytest.approx(centre(picture, axis), abs=0.5)  # px of 200


def centre(picture: NDArray[np.int16], axis: int) -> float:  # (S, S)
    dark = (255 - picture).sum(axis=1 - axis)  # (S,)
    return float((dark * np.arange(len(dark))).sum() / dark.sum())


@pytest.mark.parametrize(("coarse", "squares"), [(0, False), (20, True)])
def test_bilevel(coarse: int, squares: bool) -> None:
    """Where nothing is between ink and paper there are just these two; else strokes have soft edges."""
    habit = Habit(size=0.8, canvas=200, coarse=coarse, squares=squares, bilevel=True)
    assert [0, 255] == np.unique(render(SEVEN, habit, np.random.default_rng(0))).tolist()
    assert 10 <= len(np.unique(render(SEVEN, replace(habit, bilevel=False), np.random.default_rng(0))))
