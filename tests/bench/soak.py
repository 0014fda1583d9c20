"""Memory over many requests: ``python -m tests.bench.soak``, or ``make soak``.

A fifth of the requests warms the service up; over the others its resident memory may not grow by more than GROWTH, nor
may it hold more files than before.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from typing import Final
from urllib.parse import urlsplit

import psutil

from tests.bench import load
from tests.bench.pictures import pictures
from tests.processes import serving_process

GROWTH: Final = 16  # MiB
CLIENTS: Final = 16
STEPS: Final = 10


def held(process: psutil.Process) -> tuple[float, int]:
    """Return a process's resident memory in MiB, and how many files and connections it has open."""
    return process.memory_info().rss / 2**20, process.num_fds()


def main() -> None:
    """Ask, watch, tell."""
    parser = argparse.ArgumentParser(description="See that memory stays flat over many requests.")
    parser.add_argument("--requests", type=int, default=200_000, help="how many (default %(default)s)")
    total = parser.parse_args().requests
    pngs = list(pictures().values())[:2]
    with (
        multiprocessing.get_context("spawn").Pool(1) as generator,
        serving_process(DIGITS_DEVICE="cpu") as (url, process),
    ):
        where = ("127.0.0.1", int(urlsplit(url).port or 0))

        def ask(requests: int) -> int:
            """Ask so often, with each picture in turn; return how many answers were no 200."""
            runs = [generator.apply(load.run, (where, png, CLIENTS, 3600, requests / len(pngs))) for png in pngs]
            return sum(run.refused for run in runs)

        refused = ask(total // 5)
        service = psutil.Process(process.pid)
        before, open_before = held(service)
        print(f"{total // 5:>9,} requests: {before:6.0f} MiB", flush=True)
        for step in range(1, STEPS + 1):
            refused += ask(total * 4 // 5 // STEPS)
            now, open_now = held(service)
            print(f"{total // 5 + total * 4 // 5 * step // STEPS:>9,} requests: {now:6.0f} MiB", flush=True)
    grown, opened = now - before, open_now - open_before
    print(f"grown by {grown:.1f} MiB, {opened} more files, {refused} requests refused")
    sys.exit(grown > GROWTH or opened > 0 or refused > 0)


if __name__ == "__main__":
    main()
