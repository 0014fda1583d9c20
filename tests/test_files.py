"""The page's files, and those of /docs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.settings import ROOT
from app.web.docs import ASSETS
from tests.connections import connected, everything
from tests.problems import check

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio

FILES = {"/static/js/main.js": ROOT / "static/js/main.js", "/docs/swagger-ui.css": ASSETS / "swagger-ui.css"}


@pytest.mark.parametrize("url", FILES)
@pytest.mark.parametrize("encoding", ["gzip, deflate, br", "identity"])
async def test_known_files_are_not_sent_again(client: httpx.AsyncClient, url: str, encoding: str) -> None:
    """A browser that has a file, packed or not, asks, and is told that it has not changed."""
    first = await client.get(url, headers={"accept-encoding": encoding})
    assert (FILES[url].read_bytes(), "no-cache") == (first.content, first.headers["cache-control"])
    asked = {"accept-encoding": encoding, "if-none-match": f'"other", {first.headers["etag"]}'}
    again = await client.get(url, headers=asked)
    assert (304, b"") == (again.status_code, again.content)
    for name in ("etag", "vary", "cache-control"):
        assert first.headers[name] == again.headers[name]


@pytest.mark.parametrize(
    ("accepts", "packed"),
    [
        ("gzip", True),
        ("br;q=1, GZIP;q=0.5", False),  # as good as never sent, and plain will do
        ("br, gzip; q=0.5", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000, identity", False),
        ("x-gzip-not", False),
        ("", False),
    ],
)
async def test_packed_for_those_who_unpack(client: httpx.AsyncClient, accepts: str, packed: bool) -> None:
    """A file is packed only where that is accepted, and no validator claims that both are the same bytes."""
    sent = await client.get("/static/js/main.js", headers={"accept-encoding": accepts})
    assert packed == (sent.headers.get("content-encoding") == "gzip")
    assert "Accept-Encoding" == sent.headers["vary"]
    assert sent.headers["etag"].startswith('W/"')
    assert FILES["/static/js/main.js"].read_bytes() == sent.content


async def test_no_chunks_for_old_clients(live_server: str) -> None:
    """HTTP/1.0 ends an answer where it says, or with the connection: chunks would be taken for the file."""
    css = FILES["/docs/swagger-ui.css"].read_bytes()
    with connected(live_server) as connection:
        connection.sendall(b"GET /docs/swagger-ui.css HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n")
        head, _, body = everything(connection).partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head
    assert css == body


@pytest.mark.parametrize("wanted", ["bytes=0-3", "bytes=999999999-", "bytes=x", "lines=1-2", "bytes=9-1"])
async def test_ranges_are_ignored(client: httpx.AsyncClient, wanted: str) -> None:
    """Who asks for a part, there or not, gets the whole file, and is told that parts are not served."""
    for url, path in FILES.items():
        sent = await client.get(url, headers={"range": wanted})
        assert (200, path.read_bytes()) == (sent.status_code, sent.content)
        assert "none" == sent.headers["accept-ranges"]


@pytest.mark.parametrize("path", ["__init__.py", "__pycache__/__init__.cpython-311.pyc", "../__init__.py", "", "x.css"])
async def test_only_files_meant_to_be_served(client: httpx.AsyncClient, path: str) -> None:
    """Of the package that Swagger UI comes in nothing of Python's is served."""
    check(await client.get(f"/docs/{path}"), 404, "not_found")
