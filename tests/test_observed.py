"""What is seen from outside: numbers, timings, log lines, traces."""

from __future__ import annotations

import io
import json
import logging
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from app.web import logs
from tests.processes import serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


pytestmark = pytest.mark.anyio


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
    """With OTEL_EXPORTER_OTLP_ENDPOINT set, spans arrive there, and no picture."""
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
