"""Work that is given up when the client it is for has left."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from anyio import create_task_group
from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

T = TypeVar("T")


async def unless_gone(request: Request, work: Callable[[], Awaitable[T]]) -> T:
    """Return what `work` returns; ClientDisconnect where the client leaves first. The body must have been read."""
    done: list[T] = []
    failed: list[Exception] = []  # not raised inside the group, which would wrap it

    async with create_task_group() as group:

        async def watch() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            group.cancel_scope.cancel()

        group.start_soon(watch)
        try:
            done.append(await work())
        except Exception as error:
            failed.append(error)
        group.cancel_scope.cancel()
    if failed:
        raise failed[0]
    if not done:
        raise ClientDisconnect
    return done[0]
