"""Networks -> predictions."""

import numpy as np
import pytest
import torch

from app.recognition import classifier
from app.recognition.networks import NETWORKS


@pytest.fixture
def batch() -> torch.Tensor:
    random = np.random.default_rng(1)
    frames = [random.random((28, 28), dtype=np.float32) for _ in range(3)]
    return classifier.to_batch(frames, torch.device("cpu"))  # (3, 1, 28, 28)


@pytest.mark.parametrize("name", NETWORKS)
def test_prediction_is_the_networks(name: str, batch: torch.Tensor) -> None:
    """The digit is the most probable one, and the probabilities are the network's own and sum to one."""
    network = NETWORKS[name]().eval()
    expected = network(batch).exp().detach()
    for row, found in zip(expected, classifier.predict(network, batch), strict=True):
        assert int(row.argmax()) == found.digit
        assert float(row.max()) == pytest.approx(found.confidence, abs=1e-6)
        assert row.tolist() == pytest.approx(found.probabilities, abs=1e-6)
        assert sum(found.probabilities) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(("unsure_below", "verdict"), [(0.5, "digit"), (0.7, "unsure")])
def test_verdict(unsure_below: float, verdict: str) -> None:
    """A best guess under the threshold is `unsure`, and still the best guess."""
    log_probs = torch.tensor([0.6] + [0.4 / 9] * 9).log()
    found = classifier.prediction(log_probs, unsure_below)
    assert (0, verdict) == (found.digit, found.verdict)


def test_no_number_is_no_answer() -> None:
    """A NaN from the network is an error, never an answer."""
    with pytest.raises(FloatingPointError):
        classifier.prediction(torch.full((10,), float("nan")), 0.5)


@pytest.mark.parametrize("wanted", ["gpu", "meta", "cuda:99"])
def test_unknown_device(wanted: str) -> None:
    """A device that is not there is refused with a hint."""
    with pytest.raises(ValueError, match=r"[Uu]se"):
        classifier.choose_device(wanted)


def test_auto_device() -> None:
    """`auto` is CUDA where there is one, else the CPU."""
    assert ("cuda" if torch.cuda.is_available() else "cpu") == classifier.choose_device("auto").type
