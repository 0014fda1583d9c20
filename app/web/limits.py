"""A limit on request bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.web.problems import Problem, respond

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """Answer 413 to a body of more than `max_bytes`, declared or counted, without reading the rest.

    FastAPI's own ``max_body_size`` answers in plain text wherever Content-Length is over the limit, outside all
    exception handlers; ours is a problem document.
    """

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.detail = f"The body is larger than {max_bytes:,} bytes. Send a smaller picture: 280×280 is plenty."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse at once by Content-Length, else count what comes in."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit() and int(value[:19]) > self.max_bytes:
                return await respond(self._problem())(scope, receive, send)
        seen = 0

        async def receive_counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.max_bytes:
                raise self._problem()
            return message

        return await self.app(scope, receive_counted, send)

    def _problem(self) -> Problem:
        return Problem(413, "body_too_large", self.detail)
