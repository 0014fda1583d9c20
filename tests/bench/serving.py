"""How fast the service answers, next to endpoints that do only what must be: ``python -m tests.bench.serving``.

One reads the body; one decodes, frames and asks the network besides. Each server is one process with one worker,
started as its users start it; the load comes from another process over kept-alive connections. The servers take turns,
round after round, so that a busy machine slows all: what counts is the share, within one run. The results are printed
and written to bench.json.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import socket
import statistics
import struct
import subprocess
import sys
import time
import zlib
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import cv2
import numpy as np
import uvicorn
from fastapi import FastAPI, Request

from app.recognition import classifier, ink, png, weights
from app.recognition.runtime import Runner, tuned
from app.settings import ROOT
from tests.bench import load
from tests.conftest import SEVEN, draw, serving, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.pool import Pool

    from numpy.typing import NDArray

    from app.recognition.ink import Floats
    from tests.bench.load import Endpoint

ROUNDS: Final = 9
WARM_UP: Final = 0.3  # s
MEASURE: Final = 1.0  # s, each server's turn in a round
CLIENTS: Final = (16, 1)


@dataclass(frozen=True)
class Measured:
    """One server with one picture and one number of clients: the medians of all rounds."""

    server: str
    picture: str
    clients: int
    per_second: float
    p50: float  # ms
    p99: float  # ms
    share: float  # of what the no-op answers per second in the same round


@dataclass(frozen=True)
class Steps:
    """What one picture costs without any HTTP, alone in a process."""

    picture: str
    decode: float  # µs
    frame: float  # µs
    forward: float  # µs
    ratio: float  # of one client's p50 to the no-op's p50 and these three
    in_place: float  # of one client's p50 to that of an endpoint that does these three and nothing else


def least(work: Callable[[bytes], object]) -> FastAPI:
    """Return the least that FastAPI can do with a body: read it, and do some work on it."""
    app = FastAPI()

    @app.post("/predict")
    async def read(request: Request) -> dict[str, int]:
        data = await request.body()
        work(data)
        return {"bytes": len(data)}

    return app


def serve_no_op(port: int) -> None:
    """Run an endpoint that only reads, until the process ends."""
    uvicorn.run(least(len), port=port, log_level="warning", access_log=False)


def serve_steps(port: int) -> None:
    """Run an endpoint that decodes, frames and asks the CNN, and does nothing else, until the process ends."""
    run = Runner(weights.read(ROOT / "models", "cnn").network)

    def work(data: bytes) -> Floats:
        found = ink.frame(ink.read_png(data))
        assert found is not None
        return run(classifier.stack([found]))

    with tuned(lambda: [work(data) for data in pictures().values()]):
        uvicorn.run(least(work), port=port, log_level="warning", access_log=False)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def pictures() -> dict[str, bytes]:
    """Return MNIST's size, a crop of the size the page sends, and a whole canvas, drawn with a soft pen."""
    strokes = np.array([[(60, 60), (200, 60), (120, 230)]])  # (1, 3, 2)
    alpha = cv2.polylines(np.zeros((280, 280), np.uint8), strokes, False, 255, 22, cv2.LINE_AA)  # type: ignore[call-overload]
    canvas = np.dstack([np.zeros((280, 280, 3), np.uint8), alpha])  # black ink on nothing
    crop = cv2.resize(255 - alpha[40:250, 40:220], (53, 62), interpolation=cv2.INTER_AREA)  # geometry.js: CROP, MARGIN
    return {
        "28×28 grey": png.write(draw(*SEVEN)),
        "crop of the page": page_png(crop),
        "280×280 RGBA": png.write(canvas),
    }


def page_png(levels: NDArray[np.uint8]) -> bytes:  # (H, W)
    """Return the PNG that the page sends: 8 bits of grey, neither filtered nor packed (static/js/png.js)."""
    height, width = levels.shape
    rows = np.pad(levels, ((0, 0), (1, 0))).tobytes()  # each behind its filter's byte: none
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, 0)), (b"IEND", b"")]
    return png.SIGNATURE + b"".join(
        [
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            for kind, data in chunks
        ]
    )


