"""The limit on bodies, over a real connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.connections import connected, head
from tests.problems import check

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

pytestmark = pytest.mark.anyio


async def test_chunked_body_over_the_limit(client: httpx.AsyncClient, predict: Callable[..., Any], png: bytes) -> None:
    """A body without Content-Length is refused as soon as it is too long, not read to its end."""
    given = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal given
        for _ in range(100):
            given += 10_000
            yield b"\0" * 10_000

    headers = {"content-type": "image/png"}
    # httpx's ASGI transport takes the next chunk only when the application asks for it.
    check(await client.post("/predict", content=chunks(), headers=headers), 413, "body_too_large")
    assert 210_000 == given
    assert 200 == (await predict(png)).status_code


@pytest.mark.parametrize("media_type", ["image/png", "multipart/form-data; boundary=x", "application/json"])
async def test_declared_length_over_the_limit(predict: Callable[..., Any], media_type: str) -> None:
    """A declared length over the limit is refused in every form of a body; one at the limit is read."""
    refused = check(await predict(b"\0" * 200_001, media_type), 413, "body_too_large")
    assert "200,000 bytes" in refused["detail"]
    assert 413 != (await predict(b"\0" * 200_000, media_type)).status_code


def test_answers_before_the_body_is_sent(live_server: str) -> None:
    """The refusal comes although none of the gigabyte that was announced has been sent."""
    with connected(live_server) as connection:
        connection.sendall(head(10**9))
        assert connection.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_sends_all_of_it_anyway(live_server: str) -> None:
    """A client that sends all of a large body, declared or chunked, reads the refusal."""
    body = b"\0" * 20_000_000
    for content in (body, iter([body[:5_000_000]] * 4)):
        refused = httpx.post(f"{live_server}/predict", content=content, headers={"content-type": "image/png"})
        check(refused, 413, "body_too_large")
    assert 200 == httpx.get(f"{live_server}/healthz").status_code
