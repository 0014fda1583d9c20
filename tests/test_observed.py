"""What is seen from outside: numbers, timings, log lines, traces."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from app.settings import ROOT
from app.web import logs, metrics
from tests.processes import serving, start

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi import FastAPI

pytestmark = pytest.mark.anyio


async def test_metrics(
    app: FastAPI, client: httpx.AsyncClient, predict: Callable[..., Any], png: bytes, blank: bytes
) -> None:
    """Requests by route and status, latency, batches, verdicts and versions are counted."""
    for body in (png, png, blank, b"none"):
        await predict(body)
    await client.get("/nowhere/7")
    exposed = await client.get("/metrics")
    assert exposed.headers["content-type"].startswith("text/plain; version=")
    value = app.state.metrics.registry.get_sample_value
    assert 3 == value("digits_requests_total", {"route": "/predict", "status": "200"})
    assert 1 == value("digits_requests_total", {"route": "/predict", "status": "415"})
    assert 1 == value("digits_requests_total", {"route": "other", "status": "404"})
    assert 4 == value("digits_request_seconds_count", {"route": "/predict"})
    assert (2, 2) == (value("digits_batch_frames_count"), value("digits_batch_frames_sum"))
    assert 1 == value("digits_verdicts_total", {"model": "cnn", "verdict": "blank"})
    assert 2 == value("digits_verdicts_total", {"model": "cnn", "verdict": "unsure"})
    assert 0 == value("digits_queue")
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
    for name in ("gauge_livesum_41.db", "gauge_livesum_42.db", "counter_41.db"):
        (tmp_path / name).touch()
    metrics._forget_the_dead(tmp_path)
    assert ["counter_41.db", "gauge_livesum_42.db"] == sorted(path.name for path in tmp_path.iterdir())


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


async def test_request_ids(client: httpx.AsyncClient) -> None:
    """Each answer, errors included, has a number of its own; a harmless one that came with the request is kept."""
    numbers = [(await client.get(path)).headers["x-request-id"] for path in ("/healthz", "/nowhere", "/healthz")]
    assert 3 == len(set(numbers))
    for given, kept in (("0af7651916cd43dd", True), ("short", False), ("a\tb forged=1 log line", False)):
        number = (await client.get("/healthz", headers={"x-request-id": given})).headers["x-request-id"]
        assert kept == (number == given)


async def test_server_timing(predict: Callable[..., Any], png: bytes) -> None:
    """An answer says how long reading, framing and all of the answer took, in milliseconds."""
    timing = (await predict(png)).headers["server-timing"]
    assert re.fullmatch(r"read;dur=[\d.]+, frame;dur=[\d.]+, answer;dur=[\d.]+", timing)


def test_log_lines(models_dir: Path, png: bytes) -> None:
    """In JSON every line is an object, uvicorn's too; requests have their number, and no picture is in them."""
    with start(models_dir, DIGITS_LOG_FORMAT="json", DIGITS_ACCESS_LOG="true", DIGITS_LOG_LEVEL="info") as process:
        assert process.stderr is not None
        url = json.loads(process.stderr.readline())["event"].split()[-1]
        for line in iter(process.stderr.readline, ""):
            if "startup complete" in line:
                break
        answer = httpx.post(f"{url}/predict", content=png)
        number = answer.headers["x-request-id"]
        process.terminate()
        _, said = process.communicate(timeout=30)
    lines = [json.loads(line) for line in said.splitlines()]
    assert {"uvicorn.error", "digits.access"} == {line["logger"] for line in lines}
    (answered,) = [line for line in lines if line["logger"] == "digits.access"]
    assert (number, "POST", "/predict", 200) == tuple(answered[key] for key in ("request", "method", "path", "status"))
    assert answered["ms"] > 0
    assert "PNG" not in said


async def test_unexpected_error_is_logged_with_its_number(
    predict: Callable[..., Any], png: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer tells nothing but its number; the log has the traceback under it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter(json=True))
    monkeypatch.setattr(logging.getLogger("digits.access"), "handlers", [handler])
    monkeypatch.setattr("app.web.recognizer.Recognizer.place", lambda _: 1 / 0)
    answer = await predict(png)
    assert 500 == answer.status_code
    (line,) = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert answer.headers["x-request-id"] == line["request"]
    assert "ZeroDivisionError" in line["exception"]


def test_traces_go_to_a_collector(models_dir: Path, png: bytes) -> None:
    """With OTEL_EXPORTER_OTLP_ENDPOINT set, spans arrive there; without, nothing is sent anywhere."""
    import threading  # noqa: PLC0415
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer  # noqa: PLC0415

    received: list[tuple[str, bytes]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as collector:
        thread = threading.Thread(target=collector.serve_forever)
        thread.start()
        with serving(
            DIGITS_MODELS=str(models_dir),
            DIGITS_DEVICE="cpu",
            OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.server_port}",
        ) as url:
            assert 200 == httpx.post(f"{url}/predict", content=png).status_code
        collector.shutdown()
        thread.join()
    spans = b"".join(body for path, body in received if path == "/v1/traces")
    assert b"POST /predict" in spans  # its route is known
    assert b"\x89PNG" not in spans


@pytest.mark.parametrize("json_lines", [True, False])
def test_a_traceback_shows_no_picture(json_lines: bool) -> None:
    """A traceback in the log is told in plain lines: what the variables held, a picture maybe, is not."""
    try:
        picture = bytes(range(65, 75))
        raise ZeroDivisionError(len(picture))
    except ZeroDivisionError:
        record = logging.LogRecord("digits", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    line = logs.formatter(json=json_lines).format(record)
    assert "ZeroDivisionError: 10" in line
    assert "ABCDEFGHIJ" not in line
