"""What uvicorn's HTTP leaves open to strangers: requests that never end, and the manner of saying no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from uvicorn.protocols.http.flow_control import service_unavailable
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.web.headers import RAW
from app.web.problems import BUSY, DRAINING, MEDIA_TYPE, Problem, document, respond

if TYPE_CHECKING:
    import asyncio
    from typing import Any

    from starlette.responses import Response
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

LARGEST_HEAD: Final = 65_536  # bytes of request line and headers
FAREWELL: Final = 0.5  # s, how long an idle connection may still ask after SIGTERM, to be told to go elsewhere

MALFORMED: Final = Problem(400, "malformed_request", "This is no HTTP/1.1 request.")
TOO_SLOW: Final = Problem(408, "too_slow", "The request took too long to come in. Send it again, faster.")
LARGE_HEAD: Final = Problem(431, "head_too_large", f"The request's head is larger than {LARGEST_HEAD:,} bytes.")


class Protocol(HttpToolsProtocol):
    """One connection: each of its requests must come in within DIGITS_RECEIVE_SECONDS, its head in LARGEST_HEAD."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **options)
        self._seconds: float = self.app_state["settings"].receive_seconds
        self._timer: asyncio.TimerHandle | None = None
        self._head = 0  # bytes of a head that is not yet complete
        self._in_head = False
        self._in_request = False
        self._ending = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._outgoing = _Outgoing(transport)
        self.transport = cast("asyncio.Transport", self._outgoing)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        super().connection_lost(exc)
        self._done_waiting()

    def data_received(self, data: bytes) -> None:
        """Take what came in, unless a head grows without end."""
        super().data_received(data)
        if self._in_request and self._timer is None:
            self._wait()
        if self._in_head:
            self._head += len(data)
            if self._head > LARGEST_HEAD:
                self._refuse(LARGE_HEAD)

    def on_message_begin(self) -> None:
        """Begin with a request, of which most come whole and need no waiting."""
        super().on_message_begin()
        self._in_request, self._in_head, self._head = True, True, 0

    def on_headers_complete(self) -> None:
        """Begin to work on it."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Stop waiting."""
        super().on_message_complete()
        self._in_request = False
        self._done_waiting()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """Refuse what is no HTTP."""
        self._refuse(MALFORMED)

    def on_response_complete(self) -> None:
        """Send what is left of an answer that had no body."""
        self._outgoing.flush()
        super().on_response_complete()

    def shutdown(self) -> None:
        """Finish what is being worked on; an idle connection is not cut while its next request may be on the way."""
        self._ending = True
        if self.cycle is None or self.cycle.response_complete:
            self.loop.call_later(FAREWELL, self._close_if_idle)
        else:
            self.cycle.keep_alive = False

    def _close_if_idle(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:  # noqa: ANN401
        if self._ending:
            cycle.keep_alive = False
            app = _outright(DRAINING)
        elif app is service_unavailable:  # uvicorn's limit on connections
            cycle.keep_alive = False
            app = _outright(BUSY)
        super()._start_asgi_task(cycle, app)

    def _wait(self) -> None:
        self._timer = self.loop.call_later(self._seconds, self._refuse, TOO_SLOW)

    def _done_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, problem: Problem) -> None:
        """Answer without the application, where that has not begun to, and close."""
        if self.transport.is_closing():
            return
        idle = self.cycle is None or self.cycle.response_complete
        if idle or not self.cycle.response_started:
            body = document(problem).model_dump_json().encode()
            headers = [
                *RAW,
                (b"content-type", MEDIA_TYPE.encode()),
                (b"content-length", b"%d" % len(body)),
                (b"connection", b"close"),
            ]
            lines = [b"%b: %b\r\n" % header for header in headers]
            self.transport.write(b"".join([STATUS_LINE[problem.status_code], *lines, b"\r\n", body]))
        self.transport.close()


class _Outgoing:
    """A connection that holds an answer's head back until the body comes: one system call, and one packet, for both."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send, unless it is the head of an answer."""
        if not self._head and data.startswith(b"HTTP/1.1 ") and not data.startswith(b"HTTP/1.1 1"):
            self._head = data
        else:
            head, self._head = self._head, b""
            self._transport.write(head + data)

    def flush(self) -> None:
        """Send what is held back."""
        if self._head:
            self.write(b"")

    def close(self) -> None:
        """Send what is held back, and close."""
        self.flush()
        self._transport.close()


def _outright(problem: Problem) -> Response:
    """Return the answer of an application that says no to everything, with the headers that ours would have added."""
    answer = respond(problem)
    answer.raw_headers.extend(RAW)
    return answer
