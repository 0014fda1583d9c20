"""Measurements, checked by hand."""

import math

import pytest
import torch
from torch import Tensor

from app.recognition.networks import DigitClassifier
from training.data import Digits
from training.metrics import Reader, calibration_error


class Sure(DigitClassifier):
    """Says with 90 % the digit that the first pixel names."""

    def logits(self, batch: Tensor) -> Tensor:
        """Read the first pixel."""
        said = (batch[:, 0, 0, 0] * 255).round().long()
        probabilities = torch.full((len(batch), 10), 0.1 / 9)
        probabilities[torch.arange(len(batch)), said] = 0.9
        return probabilities.log()


class Judge(DigitClassifier):
    """Gives every frame the same logits."""

    def __init__(self, logit: float) -> None:
        super().__init__()
        self.logit = logit

    def logits(self, batch: Tensor) -> Tensor:
        """Read nothing."""
        return torch.full((len(batch), 10), self.logit)


def test_measure() -> None:
    """Cost, accuracy, recall, confusion and calibration of four answers, three of them right."""
    frames = torch.zeros(4, 28, 28, dtype=torch.uint8)
    frames[:, 0, 0] = torch.tensor([3, 3, 7, 1])
    found = Reader(Sure(), None).measure(Digits("four", frames, torch.tensor([3, 3, 7, 7])))
    assert 0.75 == found.accuracy
    assert -(3 * math.log(0.9) + math.log(0.1 / 9)) / 4 == pytest.approx(found.nll, rel=1e-5)
    assert (2, 1, 1) == (found.confusion[3][3], found.confusion[7][7], found.confusion[7][1])
    assert 4 == sum(map(sum, found.confusion))
    assert (1.0, 0.5) == (found.recall[3], found.recall[7])
    assert 0.75 == found.balanced_accuracy * 10 / 2  # two of the ten digits occur
    assert 0.15 == pytest.approx(found.calibration_error, abs=1e-6)


@pytest.mark.parametrize(("shift", "unsure_below", "passed"), [(9, 0.5, 1), (9, 0.95, 0), (-9, 0.5, 0)])
def test_passed(shift: float, unsure_below: float, passed: float) -> None:
    """What passes as a digit has confidence times evidence at the threshold or above."""
    frames = torch.zeros(4, 28, 28, dtype=torch.uint8)
    sure = Sure()
    assert passed == Reader(sure, Judge(shift), unsure_below).passed(Digits("four", frames, torch.zeros(4)))


def test_calibration_error() -> None:
    """Confidence 0.8 that is right in 8 of 10 cases is calibrated; right in 5 of 10 it is off by 0.3."""
    confidence = torch.full((10,), 0.8)
    assert 0 == pytest.approx(calibration_error(confidence, torch.tensor([1.0] * 8 + [0] * 2)), abs=1e-6)
    assert 0.3 == pytest.approx(calibration_error(confidence, torch.tensor([1.0] * 5 + [0] * 5)), abs=1e-6)
