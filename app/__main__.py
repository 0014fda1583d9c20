"""``python -m app``: serve until SIGTERM or Ctrl+C; what cannot be served is said in one line."""

from __future__ import annotations

import os
import signal
import socket
import sys
from contextlib import ExitStack, contextmanager, suppress
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NoReturn

from pydantic import ValidationError

from app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

    from app.web.recognizer import Recognizer

SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"  # where several workers share their metrics
MEMORY: Final = "/dev/shm"  # a folder that is no disk, where there is one  # noqa: S108


def main() -> NoReturn:
    """Serve with the settings of the environment."""
    # uvicorn sends itself the signal again once it has shut down in good order: that is success.
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: sys.exit(0))
    try:
        settings = Settings()
    except ValidationError as error:
        found = (f"DIGITS_{str(item['loc'][0]).upper()}={item['input']}: {item['msg']}" for item in error.errors())
        _fail(2, "; ".join(found))
    serve(settings)
    sys.exit(0)


def serve(settings: Settings) -> None:
    """Listen, then load, then answer; exits with one line where that cannot be done."""
    try:
        listener = _listen(settings.host, settings.port)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        _fail(1, f"cannot listen on {where}: {error.strerror}; choose another DIGITS_PORT.")
    with listener:
        _serve(settings, listener)


def create_worker() -> FastAPI:
    """Build the service in one of several workers; where weights cannot be read, the worker ends and is replaced."""
    from app.main import create_app  # noqa: PLC0415

    settings = Settings()
    return create_app(settings, _load(settings))


def _serve(settings: Settings, listener: socket.socket) -> None:
    import uvicorn  # noqa: PLC0415 (a wrong setting is told at once, before seconds of imports)
    from uvicorn.supervisors import Multiprocess  # noqa: PLC0415

    from app.main import create_app  # noqa: PLC0415
    from app.web.logs import configuration  # noqa: PLC0415
    from app.web.protocol import Protocol  # noqa: PLC0415

    recognizer = _load(settings)
    several = settings.workers > 1
    config = uvicorn.Config(
        "app.__main__:create_worker" if several else create_app(settings, recognizer),
        factory=several,
        workers=settings.workers,
        http=Protocol,
        ws="none",
        limit_concurrency=settings.max_connections,
        log_config=configuration(settings),
        access_log=False,
        proxy_headers=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=settings.grace_seconds,
    )
    host, port = listener.getsockname()[:2]
    _say(f"Digits is at http://{f'[{host}]' if ':' in host else host}:{port}")
    if several:
        with _shared_metrics():
            Multiprocess(config, sockets=[listener]).run()
    else:
        uvicorn.Server(config).run(sockets=[listener])


def _load(settings: Settings) -> Recognizer:
    from app.web.recognizer import load  # noqa: PLC0415

    try:
        return load(settings)  # here, not in the lifespan, which would tell of a failure in a traceback
    except (ValueError, RuntimeError) as error:
        _fail(1, " ".join(str(error).split()))


@contextmanager
def _shared_metrics() -> Iterator[None]:
    """Give workers a folder to share their metrics in, unless they have one; on a disk that is full, they would die."""
    with ExitStack() as stack:
        if SHARED not in os.environ:
            memory = MEMORY if os.access(MEMORY, os.W_OK) else None
            os.environ[SHARED] = stack.enter_context(TemporaryDirectory(prefix="digits-metrics-", dir=memory))
        yield


def _listen(host: str, port: int) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return socket.create_server(address[:2], family=family, backlog=2048)


def _fail(code: int, reason: str) -> NoReturn:
    _say(f"digits: {reason}")
    sys.exit(code)


def _say(line: str) -> None:
    with suppress(OSError):  # the disk that the log is on is full: no reason not to serve
        print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
