"""Bare connections, for what no HTTP library would send, and what comes back over them."""

from __future__ import annotations

import json
import re
import select
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNKED = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n"
ASK = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@contextmanager
def connected(url: str) -> Iterator[socket.socket]:
    """Yield a connection to the server at this URL."""
    where = urlsplit(url)
    with socket.create_connection((str(where.hostname), int(where.port or 0)), timeout=10) as connection:
        yield connection


def everything(connection: socket.socket) -> bytes:
    """Return all that comes until the server closes."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


def each(answers: bytes) -> list[bytes]:
    """Take answers that came one after the other apart."""
    return re.split(rb"(?<=.)(?=HTTP/1\.1 \d)", answers, flags=re.DOTALL)


def head(length: int) -> bytes:
    """Return the head of a request that is to bring a picture of so many bytes."""
    return f"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: {length}\r\n\r\n".encode()


def refused(answer: bytes, status: int, code: str) -> None:
    """Assert that raw bytes are one answer with a problem document, and end the connection."""
    top, _, body = answer.partition(b"\r\n\r\n")
    assert top.startswith(b"HTTP/1.1 %d " % status), answer
    assert b"content-type: application/problem+json" in top
    assert b"connection: close" in top
    assert b"content-security-policy: " in top
    document = json.loads(body)
    assert (status, code) == (document["status"], document["code"])


def answered(connection: socket.socket, data: bytes, times: int) -> bytes:
    """Send until the server has had enough; return all that it says."""
    for _ in range(times):
        if select.select([connection], [], [], 0.005)[0]:  # else the rest would come to a closed connection
            break
        connection.sendall(data)
    return everything(connection)