def measure(generator: Pool, servers: dict[str, Endpoint], picture: str, data: bytes, clients: int) -> list[Measured]:
    """Have the load generator's process ask each server in turn."""
    per_second: dict[str, list[float]] = {name: [] for name in servers}
    latencies: dict[str, list[float]] = {name: [] for name in servers}
    for _ in range(ROUNDS):
        for name, where in servers.items():
            generator.apply(load.run, (where, data, clients, WARM_UP))
            found: load.Load = generator.apply(load.run, (where, data, clients, MEASURE))
            if found.refused:
                raise RuntimeError(f"{name} refused {found.refused} requests.")
            per_second[name].append(len(found.latencies) / MEASURE)
            latencies[name] += found.latencies
    shares = {
        name: statistics.median([own / other for own, other in zip(per_second[name], per_second["no-op"], strict=True)])
        for name in servers
    }
    cuts = {name: statistics.quantiles(latencies[name], n=100) for name in servers}
    return [
        Measured(
            *(name, picture, clients, statistics.median(per_second[name])),
            *(cuts[name][49] * 1e3, cuts[name][98] * 1e3, shares[name]),
        )
        for name in servers
    ]


def steps(picture: str, data: bytes, runs: list[Measured]) -> Steps:
    """Time decoding, framing and the CNN in this process; compare one client's wait with their sum."""
    network = weights.read(ROOT / "models", "cnn").network
    with tuned(lambda: None):
        run = Runner(network)
        pixels = png.read(data)
        found = ink.frame(ink.to_ink(pixels))
        assert found is not None
        batch = classifier.stack([found])  # (1, 1, 28, 28)
        decode = timed(lambda: png.read(data))
        frame = timed(lambda: ink.frame(ink.to_ink(pixels)))
        forward = timed(lambda: run(batch))
    alone = {one.server: one.p50 for one in runs if one.picture == picture and one.clients == 1}
    ratio = alone["digits"] * 1e3 / (alone["no-op"] * 1e3 + decode + frame + forward)
    return Steps(picture, decode, frame, forward, ratio, alone["digits"] / alone["steps"])


def timed(call: Callable[[], object]) -> float:
    """Return a call's median time in µs."""
    times = []
    for _ in range(1000):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1e6


@contextmanager
def running() -> Iterator[dict[str, Endpoint]]:
    """Run all servers; yield where they are, by name."""
    ports = {"no-op": free_port(), "steps": free_port()}
    spawn = multiprocessing.get_context("spawn").Process
    bare = [spawn(target=serve_no_op, args=(ports["no-op"],)), spawn(target=serve_steps, args=(ports["steps"],))]
    for process in bare:
        process.start()
    try:
        for port in ports.values():
            wait_for(f"http://127.0.0.1:{port}/openapi.json")
        with serving(DIGITS_DEVICE="cpu") as url:
            found = {name: ("127.0.0.1", port) for name, port in ports.items()}
            yield found | {"digits": ("127.0.0.1", int(urlsplit(url).port or 0))}
    finally:
        for process in bare:
            process.terminate()


def start_up() -> dict[str, float]:
    """Time from nothing to ready, and to having imported torch, in seconds: the median of three."""
    torch_alone, ready = [], []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import torch"], check=True)
        torch_alone.append(time.perf_counter() - started)
        started = time.perf_counter()
        with serving(DIGITS_DEVICE="cpu"):
            ready.append(time.perf_counter() - started)
    return {"ready": statistics.median(ready), "import torch": statistics.median(torch_alone)}


def main() -> None:
    """Measure all servers with each picture and each number of clients, the steps alone, and the start."""
    found: list[Measured] = []
    print(f"{'picture':18}{'clients':>8}  {'server':8}{'req/s':>8}{'p50 ms':>9}{'p99 ms':>9}{'p99/p50':>9}  of no-op")
    with multiprocessing.get_context("spawn").Pool(1) as generator, running() as servers:
        for picture, data in pictures().items():
            for clients in CLIENTS:
                for one in measure(generator, servers, picture, data, clients):
                    found.append(one)
                    print(
                        f"{picture:18}{clients:8}  {one.server:8}{one.per_second:8.0f}{one.p50:9.2f}{one.p99:9.2f}"
                        f"{one.p99 / one.p50:9.1f}{one.share:9.0%}",
                        flush=True,
                    )
    print(f"\n{'picture':18}{'decode µs':>11}{'frame µs':>10}{'forward µs':>12}  p50 of no-op's + these, of steps'")
    alone = [steps(picture, data, found) for picture, data in pictures().items()]
    for step in alone:
        print(
            f"{step.picture:18}{step.decode:11.0f}{step.frame:10.0f}{step.forward:12.0f}{step.ratio:9.2f}{step.in_place:9.2f}"
        )
    start = start_up()
    print(
        f"\nready {start['ready']:.1f} s after the start, of which importing torch takes {start['import torch']:.1f} s"
    )
    results = {
        "cores": os.cpu_count(),
        "serving": [asdict(one) for one in found],
        "steps": [asdict(step) for step in alone],
        "start": start,
    }
    (ROOT / "bench.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
