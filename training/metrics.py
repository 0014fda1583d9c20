"""Measure a network on labelled frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import torch
from torch.nn import functional

from app.recognition.networks import CLASSES
from training.data import to_batch

if TYPE_CHECKING:
    from torch import Tensor

    from app.recognition.networks import DigitClassifier
    from training.data import Digits

CHUNK: Final = 1000  # frames measured at a time
BINS: Final = 15  # of confidence, for the calibration error (Guo et al. 2017)


@dataclass(frozen=True)
class Measurement:
    """What a network makes of a set of digits."""

    dataset: str
    count: int
    nll: float  # mean cost: negative log-likelihood, nats
    accuracy: float  # 0 … 1
    recall: tuple[float, ...]  # (10,), accuracy per digit
    confusion: tuple[tuple[int, ...], ...]  # (10, 10), row = true digit, column = answer
    calibration_error: float  # expected calibration error, 0 … 1


@torch.inference_mode()
def log_probs(network: DigitClassifier, digits: Digits) -> Tensor:  # (N, 10)
    """Return the log-probabilities of all `digits`, on their device."""
    return torch.cat([network(to_batch(frames)) for frames in torch.split(digits.frames, CHUNK)])


def cost_and_accuracy(network: DigitClassifier, digits: Digits) -> tuple[float, float]:
    """Return the mean negative log-likelihood in nats, and the share of right answers."""
    found = log_probs(network, digits)
    cost = functional.nll_loss(found, digits.labels)
    return float(cost), float((found.argmax(dim=1) == digits.labels).float().mean())


def measure(network: DigitClassifier, digits: Digits) -> Measurement:
    """Measure everything that the facts of a network state."""
    found = log_probs(network, digits).cpu()  # (N, 10)
    labels = digits.labels.cpu()
    confidence, answers = found.exp().max(dim=1)
    confusion = torch.bincount(labels * CLASSES + answers, minlength=CLASSES**2).view(CLASSES, CLASSES)
    recall = confusion.diagonal() / confusion.sum(dim=1).clamp(min=1)
    right = (answers == labels).float()
    return Measurement(
        dataset=digits.name,
        count=len(digits),
        nll=float(functional.nll_loss(found, labels)),
        accuracy=float(right.mean()),
        recall=tuple(recall.tolist()),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        calibration_error=calibration_error(confidence, right),
    )


def calibration_error(confidence: Tensor, right: Tensor) -> float:  # (N,), (N,)
    """Return the expected calibration error over BINS equally wide bins of confidence."""
    bins = (confidence * BINS).long().clamp(max=BINS - 1)  # (N,)
    gaps = torch.zeros(BINS).index_add(0, bins, confidence - right)  # (BINS,)
    return float(gaps.abs().sum() / len(right))
