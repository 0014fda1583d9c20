"""What a recipe takes of all there is to learn from."""

from pathlib import Path

import pytest
import torch

from training import data
from training.data import Digits, Splits
from training.material import HELD, NON_DIGITS, PENS, PLAIN, TAUGHT, WRITTEN, Material, gather
from training.recipes import Recipe

pytestmark = pytest.mark.usefixtures("mnist_5k_once")

RECIPE = Recipe(epochs=1, batch=8, lr=0.01)


def digits(name: str, count: int) -> Digits:
    return Digits(name, torch.zeros(count, 28, 28, dtype=torch.uint8), torch.zeros(count, dtype=torch.int64))


MNIST = Splits(digits("training", 100), digits("validation", 50), digits("test", 30))
DRAWN = {kind: digits(kind, count) for kind, count in ((WRITTEN, 100), (PENS, 90), (TAUGHT, 60), (NON_DIGITS, 40))}
MATERIAL = Material(MNIST, DRAWN | {HELD: digits(HELD, 24), PLAIN: digits(PLAIN, 12)})


def test_mnist_alone() -> None:
    """A recipe without pen digits learns from MNIST, and is chosen and calibrated by MNIST's validation digits."""
    splits = MATERIAL.splits(RECIPE)
    assert (100, 50, 30) == tuple(map(len, (splits.training, splits.validation, splits.test)))
    assert splits.calibration is None


def test_drawings() -> None:
    """Every share is one of all rounds of framed MNIST; the held-out writers' drawings as they are calibrate."""
    splits = MATERIAL.splits(Recipe(1, 8, 0.01, rounds=2, as_written=3, pens=0.4, taught=0.1, non_digits=0.15))
    parts = ("200 training 2 times", f"300 {WRITTEN} 3 times", f"80 {PENS}", f"20 {TAUGHT}", f"30 {NON_DIGITS}")
    assert " + ".join(parts) == splits.training.name
    assert f"50 validation + 24 {HELD}" == splits.validation.name
    assert splits.calibration is not None
    assert (PLAIN, 12) == (splits.calibration.name, len(splits.calibration))


def test_mnist_is_framed(tmp_path: Path) -> None:
    """MNIST is framed to learn from and to choose by; as it was written it is learnt from too, and reported on."""
    written = data.load("mnist-5k", tmp_path, seed=0)
    splits = gather("mnist-5k", tmp_path, [Recipe(1, 8, 0.01, as_written=1)], [], 0).splits(
        Recipe(1, 8, 0.01, as_written=1)
    )
    assert written.validation.framed().digest() == splits.validation.digest()
    assert written.test.digest() == splits.test.digest()
    both = (written.training.framed().frames, written.training.frames)
    assert torch.equal(torch.cat(both), splits.training.frames)
    assert not torch.equal(*both)


def test_nothing_is_framed_for_nobody(tmp_path: Path) -> None:
    """A recipe without framed rounds learns from MNIST as it was written alone, and is chosen by framed digits."""
    written = data.load("mnist-5k", tmp_path, seed=0)
    recipe = Recipe(1, 8, 0.01, rounds=0, as_written=1)
    splits = gather("mnist-5k", tmp_path, [recipe], [], 0).splits(recipe)
    assert written.training.digest() == splits.training.digest()
    assert written.validation.framed().digest() == splits.validation.digest()
