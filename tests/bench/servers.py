"""The servers that are compared: two that do only what must be, and the service itself."""

from __future__ import annotations

import multiprocessing
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI, Request

from app.recognition import classifier, ink, weights
from app.recognition.runtime import Runner, tuned
from app.settings import ROOT
from tests.bench.pictures import pictures
from tests.processes import free_port, serving
from tests.waiting import answers, eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.recognition.paper import Floats
    from tests.bench.load import Endpoint


def least(work: Callable[[bytes], object]) -> FastAPI:
    """Return the least that FastAPI can do with a body: read it, and do some work on it."""
    app = FastAPI()

    @app.post("/predict")
    async def read(request: Request) -> dict[str, int]:
        data = await request.body()
        work(data)
        return {"bytes": len(data)}

    return app


def serve_no_op(port: int) -> None:
    """Run an endpoint that only reads, until the process ends."""
    uvicorn.run(least(len), port=port, log_level="warning", access_log=False)


def serve_steps(port: int) -> None:
    """Run an endpoint that decodes, frames and asks the CNN, and does nothing else, until the process ends."""
    run = Runner(weights.read(ROOT / "models", "cnn").network)

    def work(data: bytes) -> Floats:
        found = ink.frame(ink.read_png(data))
        assert found is not None
        return run(classifier.stack([found]))

    with tuned(lambda: [work(data) for data in pictures().values()]):
        uvicorn.run(least(work), port=port, log_level="warning", access_log=False)


@contextmanager
def running() -> Iterator[dict[str, Endpoint]]:
    """Run all servers; yield where they are, by name."""
    ports = {"no-op": free_port(), "steps": free_port()}
    spawn = multiprocessing.get_context("spawn").Process
    bare = [spawn(target=serve_no_op, args=(ports["no-op"],)), spawn(target=serve_steps, args=(ports["steps"],))]
    for process in bare:
        process.start()
    try:
        for port in ports.values():
            eventually(partial(answers, f"http://127.0.0.1:{port}/openapi.json"))
        with serving(DIGITS_DEVICE="cpu") as url:
            found = {name: ("127.0.0.1", port) for name, port in ports.items()}
            yield found | {"digits": ("127.0.0.1", int(urlsplit(url).port or 0))}
    finally:
        for process in bare:
            process.terminate()
