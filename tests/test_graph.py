"""The form in which the networks are run on the CPU: they answer as PyTorch's own layers do."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import onnx
import psutil
import pytest
import torch
from torch import nn

from app.recognition import graph
from app.recognition.networks import NETWORKS, DigitClassifier
from app.recognition.runtime import Runner
from app.settings import ROOT

if TYPE_CHECKING:
    from pathlib import Path

EMPTY = np.zeros((1, 1, 28, 28), np.float32)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_runner_answers_as_the_network(name: str) -> None:
    """One frame or many, the logits are PyTorch's, as far as float32 can tell."""
    torch.manual_seed(0)
    network = NETWORKS[name]().eval().requires_grad_(False)
    run = Runner(network)
    for count in (1, 2, 16, 33):
        batch = torch.rand(count, 1, 28, 28)
        np.testing.assert_allclose(run(batch.numpy()), network.logits(batch).numpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_graph_is_sound(name: str) -> None:
    """ONNX's own checker finds nothing wrong, and its numbers are the network's."""
    network = NETWORKS[name]()
    model = onnx.load_model_from_string(graph.to_onnx(network))
    onnx.checker.check_model(model, full_check=True)
    numbers = np.concatenate([onnx.numpy_helper.to_array(one).ravel() for one in model.graph.initializer])
    own = np.concatenate([one.detach().numpy().ravel() for one in network.parameters()])
    assert np.array_equal(np.unique(own), np.unique(numbers[numbers != 0]))


def test_numbers_that_are_none_come_through() -> None:
    """A broken weight is seen in the answer, as with PyTorch."""
    network = NETWORKS["cnn"]().eval().requires_grad_(False)
    network.get_parameter("layers.12.bias")[3] = torch.nan
    assert [False] * 3 + [True] + [False] * 6 == np.isnan(Runner(network)(EMPTY))[0].tolist()


def test_a_runner_needs_no_thread_of_its_own() -> None:
    """The networks run in the thread that asks, beside whose core there may be no other."""
    process = psutil.Process()
    before = process.num_threads()
    run = Runner(NETWORKS["cnn"]().requires_grad_(False))
    run(np.repeat(EMPTY, 16, axis=0))
    assert before == process.num_threads()


def test_on_another_device() -> None:
    """Elsewhere than on the CPU PyTorch runs the network itself, up to the logits, and says so where it cannot."""
    run = Runner(NETWORKS["cnn"]().to("meta"))
    with pytest.raises(NotImplementedError, match="meta tensor; no data"):  # it came to where the answer is fetched
        run(EMPTY)


def test_nothing_is_written_or_said(tmp_path: Path) -> None:
    """What runs the networks leaves no file in the home folder, and no line, as it did where it told its maker."""
    code = (
        "import numpy; from app.recognition.networks import NETWORKS; from app.recognition.runtime import Runner; "
        "Runner(NETWORKS['ff']().requires_grad_(False))(numpy.zeros((1, 1, 28, 28), numpy.float32))"
    )
    home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=home, capture_output=True, text=True, check=False)
    assert (0, "", "") == (done.returncode, done.stdout, done.stderr)
    assert [] == list(tmp_path.rglob("*"))


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
