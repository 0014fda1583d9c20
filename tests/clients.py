"""Clients of an application that runs in the tests' own process."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

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


async def sample(client: httpx.AsyncClient, name: str, **labels: str) -> float | None:
    """Return one of the numbers that Prometheus is told; None where it is not told it."""
    exposed = (await client.get("/metrics")).text
    told = (found for family in text_string_to_metric_families(exposed) for found in family.samples)
    return next((found.value for found in told if (found.name, found.labels) == (name, labels)), None)
