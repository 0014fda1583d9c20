"""HEAD."""

from __future__ import annotations

import logging
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    import httpx
    from fastapi import FastAPI


def kept(answer: httpx.Response, path: str) -> dict[str, str]:
    """Return the headers that are the same each time; numbers grow, and with them their text."""
    changing = {"x-request-id", "server-timing", *(["content-length"] if path == "/metrics" else [])}
    return {name: value for name, value in answer.headers.items() if name not in changing}


PATHS = ("/", "/readyz", "/healthz", "/models", "/models/cnn", "/metrics", "/docs", "/static/js/main.js")


@pytest.mark.anyio
@pytest.mark.parametrize("path", [*PATHS, "/models/rnn", "/nowhere", "/predict"])
async def test_head_has_what_get_has(client: httpx.AsyncClient, path: str) -> None:
    """HEAD has the status and headers of GET, errors included; a range, which is GET's alone, changes nothing."""
    got, head = await client.get(path), await client.head(path, headers={"Range": "bytes=0-3"})
    assert got.status_code == head.status_code
    assert kept(got, path) == kept(head, path)


@pytest.mark.anyio
async def test_counted_and_told_as_what_it_is(
    app: FastAPI, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """A HEAD is counted under its route, and the log says that it was one."""
    caplog.set_level(logging.INFO, "digits.access")
    await client.head("/models/cnn")
    value = app.state.metrics.registry.get_sample_value
    assert 1 == value("digits_requests_total", {"route": "/models/{name}", "status": "200"})
    assert ["HEAD"] == [vars(record)["method"] for record in caplog.records if record.name == "digits.access"]


def test_on_the_wire(live_server: str) -> None:
    """A real server sends just the headers, and the connection goes on with the next answer."""
    host, port = (urlsplit(live_server).hostname, urlsplit(live_server).port)
    with socket.create_connection((host, port), 10) as connection:
        head = b"HEAD / HTTP/1.1\r\nHost: digits\r\n\r\n"
        connection.sendall(head + b"GET /healthz HTTP/1.1\r\nHost: digits\r\nConnection: close\r\n\r\n")
        said = b"".join(iter(lambda: connection.recv(65536), b""))
    first, second, body = said.split(b"\r\n\r\n")
    assert (b"HTTP/1.1 200 OK",) * 2 == (first.splitlines()[0], second.splitlines()[0])
    assert b'{"status":"ok"}' == body
