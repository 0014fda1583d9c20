"""Pictures at work: how many at once, which of them in a thread, and with whose weights."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from app.main import create_app
from app.recognition import ink
from app.recognition.png import write
from app.settings import Settings
from app.web import recognizer
from tests.clients import client_of, sample
from tests.models import write_models
from tests.pictures import draw
from tests.problems import check
from tests.waiting import PATIENCE, soon

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx
    import numpy as np
    from fastapi import FastAPI
    from numpy.typing import NDArray

    from app.recognition.png import Limits

pytestmark = pytest.mark.anyio

PLACES = 3  # for pictures at work
LARGE = write(draw((10, 10, 190, 30), size=200))


@pytest.fixture
def settings(models_dir: Path) -> Settings:
    """Return settings with few places for pictures at work."""
    return Settings(models=models_dir, device="cpu", max_queue=PLACES)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Hold all large pictures until this event is set."""
    release = threading.Event()
    read_png = ink.read_png

    def hold(data: bytes, limits: Limits) -> NDArray[np.float32]:
        if data == LARGE:
            assert release.wait(PATIENCE)
        return read_png(data, limits)

    monkeypatch.setattr(ink, "read_png", hold)
    return release


async def until(queue: int, client: httpx.AsyncClient) -> None:
    """Wait until so many pictures are at work."""

    async def holds() -> bool:
        return queue == await sample(client, "digits_queue")

    await soon(holds)


async def test_full_queue(
    client: httpx.AsyncClient, predict: Callable[..., Any], png: bytes, held: threading.Event
) -> None:
    """Where no place is free the answer is 503 with Retry-After, wherever pictures are taken; then all is well."""
    answers: list[httpx.Response] = []

    async def ask() -> None:
        answers.append(await predict(LARGE))

    async with anyio.create_task_group() as group:
        for _ in range(PLACES):
            group.start_soon(ask)
        await until(PLACES, client)
        for route in ("/predict", "/inspect"):
            refused = await client.post(route, content=png)
            check(refused, 503, "busy")
            assert "1" == refused.headers["retry-after"]
        check(await client.post("/predict/batch", files={"file": png}), 503, "busy")
        assert 200 == (await client.get("/readyz")).status_code
        held.set()
    assert [200] * PLACES == [answer.status_code for answer in answers]
    assert 200 == (await predict(png)).status_code
    await until(0, client)


async def test_a_client_that_leaves_frees_its_place(app: FastAPI, held: threading.Event) -> None:
    """A picture that waits for a thread is forgotten once its client has gone."""
    gone, never = anyio.Event(), anyio.Event()

    async with (
        app.router.lifespan_context(app) as state,
        client_of(app, state) as client,
        anyio.create_task_group() as group,
    ):

        async def ask(leaves: anyio.Event) -> None:
            messages = [{"type": "http.request", "body": LARGE, "more_body": False}]

            async def receive() -> dict[str, Any]:
                if messages:
                    return messages.pop()
                await leaves.wait()
                return {"type": "http.disconnect"}

            async def send(_: object) -> None:
                pass

            scope = {"type": "http", "method": "POST", "path": "/predict", "query_string": b"", "headers": []}
            await app({**scope, "state": dict(state or {})}, receive, send)

        for _ in range(recognizer.DECODERS):
            group.start_soon(ask, never)
        await until(recognizer.DECODERS, client)
        group.start_soon(ask, gone)
        await until(recognizer.DECODERS + 1, client)
        gone.set()
        await until(recognizer.DECODERS, client)
        held.set()


async def test_slow_picture_does_not_stop_others(
    client: httpx.AsyncClient, predict: Callable[..., Any], png: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one picture is being decoded, other requests are answered."""
    decoding, others_done = threading.Event(), threading.Event()
    read_png = ink.read_png

    def read_slowly(data: bytes, limits: Limits) -> NDArray[np.float32]:
        if data == LARGE:
            decoding.set()
            assert others_done.wait(PATIENCE)
        return read_png(data, limits)

    monkeypatch.setattr(ink, "read_png", read_slowly)
    async with anyio.create_task_group() as group:
        group.start_soon(predict, LARGE)
        with anyio.fail_after(PATIENCE):
            await anyio.to_thread.run_sync(decoding.wait)
            assert 200 == (await predict(png)).status_code
            assert 200 == (await client.get("/readyz")).status_code
        others_done.set()


async def test_unsure_below_comes_from_the_facts(predict: Callable[..., Any], png: bytes, tmp_path: Path) -> None:
    """The facts' threshold decides between digit and unsure, and only where there is none 0.5 does."""
    assert "unsure" == (await predict(png)).json()["verdict"]
    facts = write_models(tmp_path) / "cnn.json"
    facts.write_text(json.dumps(json.loads(facts.read_text()) | {"unsure_below": 0.05}))
    certain = recognizer.load(Settings(models=tmp_path, device="cpu"))
    frame = certain.frame(png, normalize=True)
    assert "digit" == (await certain.predict("cnn", lambda: frame)).prediction.verdict


async def test_no_history_still_serves(tmp_path: Path, png: bytes) -> None:
    """Without the history only checkpoints are refused."""
    for path in write_models(tmp_path).glob("*.history.*"):
        path.unlink()
    app = create_app(Settings(models=tmp_path, device="cpu"))
    async with app.router.lifespan_context(app) as state, client_of(app, state) as client:
        assert () == dict(state or {})["recognizer"].moments
        seen = (await client.post("/inspect", content=png)).json()["networks"]
        assert [7, 7] == [seen[name]["digit"] for name in ("ff", "cnn")]
        check(await client.post("/inspect", params={"checkpoint": 0}, content=png), 422, "no_checkpoints")


async def test_a_history_of_one(tmp_path: Path) -> None:
    """The moments of one network may be had where the other has none."""
    (write_models(tmp_path) / "ff.history.safetensors").unlink()
    app = create_app(Settings(models=tmp_path, device="cpu"))
    async with app.router.lifespan_context(app) as state, client_of(app, state) as client:
        assert 200 == (await client.get("/models/cnn/weights", params={"checkpoint": 2})).status_code
        check(await client.get("/models/ff/weights", params={"checkpoint": 0}), 422, "no_checkpoints")
