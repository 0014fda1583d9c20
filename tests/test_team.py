"""Several processes that train one network."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import torch

from app.settings import ROOT
from training.team import Team

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("count", [1, 2, 7, 8])
def test_shares_are_alike_and_leave_nothing_out(count: int) -> None:
    """Each process gets as much as any other, and together they get all of the batch."""
    batch = torch.arange(count) + 10
    shares = [Team(rank, 3).share(batch).tolist() for rank in range(3)]
    assert 1 == len({len(share) for share in shares})
    assert set(batch.tolist()) == {one for share in shares for one in share}
    assert batch.tolist() == Team().share(batch).tolist()


def train(folder: Path, *launcher: str) -> dict[str, float]:
    """Train the feed-forward net on the 5,000 digits that need no download; return what was measured."""
    options = ["--network=ff", "--quick", "--dataset=mnist-5k", "--epochs=6", "--threads=1", f"--output-dir={folder}"]
    command = [sys.executable, *launcher, "-m", "training.train", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    assert 1 == done.stdout.count("base cost of guessing")  # one process speaks
    facts = json.loads((folder / "ff.json").read_text())
    return {**facts["epochs"][-1], "processes": facts["training"]["processes"]}


def test_two_processes_are_as_accurate_as_one(tmp_path: Path) -> None:
    """Under torchrun two processes share each batch out, and come to the costs and accuracy of one."""
    one = train(tmp_path / "one")
    two = train(tmp_path / "two", "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2")
    assert (1, 2) == (one["processes"], two["processes"])
    assert one["validation_accuracy"] == pytest.approx(two["validation_accuracy"], abs=0.02)
    assert one["validation_cost"] == pytest.approx(two["validation_cost"], abs=0.03)
    assert one["training_cost"] == pytest.approx(two["training_cost"], abs=0.03)


def test_interrupted(tmp_path: Path) -> None:
    """Ctrl-C, which a terminal sends to all processes, is told once, without the promise to go on."""
    options = [
        "--network=ff",
        "--quick",
        "--dataset=mnist-5k",
        "--epochs=500",
        "--threads=1",
        f"--output-dir={tmp_path}",
    ]
    launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job, and all it starts, ignores it
    with subprocess.Popen(
        [sys.executable, *launcher, "-m", "training.train", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        while "epoch   2/500" not in process.stdout.readline():
            assert process.poll() is None
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert 1 == errors.count("Interrupted"), errors
    assert "begins anew" in errors
    assert "goes on" not in errors
