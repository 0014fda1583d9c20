"""The application: settings in, ASGI app out; nothing happens at import."""

from __future__ import annotations

import logging
import os
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from anyio import create_task_group
from fastapi import FastAPI
from starlette.middleware import Middleware

from app.recognition.runtime import tuned
from app.settings import ROOT, Settings
from app.web import api, data, docs, openapi, pages, problems
from app.web.express import Express
from app.web.files import Files
from app.web.headers import SecurityHeaders
from app.web.heads import Heads
from app.web.limits import BodyLimit
from app.web.metrics import Metrics
from app.web.observed import Observed
from app.web.recognizer import Recognizer, load
from app.web.state import State

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi.telemetry import TelemetryConfig

logger = logging.getLogger(__name__)


def create_app(settings: Settings | None = None, recognizer: Recognizer | None = None) -> FastAPI:
    """Build the service; the weights are read when it starts, unless they come ready in `recognizer`."""
    settings = settings or Settings()
    metrics = recognizer.metrics if recognizer else Metrics()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[State]:
        ready = recognizer or load(settings, metrics)
        with tuned(ready.warm_up):
            async with create_task_group() as group:
                if settings.reload_seconds:
                    group.start_soon(ready.follow)
                yield State(recognizer=ready, settings=settings, collection=data.Collection(settings.data))
                group.cancel_scope.cancel()

    telemetry = _telemetry()
    app = FastAPI(
        title="Digits",
        summary="Two small neural networks say which digit a PNG shows, and how they came to say so.",
        version="0.1.0",
        lifespan=lifespan,
        docs_url=None,  # FastAPI's page has an inline script and a CDN's address: see app.web.docs
        redoc_url=None,
        redirect_slashes=False,
        responses=openapi.ALWAYS,
        telemetry=telemetry,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Observed, metrics=metrics),
            Middleware(BodyLimit, max_bytes=settings.max_body_bytes),
            *([] if telemetry["tracing"] else [Middleware(Express, stops=api.EXPRESS)]),  # FastAPI tells of its routes
            Middleware(Heads),
        ],
    )
    problems.install(app)
    api.install(app)
    for part in (data, pages, docs):
        app.include_router(part.router)
    app.mount("/static", Files(ROOT / "static"), name="static")
    app.mount("/docs", Files(docs.ASSETS))
    return app


def _telemetry() -> TelemetryConfig:
    """Have FastAPI tell OpenTelemetry's collector, where OpenTelemetry's own variable names one; else nobody."""
    on = bool(os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"))  # empty is unset
    if on and not _can_send():
        logger.warning("OTEL_EXPORTER_OTLP_ENDPOINT is set, but nothing can be sent: install the extra `otel`.")
        on = False
    return {"auto_configure": on, "tracing": on, "metrics": on, "logs": on}


def _can_send() -> bool:
    try:
        return find_spec("opentelemetry.exporter.otlp.proto.http") is not None
    except ModuleNotFoundError:  # not even OpenTelemetry itself
        return False
