"""Clients that send or read too slowly, or never, against a real server."""

from __future__ import annotations

import select
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.connections import CHUNKED, connected, each, everything, head, refused
from tests.processes import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS = 1.0  # s, what a request may take to come in


@pytest.fixture(scope="module")
def impatient(models_dir: Path) -> Iterator[str]:
    """Yield the URL of a server that waits SECONDS for a request."""
    with serving(DIGITS_MODELS=str(models_dir), DIGITS_DEVICE="cpu", DIGITS_RECEIVE_SECONDS=str(SECONDS)) as url:
        yield url


@pytest.mark.parametrize("begun", [b"", b"POST /pre", b"POST /predict HTTP/1.1\r\nHost: x\r\n", head(100) + b"\x89PNG"])
def test_a_request_that_never_ends(impatient: str, begun: bytes) -> None:
    """A head or body that does not come is given up after a while, and the client is told."""
    with connected(impatient) as connection:
        started = time.monotonic()
        connection.sendall(begun)
        refused(everything(connection), 408, "too_slow")
        assert SECONDS * 0.9 < time.monotonic() - started < SECONDS + 2


def test_a_request_that_drips(impatient: str) -> None:
    """A byte now and then does not buy more time."""
    with connected(impatient) as connection:
        started = time.monotonic()
        connection.sendall(head(100))
        while not select.select([connection], [], [], 0.1)[0] and time.monotonic() < started + SECONDS + 5:
            connection.sendall(b"\x89")
        assert time.monotonic() - started < SECONDS + 2
        refused(connection.recv(65536), 408, "too_slow")


def test_a_kept_connection_is_watched_too(impatient: str, png: bytes) -> None:
    """The second request of a connection has as long as the first."""
    with connected(impatient) as connection:
        connection.sendall(head(len(png)) + png)
        connection.sendall(b"POST")
        first, _, second = everything(connection).partition(b"}}")
        assert first.startswith(b"HTTP/1.1 200 ")
        refused(second, 408, "too_slow")


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        (b"\0\r\n\r\n", 400, "malformed_request"),
        (b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed_request"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", 431, "head_too_large"),
        (b"POST /predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n", 400, "malformed_request"),
        (head(100), 408, "too_slow"),
        (b"GET / HTTP", 408, "too_slow"),
    ],
)
def test_a_refusal_waits_for_its_turn(impatient: str, png: bytes, wrong: bytes, status: int, code: str) -> None:
    """What is wrong with a request is told after the answers to those before it, and before the connection ends."""
    with connected(impatient) as connection:
        connection.sendall((head(len(png)) + png) * 3 + wrong)
        *answers, last = each(everything(connection))
        assert [b"HTTP/1.1 200 OK"] * 3 == [answer.splitlines()[0] for answer in answers]
        refused(last, status, code)


def test_a_refusal_reaches_who_sends_on(impatient: str) -> None:
    """A client that sends megabytes of a head before it reads is told that it is too large, and not just cut off."""
    with connected(impatient) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
        for _ in range(50):
            connection.sendall(b"x" * 100_000)
        refused(everything(connection), 431, "head_too_large")


@pytest.mark.parametrize("body", [head(5_000_000), CHUNKED.replace(b"/predict", b"/nowhere") + b"1\r\nx\r\n"])
@pytest.mark.parametrize("more", [b"", b"xyz\r\n"])
def test_one_answer_to_a_request(impatient: str, body: bytes, more: bytes) -> None:
    """Who was answered before the body ended is not told too that it came too slowly, or was malformed."""
    with connected(impatient) as connection:
        connection.sendall(body)
        first = connection.recv(65536)
        connection.sendall(more)
        assert [first] == each(first + everything(connection))


def test_what_nobody_reads_ends(impatient: str) -> None:
    """Who sends on for ever after the answer is cut off."""
    with connected(impatient) as connection:
        connection.sendall(head(10**9).replace(b"Host", b"Connection: close\r\nHost"))
        assert everything(connection).startswith(b"HTTP/1.1 413 ")
        started = time.monotonic()
        with suppress(ConnectionError):
            while time.monotonic() < started + 8 * SECONDS:
                connection.sendall(bytes(1000))
                time.sleep(0.01)
        assert started + SECONDS / 2 < time.monotonic() < started + 4 * SECONDS


def test_who_reads_nothing_is_cut_off(impatient: str) -> None:
    """A client that reads none of its answers keeps its connection no longer than a request may take."""
    with connected(impatient) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        until = time.monotonic() + SECONDS + 8
        sent = False
        with suppress(ConnectionResetError, BrokenPipeError):
            while time.monotonic() < until:
                connection.sendall(b"GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n")
                time.sleep(0.1)  # 1.4 MB each: soon no buffer takes more, and fewer than AHEAD wait
            sent = True
        assert not sent
