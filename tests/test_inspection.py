"""A network taken apart."""

import numpy as np
import pytest
import torch

from app.recognition import classifier
from app.recognition.inspection import Unit, activations
from app.recognition.networks import NETWORKS


@pytest.fixture
def batch() -> torch.Tensor:
    random = np.random.default_rng(1)
    return classifier.to_batch([random.random((28, 28), dtype=np.float32)], torch.device("cpu"))  # (1, 1, 28, 28)


@pytest.mark.parametrize("name", NETWORKS)
def test_layers(name: str, batch: torch.Tensor) -> None:
    """Every layer's values are reported in order; the last are the log-probabilities."""
    network = NETWORKS[name]().eval()
    layers = activations(network, batch)
    assert [f"{i} {type(layer).__name__}" for i, layer in enumerate(network.layers)] == [x.name for x in layers]
    torch.testing.assert_close(network(batch)[0].detach(), layers[-1].values)
    if name == "cnn":
        assert [(8, 28, 28), (8, 14, 14)] == [tuple(layer.values.shape) for layer in layers[:2]]


@pytest.mark.parametrize("name", NETWORKS)
def test_a_silent_unit_is_one_without_weights_after_it(name: str, batch: torch.Tensor) -> None:
    """Switching off a hidden unit gives what the network gives whose next layer takes nothing from it."""
    network = NETWORKS[name]().eval()
    hidden = 2 if name == "ff" else 11
    found = activations(network, batch, {Unit(hidden, 3)})
    before = activations(network, batch)
    for layer, same in zip(found[:hidden], before[:hidden], strict=True):
        torch.testing.assert_close(same.values, layer.values)
    following = network.layers[hidden + 1]
    assert isinstance(following, torch.nn.Linear)
    with torch.no_grad():
        following.weight[:, 3] = 0
    torch.testing.assert_close(network(batch)[0].detach(), found[-1].values)


def test_all_units_of_a_map_are_silent(batch: torch.Tensor) -> None:
    """A feature map that is off is 0 all over, and nothing before it changes, not even through a shared view."""
    network = NETWORKS["cnn"]().eval()
    layers = activations(network, batch, [Unit(8, 7), Unit(9, 0)])
    assert not layers[8].values[7].any()
    assert not layers[9].values[0].any()
    torch.testing.assert_close(activations(network, batch, [Unit(8, 7)])[8].values, layers[8].values)


@pytest.mark.parametrize("unit", [Unit(2, 8), Unit(2, -1), Unit(4, 0), Unit(-1, 0)])
def test_unknown_units(unit: Unit, batch: torch.Tensor) -> None:
    """What the network does not have cannot be switched off, and neither can its answer."""
    with pytest.raises(IndexError, match="must be"):
        activations(NETWORKS["ff"](), batch, [unit])


def test_one_frame_at_a_time(batch: torch.Tensor) -> None:
    """Several frames at once cannot be inspected."""
    with pytest.raises(ValueError, match="One frame"):
        activations(NETWORKS["ff"](), batch.repeat(2, 1, 1, 1))
