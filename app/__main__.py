"""``python -m app``: serve until SIGTERM or Ctrl+C; what cannot be served is said in one line."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import sys
from contextlib import contextmanager, suppress
from logging.config import dictConfig
from typing import TYPE_CHECKING, NoReturn

from pydantic import ValidationError

from app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

logger = logging.getLogger("digits")


def main() -> NoReturn:
    """Serve with the settings of the environment."""
    # uvicorn sends itself the signal again once it has shut down in good order: that is success.
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: sys.exit(0))
    try:
        settings = Settings()
    except ValidationError as error:
        found = (f"DIGITS_{str(item['loc'][0]).upper()}={item['input']}: {item['msg']}" for item in error.errors())
        _say(f"digits: {'; '.join(found)}")
        sys.exit(2)
    serve(settings)
    sys.exit(0)


def serve(settings: Settings) -> None:
    """Listen, then load, then answer; exits with one line where that cannot be done."""
    try:
        listener = _listen(settings.host, settings.port)
    except (OSError, UnicodeError) as error:
        _fail(settings, f"cannot listen on {settings.host}:{settings.port}: {_why_not(error)}.")
    with listener:
        _serve(settings, listener)


def create_worker() -> FastAPI:
    """Build the service in one of several workers; where weights cannot be read, the worker ends and is replaced."""
    from app.main import create_app  # noqa: PLC0415
    from app.web.recognizer import load  # noqa: PLC0415
    from app.web.workers import end_with_parent  # noqa: PLC0415

    end_with_parent()
    settings = Settings()
    with _failures_told(settings):
        return create_app(settings, load(settings))


def _serve(settings: Settings, listener: socket.socket) -> None:
    import uvicorn  # noqa: PLC0415 (what is wrong so far is told at once, before seconds of imports)

    from app.main import create_app  # noqa: PLC0415
    from app.web.logs import configuration  # noqa: PLC0415
    from app.web.protocol import Protocol  # noqa: PLC0415
    from app.web.recognizer import load, read  # noqa: PLC0415
    from app.web.workers import Workers, shared_metrics  # noqa: PLC0415

    dictConfig(configuration(settings))
    several = settings.workers > 1
    with _failures_told(settings):  # here, not in the lifespan, which would tell of them in a traceback
        if several:
            read(settings)  # to be read again by each worker
        app = "app.__main__:create_worker" if several else create_app(settings, load(settings))
    config = uvicorn.Config(
        app,
        factory=several,
        workers=settings.workers,
        http=Protocol,
        ws="none",
        limit_concurrency=settings.max_connections + 1,  # from that many on uvicorn refuses
        log_config=configuration(settings),
        access_log=False,
        proxy_headers=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=settings.grace_seconds,
    )
    host, port = listener.getsockname()[:2]
    _tell(settings, f"Digits is at http://{f'[{host}]' if ':' in host else host}:{port}")
    if several:
        with _failures_told(settings), shared_metrics():
            Workers(config, sockets=[listener]).run()
    else:
        uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return socket.create_server(address[:2], family=family, backlog=2048)


def _why_not(error: OSError | UnicodeError) -> str:
    if isinstance(error, UnicodeError):  # two dots in a row
        return "this is no host's name; choose another DIGITS_HOST"
    elsewhere = isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL
    return f"{error.strerror}; choose another DIGITS_{'HOST' if elsewhere else 'PORT'}"


@contextmanager
def _failures_told(settings: Settings) -> Iterator[None]:
    """Exit with one line where weights cannot be read, a device is not there or a folder cannot be made."""
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        _fail(settings, " ".join(str(error).split()))


def _fail(settings: Settings, reason: str) -> NoReturn:
    _tell(settings, f"digits: {reason}", logging.ERROR)
    sys.exit(1)


def _tell(settings: Settings, line: str, level: int = logging.INFO) -> None:
    if settings.log_format == "json":
        from app.web.logs import configuration  # noqa: PLC0415

        dictConfig(configuration(settings))
        logger.log(level, line)
    else:
        _say(line)


def _say(line: str) -> None:
    with suppress(OSError):  # the disk that the log is on is full: no reason not to serve
        print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
