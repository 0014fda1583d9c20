"""What the service does when things go wrong, or stop."""

from __future__ import annotations

import signal
import subprocess
import tempfile
from typing import TYPE_CHECKING, Any

import httpx
import numpy as np
import pytest

from app.main import create_app
from app.recognition.png import write
from app.settings import ROOT, Settings
from tests.clients import started
from tests.load import Load
from tests.outputs import FULL, needs_full
from tests.processes import COMMAND, environment, free_port, launched, start
from tests.waiting import answers, eventually, listens

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.anyio


def test_sigterm_under_load(models_dir: Path, png: bytes) -> None:
    """Told to end, the service answers what it has begun, tells others to go elsewhere and drops none."""
    with start(models_dir, DIGITS_LOG_LEVEL="warning") as process:
        url = launched(process)
        with Load(url, png) as load:
            load.wait_for(50)
            process.send_signal(signal.SIGTERM)
            assert 0 == process.wait(15)
            load.wait_for_the_end()
    assert [] == load.broken
    assert {200} <= {status for status, _ in load.answers} <= {200, 503}


def test_a_slow_request_is_finished_after_sigterm(models_dir: Path, png: bytes) -> None:
    """A request that is coming in when the service is told to end gets its answer."""
    with start(models_dir, DIGITS_LOG_LEVEL="warning") as process:
        url = launched(process)
        port = httpx.URL(url).port or 0

        def slowly() -> Any:  # noqa: ANN401
            yield png[:20]
            assert answers(f"{url}/healthz")  # what came in before has been read
            process.send_signal(signal.SIGTERM)
            eventually(lambda: not listens(port))
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


async def test_no_disk_to_write_to(models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form's file is read however large it is, also where there is no folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    noise = np.random.default_rng(0).integers(0, 256, (1300, 1300), np.uint8)
    large = write(noise)
    assert len(large) > 1_500_000
    async with started(create_app(Settings(models=models_dir, device="cpu"))) as client:
        for route in ("/predict", "/inspect", "/predict/batch"):
            assert 200 == (await client.post(route, files={"file": large})).status_code
