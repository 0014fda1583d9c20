"""The form in which the networks are run on the CPU: they answer as PyTorch's own layers do."""

from __future__ import annotations

import onnx
import pytest
import torch
from torch import nn

from app.recognition import graph
from app.recognition.networks import NETWORKS, DigitClassifier
from app.recognition.runtime import Runner


@pytest.mark.parametrize("name", NETWORKS)
def test_a_runner_answers_as_the_network(name: str) -> None:
    """One frame or many, the logits are PyTorch's, as far as float32 can tell."""
    torch.manual_seed(0)
    network = NETWORKS[name]().eval().requires_grad_(False)
    run = Runner(network)
    for count in (1, 2, 16, 33):
        batch = torch.rand(count, 1, 28, 28)
        torch.testing.assert_close(run(batch), network.logits(batch), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_graph_is_sound(name: str) -> None:
    """ONNX's own checker finds nothing wrong, and every parameter is in it once."""
    network = NETWORKS[name]()
    model = onnx.load_model_from_string(graph.to_onnx(network))
    onnx.checker.check_model(model, full_check=True)
    assert sum(one.numel() for one in network.parameters()) == sum(
        onnx.numpy_helper.to_array(one).size for one in model.graph.initializer
    )


def test_numbers_that_are_none_come_through() -> None:
    """A broken weight is seen in the answer, as with PyTorch."""
    network = NETWORKS["cnn"]().eval().requires_grad_(False)
    network.get_parameter("layers.12.bias")[3] = torch.nan
    assert [False] * 3 + [True] + [False] * 6 == Runner(network)(torch.zeros(1, 1, 28, 28)).isnan()[0].tolist()


def test_an_unknown_layer() -> None:
    """A layer whose operator nobody wrote down is an error that says where to do so."""
    network = DigitClassifier()
    network.layers = nn.Sequential(nn.Tanh(), nn.LogSoftmax(dim=1))
    with pytest.raises(TypeError, match=r"^Tanh\(\) is no layer that app\.recognition\.graph knows: add its ONNX"):
        graph.to_onnx(network)
