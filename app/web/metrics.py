"""What Prometheus is told; right with several workers too, where PROMETHEUS_MULTIPROC_DIR names a folder."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's own variable: where workers share their numbers
SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
FRAMES: Final = (1, 2, 4, 8, 16, 32)


class Metrics:
    """The numbers of one application, in a registry of their own."""

    def __init__(self) -> None:
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
            "digits_queue", "Pictures being worked on or waiting.", registry=registry, multiprocess_mode="livesum"
        )
        self.batch = Histogram(
            "digits_batch_frames", "Frames that went through a network together.", buckets=FRAMES, registry=registry
        )
        self.verdicts = Counter("digits_verdicts", "Answers given.", ["model", "verdict"], registry=registry)
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
        if FOLDER not in os.environ:
            return generate_latest(self.registry)
        folder = Path(os.environ[FOLDER])
        _forget_the_dead(folder)
        return generate_latest(Workers(folder))


class Workers(Collector):
    """The numbers of all workers, as they share them in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def collect(self) -> Iterable[Metric]:
        """Return them added up; a file is empty for a moment, or for ever where its worker dies in that moment."""
        # MultiProcessCollector.collect fails over such a file: https://github.com/prometheus/client_python/issues/1199
        files = [str(path) for path in self.folder.glob("*.db") if _size(path)]
        merged: Iterable[Metric] = MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call]
        return merged


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # of a worker that died; another one was faster to see it
        return 0


def _forget_the_dead(folder: Path) -> None:
    """Remove what a worker that died still says of its present state."""
    for pid in {int(path.stem.rpartition("_")[2]) for path in folder.glob("gauge_live*.db")}:
        try:
            os.kill(pid, 0)
        except (ProcessLookupError, PermissionError):  # nobody has its number, or somebody else
            with suppress(FileNotFoundError):  # another worker was faster
                mark_process_dead(pid)  # type: ignore[no-untyped-call]
