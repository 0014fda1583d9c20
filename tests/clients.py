"""Clients of an application that runs in the tests' own process."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from fastapi import FastAPI
    from starlette.types import Receive, Scope, Send


@asynccontextmanager
async def started(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Start an application; yield a client of it."""
    async with app.router.lifespan_context(app) as state, client_of(app, state) as client:
        yield client


def client_of(app: FastAPI, state: Mapping[str, Any] | None) -> httpx.AsyncClient:
    """Return a client of an application whose lifespan gave this state, as a server would hand it on."""

    async def with_state(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "state": dict(state or {})}, receive, send)

    transport = httpx.ASGITransport(app=with_state, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://digits.test")
