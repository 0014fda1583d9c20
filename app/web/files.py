"""The files of a folder: packed where the client unpacks them, and transferred once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

from app.web.accepted import accepted

if TYPE_CHECKING:
    from os import PathLike, stat_result

    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send


class Files:
    """An application that sends files whole: a range, which nobody needs of files so small, may be ignored (14.2)."""

    def __init__(self, directory: PathLike[str]) -> None:
        self._app = GZipMiddleware(Revalidated(directory=directory), thread_minimum_size=FileResponse.chunk_size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on without what is not to be heeded; GZipMiddleware takes `gzip;q=0` for a yes."""
        accepts = accepted(Headers(scope=scope).get("accept-encoding", ""))
        unpacks = accepts.get("gzip", 0) > 0 and scope["http_version"] != "1.0"  # which knows no chunks
        left_out = {b"range"} if unpacks else {b"range", b"accept-encoding"}
        heeded = [(name, value) for name, value in scope["headers"] if name not in left_out]
        await self._app({**scope, "headers": heeded}, receive, send)


class Revalidated(StaticFiles):
    """Files that browsers keep, but ask about each time: an update is seen at once."""

    def lookup_path(self, path: str) -> tuple[str, stat_result | None]:
        """Find a file, unless it is Python's: a package of files has such beside them."""
        return ("", None) if path.startswith("__") else super().lookup_path(path)

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Return the file, or 304 where the browser has it already."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        weak = f"W/{response.headers['etag']}"  # the same for packed and plain, which a strong one must not be (8.8.3)
        response.headers.update({"cache-control": "no-cache", "etag": weak})
        more = {"vary": "Accept-Encoding"} if response.status_code == 304 else {"accept-ranges": "none"}
        response.headers.update(more)
        return response
