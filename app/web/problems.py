"""Problem documents (RFC 9457): the one place where an error becomes an answer."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from app.web.headers import SECURITY_HEADERS
from app.web.schemas import ProblemDocument

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI
    from starlette.requests import Request

MEDIA_TYPE: Final = "application/problem+json"
CLIENT_CLOSED_REQUEST: Final = 499  # nobody reads it; nginx's number, for the log

logger = logging.getLogger(__name__)


class Problem(HTTPException):
    """An error the client can act on; `code` is for programs, `detail` for people."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, detail, headers)
        self.code = code


def respond(status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """Build the answer that carries a problem document."""
    document = ProblemDocument(title=HTTPStatus(status).phrase, status=status, detail=detail, code=code)
    return JSONResponse(document.model_dump(), status, headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make every error of `app` a problem document."""
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(ClientDisconnect, _on_disconnect)
    app.add_exception_handler(Exception, _on_unexpected)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    if isinstance(error, Problem):
        return respond(error.status_code, error.code, error.detail, error.headers)
    phrase = HTTPStatus(error.status_code).phrase
    where = f"{request.method} {request.url.path}"
    return respond(error.status_code, phrase.lower().replace(" ", "_"), f"{where}: {error.detail}.", error.headers)


async def _on_invalid(request: Request, error: Exception) -> Response:  # noqa: ARG001
    assert isinstance(error, RequestValidationError)  # noqa: S101
    found = (f"{'.'.join(map(str, item['loc'][1:]))}: {item['msg']}" for item in error.errors())
    return respond(422, "bad_parameter", "; ".join(found) + ".")


async def _on_disconnect(request: Request, error: Exception) -> Response:
    logger.debug("%s %s: the client went away: %r", request.method, request.url.path, error)
    return Response(status_code=CLIENT_CLOSED_REQUEST)


async def _on_unexpected(request: Request, error: Exception) -> Response:
    logger.error("%s %s failed: %r", request.method, request.url.path, error)  # the server logs the traceback
    detail = "The service failed to answer this request; the log says why."
    return respond(500, "internal_error", detail, SECURITY_HEADERS)  # sent from outside all of our middleware
