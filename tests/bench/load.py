"""A load generator that costs less than the servers it measures: one process, kept connections, no HTTP library."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import uvloop

Endpoint = tuple[str, int]


@dataclass
class Load:
    """What became of the requests of one run."""

    latencies: list[float] = field(default_factory=list)  # s, of the answers with status 200
    refused: int = 0  # answers with another status


class Client(asyncio.Protocol):
    """Asks again as soon as it is answered, until the time is up or `most` answers have come to all clients."""

    def __init__(self, request: bytes, load: Load, stop: float, most: float) -> None:
        self.request, self.load, self.stop, self.most = request, load, stop, most
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._answer = b""

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401
        """Ask for the first time."""
        self._transport = transport
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail, unless it is we who left."""
        if not self.done.done():
            self.done.set_exception(exc or ConnectionResetError("The server closed a connection."))

    def data_received(self, data: bytes) -> None:
        """Take an answer, whole or in parts."""
        self._answer += data
        head, end, body = self._answer.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        now = time.perf_counter()
        if head.startswith(b"HTTP/1.1 200 "):
            self.load.latencies.append(now - self._asked)
        else:
            self.load.refused += 1
        self._answer = b""
        if now < self.stop and len(self.load.latencies) < self.most:
            self._ask()
        elif not self.done.done():
            self.done.set_result(None)
            self._transport.close()

    def _ask(self) -> None:
        self._asked = time.perf_counter()
        self._transport.write(self.request)


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"\r\ncontent-length: ")[2].partition(b"\r\n")[0])


def run(endpoint: Endpoint, png: bytes, clients: int, seconds: float, most: float = float("inf")) -> Load:
    """Ask /predict for so many seconds, or for `most` answers, with so many clients at once."""
    return uvloop.run(_run(endpoint, png, clients, seconds, most))


async def _run(endpoint: Endpoint, png: bytes, clients: int, seconds: float, most: float) -> Load:
    head = f"POST /predict HTTP/1.1\r\nHost: bench\r\nContent-Type: image/png\r\nContent-Length: {len(png)}\r\n\r\n"
    load, stop = Load(), time.perf_counter() + seconds
    loop = asyncio.get_running_loop()
    opened = [
        await loop.create_connection(lambda: Client(head.encode() + png, load, stop, most), *endpoint)
        for _ in range(clients)
    ]
    await asyncio.gather(*[client.done for _, client in opened])
    return load
