"""Work is given up when the client it is for leaves, and only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest
from starlette.requests import ClientDisconnect, Request

from app.web.gone import unless_gone

if TYPE_CHECKING:
    from starlette.types import Message

pytestmark = pytest.mark.anyio


def request_of(leaves: anyio.Event) -> Request:
    """Return a request that has been read, of a client that leaves at this event."""

    async def receive() -> Message:
        await leaves.wait()
        return {"type": "http.disconnect"}

    return Request({"type": "http"}, receive)


async def test_who_stays_gets_what_was_done() -> None:
    """The work's own value comes back, or its own error; nobody waits for the client any longer."""

    async def work() -> int:
        await anyio.sleep(0)
        return 7

    async def fail() -> int:
        await anyio.sleep(0)
        raise ZeroDivisionError

    never = anyio.Event()
    with anyio.fail_after(10):
        assert 7 == await unless_gone(request_of(never), work)
        with pytest.raises(ZeroDivisionError):
            await unless_gone(request_of(never), fail)


async def test_who_leaves_ends_the_work() -> None:
    """The work is cancelled where it stands, and the caller is told that the client has gone."""
    leaves, ended = anyio.Event(), anyio.Event()

    async def work() -> None:
        leaves.set()
        try:
            await anyio.sleep_forever()
        finally:
            ended.set()

    with anyio.fail_after(10), pytest.raises(ClientDisconnect):
        await unless_gone(request_of(leaves), work)
    assert ended.is_set()
