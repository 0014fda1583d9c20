"""MNIST's files, to be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from app.recognition import ink, mnist, weights
from app.settings import Settings
from tests.digits import COUNTS, frame, labels
from tests.pictures import SEVEN, draw

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("split", "count"), [("train", COUNTS["train"]), ("test", COUNTS["t10k"])])
def test_read(tiny_mnist: Path, split: mnist.Split, count: int) -> None:
    """Each digit comes with the frame and the label that stand at its place in the files."""
    digits = mnist.read(tiny_mnist, split)
    assert labels(count).tolist() == digits.labels.tolist()
    np.testing.assert_array_equal([frame(index) for index in range(count)], digits.frames)


def test_framed() -> None:
    """Digits are framed as pictures of them are; one that is blank stays so."""
    seven, blank = mnist.framed(np.stack([draw(*SEVEN), draw()]))
    expected = ink.frame(draw(*SEVEN).astype(np.float32) / np.float32(255))
    assert expected is not None
    np.testing.assert_array_equal(expected, seven)
    assert not blank.any()


def test_broken_files(tiny_mnist: Path, tmp_path: Path) -> None:
    """Files that do not fit each other are as good as none, but told from them."""
    folder = tmp_path / "MNIST" / "raw"
    folder.mkdir(parents=True)
    for path in (tiny_mnist / "MNIST" / "raw").iterdir():
        (folder / path.name).write_bytes(path.read_bytes()[:500])
    with pytest.raises(mnist.NoDigits, match="restore"):
        mnist.read(tmp_path, "train")
    with pytest.raises(mnist.NoDigits, match="downloads"):
        mnist.read(tmp_path / "nothing", "train")


@pytest.mark.parametrize("kind", ["letters", "nothing"])
def test_files_of_something_else(kind: str, tiny_mnist: Path, tmp_path: Path) -> None:
    """Files in MNIST's form that hold something else than digits, or none, are as good as broken."""
    folder = tmp_path / "MNIST" / "raw"
    folder.mkdir(parents=True)
    for path in (tiny_mnist / "MNIST" / "raw").iterdir():
        known = path.read_bytes()
        head = mnist.LABELS_AT if "labels" in path.name else mnist.IMAGES_AT
        of_letters = known[:-1] + bytes([26]) if "labels" in path.name else known
        (folder / path.name).write_bytes(known[:head] if kind == "nothing" else of_letters)
    with pytest.raises(mnist.NoDigits, match="restore"):
        mnist.read(tmp_path, "test")


@pytest.mark.mnist
@pytest.mark.weights
def test_hardest_of_the_committed_weights(mnist_root: Path) -> None:
    """Most of the digits that the committed CNN finds hardest are misread by it."""
    digits, network = mnist.read(mnist_root, "test"), weights.read(Settings().models, "cnn").network
    found = mnist.hardest(network, digits, torch.device("cpu"), 12)
    assert (10_000, 12) == (len(digits), len({hard.index for hard in found}))
    assert all(hard.answer != digits.labels[hard.index] for hard in found)
