"""What Prometheus is told; right with several workers too, where PROMETHEUS_MULTIPROC_DIR names a folder."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's own variable: where workers share their numbers
KINDS: Final = ("counter", "histogram", "gauge_livesum", "gauge_liveall", "gauge_livemax")  # of files, one each
ROOM: Final = 65_536  # bytes of such a file, as prometheus_client makes it
SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
FRAMES: Final = (1, 2, 4, 8, 16, 32)


class Metrics:
    """The numbers of one application, in a registry of their own."""

    def __init__(self) -> None:
        if FOLDER in os.environ:
            _reserve(Path(os.environ[FOLDER]))
        self.registry = registry = CollectorRegistry()
        self.requests = Counter("digits_requests", "Requests answered.", ["route", "status"], registry=registry)
        self.seconds = Histogram(
            "digits_request_seconds",
            "From a request's head to its answer's end.",
            ["route"],
            buckets=SECONDS,
            registry=registry,
        )
        self.queue = Gauge(
            "digits_queue",
            "Requests being worked on or waiting.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.batch = Histogram(
            "digits_batch_frames", "Frames that went through a network together.", buckets=FRAMES, registry=registry
        )
        self.verdicts = Counter("digits_verdicts", "Answers of /predict.", ["model", "verdict"], registry=registry)
        self.weights = Gauge(
            "digits_weights",
            "1 for the version that is served.",
            ["model", "version"],
            registry=registry,
            multiprocess_mode="liveall",
        )
        self.stale = Gauge(
            "digits_weights_stale",
            "1 where the files in models/ cannot be served and older weights answer.",
            ["model"],
            registry=registry,
            multiprocess_mode="livemax",
        )

        # labels() takes longer than counting does
        self._answered = cache(lambda route, status: (self.requests.labels(route, status), self.seconds.labels(route)))
        self._verdict = cache(self.verdicts.labels)

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        requests, histogram = self._answered(route, status)
        requests.inc()
        histogram.observe(seconds)

    def verdict(self, model: str, verdict: str) -> None:
        """Count what was said of a picture."""
        self._verdict(model, verdict).inc()

    def expose(self) -> bytes:
        """Return all numbers in Prometheus' text format, summed over the workers."""
        registry = self.registry
        if FOLDER in os.environ:
            _forget_the_dead(Path(os.environ[FOLDER]))
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)


def _reserve(folder: Path) -> None:
    """Take the room that this worker's numbers need; raises OSError where there is none.

    prometheus_client makes its files without: on a full disk, a number of another kind would kill the worker. And where
    one dies between making a file and its first byte, nobody is told any number again (client_python#1199).
    """
    for kind in KINDS:
        part = folder / f"{kind}_{os.getpid()}.part"
        try:
            part.write_bytes(bytes(ROOM))
            part.rename(part.with_suffix(".db"))
        finally:
            part.unlink(missing_ok=True)


def _forget_the_dead(folder: Path) -> None:
    """Remove what a worker that died still says of its present state."""
    for pid in {int(path.stem.rpartition("_")[2]) for path in folder.glob("gauge_live*.db")}:
        try:
            os.kill(pid, 0)
        except (ProcessLookupError, PermissionError):  # nobody has its number, or somebody else
            with suppress(FileNotFoundError):  # another worker was faster
                mark_process_dead(pid)  # type: ignore[no-untyped-call]
