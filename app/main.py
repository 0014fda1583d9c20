"""The application: settings in, ASGI app out; nothing happens at import."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypedDict

import torch
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from app.settings import ROOT, Settings
from app.web import api, data, docs, pages, problems
from app.web.headers import SecurityHeaders
from app.web.limits import BodyLimit
from app.web.recognizer import Recognizer, load

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class State(TypedDict):
    """What the lifespan gives to every request."""

    recognizer: Recognizer
    collection: data.Collection


def create_app(settings: Settings | None = None, recognizer: Recognizer | None = None) -> FastAPI:
    """Build the service; the weights are read when it starts, unless they come ready in `recognizer`."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[State]:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)  # one frame is too little work to share: with 2 threads the CNN's p99 is 40 × as long
        try:
            yield {"recognizer": recognizer or load(settings), "collection": data.Collection(settings.data)}
        finally:
            torch.set_num_threads(threads)

    app = FastAPI(
        title="Digits",
        summary="Two small neural networks say which digit a PNG shows, and how they came to say so.",
        version="0.1.0",
        lifespan=lifespan,
        docs_url=None,  # FastAPI's page has an inline script and a CDN's address: see app.web.docs
        redoc_url=None,
        redirect_slashes=False,
        middleware=[Middleware(SecurityHeaders), Middleware(BodyLimit, max_bytes=settings.max_body_bytes)],
    )
    problems.install(app)
    for part in (api, data, pages, docs):
        app.include_router(part.router)
    files = pages.Revalidated(directory=ROOT / "static")
    app.mount("/static", GZipMiddleware(files), name="static")  # only here: an answer is too small to gain by it
    return app
