"""What the lifespan makes ready, and the one way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, cast

from app.web.problems import NotStarted

if TYPE_CHECKING:
    from starlette.requests import Request

    from app.settings import Settings
    from app.web.data import Collection
    from app.web.recognizer import Recognizer


class State(TypedDict):
    """What every request is given."""

    recognizer: Recognizer
    settings: Settings
    collection: Collection


def state(request: Request) -> State:
    """Return what the lifespan made ready; raises Problem where it has not run."""
    found = request.scope.get("state")
    if not found:
        raise NotStarted
    return cast("State", found)
