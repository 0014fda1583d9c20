"""All that the networks learn from and are chosen by: MNIST, pen digits, digits as schools teach them, non-digits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from training import data, glyphs, sources, strokes
from training.sources import Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from training.data import Digits, Splits
    from training.recipes import Recipe
    from training.strokes import Drawing

WRITTEN: Final = "MNIST training digits as they were written"
PENS: Final = "pen digits"
TAUGHT: Final = "digits as schools teach them"
NON_DIGITS: Final = "non-digits"
HELD: Final = "pen digits of 4 writers"
PLAIN: Final = "pen digits of 4 writers, as they drew them"
HELD_WRITERS: Final = ("4", "6", "13", "22")  # of 30 training writers: as hard to read as all are on average
DRAWING: Final = 0  # seed of the drawings
STAND_INS: Final = 200  # drawings that stand in for pen digits where non-digits are made of several digits
HELD_FRAMES: Final = 2  # of each of their drawings, by any hand and as they drew it


@dataclass(frozen=True)
class Material:
    """Frames by where they come from, before a recipe takes its share of each."""

    mnist: Splits
    drawn: Mapping[str, Digits]

    def splits(self, recipe: Recipe) -> Splits:
        """Return what the recipe learns from and is chosen by: pen digits too, where it learns from them."""
        counts = _counts(recipe, len(self.mnist.training))
        drawn = [self.drawn[kind].first(count) for kind, count in counts.items()]
        written = [self.drawn[WRITTEN].repeated(recipe.as_written)] if recipe.as_written else []
        held, plain = (self.drawn[kind].first(counts[PENS]) for kind in (HELD, PLAIN))
        return data.Splits(
            data.together([self.mnist.training.repeated(recipe.rounds), *written, *drawn]),
            data.together([self.mnist.validation, held]),
            self.mnist.test,
            plain if len(plain) else None,
        )


def gather(dataset: str, root: Path, recipes: Sequence[Recipe], own: Sequence[Drawing], seed: int) -> Material:
    """Load and frame MNIST, and draw as much as the greediest of `recipes` wants; DataError says what is missing.

    The drawings are the same whatever the seed, as MNIST is; the seed splits MNIST. `own` are the user's drawings,
    learnt from beside the pen digits; with mnist-5k, which needs no network, alone.
    """
    written = data.load(dataset, root, seed)
    framed = written.training.framed() if any(recipe.rounds for recipe in recipes) else written.training.first(0)
    mnist = replace(written, training=framed, validation=written.validation.framed())
    counts = [_counts(recipe, len(mnist.training)) for recipe in recipes]
    most = {kind: max(count[kind] for count in counts) for kind in (PENS, TAUGHT, NON_DIGITS)}
    theirs: list[Drawing] = []
    held: list[Drawing] = []
    if most[PENS] and dataset == "mnist":
        theirs, held = strokes.split_writers(strokes.read_pendigits(root, "pendigits-train"), HELD_WRITERS)
    pens = tuple(drawing for drawing in (*theirs, *own) if drawing.label != strokes.NOTHING)
    others = tuple(drawing for drawing in own if drawing.label == strokes.NOTHING)
    digits = pens or tuple(glyphs.any_digit(np.random.default_rng(number)) for number in range(STAND_INS))
    wanted = [
        Source(PENS, most[PENS] if pens else 0, sources.blended, pens),
        Source(TAUGHT, most[TAUGHT], sources.taught),
        Source(NON_DIGITS, most[NON_DIGITS], sources.no_digit, digits, others),
        Source(HELD, HELD_FRAMES * len(held), sources.drawn, tuple(held)),
        Source(PLAIN, HELD_FRAMES * len(held), sources.plain, tuple(held)),
    ]
    name = WRITTEN if dataset == "mnist" else f"{written.training.name}, as they were written"
    return Material(mnist, {WRITTEN: replace(written.training, name=name), **sources.make(wanted, DRAWING)})


def _counts(recipe: Recipe, mnist: int) -> dict[str, int]:
    """Return how many frames of each kind go with all rounds of `mnist` frames of MNIST."""
    shares = {PENS: recipe.pens, TAUGHT: recipe.taught, NON_DIGITS: recipe.non_digits}
    return {kind: round(share * mnist * recipe.rounds) for kind, share in shares.items()}
