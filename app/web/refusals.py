"""What a connection is told without the application: that what came is no request, or one too many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from app.web.headers import RAW
from app.web.problems import MEDIA_TYPE, Problem, document, respond

if TYPE_CHECKING:
    from starlette.responses import Response

LARGEST_HEAD: Final = 65_536  # bytes of request line and headers, or of what follows the last chunk of a body
AHEAD: Final = 16  # requests that a connection may ask before it has read the answer to the first

MALFORMED: Final = Problem(400, "malformed_request", "This is no HTTP/1.1 request.")
TOO_SLOW: Final = Problem(408, "too_slow", "The request took too long to come in. Send it again, faster.")
LARGE_HEAD: Final = Problem(431, "head_too_large", f"The request's head is larger than {LARGEST_HEAD:,} bytes.")
UPGRADED: Final = Problem(400, "no_upgrade", "No other protocol is spoken here. Send the request without `Upgrade`.")
TOO_MANY_AHEAD: Final = Problem(
    429, "too_many_ahead", f"More than {AHEAD} requests were sent ahead of their answers. Read the answers first."
)


def written(problem: Problem) -> bytes:
    """Return the bytes of an answer that ends the connection."""
    body = document(problem).model_dump_json().encode()
    headers = [
        *RAW,
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"connection", b"close"),
    ]
    lines = [b"%b: %b\r\n" % header for header in headers]
    return b"".join([STATUS_LINE[problem.status_code], *lines, b"\r\n", body])


def outright(problem: Problem) -> Response:
    """Return the answer of an application that says no to everything, with the headers that ours would have added."""
    answer = respond(problem)
    answer.raw_headers.extend(RAW)
    return answer
