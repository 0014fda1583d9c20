"""How the networks are run: they answer as PyTorch's own layers do, and leave nothing behind."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import cv2
import numpy as np
import psutil
import pytest
import torch

from app.recognition.networks import NETWORKS
from app.recognition.runtime import Runner, tuned
from app.settings import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
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


Setting = tuple[int, int, bool]


def setting() -> Setting:
    """Return how many threads torch and OpenCV have, and whether torch uses oneDNN."""
    return torch.get_num_threads(), cv2.getNumThreads(), bool(torch.backends.mkldnn.enabled)


@pytest.fixture
def two_threads() -> Iterator[None]:
    """Give torch and OpenCV two threads each for one test."""
    before = setting()
    torch.set_num_threads(2)
    cv2.setNumThreads(2)
    yield
    torch.set_num_threads(before[0])
    cv2.setNumThreads(before[1])


@pytest.mark.usefixtures("two_threads")
def test_tuned() -> None:
    """One thread each, no oneDNN, nothing for the garbage collector to look through; at the end all is as it was."""
    before = setting()
    warmed: list[Setting] = []
    with tuned(lambda: warmed.append(setting())):
        assert (1, 1, False) == setting() == warmed[0]
        assert 0 < gc.get_freeze_count()
    assert before == setting()
    assert 0 == gc.get_freeze_count()


@pytest.mark.usefixtures("two_threads")
def test_what_cannot_be_warmed_up() -> None:
    """All is as it was, too, where warming up fails."""
    before = setting()
    with pytest.raises(ZeroDivisionError), tuned(lambda: 1 / 0):
        pytest.fail("it went on")
    assert before == setting()
