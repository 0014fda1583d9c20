"""Measure a network on labelled frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import torch
from torch.nn import functional

from app.recognition import classifier
from app.recognition.classifier import UNSURE_BELOW
from app.recognition.networks import CLASSES
from training.data import to_batch

if TYPE_CHECKING:
    from torch import Tensor

    from app.recognition.classifier import Prediction
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
    balanced_accuracy: float  # mean of the recalls
    recall: tuple[float, ...]  # (10,), accuracy per digit
    confusion: tuple[tuple[int, ...], ...]  # (10, 10), row = true digit, column = answer
    calibration_error: float  # expected calibration error, 0 … 1
    passed: float  # 0 … 1, share with the verdict `digit`


@torch.inference_mode()
def logits(network: DigitClassifier, digits: Digits) -> Tensor:  # (N, 10)
    """Return the logits of all `digits`, on their device."""
    return torch.cat([network.logits(to_batch(frames)) for frames in torch.split(digits.frames, CHUNK)])


def log_probs(network: DigitClassifier, digits: Digits) -> Tensor:  # (N, 10)
    """Return the log-probabilities of all `digits`, on their device."""
    return torch.log_softmax(logits(network, digits), dim=1)


def cost_and_accuracy(network: DigitClassifier, digits: Digits) -> tuple[float, float]:
    """Return the mean negative log-likelihood in nats, and the share of right answers."""
    found = log_probs(network, digits)
    cost = functional.nll_loss(found, digits.labels)
    return float(cost), float((found.argmax(dim=1) == digits.labels).double().mean())


@dataclass(frozen=True)
class Reader:
    """A network as it is served."""

    network: DigitClassifier
    judge: DigitClassifier | None  # that tells digits from everything else, `network` itself or another; None: nobody
    unsure_below: float = UNSURE_BELOW  # certainty under which the verdict is not `digit`

    def predictions(self, digits: Digits) -> list[Prediction]:  # (N,)
        """Return what the service would say of each of `digits`."""
        found = logits(self.network, digits).cpu().numpy()
        others = None if self.judge in (None, self.network) else logits(self.judge, digits).cpu().numpy()
        judged = found if self.judge is self.network else others
        return classifier.predictions(found, judged, self.unsure_below)

    def certainty(self, digits: Digits) -> Tensor:  # (N,)
        """Return confidence times evidence, which the verdict rests on."""
        return torch.tensor([one.certainty for one in self.predictions(digits)], dtype=torch.float64)

    def passed(self, digits: Digits) -> float:
        """Return the share of `digits`, or of what is none, that gets the verdict `digit`."""
        return [one.verdict for one in self.predictions(digits)].count("digit") / len(digits)

    def measure(self, digits: Digits) -> Measurement:
        """Measure everything that the facts of a network state."""
        found, labels = log_probs(self.network, digits).cpu(), digits.labels.cpu()  # (N, 10), (N,)
        confidence, answers = found.exp().double().max(dim=1)
        confusion = torch.bincount(labels * CLASSES + answers, minlength=CLASSES**2).view(CLASSES, CLASSES)
        recall = confusion.diagonal().double() / confusion.sum(dim=1).clamp(min=1)
        right = (answers == labels).double()
        return Measurement(
            dataset=digits.name,
            count=len(digits),
            nll=float(functional.nll_loss(found, labels)),
            accuracy=float(right.mean()),
            balanced_accuracy=float(recall.mean()),
            recall=tuple(recall.tolist()),
            confusion=tuple(tuple(row) for row in confusion.tolist()),
            calibration_error=calibration_error(confidence, right),
            passed=self.passed(digits),
        )


def calibration_error(confidence: Tensor, right: Tensor) -> float:  # (N,), (N,) float64
    """Return the expected calibration error over BINS equally wide bins of confidence."""
    bins = (confidence * BINS).long().clamp(max=BINS - 1)  # (N,)
    gaps = torch.zeros(BINS, dtype=torch.float64).index_add(0, bins, confidence.double() - right.double())  # (BINS,)
    return float(gaps.abs().sum() / len(right))
