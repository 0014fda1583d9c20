"""Waiting for what is to come, instead of a time in which it should."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import anyio
import httpx

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

PATIENCE = 60  # s; the machine may be busy
PAUSE = 0.02  # s


def eventually(holds: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait until this holds."""
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, "it never came to this"
        time.sleep(PAUSE)


async def soon(holds: Callable[[], Awaitable[object]]) -> None:
    """Wait until this holds, and let others work meanwhile."""
    with anyio.fail_after(PATIENCE):
        while not await holds():
            await anyio.sleep(PAUSE)


def answers(url: str) -> bool:
    """Return whether this URL answers 200."""
    try:
        return httpx.get(url, timeout=PATIENCE).status_code == 200
    except httpx.TransportError:
        return False  # nobody listens yet


def listens(port: int) -> bool:
    """Return whether anybody on this machine listens there."""
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionError:
        return False
    return True
