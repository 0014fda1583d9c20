"""The short way to an endpoint: the same answers, sooner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.main import create_app
from app.web import api
from app.web.express import Express
from tests.clients import started

if TYPE_CHECKING:
    import httpx

    from app.settings import Settings

pytestmark = pytest.mark.anyio


async def answers(settings: Settings, png: bytes, *, express: bool) -> list[tuple[Any, ...]]:
    """Return what the service answers to requests good and bad, but for what no two answers share."""
    app = create_app(settings)
    if not express:
        app.user_middleware = [one for one in app.user_middleware if one.cls is not Express]  # type: ignore[comparison-overlap]
    found = []
    headers = {"content-type": "image/png", "x-request-id": "12345678"}
    async with started(app) as client:
        for method, query, body in (
            ("POST", "", png),
            ("POST", "?model=ff&normalize=no&more=x", png),
            ("POST", "?model=rnn&normalize=perhaps", png),
            ("POST", "?model=ff&model=cnn", png),
            ("POST", "?model=", png),
            ("POST", "", b""),
            ("POST", "", b"no png"),
            ("POST", "", png[:60]),
            ("GET", "", b""),
        ):
            answer = await client.request(method, f"/predict{query}", content=body, headers=headers)
            shared = {name: value for name, value in answer.headers.items() if name != "server-timing"}
            found.append((answer.status_code, shared, answer.json()))
    return found


async def test_the_same_answers(settings: Settings, png: bytes) -> None:
    """Status, headers and body are those of FastAPI's own way, whatever is asked."""
    short = await answers(settings, png, express=True)
    assert await answers(settings, png, express=False) == short
    assert [200, 200, 422, 200, 422, 400, 415, 422, 405] == [status for status, _, _ in short]


async def test_our_own_mistake_is_no_bad_parameter(
    client: httpx.AsyncClient, png: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that does not fit its own model is a 500: the client can do nothing about it."""
    monkeypatch.setattr(api, "_said", lambda _: {"digit": 7, "confidence": 1.5})
    answer = await client.post("/inspect", content=png)
    assert (500, "internal_error") == (answer.status_code, answer.json()["code"])
