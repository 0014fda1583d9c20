"""``python -m app`` in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

from app.settings import ROOT
from tests.waiting import answers, eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMAND: Final = (sys.executable, "-m", "app")


@contextmanager
def serving(**settings: str) -> Iterator[str]:
    """Serve on a free port; yield the base URL once it is ready."""
    with serving_process(**settings) as (url, _):
        yield url


@contextmanager
def serving_process(**settings: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Serve on a free port, with the tests' own standard error for its log; yield base URL and process once ready."""
    variables = {**os.environ, "DIGITS_PORT": "0", "DIGITS_LOG_LEVEL": "warning", **settings}
    with subprocess.Popen(COMMAND, cwd=ROOT, env=variables, stderr=subprocess.PIPE, text=True) as process:
        url = address(process)
        assert process.stderr is not None
        log = threading.Thread(target=_pass_on, args=(process.stderr,))  # a full pipe would stop the server
        log.start()
        try:
            eventually(lambda: answers(f"{url}/readyz"))
            yield url, process
        finally:
            process.terminate()
            process.wait(30)
            log.join()


def _pass_on(log: IO[str]) -> None:
    sys.stderr.write(log.read())


def environment(models: Path, **settings: str) -> dict[str, str]:
    """Return the environment of a service on a free port unless told otherwise."""
    return {**os.environ, "DIGITS_MODELS": str(models), "DIGITS_DEVICE": "cpu", "DIGITS_PORT": "0", **settings}


def start(models: Path, **settings: str) -> subprocess.Popen[str]:
    """Start the service, its log in a pipe."""
    return subprocess.Popen(COMMAND, cwd=ROOT, env=environment(models, **settings), stderr=subprocess.PIPE, text=True)


def address(process: subprocess.Popen[str]) -> str:
    """Return the URL that a service which has just been started says it is at."""
    assert process.stderr is not None
    said = process.stderr.readline()
    assert said.startswith("Digits is at "), said
    return said.split()[-1]


def launched(process: subprocess.Popen[str]) -> str:
    """Return the same, once the service is ready."""
    url = address(process)
    eventually(lambda: answers(f"{url}/readyz"))
    return url


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
