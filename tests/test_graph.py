"""The form in which the networks are run on the CPU: they answer as PyTorch's own layers do."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
import torch
from torch import nn

from app.recognition import graph
from app.recognition.networks import NETWORKS, DigitClassifier
from app.recognition.runtime import Runner


@pytest.mark.parametrize("name", NETWORKS)
def test_the_graph_is_sound(name: str) -> None:
    """ONNX's own checker finds nothing wrong, and its numbers are the network's."""
    network = NETWORKS[name]()
    model = onnx.load_model_from_string(graph.to_onnx(network))
    onnx.checker.check_model(model, full_check=True)
    numbers = np.concatenate([onnx.numpy_helper.to_array(one).ravel() for one in model.graph.initializer])
    own = np.concatenate([one.detach().numpy().ravel() for one in network.parameters()])
    assert np.array_equal(np.unique(own), np.unique(numbers[numbers != 0]))


@pytest.mark.parametrize(
    ("layers", "pooled"),
    [
        pytest.param([nn.Conv2d(1, 3, 3, padding="same"), nn.MaxPool2d(2)], True, id="even"),
        pytest.param([nn.Conv2d(1, 3, (5, 3), padding="same"), nn.MaxPool2d(2)], True, id="higher than wide"),
        pytest.param(
            [nn.Conv2d(1, 3, 4, padding="same"), nn.MaxPool2d(2)],
            False,
            id="kernel without a middle",
            marks=pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths"),  # PyTorch's copy
        ),
        pytest.param([nn.Conv2d(1, 3, 3, padding="same", bias=False), nn.MaxPool2d(2)], False, id="no bias"),
        pytest.param([nn.Conv2d(1, 3, 3, padding="same"), nn.MaxPool2d(4)], False, id="pooled to a quarter"),
        pytest.param([nn.MaxPool2d(4), nn.Conv2d(1, 3, 3, padding="same"), nn.MaxPool2d(2)], False, id="seven columns"),
        pytest.param([nn.Conv2d(1, 3, 3, padding="same"), nn.ReLU(), nn.MaxPool2d(2)], False, id="not at once"),
    ],
)
def test_two_columns_at_a_time(layers: list[nn.Module], pooled: bool) -> None:
    """A convolution that is pooled is computed as two of half its columns where that gives the same, and only there."""
    network = DigitClassifier()
    network.layers = nn.Sequential(*layers, nn.Flatten(), nn.LazyLinear(10), nn.LogSoftmax(dim=1))
    batch = torch.rand(3, 1, 28, 28)
    expected = network.logits(batch).detach().numpy()
    np.testing.assert_allclose(Runner(network)(batch.numpy()), expected, rtol=1e-4, atol=1e-5)
    model = onnx.load_model_from_string(graph.to_onnx(network))
    assert pooled == ("Split" in {node.op_type for node in model.graph.node})


@pytest.mark.parametrize(
    "layer",
    [
        nn.Tanh(),
        nn.Conv2d(1, 8, 5),
        nn.Conv2d(2, 2, 3, padding="same", groups=2),
        nn.Conv2d(1, 1, 3, padding="same", dilation=2),
        nn.Conv2d(1, 1, 3, padding="same", padding_mode="reflect"),
        nn.MaxPool2d(2, stride=1),
        nn.MaxPool2d(2, padding=1),
        nn.Flatten(0),
    ],
    ids=str,
)
def test_an_unknown_layer(layer: nn.Module) -> None:
    """A layer, or an option of one, whose operator nobody wrote down is an error that says where to do so."""
    network = DigitClassifier()
    network.layers = nn.Sequential(layer, nn.LogSoftmax(dim=1))
    with pytest.raises(
        TypeError, match=r" is no layer that app\.recognition\.graph knows: add its ONNX operator there"
    ):
        graph.to_onnx(network)


def test_an_unknown_convolution_before_a_pooling() -> None:
    """So is one where both are made of the same operators together."""
    network = DigitClassifier()
    network.layers = nn.Sequential(nn.Conv2d(1, 1, 5, padding="same", padding_mode="circular"), nn.MaxPool2d(2))
    network.layers.append(nn.LogSoftmax(dim=1))
    with pytest.raises(TypeError, match=r"circular.* is no layer that app\.recognition\.graph knows"):
        graph.to_onnx(network)
