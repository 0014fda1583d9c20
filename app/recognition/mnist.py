"""MNIST's own files -> digits with their labels, where the data root has them, to be looked at; and their frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import torch

from app.recognition import classifier, ink
from app.recognition.networks import CLASSES, SIDE

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from app.recognition.networks import DigitClassifier
    from app.recognition.paper import Floats

Split = Literal["train", "test"]

FILES: Final = {"train": "train", "test": "t10k"}  # how the names of MNIST's files begin
IMAGES_AT: Final = 16  # bytes before the first pixel (IDX format: type, then one count per dimension)
LABELS_AT: Final = 8
CHUNK: Final = 500  # frames at a time


class NoDigits(Exception):
    """The files are not there or are broken; the message says what to do."""


@dataclass(frozen=True)
class Digits:
    """All digits of one split."""

    frames: NDArray[np.uint8]  # (N, 28, 28), ink = 255
    labels: NDArray[np.uint8]  # (N,)

    def __len__(self) -> int:
        return len(self.labels)


def read(root: Path, split: Split) -> Digits:
    """Read ``root/MNIST/raw``; raises NoDigits. Frames stay on disk until they are looked at."""
    folder = root / "MNIST" / "raw"
    try:
        pixels = np.memmap(folder / f"{FILES[split]}-images-idx3-ubyte", np.uint8, "r", IMAGES_AT)
        labels = np.fromfile(folder / f"{FILES[split]}-labels-idx1-ubyte", np.uint8, offset=LABELS_AT)
        if not len(labels) or labels.max() >= CLASSES:
            raise ValueError("its labels are not 0 … 9")
        return Digits(pixels.reshape(len(labels), SIDE, SIDE), labels)
    except FileNotFoundError as error:
        raise NoDigits(
            "MNIST is not in the data folder. Run `python -m training.train --quick --output-dir other` once with a "
            "network connection, which downloads it (12 MB), or name the folder that holds MNIST/raw in DIGITS_DATA."
        ) from error
    except (OSError, ValueError) as error:
        raise NoDigits(f"MNIST in the data folder cannot be read ({error}): restore its files in MNIST/raw.") from error


@dataclass(frozen=True)
class Hard:
    """A digit that a network finds hard."""

    index: int  # its place in MNIST's file
    answer: int  # what the network says it is, 0 … 9


@torch.inference_mode()
def hardest(network: DigitClassifier, digits: Digits, device: torch.device, count: int) -> list[Hard]:
    """Return the `count` digits whose true label costs the network most, hardest first."""
    log_probs = torch.cat([_log_probs(network, digits, start, device) for start in range(0, len(digits), CHUNK)])
    labels = torch.from_numpy(digits.labels.astype(np.int64))  # (N,)
    costs = -log_probs.gather(1, labels.unsqueeze(1)).squeeze(1)  # (N,)
    found = costs.argsort(descending=True, stable=True)[:count]  # (count,)
    return [Hard(*pair) for pair in zip(found.tolist(), log_probs[found].argmax(dim=1).tolist(), strict=True)]


def _log_probs(network: DigitClassifier, digits: Digits, start: int, device: torch.device) -> torch.Tensor:  # (n, 10)
    frames = framed(digits.frames[start : start + CHUNK])  # n times (28, 28)
    found: torch.Tensor = network(classifier.to_batch(frames, device))
    return found.cpu()


def framed(levels: NDArray[np.uint8]) -> list[Floats]:  # (n, 28, 28), ink = 255 -> n times (28, 28)
    """Frame digits as the service frames any picture; a blank one stays blank."""
    inks = levels / np.float32(255)  # (n, 28, 28)
    return [one if (frame := ink.frame(one)) is None else frame for one in inks]
