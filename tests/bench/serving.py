"""How fast the service answers, next to an endpoint that only reads the body: ``python -m tests.bench.serving``.

Each server is one process with one worker; the load comes from a third process, over kept-alive connections. The
results are printed and written to bench.json.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import socket
import statistics
import tempfile
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import uvicorn
from fastapi import FastAPI, Request

from app.main import create_app
from app.recognition.png import write
from app.settings import ROOT, Settings
from tests.conftest import SEVEN, draw, wait_for, write_models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.pool import Pool

WARM_UP: Final = 0.5  # s
MEASURE: Final = 3.0  # s
CLIENTS: Final = (16, 1)

Endpoint = tuple[str, int]


@dataclass(frozen=True)
class Measured:
    """One run of the load generator."""

    server: str
    picture: str
    clients: int
    per_second: float
    p50: float  # ms
    p99: float  # ms


def no_op() -> FastAPI:
    """Return the least that FastAPI can do with a body: read it."""
    app = FastAPI()

    @app.post("/predict")
    async def read(request: Request) -> dict[str, int]:
        return {"bytes": len(await request.body())}

    return app


def digits() -> FastAPI:
    """Return our application, on weights that know nothing: knowing takes no longer."""
    return create_app(Settings(models=write_models(Path(tempfile.mkdtemp())), device="cpu"))


def serve(build: Callable[[], FastAPI], port: int) -> None:
    """Run one server until the process ends."""
    uvicorn.run(build(), port=port, log_level="warning", access_log=False)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def pictures() -> dict[str, bytes]:
    """Return a small crop as the page sends it, and a whole canvas with alpha."""
    canvas = np.zeros((280, 280, 4), np.uint8)
    canvas[..., 3] = draw(*SEVEN).repeat(10, axis=0).repeat(10, axis=1)
    return {"28×28 grey": write(draw(*SEVEN)), "280×280 RGBA": write(canvas)}


def load(endpoint: Endpoint, png: bytes, clients: int) -> list[float]:
    """Ask for MEASURE seconds with so many clients at once; return each answer's latency in seconds."""
    return asyncio.run(_load(endpoint, png, clients))


async def _load(endpoint: Endpoint, png: bytes, clients: int) -> list[float]:
    head = f"POST /predict HTTP/1.1\r\nHost: bench\r\nContent-Type: image/png\r\nContent-Length: {len(png)}\r\n\r\n"
    start = time.perf_counter() + WARM_UP
    asked = [_client(endpoint, head.encode() + png, start, start + MEASURE) for _ in range(clients)]
    return [latency for latencies in await asyncio.gather(*asked) for latency in latencies]


async def _client(endpoint: Endpoint, request: bytes, start: float, stop: float) -> list[float]:
    reader, writer = await asyncio.open_connection(*endpoint)
    latencies: list[float] = []
    sent = 0.0
    while sent < stop:
        sent = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(head.decode())
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        if start <= sent < stop:
            latencies.append(time.perf_counter() - sent)
    writer.close()
    return latencies


def measure(generator: Pool, server: str, endpoint: Endpoint, picture: str, png: bytes, clients: int) -> Measured:
    """Have the load generator's process ask one server."""
    latencies = generator.apply(load, (endpoint, png, clients))
    cuts = statistics.quantiles(latencies, n=100)
    return Measured(server, picture, clients, len(latencies) / MEASURE, cuts[49] * 1000, cuts[98] * 1000)


@contextmanager
def running(**builds: Callable[[], FastAPI]) -> Iterator[dict[str, Endpoint]]:
    """Run a server for each; yield where they are, by name."""
    endpoints = {name: ("127.0.0.1", free_port()) for name in builds}
    spawn = multiprocessing.get_context("spawn")
    servers = [spawn.Process(target=serve, args=(build, endpoints[name][1])) for name, build in builds.items()]
    try:
        for server in servers:
            server.start()
        for host, port in endpoints.values():
            wait_for(f"http://{host}:{port}/openapi.json")
        yield endpoints
    finally:
        for server in servers:
            server.terminate()


def main() -> None:
    """Measure both servers with each picture and each number of clients."""
    found: list[Measured] = []
    print(f"{'picture':14}{'clients':>8}  {'server':8}{'req/s':>8}{'p50 ms':>9}{'p99 ms':>9}  of no-op")
    with multiprocessing.get_context("spawn").Pool(1) as generator, running(noop=no_op, digits=digits) as endpoints:
        for picture, png in pictures().items():
            for clients in CLIENTS:
                runs = [measure(generator, name, where, picture, png, clients) for name, where in endpoints.items()]
                for run in runs:
                    print(
                        f"{picture:14}{clients:8}  {run.server:8}{run.per_second:8.0f}{run.p50:9.2f}{run.p99:9.2f}"
                        f"{run.per_second / runs[0].per_second:9.0%}",
                        flush=True,
                    )
                found += runs
    results = {"cores": os.cpu_count(), "serving": [asdict(one) for one in found]}
    (ROOT / "bench.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
