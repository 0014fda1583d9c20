"""Problem documents (RFC 9457): the one place where an error becomes an answer."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from app.recognition import png
from app.web.schemas import ProblemDocument

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from fastapi import FastAPI
    from starlette.requests import Request

MEDIA_TYPE: Final = "application/problem+json"
MISTAKES: Final = 3  # that one answer tells of: a client that makes thousands need not read them all
CLIENT_CLOSED_REQUEST: Final = 499  # nobody reads it; nginx's number, for the log

logger = logging.getLogger(__name__)


class Problem(HTTPException):
    """An error the client can act on; `code` is for programs, `detail` for people."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, detail, headers)
        self.code = code


class Busy(Problem):
    """As many pictures are being worked on as there are places for."""

    def __init__(self) -> None:
        super().__init__(503, "busy", "Too many pictures are waiting. Try again in a second.", {"Retry-After": "1"})


class NotStarted(Problem):
    """A request came before the lifespan has run."""

    def __init__(self) -> None:
        detail = "The service has not started yet. Try again in a few seconds."
        super().__init__(503, "not_started", detail, {"Retry-After": "5"})


UNEXPECTED: Final = Problem(500, "internal_error", "The service failed to answer this request; the log says why.")
CROWDED: Final = Problem(503, "busy", "Too many connections are open. Try again in a second.", {"Retry-After": "1"})
DRAINING: Final = Problem(
    503, "draining", "The service is about to end. Try again in a few seconds.", {"Retry-After": "5"}
)


def respond(problem: Problem) -> Response:
    """Build the answer that carries a problem document."""
    return JSONResponse(document(problem).model_dump(), problem.status_code, problem.headers, MEDIA_TYPE)


def document(problem: Problem) -> ProblemDocument:
    """Return the problem as it goes over the wire."""
    status = problem.status_code
    return ProblemDocument(title=HTTPStatus(status).phrase, status=status, detail=problem.detail, code=problem.code)


def of_png(error: png.PngError) -> Problem:
    """Return the problem with a picture that cannot be read."""
    if isinstance(error, png.NotPng):
        return Problem(415, "not_a_png", str(error))
    return Problem(422, "picture_too_large" if isinstance(error, png.TooLarge) else "broken_png", str(error))


def install(app: FastAPI) -> None:
    """Make every error of `app` a problem document."""
    for kind, handler in _handlers().items():
        app.add_exception_handler(kind, handler)


async def answer(request: Request, error: Exception) -> Response:
    """Return the answer to an error; what nobody foresaw is raised again."""
    for kind, handler in _handlers().items():
        if isinstance(error, kind):
            return await handler(request, error)
    raise error


def _handlers() -> dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]]:
    return {
        HTTPException: _on_http,
        RequestValidationError: _on_invalid,
        png.PngError: _on_png,
        ClientDisconnect: _on_disconnect,
    }


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    if isinstance(error, Problem):
        return respond(error)
    phrase = HTTPStatus(error.status_code).phrase
    detail = f"{request.method} {request.url.path}: {error.detail}."
    headers = dict(error.headers or {})
    if headers.get("Allow") == "GET":
        headers["Allow"] = "GET, HEAD"  # HEAD is answered as GET
    return respond(Problem(error.status_code, phrase.lower().replace(" ", "_"), detail, headers))


async def _on_invalid(request: Request, error: Exception) -> Response:  # noqa: ARG001
    assert isinstance(error, RequestValidationError)  # noqa: S101
    first = error.errors()[:MISTAKES]
    found = (f"{'.'.join(map(str, item['loc'][1:]))}: {item['msg']}" for item in first)  # behind "query"
    return respond(Problem(422, "bad_parameter", "; ".join(found) + "."))


async def _on_png(request: Request, error: Exception) -> Response:  # noqa: ARG001
    assert isinstance(error, png.PngError)  # noqa: S101
    return respond(of_png(error))


async def _on_disconnect(request: Request, error: Exception) -> Response:
    logger.debug("%s %s: the client went away: %r", request.method, request.url.path, error)
    return Response(status_code=CLIENT_CLOSED_REQUEST)
