"""What is seen of every request from outside: its number, how long it took, how it ended."""

from __future__ import annotations

import logging
import re
import secrets
from contextvars import ContextVar
from itertools import count
from time import perf_counter
from typing import TYPE_CHECKING, Final

from app.web.problems import UNEXPECTED, respond

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from app.web.metrics import Metrics

REQUEST_ID: Final[ContextVar[str]] = ContextVar("request_id", default="")
GIVEN: Final = re.compile(rb"[A-Za-z0-9._-]{8,64}")  # a number that a proxy gave the request, harmless in any log

logger = logging.getLogger("digits.access")  # its level says whether every request is logged


class Observed:
    """Give each request a number, count it, time it and, if asked to, log it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics
        self._prefix = secrets.token_hex(6)
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and watch its answer."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started = perf_counter()
        status, begun = 500, False
        number = self._number(scope)
        token = REQUEST_ID.set(number.decode())

        async def send_watched(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                status, begun = message["status"], True
                message["headers"].append((b"x-request-id", number))
            await send(message)

        try:
            await self.app(scope, receive, send_watched)
        except Exception:
            logger.exception("%s %s failed", scope["method"], scope["path"])
            if not begun:
                await respond(UNEXPECTED)(scope, receive, send_watched)
        finally:
            took = perf_counter() - started
            route = getattr(scope.get("route"), "path", "other")
            self.metrics.answered(route, status, took)
            if logger.isEnabledFor(logging.INFO):
                about = {"method": scope["method"], "path": scope["path"], "status": status, "ms": round(took * 1e3, 2)}
                logger.info("answered", extra=about)
            REQUEST_ID.reset(token)

    def _number(self, scope: Scope) -> bytes:
        for name, value in scope["headers"]:
            if name == b"x-request-id" and GIVEN.fullmatch(value):
                given: bytes = value
                return given
        return b"%b-%x" % (self._prefix.encode(), next(self._numbers))
