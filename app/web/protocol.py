"""What uvicorn's HTTP leaves open to strangers: what never ends, what nobody reads, and the manner of saying no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn, cast

from uvicorn.protocols.http.flow_control import service_unavailable
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.web.outgoing import Outgoing
from app.web.problems import CROWDED, DRAINING
from app.web.refusals import (
    AHEAD,
    LARGE_HEAD,
    LARGEST_HEAD,
    MALFORMED,
    TOO_MANY_AHEAD,
    TOO_SLOW,
    UPGRADED,
    outright,
    written,
)
from app.web.upgrades import has_body, without_upgrade

if TYPE_CHECKING:
    import asyncio
    from typing import Any

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    from app.web.problems import Problem
    from app.web.state import State

LARGEST_URL: Final = 65_000  # bytes: beyond that httptools counts in too few bits
FAREWELL: Final = 0.5  # s, how long an idle connection may still ask after SIGTERM, to be told to go elsewhere


class Protocol(HttpToolsProtocol):
    """One connection: each of its requests must come in within DIGITS_RECEIVE_SECONDS, its head in LARGEST_HEAD.

    Who reads no answer for as long is cut off.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **options)
        self._seconds = cast("State", self.app_state)["settings"].receive_seconds
        self._timer: asyncio.TimerHandle | None = None  # until a request has come in
        self._unread: asyncio.TimerHandle | None = None  # until what was sent is read
        self._working: RequestResponseCycle | None = None  # the request that is answered now
        self._why = MALFORMED
        self._refusal: Problem | None = None  # the last answer: nothing that comes in after it is looked at
        self._head = 0  # bytes of a head that is not yet complete
        self._in_head = False
        self._may_be_large = False  # the head that is read, as it is not in one small piece
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
        if self._is_refused() or self._outgoing.lingers:
            return
        self._other = False
        self._may_be_large = self._in_request or len(data) > LARGEST_HEAD
        super().data_received(data if self._past_head else without_upgrade(data))
        if self._is_refused():
            return
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
        if len(self.url) > LARGEST_URL or (self._may_be_large and self._head_size() > LARGEST_HEAD):
            self._stop(LARGE_HEAD)
        if len(self.pipeline) >= AHEAD:
            self._stop(TOO_MANY_AHEAD)
        if self.parser.should_upgrade() and has_body(self.headers):
            self._stop(UPGRADED)
        if self.parser.get_http_version() == "1.0":
            self.expect_100_continue = False  # RFC 9110, 10.1.1
        super().on_headers_complete()
        self._in_head, self._past_head = False, True

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
        if self._outgoing.lingers:
            self.flow.resume_reading()
        elif self._refusal is not None and not self.transport.is_closing() and not self._is_ahead():
            self._say(self._refusal)

    def shutdown(self) -> None:
        """Finish what is being worked on; an idle connection is not cut while its next request may be on the way."""
        self._ending = True
        self._outgoing.seconds = FAREWELL
        if self._is_idle():
            self.loop.call_later(FAREWELL, self._close_if_idle)
        else:
            self.cycle.keep_alive = False

    def _close_if_idle(self) -> None:
        if self._is_idle():
            self.transport.close()

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete or self._outgoing.lingers

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:  # noqa: ANN401
        if self._ending:
            cycle.keep_alive = False
            app = outright(DRAINING)
        elif app is service_unavailable:  # uvicorn's limit on connections
            cycle.keep_alive = False
            app = outright(CROWDED)
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

    def _is_refused(self) -> bool:
        return self._refusal is not None

    def _wait_for_reader(self) -> None:
        """Give who reads no answer as long as a request may take."""
        if self._unread is None:
            self._unread = self.loop.call_later(self._seconds, self._outgoing.abort)

    def _is_read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _head_size(self) -> int:
        lines = sum([len(name) + len(value) + len(": \r\n") for name, value in self.headers])
        return len(self.parser.get_method()) + len(self.url) + len("  HTTP/1.1\r\n\r\n") + lines

    def _is_at_work(self) -> bool:
        """Tell whether the application has the request that comes in."""
        return self._past_head and self._working is self.cycle

    def _is_ahead(self) -> bool:
        """Tell whether the answer to an earlier request than the one that comes in is still to be given."""
        working = self._working
        return working is not None and not working.response_complete and not self._is_at_work()

    def _refuse(self, problem: Problem) -> None:
        """Answer what comes in without the application, after all that was asked before it, and close."""
        if self.transport.is_closing():
            return
        self._refusal = problem
        self._done_waiting()
        if self._past_head and self.pipeline:
            self.pipeline.popleft()
        if not self._is_ahead():
            self._say(problem)

    def _say(self, problem: Problem) -> None:
        """Answer, unless the application has begun to, and close: who may be sending on is given time to read it."""
        begun = self.cycle if self._is_at_work() else None
        if begun is None or not begun.response_started:
            self.transport.write(written(problem))
        if begun is not None:
            begun.disconnected = True
            begun.message_event.set()
        if problem is TOO_SLOW:
            self._outgoing.end()
        else:
            self.flow.resume_reading()
            self._outgoing.linger()
