"""Weights that come and go while the service answers."""

from __future__ import annotations

import errno
import itertools
import json
import os
import shutil
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest
from safetensors.torch import load, save

from app.main import create_app
from app.recognition.weights import WeightsError
from app.settings import Settings
from app.web import models
from tests.clients import sample
from tests.load import Load
from tests.models import write_models
from tests.processes import serving
from tests.waiting import eventually, soon

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


HISTORY = "cnn.history.safetensors"
pytestmark = pytest.mark.anyio


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of weights that may be changed."""
    return write_models(tmp_path)


@pytest.fixture
def settings(folder: Path) -> Settings:
    """Return settings that look for new weights all the time."""
    return Settings(models=folder, device="cpu", reload_seconds=0.02)


async def version(client: httpx.AsyncClient) -> str:
    found: str = (await client.get("/models/cnn")).json()["version"]
    return found


async def test_new_weights_are_served(
    client: httpx.AsyncClient, predict: Callable[..., Any], folder: Path, png: bytes
) -> None:
    """A new training run's files are served without restart: version, facts, answers and checkpoints are theirs."""
    before = (await predict(png)).json()
    write_models(folder, seed=1)
    sha256 = json.loads((folder / "cnn.json").read_text())["sha256"]

    async def replaced() -> bool:
        return bool(await version(client) == sha256[:12])

    await soon(replaced)
    after = (await predict(png)).json()
    assert sha256[:12] == after["model"]["version"] != before["model"]["version"]
    assert before["probabilities"] != after["probabilities"]
    last = (await client.post("/inspect", params={"checkpoint": 2}, content=png)).json()["networks"]["cnn"]
    assert after["probabilities"] == pytest.approx(last["probabilities"])
    assert 1 == await sample(client, "digits_weights", model="cnn", version=sha256[:12])
    assert 0 == await sample(client, "digits_weights", model="cnn", version=before["model"]["version"])


def cut(folder: Path) -> None:
    path = folder / "cnn.safetensors"
    path.write_bytes(path.read_bytes()[:1000])


def altered(folder: Path) -> None:
    path = folder / "cnn.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def foreign(folder: Path) -> None:
    replace(folder, (folder / "ff.safetensors").read_bytes())


def not_finite(folder: Path) -> None:
    state = load((folder / "cnn.safetensors").read_bytes())
    state["layers.0.bias"][0] = float("inf")
    replace(folder, save(state))


def untaught(folder: Path) -> None:
    write_models(folder, seed=1, favourite=3)


