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
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from app.recognition import classifier, ink, png, weights
from app.recognition.runtime import Runner, tuned
from app.settings import ROOT
from tests.bench import load
from tests.bench.pictures import pictures
from tests.bench.servers import running
from tests.processes import serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.pool import Pool

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
