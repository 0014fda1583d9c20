"""Networks -> predictions."""

import numpy as np
import pytest
import torch

from app.recognition import classifier
from app.recognition.networks import NETWORKS, DigitClassifier


@pytest.fixture
def batch() -> torch.Tensor:
    random = np.random.default_rng(1)
    frames = [random.random((28, 28), dtype=np.float32) for _ in range(3)]
    return classifier.to_batch(frames, torch.device("cpu"))  # (3, 1, 28, 28)


def said(
    network: DigitClassifier, batch: torch.Tensor, judge: DigitClassifier | None = None
) -> list[classifier.Prediction]:
    """Return what is said of a batch by its logits, and a judge's."""
    logits, judged = (None if one is None else one.logits(batch).detach().numpy() for one in (network, judge))
    assert logits is not None
    return classifier.predictions(logits, logits if judge is network else judged, 0.5)


def evidence(logits: classifier.Numbers) -> list[float]:  # (N, 10)
    return [found.evidence for found in classifier.predictions(logits, logits, 0.5)]


@pytest.mark.parametrize("name", NETWORKS)
def test_prediction_is_the_networks(name: str, batch: torch.Tensor) -> None:
    """The digit is the most probable one, and the probabilities are the network's own and sum to one."""
    network = NETWORKS[name]().eval()
    expected = network(batch).exp().detach()
    for row, found in zip(expected, said(network, batch), strict=True):
        assert int(row.argmax()) == found.digit
        assert float(row.max()) == pytest.approx(found.confidence, abs=1e-6)
        assert row.tolist() == pytest.approx(found.probabilities, abs=1e-6)
        assert 1 == pytest.approx(sum(found.probabilities), abs=1e-12)


@pytest.mark.parametrize(
    ("evidence", "unsure_below", "verdict"),
    [(1, 0.5, "digit"), (1, 0.7, "unsure"), (0.8, 0.5, "unsure"), (0.9, 0.5, "digit")],
)
def test_verdict(evidence: float, unsure_below: float, verdict: str) -> None:
    """Confidence times evidence under the threshold is `unsure`; the best guess stays."""
    found = classifier.prediction([0.6] + [0.4 / 9] * 9, evidence, unsure_below)
    assert (0, evidence, verdict) == (found.digit, found.evidence, found.verdict)


def test_evidence() -> None:
    """Ten logits of 0 are ten digits as probable as none each; what is added to all ten alike decides."""
    flat = np.zeros((1, 10))
    assert [10 / 11] == pytest.approx(evidence(flat))
    assert [0.0] == pytest.approx(evidence(flat - 9000))
    assert [1.0] == pytest.approx(evidence(flat + 9000))
    two = np.random.default_rng(0).normal(size=(2, 10))
    expected = torch.sigmoid(torch.logsumexp(torch.from_numpy(two), dim=1)).tolist()
    assert expected == pytest.approx(evidence(two))


@pytest.mark.parametrize("name", NETWORKS)
def test_judge(name: str, batch: torch.Tensor) -> None:
    """Evidence is the judge's, be it another network or the same; without one it is 1."""
    network, judge = NETWORKS[name]().eval(), NETWORKS["cnn"]().eval()
    expected = evidence(judge.logits(batch).detach().numpy())
    assert expected == [found.evidence for found in said(network, batch, judge)]
    own = evidence(network.logits(batch).detach().numpy())
    assert own == [found.evidence for found in said(network, batch, network)]
    assert [1.0] * 3 == [found.evidence for found in said(network, batch)]


@pytest.mark.parametrize(("logit", "judged"), [(float("nan"), 0.0), (float("inf"), 0.0), (0.0, float("nan"))])
def test_no_number_is_no_answer(logit: float, judged: float) -> None:
    """A NaN from the network, or from the judge, is an error, never an answer."""
    with pytest.raises(FloatingPointError):
        classifier.predictions(np.array([[0.0] * 9 + [logit]]), np.array([[0.0] * 9 + [judged]]), 0.5)


@pytest.mark.parametrize("wanted", ["gpu", "meta", "cuda:99"])
def test_unknown_device(wanted: str) -> None:
    """A device that is not there is refused with a hint."""
    with pytest.raises(ValueError, match=r"[Uu]se"):
        classifier.choose_device(wanted)


def test_auto_device() -> None:
    """`auto` is CUDA where there is one, else the CPU."""
    assert ("cuda" if torch.cuda.is_available() else "cpu") == classifier.choose_device("auto").type
