"""`python -m training.evaluate`, on weights that know nothing."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
import torch

from app.recognition import weights
from app.recognition.networks import NETWORKS
from training import evaluate, report

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("mnist_5k_once")

ALONE = "judged by no network that tells digits from everything else"


@pytest.fixture(autouse=True)
def no_outsiders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure on MNIST alone: what else a report needs takes long to draw."""
    monkeypatch.setattr(report, "draw_outsiders", lambda _root: report.Outsiders())


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
