"""Networks on a device -> predictions."""

from __future__ import annotations

from math import exp, isfinite, log, tanh
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray

from app.recognition.networks import CLASSES

if TYPE_CHECKING:
    from torch import Tensor


Numbers: TypeAlias = NDArray[np.floating]
Verdict = Literal["digit", "unsure", "blank"]

UNSURE_BELOW: Final = 0.5  # certainty, where the facts state no threshold


class Prediction(NamedTuple):
    """What a network says of one frame."""

    digit: int | None  # 0 … 9, None for a blank picture
    confidence: float  # probability of `digit`, if it is a digit
    probabilities: tuple[float, ...]  # (10,), index = digit, sum 1
    evidence: float  # probability that it is a digit at all, 1 where no network can tell
    verdict: Verdict

    @property
    def certainty(self) -> float:
        """What the verdict rests on: confidence times evidence."""
        return self.confidence * self.evidence


BLANK: Final = Prediction(None, 0.0, (1 / CLASSES,) * CLASSES, 0.0, "blank")


def choose_device(wanted: str) -> torch.device:
    """Return the device for `auto`, `cpu` or `cuda` (also `cuda:1`); ValueError says what to do instead."""
    if wanted == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(wanted)
    except RuntimeError:
        raise ValueError(f"Device {wanted!r} is unknown: use auto, cpu or cuda.") from None
    if device.type not in ("cpu", "cuda"):
        raise ValueError(f"Device {wanted!r} is not supported: use auto, cpu or cuda.")
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise ValueError(
            f"Device {wanted!r} is not there: PyTorch sees {torch.cuda.device_count()} CUDA devices. Use cpu."
        )
    return device


def stack(frames: list[NDArray[np.float32]]) -> NDArray[np.float32]:  # N times (28, 28) -> (N, 1, 28, 28)
    """Put frames together to a batch."""
    return np.array(frames)[:, None]


def to_batch(frames: list[NDArray[np.float32]], device: torch.device) -> Tensor:  # N times (28, 28) -> (N, 1, 28, 28)
    """Put frames together to a batch on `device`."""
    return torch.from_numpy(stack(frames)).to(device)


def predictions(logits: Numbers, judged: Numbers | None, unsure_below: float) -> list[Prediction]:  # (N, 10), (N, 10)
    """Read each row of logits, with those of the judge, the network that tells digits from everything else.

    `judged` is `logits` itself where the network judges, None where none does. FloatingPointError for no number.
    """
    rows = [_shares(row) for row in logits.tolist()]
    if judged is None:
        evidences = [1.0] * len(rows)
    else:
        evidences = [found for _, found in (rows if judged is logits else map(_shares, judged.tolist()))]
    return [prediction(row, found, unsure_below) for (row, _), found in zip(rows, evidences, strict=True)]


def prediction(probabilities: list[float], evidence: float, unsure_below: float) -> Prediction:  # (10,)
    """Judge one row of probabilities; the verdict is `digit` where confidence times evidence is high enough."""
    confidence = max(probabilities)
    digit = probabilities.index(confidence)
    found = Prediction(digit, confidence, tuple(probabilities), evidence, "digit")
    return found if found.certainty >= unsure_below else found._replace(verdict="unsure")


def _shares(logits: list[float]) -> tuple[list[float], float]:  # (10,) -> (10,), ()
    """Return the probability of each digit, if it is one, and that it is one at all; in half of numpy's time.

    Softmax takes no notice of what is added to all ten logits alike. Training uses that freedom: there is an eleventh
    answer, "no digit", whose logit is always 0, so the ten must be high together for a digit and low for anything else
    (the free energy of Liu et al. 2020, "Energy-based out-of-distribution detection", as a probability).
    """
    if not all(map(isfinite, logits)):
        raise FloatingPointError("The network gave a value that is not a number.")
    highest = max(logits)
    powers = [exp(logit - highest) for logit in logits]
    total = sum(powers)
    energy = highest + log(total)
    return [power / total for power in powers], (1 + tanh(energy / 2)) / 2
