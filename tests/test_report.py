"""What is reported of a network, checked by hand."""

import pytest
import torch
from torch import Tensor

from app.recognition.networks import DigitClassifier
from training import report
from training.data import Digits
from training.metrics import Reader
from training.outsiders import Outsiders

TEST = Digits("test digits", torch.zeros(4, 28, 28, dtype=torch.uint8), torch.zeros(4, dtype=torch.int64))


class SureOfNothing(DigitClassifier):
    """Says 0 with 80 %, whatever it is shown."""

    def logits(self, batch: Tensor) -> Tensor:
        """Read nothing."""
        probabilities = torch.tensor([0.8, *[0.2 / 9] * 9])
        return probabilities.log().expand(len(batch), 10)


def canvas(name: str, zeros: int) -> Digits:
    """Return ten digits, `zeros` of them zeros, the others ones."""
    return Digits(name, torch.zeros(10, 28, 28, dtype=torch.uint8), (torch.arange(10) >= zeros).long())


def test_pen_digits_together() -> None:
    """Canvas by canvas the calibration is off by 0.2 one way or the other; over all canvases together it is right."""
    others = Outsiders((canvas("easy", 10), canvas("hard", 6)), ())
    facts = report.facts(Reader(SureOfNothing(), None), TEST, others)
    assert [0.2, 0.2] == pytest.approx([found["calibration_error"] for found in facts["pen_digits"].values()], abs=1e-6)
    together = facts["pen_digits_together"]
    assert 20 == together["count"]
    assert (0.8, 0) == pytest.approx((together["accuracy"], together["calibration_error"]), abs=1e-6)
    assert "all of these together" in report.text("cnn", facts)


def test_without_pen_digits() -> None:
    """Where there are no pen digits nothing is said about them."""
    facts = report.facts(Reader(SureOfNothing(), None), TEST, Outsiders())
    assert {} == facts["pen_digits"]
    assert "pen_digits_together" not in facts
    assert "together" not in report.text("cnn", facts)


def test_spread() -> None:
    """Over two trainings, the mean of a figure and its standard deviation are given."""
    runs = [
        report.facts(
            Reader(SureOfNothing(), None), canvas("test digits", zeros), Outsiders((canvas("any", zeros),), ())
        )
        for zeros in (7, 9)
    ]
    lines = report.spread({"ff": runs}).splitlines()
    assert "ff: mean and standard deviation over 2 trainings" == lines[0]
    assert ["80.00%", "±", "14.14%"] == lines[1].split()[-3:]
    assert any("together: accuracy" in line and line.endswith("80.00% ± 14.14%") for line in lines)
