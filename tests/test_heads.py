"""HEAD."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from tests.clients import sample
from tests.connections import connected, everything

if TYPE_CHECKING:
    import httpx


def kept(answer: httpx.Response, path: str) -> dict[str, str]:
    """Return the headers that are the same each time; numbers grow, and with them their text."""
    changing = {"x-request-id", "server-timing", *(["content-length"] if path == "/metrics" else [])}
    return {name: value for name, value in answer.headers.items() if name not in changing}


HEALTH = ("/readyz", "/healthz", "/metrics")
KNOWN = ("/models", "/models/cnn", "/models/cnn/weights", "/data/mnist", "/data/mnist/test/0")
PAGES = ("/", "/docs", "/docs/start.js", "/openapi.json", "/static/js/main.js")


@pytest.mark.anyio
@pytest.mark.parametrize("path", [*HEALTH, *KNOWN, *PAGES, "/models/rnn", "/nowhere", "/predict"])
async def test_head_has_what_get_has(client: httpx.AsyncClient, path: str) -> None:
    """HEAD has the status and headers of GET, errors included; a range, which is GET's alone, changes nothing."""
    got, head = await client.get(path), await client.head(path, headers={"Range": "bytes=0-3"})
    assert got.status_code == head.status_code
    assert kept(got, path) == kept(head, path)


@pytest.mark.anyio
async def test_counted_and_told_as_what_it_is(client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    """A HEAD is counted under its route, and the log says that it was one."""
    caplog.set_level(logging.INFO, "digits.access")
    await client.head("/models/cnn")
    assert ["HEAD"] == [vars(record)["method"] for record in caplog.records if record.name == "digits.access"]
    assert 1 == await sample(client, "digits_requests_total", route="/models/{name}", status="200")


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/static/js/main.js", "/models/cnn/weights"])
async def test_what_is_known_already(client: httpx.AsyncClient, path: str) -> None:
    """A HEAD for what the client has already is 304, as a GET is."""
    known = (await client.get(path)).headers["etag"]
    assert 304 == (await client.head(path, headers={"If-None-Match": known})).status_code


@pytest.mark.anyio
async def test_a_failure_is_counted_under_its_route(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A HEAD that fails inside is a 500 like any other, with the route that failed."""
    monkeypatch.setattr("app.web.models.Model.described", property(lambda _: 1 / 0))
    assert 500 == (await client.head("/models/cnn")).status_code
    assert 1 == await sample(client, "digits_requests_total", route="/models/{name}", status="500")


def test_on_the_wire(live_server: str) -> None:
    """A real server sends just the headers, and the connection goes on with the next answer."""
    with connected(live_server) as connection:
        head = b"HEAD / HTTP/1.1\r\nHost: digits\r\n\r\n"
        connection.sendall(head + b"GET /healthz HTTP/1.1\r\nHost: digits\r\nConnection: close\r\n\r\n")
        said = everything(connection)
    first, second, body = said.split(b"\r\n\r\n")
    assert (b"HTTP/1.1 200 OK",) * 2 == (first.splitlines()[0], second.splitlines()[0])
    assert b'{"status":"ok"}' == body
