"""`python -m training.evaluate`, on weights that know nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import torch

from app.recognition import weights
from app.recognition.networks import NETWORKS
from app.settings import ROOT
from tests.outputs import FULL, needs_full, unread
from training import data, evaluate, outsiders, report

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("mnist_5k_once")

ALONE = "judged by no network that tells digits from everything else"


COMMAND = """
import sys
from training import evaluate, outsiders

outsiders.draw = lambda _root: outsiders.Outsiders()
sys.exit(evaluate.main(["--dataset", "mnist-5k", *sys.argv[1:]]))
"""


@pytest.fixture(autouse=True)
def no_outsiders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure on MNIST alone: what else a report needs takes long to draw."""
    monkeypatch.setattr(outsiders, "draw", lambda _root: outsiders.Outsiders())


def run(*arguments: str) -> int:
    return evaluate.main(["--dataset", "mnist-5k", *arguments])


def copied(source: Path, target: Path, *names: str) -> Path:
    """Copy these networks alone."""
    target.mkdir(parents=True, exist_ok=True)
    for name in names:
        for path in weights.paths(source, name):
            shutil.copy(path, target)
    return target


def test_one_network_alone(models_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that holds only the network that is asked for will do; without a judge the report says so."""
    folder = copied(models_dir, tmp_path, "ff")
    assert 0 == run("--network", "ff", "--models-dir", str(folder))
    assert ALONE in capsys.readouterr().out
    assert 2 == run("--network", "cnn", "--models-dir", str(folder))
    assert "cnn.json" in capsys.readouterr().err


def test_the_other_judges(models_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A network that judges does so for the other too, though only the other is asked for."""
    folder = copied(models_dir, tmp_path, "ff")
    network = NETWORKS["cnn"]()
    states = {key: torch.stack([value]) for key, value in network.state_dict().items()}
    weights.write(folder, "cnn", network, {"judge": True}, weights.History((0,), states))
    assert 0 == run("--network", "ff", "--models-dir", str(folder))
    assert ALONE not in capsys.readouterr().out
    judge = report.served(folder, ["ff"])["ff"].judge
    assert judge is not None
    assert all(torch.equal(value, network.state_dict()[key]) for key, value in judge.state_dict().items())


@pytest.mark.parametrize(
    "arguments",
    [
        ["--sheet", "/nope/x.png"],
        ["--sheet", "/"],
        ["--sheet", "x.jpg"],
        ["--seed", "99999999999999999999"],
        ["--seed", "-1"],
    ],
)
def test_refused_before_anything_is_measured(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A sheet that cannot be written and a seed that is none are refused at once, with status 2."""
    with pytest.raises(SystemExit, match="2"):
        run(*arguments)
    assert arguments[0] in capsys.readouterr().err


def test_one_file_or_folders(models_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One file of weights is measured instead of folders, never beside one that would go unnoticed."""
    file = ["--network", "ff", "--weights", str(models_dir / "ff.safetensors")]
    assert 0 == run(*file)
    with pytest.raises(SystemExit, match="2"):
        run(*file, "--models-dir", str(models_dir))
    assert "leave out --models-dir" in capsys.readouterr().err


def test_what_is_no_test(models_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Digits that a network may have learnt from are told from those that its training held out."""
    folder = copied(models_dir, tmp_path, "ff")
    said = "it may have learnt from some of these 1,000"
    assert 0 == run("--network", "ff", "--models-dir", str(folder))
    assert said in capsys.readouterr().out
    facts = folder / "ff.json"
    test = {"sha256": data.load("mnist-5k", tmp_path, seed=3).test.digest()}
    facts.write_text(json.dumps(json.loads(facts.read_text()) | {"data": {"test": test}}))
    for seed, held_out in ((3, True), (4, False)):
        assert 0 == run("--network", "ff", "--models-dir", str(folder), "--seed", str(seed))
        assert held_out == (said not in capsys.readouterr().out)


def test_a_sheet_of_each_folder(models_dir: Path, tmp_path: Path) -> None:
    """Folders get a sheet each, called by their last names; those of the same last name are numbered."""
    folders = [copied(models_dir, tmp_path / place, "ff") for place in ("a/seed", "b/seed", "b/other")]
    common = ["--network", "ff", "--sheet", str(tmp_path / "x.png"), "--models-dir"]
    assert 0 == run(*common, *map(str, folders[1:]))
    assert {"x-ff-seed.png", "x-ff-other.png"} == {path.name for path in tmp_path.glob("*.png")}
    assert 0 == run(*common, *map(str, folders))
    assert {"x-ff-1-seed.png", "x-ff-2-seed.png", "x-ff-3-other.png"} < {path.name for path in tmp_path.glob("*.png")}


@pytest.mark.parametrize("reader", ["gone", pytest.param("full", marks=needs_full)])
def test_output_that_cannot_be_written(models_dir: Path, reader: str) -> None:
    """Whoever reads may leave, as `| head -1` does, without a word; a full disk is told in one line."""
    command = [sys.executable, "-c", COMMAND, "--network", "ff", "--models-dir", str(models_dir)]
    out = unread() if reader == "gone" else os.open(FULL, os.O_WRONLY)
    done = subprocess.run(command, cwd=ROOT, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
    os.close(out)
    full = "error: the standard output cannot be read or written (No space left on device).\n"
    assert ((1, "") if reader == "gone" else (2, full)) == (done.returncode, done.stderr)
