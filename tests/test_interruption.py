"""Training that ends before its time: what is kept, and where the same command goes on."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from app.recognition import weights
from app.settings import ROOT
from tests.models import write_models
from tests.outputs import FULL, needs_full, unread
from tests.trainings import quick
from training.checkpoint import Checkpoint
from training.learner import Learner
from training.recipes import RECIPES, Recipe

pytestmark = pytest.mark.usefixtures("mnist_5k_once")


def test_interrupt_loses_nothing(tmp_path: Path) -> None:
    """Ctrl-C in the midst of training keeps the weights that were there, with status 130 and one line."""
    folder = write_models(tmp_path / "models")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    options = ["--dataset", "mnist-5k", "--network", "cnn", "--epochs", "500", "--output-dir", str(folder)]
    command = [sys.executable, "-u", "-m", "training.train", *options, "--data-dir", str(tmp_path), "--device", "cpu"]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job, and all it starts, ignores it
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert any("epoch" in line for line in process.stdout)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert (130, True) == (process.returncode, "Interrupted" in errors)
    assert "Traceback" not in errors
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    (kept,) = (name for name in after if name.endswith(".run"))
    assert after.pop(kept)  # what the same command goes on with
    assert before == after


def test_interrupted_between_networks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Interrupted in the second network, the command says that the first is written, and goes on with neither anew."""
    save = Checkpoint.save

    def interrupted(checkpoint: Checkpoint, state: dict[str, Any]) -> None:
        save(checkpoint, state)
        if (tmp_path / "ff.json").exists():
            raise KeyboardInterrupt

    monkeypatch.setattr(Checkpoint, "save", interrupted)
    assert 130 == quick(tmp_path)
    assert "New weights of ff are written, all others are as they were. The same command" in capsys.readouterr().err
    first = weights.read(tmp_path, "ff").version
    assert 0 == quick(tmp_path)
    assert "untrained" not in capsys.readouterr().out
    assert first == weights.read(tmp_path, "ff").version
    assert [] == list(tmp_path.glob(".*.run"))


def test_diverged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A training that diverges ends with one line that says what to do, and leaves nothing to go on with."""
    monkeypatch.setitem(cast("dict[str, Recipe]", RECIPES["quick"]), "ff", replace(RECIPES["quick"]["ff"], lr=1e30))
    assert 2 == quick(tmp_path, "--network", "ff")
    (line,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error")]
    assert "ff has diverged in epoch 1: its cost is no number; try another --seed." in line
    assert [] == list(tmp_path.iterdir())


def test_another_recipe_leaves_a_run_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run that was interrupted outlives another recipe's in the same folder, and it is told where it goes on."""
    one, two = (("--network", "ff", "--epochs", epochs) for epochs in "12")
    save = Checkpoint.save

    def interrupted(checkpoint: Checkpoint, state: dict[str, Any]) -> None:
        save(checkpoint, state)
        if len(state["candidates"][0]["epochs"]) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Checkpoint, "save", interrupted)
        assert 130 == quick(tmp_path, *two)
    assert 0 == quick(tmp_path, *one)
    assert "going on" not in capsys.readouterr().out
    assert 0 == quick(tmp_path, *two)
    assert "ff: going on after epoch 1\n" in capsys.readouterr().out


def test_another_layout_starts_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run goes on from its checkpoint, but not where the network is another one while it learns."""
    monkeypatch.setattr(Checkpoint, "remove", lambda _: None)
    starts = []
    for layout in (None, None, "another"):
        if layout:
            monkeypatch.setattr(Learner, "__repr__", lambda _: "another layout")
        assert 0 == quick(tmp_path, "--epochs", "1", "--network", "ff")
        starts.append("untrained" in capsys.readouterr().out)
    assert [True, False, True] == starts


@pytest.mark.parametrize("reader", ["gone", pytest.param("full", marks=needs_full)])
def test_output_that_cannot_be_written(tmp_path: Path, reader: str) -> None:
    """Whoever reads may leave, as `| head -1` does, without a word; a full disk under the output is told as that."""
    options = ["--dataset", "mnist-5k", "--quick", "--network", "ff", "--epochs", "1", "--device", "cpu"]
    folders = ["--output-dir", str(tmp_path), "--data-dir", str(tmp_path)]
    command = [sys.executable, "-m", "training.train", *options, *folders]
    out = unread() if reader == "gone" else os.open(FULL, os.O_WRONLY)
    done = subprocess.run(command, cwd=ROOT, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
    os.close(out)
    full = "error: the standard output cannot be read or written (No space left on device). "
    kept = "Earlier weights are as they were.\n"
    assert ((1, "") if reader == "gone" else (2, full + kept)) == (done.returncode, done.stderr)
