"""Forms of digits, letters, signs and shapes."""

import numpy as np
import pytest

from training import figures, forms, glyphs
from training.strokes import NOTHING


@pytest.mark.parametrize("kind", [forms.DIGITS, figures.LETTERS, figures.SIGNS, figures.SHAPES])
def test_every_form_can_be_drawn(kind: forms.Forms) -> None:
    """Every form is points on the grid, and a steady hand passes through each of them."""
    random = np.random.default_rng(0)
    for name, variants in kind.items():
        for form in variants:
            drawing = glyphs.draw(form, 3, random, unsteady=0)
            assert form.count("|") + 1 == len(drawing.strokes), name
            for stroke, text in zip(drawing.strokes, form.split("|"), strict=True):
                for point in text.split():
                    there = np.abs(stroke - [int(point[0]), int(point[1])]).sum(axis=1).min()
                    assert there < 1e-5, (name, form)


def test_digits_are_all_ten() -> None:
    """Each digit has forms of its own, and all of them come up."""
    assert [str(digit) for digit in range(10)] == list(forms.DIGITS)
    random = np.random.default_rng(0)
    assert set(range(10)) == {glyphs.any_digit(random).label for _ in range(200)}


def test_no_look_alikes() -> None:
    """Letters that somebody writes like a digit are not taught to be none."""
    assert not set("OoIilSsZzBbGgqQ") & set(figures.LETTERS)


def test_others_are_no_digit() -> None:
    """Letters, scribbles and taps carry the label of no digit, and no two are alike."""
    random = np.random.default_rng(0)
    letters = [glyphs.any_of(figures.LETTERS, random) for _ in range(2)]
    scribbles = [glyphs.scribble(random) for _ in range(2)]
    for first, second in (letters, scribbles):
        assert NOTHING == first.label == second.label
        assert first.strokes[0].tolist() != second.strokes[0].tolist()
    assert all(stroke.shape == (1, 2) for stroke in glyphs.tap(random).strokes)
