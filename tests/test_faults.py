"""What the service does when things go wrong, or stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

import anyio
import httpx
import numpy as np
import psutil
import pytest
import uvicorn

from app.recognition.png import write
from app.settings import ROOT, Settings
from app.web import recognizer, workers
from app.web.metrics import KINDS
from tests.load import Load
from tests.models import write_models
from tests.outputs import FULL, needs_full
from tests.pictures import draw
from tests.problems import check
from tests.processes import COMMAND, environment, free_port, launched, start
from tests.waiting import answers, eventually

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi import FastAPI

pytestmark = pytest.mark.anyio

LARGE = write(draw((10, 10, 190, 30), size=200))


@pytest.fixture
def settings(models_dir: Path) -> Settings:
    """Return settings with places for three pictures."""
    return Settings(models=models_dir, device="cpu", max_queue=3)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Hold all large pictures until this event is set."""
    release = threading.Event()
    frame = recognizer._frame

    def hold(data: bytes, *limits: Any, **options: Any) -> Any:  # noqa: ANN401
        if data == LARGE:
            assert release.wait(20)
        return frame(data, *limits, **options)

    monkeypatch.setattr(recognizer, "_frame", hold)
    return release


async def until(queue: int, app: FastAPI) -> None:
    """Wait until so many pictures are at work."""
    with anyio.fail_after(10):
        while app.state.metrics.registry.get_sample_value("digits_queue") != queue:
            await anyio.sleep(0.02)


async def test_full_queue(
    app: FastAPI, client: httpx.AsyncClient, predict: Callable[..., Any], png: bytes, held: threading.Event
) -> None:
    """Where no place is free the answer is 503 with Retry-After, wherever pictures are taken; then all is well."""
    answers: list[httpx.Response] = []

    async def ask() -> None:
        answers.append(await predict(LARGE))

    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(ask)
        await until(3, app)
        for route in ("/predict", "/inspect"):
            refused = await client.post(route, content=png)
            check(refused, 503, "busy")
            assert "1" == refused.headers["retry-after"]
        check(await client.post("/predict/batch", files={"file": png}), 503, "busy")
        assert 200 == (await client.get("/readyz")).status_code
        held.set()
    assert [200] * 3 == [answer.status_code for answer in answers]
    assert 200 == (await predict(png)).status_code
    await until(0, app)


async def test_a_client_that_leaves_frees_its_place(app: FastAPI, held: threading.Event) -> None:
    """A picture that waits for a thread is forgotten once its client has gone."""
    gone, never = anyio.Event(), anyio.Event()

    async with app.router.lifespan_context(app) as state, anyio.create_task_group() as group:

        async def ask(leaves: anyio.Event) -> None:
            messages = [{"type": "http.request", "body": LARGE, "more_body": False}]

            async def receive() -> dict[str, Any]:
                if messages:
                    return messages.pop()
                await leaves.wait()
                return {"type": "http.disconnect"}

            async def send(_: object) -> None:
                pass

            scope = {"type": "http", "method": "POST", "path": "/predict", "query_string": b"", "headers": []}
            await app({**scope, "state": dict(state or {})}, receive, send)

        for _ in range(2):  # as many as there are threads
            group.start_soon(ask, never)
        await until(2, app)
        group.start_soon(ask, gone)
        await until(3, app)
        gone.set()
        await until(2, app)
        held.set()


async def test_not_a_number(predict: Callable[..., Any], png: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that gives no numbers gets a 500, never an answer; and only the frames it concerns do."""
    nan = draw((4, 6, 8, 22))
    real = recognizer._frame

    def poison(data: bytes, *limits: Any, **options: Any) -> Any:  # noqa: ANN401
        frame = real(data, *limits, **options)
        return frame if frame is None or data != write(nan) else frame * np.float32("nan")

    monkeypatch.setattr(recognizer, "_frame", poison)
    answers: dict[int, httpx.Response] = {}

    async def post(number: int, picture: bytes) -> None:
        answers[number] = await predict(picture)

    async with anyio.create_task_group() as group:
        for number, picture in enumerate([png, write(nan), png]):
            group.start_soon(post, number, picture)
    assert [200, 500, 200] == [answers[number].status_code for number in range(3)]
    check(answers[1], 500, "internal_error")


def test_sigterm_under_load(models_dir: Path, png: bytes) -> None:
    """Told to end, the service answers what it has begun, tells others to go elsewhere and drops none."""
    with start(models_dir, DIGITS_LOG_LEVEL="warning") as process:
        url = launched(process)
        with Load(url, png) as load:
            load.wait_for(50)
            process.send_signal(signal.SIGTERM)
            assert 0 == process.wait(15)
            time.sleep(0.1)
    assert [] == load.broken
    assert {200} <= {status for status, _ in load.answers} <= {200, 503}


def test_a_slow_request_is_finished_after_sigterm(models_dir: Path, png: bytes) -> None:
    """A request that is coming in when the service is told to end gets its answer."""
    with start(models_dir, DIGITS_LOG_LEVEL="warning") as process:
        url = launched(process)

        def slowly() -> Any:  # noqa: ANN401
            yield png[:20]
            process.send_signal(signal.SIGTERM)
            time.sleep(1)
            yield png[20:]

        answer = httpx.post(f"{url}/predict", content=slowly(), headers={"content-type": "image/png"})
        assert (200, "close") == (answer.status_code, answer.headers["connection"])
        assert 0 == process.wait(15)


@needs_full
def test_a_full_disk(models_dir: Path, png: bytes) -> None:
    """Where no line of the log can be written, the service starts, answers and ends as it always does."""
    port = free_port()
    settings = environment(models_dir, DIGITS_PORT=str(port), DIGITS_ACCESS_LOG="true")
    with (
        FULL.open("wb") as full,
        subprocess.Popen(COMMAND, cwd=ROOT, env=settings, stderr=full) as process,
    ):
        url = f"http://127.0.0.1:{port}"
        eventually(lambda: answers(f"{url}/readyz"))
        assert 200 == httpx.post(f"{url}/predict", content=png).status_code
        assert 415 == httpx.post(f"{url}/predict", content=b"no png").status_code
        process.terminate()
        assert 0 == process.wait(15)


async def test_no_disk_to_write_to(client: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form's file is read however large it is, also where there is no folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    noise = np.random.default_rng(0).integers(0, 256, (1300, 1300), np.uint8)
    large = write(noise)
    assert len(large) > 1_500_000
    for route in ("/predict", "/inspect", "/predict/batch"):
        assert 200 == (await client.post(route, files={"file": large})).status_code


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
                time.sleep(0.5)
                process.send_signal(stop)
                eventually(lambda port=port: refused(port))  # type: ignore[misc]
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


def refused(port: int) -> bool:
    """Return whether nobody listens there."""
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return True
    return False


def children(pid: int) -> list[int]:
    """Return the workers of a service, without multiprocessing's own helper."""
    found = []
    for child in psutil.Process(pid).children():
        with suppress(psutil.Error):  # it has just ended
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child.pid)
    return found
