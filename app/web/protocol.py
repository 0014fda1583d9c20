"""What uvicorn's HTTP leaves open to strangers: what never ends, what nobody reads, and the manner of saying no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn, cast

from uvicorn.protocols.http.flow_control import service_unavailable
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.web.headers import RAW
from app.web.outgoing import Outgoing
from app.web.problems import CROWDED, DRAINING, MEDIA_TYPE, Problem, document, respond

if TYPE_CHECKING:
    import asyncio
    from typing import Any

    from starlette.responses import Response
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

LARGEST_HEAD: Final = 65_536  # bytes of request line and headers, or of what follows the last chunk of a body
LARGEST_URL: Final = 65_000  # bytes: beyond that httptools counts in too few bits
AHEAD: Final = 16  # requests that a connection may ask before it has read the answer to the first
FAREWELL: Final = 0.5  # s, how long an idle connection may still ask after SIGTERM, to be told to go elsewhere

MALFORMED: Final = Problem(400, "malformed_request", "This is no HTTP/1.1 request.")
TOO_SLOW: Final = Problem(408, "too_slow", "The request took too long to come in. Send it again, faster.")
LARGE_HEAD: Final = Problem(431, "head_too_large", f"The request's head is larger than {LARGEST_HEAD:,} bytes.")
TOO_MANY_AHEAD: Final = Problem(
    429, "too_many_ahead", f"More than {AHEAD} requests were sent ahead of their answers. Read the answers first."
)


class Protocol(HttpToolsProtocol):
    """One connection: each of its requests must come in within DIGITS_RECEIVE_SECONDS, its head in LARGEST_HEAD.

    Who reads no answer for as long is cut off.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **options)
        self._seconds: float = self.app_state["settings"].receive_seconds
        self._timer: asyncio.TimerHandle | None = None  # until a request has come in
        self._unread: asyncio.TimerHandle | None = None  # until what was sent is read
        self._working: RequestResponseCycle | None = None  # the request that is answered now
        self._why = MALFORMED
        self._last: Problem | None = None  # to be said when all that was asked before is answered
        self._head = 0  # bytes of a head that is not yet complete
        self._in_head = False
        self._other = False  # of what came in last, more than this head
        self._in_request = False
        self._past_head = False  # in a body, or what belongs to it
        self._ending = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._outgoing = Outgoing(transport, self._is_coming_in, self._wait_for_reader, self._seconds)
        self.transport = cast("asyncio.Transport", self._outgoing)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting, and tell who is answering; uvicorn tells only the last request that came in."""
        if self._working is not None:
            self._working.disconnected = True
            self._working.message_event.set()
        super().connection_lost(exc)
        self._done_waiting()
        self._is_read()

    def pause_writing(self) -> None:
        """Wait for who reads no answer."""
        super().pause_writing()
        self._wait_for_reader()

    def resume_writing(self) -> None:
        """Go on with who reads; at the end of a connection until all is read."""
        super().resume_writing()
        if not self.transport.is_closing():
            self._is_read()

    def data_received(self, data: bytes) -> None:
        """Take what came in, unless a head grows without end, or nobody wants it any more."""
        if self._outgoing.lingers or self._last:
            return
        self._other = False
        super().data_received(data if self._past_head else _without_upgrade(data))
        if self._in_request and self._timer is None:
            self._wait()
        if self._in_head and not self._other:
            self._head += len(data)
            if self._head > LARGEST_HEAD:
                self._refuse(LARGE_HEAD)
        self._keep_time()

    def _keep_time(self) -> None:
        """Close in the end a connection whose last bytes began no request, as they stopped uvicorn's clock."""
        idle = self.cycle is not None and self.cycle.response_complete and not self._in_request
        if idle and self.timeout_keep_alive_task is None and not self.transport.is_closing():
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def on_message_begin(self) -> None:
        """Begin with a request, of which most come whole and need no waiting."""
        super().on_message_begin()
        self._in_request, self._in_head, self._head = True, True, 0

    def on_headers_complete(self) -> None:
        """Begin to work on it."""
        if len(self.url) > LARGEST_URL:
            self._stop(LARGE_HEAD)
        if len(self.pipeline) >= AHEAD:
            self._stop(TOO_MANY_AHEAD)
        self._in_head, self._past_head = False, True
        super().on_headers_complete()

    def on_chunk_header(self) -> None:
        """Count as a head what may follow, until there is a body; it is none, and is thrown away."""
        self._in_head, self._head, self._other = True, 0, True
        self.headers = []

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._in_head, self._other = False, True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Stop waiting."""
        super().on_message_complete()
        self._in_request, self._in_head, self._past_head, self._other = False, False, False, True
        self._done_waiting()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """Refuse what is no HTTP."""
        self._refuse(self._why)

    def on_response_complete(self) -> None:
        """Send what is left of an answer that had no body."""
        self._outgoing.flush()
        super().on_response_complete()
        if self._last and not self._is_behind():
            last, self._last = self._last, None
            self._refuse(last)
        if self._outgoing.lingers:
            self.flow.resume_reading()

    def shutdown(self) -> None:
        """Finish what is being worked on; an idle connection is not cut while its next request may be on the way."""
        self._ending = True
        self._outgoing.seconds = FAREWELL
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
            app = _outright(CROWDED)
        self._working = cycle
        super()._start_asgi_task(cycle, app)

    def _unsupported_upgrade_warning(self) -> None:
        """Ask for no WebSocket library, as uvicorn does: there is none on purpose."""

    def _stop(self, problem: Problem) -> NoReturn:
        """Have uvicorn call `send_400_response`, and the parser leave what it has not read yet."""
        self._why = problem
        raise ValueError(problem.detail)

    def _wait(self) -> None:
        self._timer = self.loop.call_later(self._seconds, self._refuse, TOO_SLOW)

    def _done_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _is_coming_in(self) -> bool:
        return self._in_request

    def _wait_for_reader(self) -> None:
        """Give who reads no answer as long as a request may take."""
        if self._unread is None:
            self._unread = self.loop.call_later(self._seconds, self._outgoing.abort)

    def _is_read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _is_behind(self) -> bool:
        """Tell whether a request is being answered that was asked before what comes in now."""
        working = self._working
        is_earlier = working is not self.cycle or not self._past_head
        return working is not None and not working.response_complete and is_earlier

    def _refuse(self, problem: Problem) -> None:
        """Answer once, unless the application has begun to, and close; who asked before comes first."""
        if self.transport.is_closing() or self._last:
            return
        if self._is_behind():
            self._last = problem
            if self._past_head:
                self.pipeline.popleft()  # the request that is refused
            return
        working = self._working
        has_begun = working is not None and working.response_started
        if not (has_begun and self._past_head and working is self.cycle):
            body = document(problem).model_dump_json().encode()
            headers = [
                *RAW,
                (b"content-type", MEDIA_TYPE.encode()),
                (b"content-length", b"%d" % len(body)),
                (b"connection", b"close"),
            ]
            lines = [b"%b: %b\r\n" % header for header in headers]
            self.transport.write(b"".join([STATUS_LINE[problem.status_code], *lines, b"\r\n", body]))
        self._outgoing.end()


def _without_upgrade(data: bytes) -> bytes:
    """Give a head's `Upgrade` another name: no other protocol is spoken, and the parser would leave it the body."""
    end = data.find(b"\r\n\r\n")
    head = data[:end] if end >= 0 else data
    at = head.lower().find(b"\r\nupgrade:")  # https://github.com/MagicStack/httptools/issues/124
    return data if at < 0 else data[: at + 2] + b"x-" + data[at + 2 :]


def _outright(problem: Problem) -> Response:
    """Return the answer of an application that says no to everything, with the headers that ours would have added."""
    answer = respond(problem)
    answer.raw_headers.extend(RAW)
    return answer
