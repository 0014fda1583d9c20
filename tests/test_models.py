"""Both networks as they are read to be served, and told from what they were."""

from __future__ import annotations

import json
import os
import re
import shutil
from typing import TYPE_CHECKING, Final

import pytest
import torch

from app.recognition import weights
from app.recognition.networks import NETWORKS
from app.web import models
from tests.models import write_models
from training import report

if TYPE_CHECKING:
    from pathlib import Path

CPU: Final = torch.device("cpu")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of weights that may be changed."""
    return write_models(tmp_path)


def test_tiny_networks_lean_towards_seven(folder: Path) -> None:
    """What these tests call good weights does read a plain 7, whatever the seed."""
    for seed in range(4):
        write_models(folder, seed)
        for name in NETWORKS:
            assert models.reads_seven(models.read(folder, name, CPU))


def test_what_misreads_a_seven_takes_no_place(folder: Path) -> None:
    """Networks that read no plain 7 may be served from the start, but not in place of others."""
    before = models.read(folder, "cnn", CPU)
    write_models(folder, seed=1, favourite=3)
    assert not models.reads_seven(models.read(folder, "cnn", CPU))
    with pytest.raises(weights.WeightsError, match="plain 7"):
        models.read_checked(folder, before, CPU)


def test_a_history_where_there_has_been_one(folder: Path) -> None:
    """Weights without a history are read, but take the place only of such as have none either."""
    before = models.read(folder, "cnn", CPU)
    (folder / "cnn.history.safetensors").unlink()
    without = models.read(folder, "cnn", CPU)
    assert (50, None) == (before.images_at(1), without.images_at(1))
    assert models.read_checked(folder, without, CPU).history is None
    with pytest.raises(weights.WeightsError, match=r"cnn\.history"):
        models.read_checked(folder, before, CPU)


def test_described(folder: Path) -> None:
    """Facts come with what the network is called and the version it is served under, whatever they say themselves."""
    facts = json.loads((folder / "ff.json").read_text())
    (folder / "ff.json").write_text(json.dumps(facts | {"name": "mine", "version": "new"}))
    named = {"name": "ff", "title": "Feed-forward net", "version": facts["sha256"][: weights.VERSION_LENGTH]}
    assert facts | named == models.read(folder, "ff", CPU).described


def test_the_judge(folder: Path) -> None:
    """The network that tells digits from everything else is the one whose facts say so; there may be none."""
    served = {name: models.read(folder, name, CPU) for name in NETWORKS}
    assert models.judge(served) is None
    facts = json.loads((folder / "cnn.json").read_text())
    (folder / "cnn.json").write_text(json.dumps(facts | {"judge": True}))
    served["cnn"] = models.read(folder, "cnn", CPU)
    assert served["cnn"] is models.judge(served)


def test_another_judge(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Who was judged by another network than the one that judges now, or by none, is told of."""
    judge = folder / "cnn.json"
    judge.write_text(json.dumps(json.loads(judge.read_text()) | {"judge": True}))
    version = models.read(folder, "cnn", CPU).version
    judged = folder / "ff.json"
    models.warn_of_other_judges({name: models.read(folder, name, CPU) for name in NETWORKS})
    assert [f"was judged by no other, now it is by {version}"] == re.findall("was judged by.*(?=:)", caplog.text)
    assert ["ff"] == report.judged_by_others(folder, weights.read(folder, "cnn"))
    for by, told in ((version, False), ("0123456789ab", True)):
        judged.write_text(json.dumps(json.loads(judged.read_text()) | {"judged_by": by}))
        models.warn_of_other_judges({name: models.read(folder, name, CPU) for name in NETWORKS})
        assert told == (f"was judged by 0123456789ab, now it is by {version}" in caplog.text)
        assert (["ff"] if told else []) == report.judged_by_others(folder, weights.read(folder, "cnn"))
    judge.write_text(json.dumps(json.loads(judge.read_text()) | {"judge": False}))
    models.warn_of_other_judges({name: models.read(folder, name, CPU) for name in NETWORKS})
    assert "was judged by 0123456789ab, now it is by no other" in caplog.text
    assert ["ff"] == report.judged_by_others(folder, None)


def test_a_history_of_other_weights(folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Weights that came with their facts alone are served, but nobody is shown another network's training."""
    other = write_models(tmp_path / "other", seed=1)
    before = models.read(folder, "cnn", CPU)
    for suffix in (".safetensors", ".json"):
        shutil.copy(other / f"cnn{suffix}", folder)
    after = models.read_checked(folder, before, CPU)
    assert models.read(other, "cnn", CPU).version == after.version
    assert after.history is None
    assert "cnn.history.safetensors ends in other weights" in caplog.text
    shutil.copy(other / "cnn.history.safetensors", folder)
    whole = models.read_checked(folder, after, CPU)
    assert whole.history is not None
    shutil.copy(write_models(tmp_path / "third", seed=2) / "cnn.history.safetensors", folder)
    assert whole.history is models.read_checked(folder, whole, CPU).history  # of the same weights, as before


@pytest.mark.parametrize("suffix", [".safetensors", ".json", ".history.safetensors"])
def test_signature(folder: Path, suffix: str) -> None:
    """It is another once a file has been replaced, touched or lost, and the same where nothing has happened."""
    path = folder / f"ff{suffix}"
    found = [models.signature(folder, "ff")]
    assert found[0] == models.signature(folder, "ff")
    weights.replace({path: path.read_bytes()})
    found.append(models.signature(folder, "ff"))
    os.utime(path, ns=(0, 0))
    found.append(models.signature(folder, "ff"))
    path.unlink()
    found.append(models.signature(folder, "ff"))
    assert len(found) == len(set(found))