def replace(folder: Path, data: bytes) -> None:
    """Put these bytes in place of the CNN's weights, with the right digest."""
    import hashlib  # noqa: PLC0415

    facts = json.loads((folder / "cnn.json").read_text())
    (folder / "cnn.safetensors").write_bytes(data)
    (folder / "cnn.json").write_text(json.dumps({**facts, "sha256": hashlib.sha256(data).hexdigest()}))


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        pytest.param(cut, "sha256", id="cut"),
        pytest.param(altered, "sha256", id="altered"),
        pytest.param(foreign, "other layers", id="foreign"),
        pytest.param(not_finite, "finite", id="not finite"),
        pytest.param(untaught, "plain 7", id="untaught"),
        pytest.param(lambda folder: (folder / "cnn.safetensors").unlink(), "No such file", id="missing"),
        pytest.param(lambda folder: (folder / "cnn.json").write_text("{"), "cnn.json", id="no facts"),
        pytest.param(lambda folder: (folder / HISTORY).write_bytes(b"junk"), HISTORY, id="bad history"),
        pytest.param(lambda folder: (folder / HISTORY).unlink(), "No such file", id="no history"),
        pytest.param(shutil.rmtree, "No such file", id="no folder"),
    ],
)
async def test_bad_weights_are_not_served(
    client: httpx.AsyncClient,
    predict: Callable[..., Any],
    folder: Path,
    png: bytes,
    damage: Callable[[Path], None],
    word: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Files that cannot be served leave the old weights answering, and are told of; good ones end the trouble."""
    stale = partial(sample, client, "digits_weights_stale", model="cnn")
    before = (await predict(png)).json()
    damage(folder)

    async def told() -> bool:  # of both networks, where both are damaged: one is looked at after the other
        return word in (await client.get("/readyz")).text and await stale() == 1

    await soon(told)
    assert 200 == (await client.get("/readyz")).status_code
    assert str(folder) not in (await client.get("/readyz")).text
    assert str(folder) in caplog.text
    assert before == (await predict(png)).json()
    assert "Still serving cnn" in caplog.text
    write_models(folder, seed=2)

    async def ready() -> bool:
        return {"status": "ready"} == dict((await client.get("/readyz")).json())

    await soon(ready)
    assert before["model"] != (await predict(png)).json()["model"]
    assert 0 == await stale()


async def test_what_could_not_be_opened_is_tried_again(
    client: httpx.AsyncClient, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Good files that could not be read for a while are served once they can, though nothing about them changed."""
    read, tries = models.read_checked, itertools.count()

    def fail_twice(*arguments: Any) -> models.Model:  # noqa: ANN401
        if next(tries) < 2:
            raise WeightsError("cnn.json: Too many open files") from OSError(errno.EMFILE, "Too many open files")
        return read(*arguments)

    monkeypatch.setattr(models, "read_checked", fail_twice)
    write_models(folder, seed=1)
    sha256 = json.loads((folder / "cnn.json").read_text())["sha256"]

    async def replaced() -> bool:
        return bool(await version(client) == sha256[:12])

    await soon(replaced)
    assert 1 == caplog.text.count("Still serving cnn")


async def test_a_folder_that_comes_back(client: httpx.AsyncClient, folder: Path) -> None:
    """Where the folder was away for a while and is as it was, there is no trouble any more."""
    away = folder.with_name("away")
    folder.rename(away)

    async def told() -> bool:
        return "No such file" in (await client.get("/readyz")).text

    await soon(told)
    away.rename(folder)

    async def ready() -> bool:
        return {"status": "ready"} == dict((await client.get("/readyz")).json())

    await soon(ready)


async def test_no_following(folder: Path) -> None:
    """With DIGITS_RELOAD_SECONDS=0 the weights stay as they were at the start."""
    app = create_app(Settings(models=folder, device="cpu", reload_seconds=0))
    async with app.router.lifespan_context(app) as state:
        ready = dict(state or {})["recognizer"]
        before = ready.models
        write_models(folder, seed=1)
        await anyio.sleep(0.2)
        assert before is ready.models


def test_no_request_fails_while_weights_change(folder: Path, png: bytes) -> None:
    """Under load, weights good and bad come and go: every request is answered, by one of the good versions."""
    versions: set[str] = set()
    with serving(
        DIGITS_MODELS=str(folder), DIGITS_DEVICE="cpu", DIGITS_RELOAD_SECONDS="0.1", DIGITS_LOG_LEVEL="critical"
    ) as url:
        with Load(url, png) as load:
            for seed in range(4):
                write_models(folder, seed=seed)
                versions.add(version := json.loads((folder / "cnn.json").read_text())["sha256"][:12])
                load.wait_for(1, version)
                cut(folder)
                eventually(lambda: "sha256" in httpx.get(f"{url}/readyz").text)
        assert 200 == httpx.get(f"{url}/readyz").status_code
    assert [] == load.broken
    assert {200} == {status for status, _ in load.answers}
    assert versions == {version for _, version in load.answers}


@pytest.mark.skipif(os.name == "nt", reason="no such permissions")
def test_reading_needs_no_writing(tmp_path: Path, png: bytes) -> None:
    """The service never opens a file in models/ for writing: read-only or full, it serves."""
    write_models(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in [tmp_path, *tmp_path.iterdir()]}
    for path in before:
        path.chmod(0o555 if path.is_dir() else 0o444)
    with serving(DIGITS_MODELS=str(tmp_path), DIGITS_DEVICE="cpu") as url:
        assert 200 == httpx.post(f"{url}/predict", content=png).status_code
    assert before == {path: path.stat().st_mtime_ns for path in [tmp_path, *tmp_path.iterdir()]}
