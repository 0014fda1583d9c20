"""``python -m app`` as a process of its own."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
from typing import TYPE_CHECKING

import httpx
import pytest
import torch

from app.settings import ROOT
from tests.models import write_models
from tests.processes import COMMAND, environment, launched, start

if TYPE_CHECKING:
    from pathlib import Path


def refused(models: Path, code: int, **settings: str) -> str:
    """Assert that the service refuses to start, with one line, which is returned."""
    with start(models, **settings) as process:
        _, said = process.communicate(timeout=60)
    assert (code, 1) == (process.returncode, said.count("\n")), said
    assert said.startswith("digits: ")
    return said


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_serves_and_stops(models_dir: Path, stop: signal.Signals) -> None:
    """The service says where it is, answers there, and ends with 0 when it is told to."""
    with start(models_dir) as process:
        url = launched(process)
        assert {"status": "ok"} == httpx.get(f"{url}/healthz").json()
        process.send_signal(stop)
        _, said = process.communicate(timeout=30)
    assert 0 == process.returncode
    assert "Traceback" not in said
    assert "/healthz" not in said  # requests are not logged unless that is asked for


def test_invalid_setting(models_dir: Path) -> None:
    """An invalid setting is named, with its value."""
    said = refused(models_dir, 2, DIGITS_PORT="web", DIGITS_DEVICE="tpu")
    assert "DIGITS_PORT=web" in said
    assert "DIGITS_DEVICE=tpu" in said


def test_port_in_use(models_dir: Path) -> None:
    """A port in use is named."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused(models_dir, 1, DIGITS_PORT=str(port))
    assert f"127.0.0.1:{port}" in said
    assert "DIGITS_PORT" in said


def test_refused_in_json(models_dir: Path) -> None:
    """With JSON as the form of the log, why the service does not start is an object too."""
    settings = environment(models_dir, DIGITS_HOST="192.0.2.1", DIGITS_LOG_FORMAT="json")
    done = subprocess.run(COMMAND, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    said = json.loads(done.stderr)
    assert (1, "error") == (done.returncode, said["level"])
    assert "192.0.2.1" in said["event"]


@pytest.mark.parametrize("host", ["a..b", "digits.invalid", "192.0.2.1"])
def test_no_host_of_this_machine(models_dir: Path, host: str) -> None:
    """A host that there is not, or not here, is named, and what to change."""
    said = refused(models_dir, 1, DIGITS_HOST=host)
    assert host in said
    assert "choose another DIGITS_HOST" in said


def test_missing_weights(tmp_path: Path) -> None:
    """Missing weights are named, and how to get them."""
    said = refused(tmp_path, 1)
    assert "ff.json" in said
    assert "training.train" in said


def test_corrupt_weights(tmp_path: Path) -> None:
    """Weights that are not what was trained are refused."""
    (write_models(tmp_path) / "cnn.safetensors").write_bytes(b"corrupt")
    assert "cnn.safetensors" in refused(tmp_path, 1)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_device_not_there(models_dir: Path) -> None:
    """A device that is not there is named, and what to use instead."""
    said = refused(models_dir, 1, DIGITS_DEVICE="cuda")
    assert "cuda" in said
    assert "cpu" in said


@pytest.mark.weights
def test_committed_weights_serve(committed_server: str, png: bytes) -> None:
    """The repository's own weights read a plain 7 as a 7, with the version that the facts name."""
    for name in ("ff", "cnn"):
        answer = httpx.post(f"{committed_server}/predict", params={"model": name}, content=png).json()
        facts = httpx.get(f"{committed_server}/models/{name}").json()
        assert (7, facts["sha256"][:12]) == (answer["digit"], answer["model"]["version"])
