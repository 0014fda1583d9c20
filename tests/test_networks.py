"""The two networks."""

from collections import OrderedDict

import pytest
import torch
from torch import nn

from app.recognition.networks import NETWORKS, DigitClassifierCNN, DigitClassifierFF, parameter_count


@pytest.mark.parametrize(("name", "count"), [("ff", 6370), ("cnn", 5658)])
def test_size(name: str, count: int) -> None:
    """Each network has exactly the promised number of parameters."""
    assert count == parameter_count(NETWORKS[name]())


@pytest.mark.parametrize("name", NETWORKS)
def test_log_probabilities(name: str) -> None:
    """A batch of frames gives a row of ten log-probabilities each, summing to one."""
    log_probs = NETWORKS[name]()(torch.rand(3, 1, 28, 28))
    assert (3, 10) == log_probs.shape
    torch.testing.assert_close(log_probs.exp().sum(dim=1), torch.ones(3))


def test_foreign_state_dict_ff() -> None:
    """A state dict trained elsewhere with the same layers loads strictly into the feed-forward net."""
    layers = nn.Sequential(nn.Flatten(), nn.Linear(784, 8), nn.ReLU(), nn.Linear(8, 10), nn.LogSoftmax(dim=-1))
    _check_foreign(DigitClassifierFF(), layers)


def test_foreign_state_dict_cnn() -> None:
    """A state dict trained elsewhere with the same layers loads strictly into the convolutional net."""
    layers = nn.Sequential(
        *(nn.Conv2d(1, 8, 5, padding="same"), nn.MaxPool2d(2), nn.ReLU()),
        *(nn.Conv2d(8, 8, 5, padding="same"), nn.MaxPool2d(2), nn.ReLU()),
        *(nn.Conv2d(8, 8, 5, padding="same"), nn.MaxPool2d(2, ceil_mode=True), nn.ReLU()),
        *(nn.Flatten(), nn.Linear(128, 16), nn.ReLU(), nn.Linear(16, 10), nn.LogSoftmax(dim=-1)),
    )
    _check_foreign(DigitClassifierCNN(), layers)


def _check_foreign(network: nn.Module, layers: nn.Sequential) -> None:
    state = OrderedDict((f"layers.{key}", value) for key, value in layers.state_dict().items())
    network.load_state_dict(state, strict=True)
    batch = torch.rand(2, 1, 28, 28)
    torch.testing.assert_close(network(batch), layers(batch))
