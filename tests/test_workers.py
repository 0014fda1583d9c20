"""Several workers: watched, replaced, and ended in good order."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

import httpx
import psutil
import pytest
import uvicorn

from app.web import workers
from app.web.metrics import KINDS
from tests.models import write_models
from tests.processes import launched, start
from tests.waiting import answers, eventually, listens

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.anyio


def test_a_worker_that_dies_is_replaced(tmp_path: Path, png: bytes) -> None:
    """With several workers, one that is killed is replaced once weights can be read, and the metrics add up."""
    disk, models = tmp_path / "disk", tmp_path / "models"
    disk.mkdir()
    models.mkdir()
    write_models(models)
    with start(models, DIGITS_WORKERS="2", DIGITS_LOG_LEVEL="info", TMPDIR=str(disk)) as process:
        lines = process.stderr
        assert lines is not None
        said = [lines.readline()]
        url = said[0].split()[-1]
        log = threading.Thread(target=lambda: said.extend(iter(lines.readline, "")))
        log.start()
        try:
            eventually(lambda: answers(f"{url}/readyz"))
            eventually(lambda: "".join(said).count("startup complete") == 2)
            if os.access("/dev/shm", os.W_OK):  # noqa: S108
                assert [] == list(disk.iterdir())  # what they share is no file on a disk that may be full
            weights = (models / "ff.safetensors").read_bytes()
            (models / "ff.safetensors").write_bytes(weights[:100])
            killed, left = children(process.pid)
            os.kill(killed, signal.SIGKILL)
            eventually(lambda: any(line.startswith("digits: ") for line in said))
            assert 200 == httpx.post(f"{url}/predict", content=png).status_code
            (models / "ff.safetensors").write_bytes(weights)
            eventually(lambda: "".join(said).count("startup complete") == 3)
            assert killed not in children(process.pid)
            assert left in children(process.pid)
            for _ in range(20):  # over connections of their own, so that either worker may answer
                assert 200 == httpx.post(f"{url}/predict", content=png).status_code
            metrics = httpx.get(f"{url}/metrics").text
            assert 'digits_requests_total{route="/predict",status="200"} 21.0' in metrics
        finally:
            process.terminate()
            process.wait(30)
            log.join()
    assert 0 == process.returncode, said


def test_workers_and_their_end(models_dir: Path, tmp_path: Path, png: bytes) -> None:
    """Workers that are told to end refuse who comes and finish what they have begun; they end with their parent too."""
    for stop in (signal.SIGHUP, signal.SIGKILL):
        folder = tmp_path / stop.name
        folder.mkdir()
        with start(models_dir, DIGITS_WORKERS="2", PROMETHEUS_MULTIPROC_DIR=str(folder)) as process:
            port = httpx.URL(launched(process)).port or 0
            eventually(lambda folder=folder: len(list(folder.iterdir())) == 2 * len(KINDS))  # type: ignore[misc]
            left = children(process.pid)
            assert set(left) == {int(file.stem.rpartition("_")[2]) for file in folder.iterdir()}
            with socket.create_connection(("127.0.0.1", port)) as slow:
                slow.sendall(b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(png), png[:9]))
                time.sleep(0.5)  # until one of them has read it: which one, nobody tells
                process.send_signal(stop)
                eventually(lambda port=port: not listens(port))  # type: ignore[misc]
                slow.sendall(png[9:])
                assert slow.recv(9999).startswith(b"HTTP/1.1 200 ")
            process.wait(30)
            eventually(lambda left=left: not any(map(psutil.pid_exists, left)))  # type: ignore[misc]


async def test_no_worker_is_started_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that end because all are told to are not replaced, one that cannot be started is tried again."""
    monkeypatch.setattr(workers, "Process", Worker)
    watching = workers.Workers(uvicorn.Config("no:app", workers=2), [])
    watching.processes = [Worker(), Worker()]  # type: ignore[list-item]
    watching.keep_subprocess_alive()  # there is no room for them
    assert Worker.started[:2] == list[object](watching.processes)  # one that has no process could not be told to end
    watching.keep_subprocess_alive()
    assert [True, True] == [worker.is_alive() for worker in Worker.started[-2:]]
    assert 6 == len(Worker.started)
    for worker in Worker.started:
        worker.alive = False
    watching.handle_hup()
    watching.keep_subprocess_alive()
    assert 6 == len(Worker.started)


class Worker:
    """A worker that is dead until it is started, which fails the first time."""

    started: ClassVar[list[Worker]] = []
    pid = exitcode = None

    def __init__(self, *_: object) -> None:
        self.process = self
        self.alive = False
        self.started.append(self)

    def is_alive(self) -> bool:
        """Return whether it runs."""
        return self.alive

    def start(self) -> None:
        """Start it, where there is room."""
        if len(self.started) <= 4:
            raise BlockingIOError
        self.alive = True


def children(pid: int) -> list[int]:
    """Return the workers of a service, without multiprocessing's own helper."""
    found = []
    for child in psutil.Process(pid).children():
        with suppress(psutil.Error):  # it has just ended
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child.pid)
    return found
