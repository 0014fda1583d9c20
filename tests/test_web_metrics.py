"""What Prometheus is told, by one worker or by several."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from app.settings import ROOT
from app.web import metrics
from tests.clients import sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx

pytestmark = pytest.mark.anyio


async def test_metrics(client: httpx.AsyncClient, predict: Callable[..., Any], png: bytes, blank: bytes) -> None:
    """Requests by route and status, latency, batches, verdicts and versions are counted."""
    for body in (png, png, blank, b"none"):
        await predict(body)
    await client.get("/nowhere/7")
    exposed = await client.get("/metrics")
    assert exposed.headers["content-type"].startswith("text/plain; version=")
    value = partial(sample, client)
    assert 3 == await value("digits_requests_total", route="/predict", status="200")
    assert 1 == await value("digits_requests_total", route="/predict", status="415")
    assert 1 == await value("digits_requests_total", route="other", status="404")
    assert 4 == await value("digits_request_seconds_count", route="/predict")
    assert (2, 2) == (await value("digits_batch_frames_count"), await value("digits_batch_frames_sum"))
    assert 1 == await value("digits_verdicts_total", model="cnn", verdict="blank")
    assert 2 == await value("digits_verdicts_total", model="cnn", verdict="unsure")
    assert 0 == await value("digits_queue")
    assert 'digits_weights{model="cnn",version="' in exposed.text
    assert "nowhere" not in exposed.text


@pytest.mark.parametrize("reason", [ProcessLookupError, PermissionError])
async def test_the_dead_are_forgotten(reason: type[OSError], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a worker that died says of its present state goes, also where its number is another user's by now."""

    def kill(pid: int, signal: int) -> None:
        if (pid, signal) == (41, 0):
            raise reason

    monkeypatch.setenv(metrics.FOLDER, str(tmp_path))
    monkeypatch.setattr(os, "kill", kill)
    told = metrics.Metrics()
    own = set(tmp_path.iterdir())
    for name in ("gauge_livesum_41.db", "gauge_livesum_42.db", "counter_41.db"):
        (tmp_path / name).write_bytes(bytes(metrics.ROOM))
    told.expose()
    assert {"counter_41.db", "gauge_livesum_42.db"} == {path.name for path in set(tmp_path.iterdir()) - own}


async def test_room_for_numbers(tmp_path: Path) -> None:
    """A worker takes the room for all kinds of numbers before it counts: no disk is too full for one of its files."""
    count = """if True:
        from app.web.metrics import Metrics
        metrics = Metrics()
        metrics.answered("/predict", 200, 0.1)
        for gauge, labels in ((metrics.queue, ()), (metrics.stale, ("ff",)), (metrics.weights, ("ff", "1"))):
            (gauge.labels(*labels) if labels else gauge).set(1)
        print(metrics.expose().decode())"""
    environment = {**os.environ, metrics.FOLDER: str(tmp_path)}
    command = [sys.executable, "-c", count]
    said = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    assert 'digits_requests_total{route="/predict",status="200"} 1.0' in said
    files = list(tmp_path.iterdir())
    assert len(metrics.KINDS) == len(files)
    assert [metrics.ROOM] * len(files) == [file.stat().st_size for file in files]
    assert all(512 * file.stat().st_blocks >= metrics.ROOM for file in files)
