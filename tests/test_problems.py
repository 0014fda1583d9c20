"""Errors that are not about a picture."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from app.web.headers import SECURITY_HEADERS
from app.web.recognizer import Recognizer
from tests.problems import check

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from fastapi import FastAPI
    from starlette.types import Message

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "path", ["/nowhere", "/predict/", "/static/../pyproject.toml", "/static/%00", "/redoc", "/docs/x"]
)
async def test_unknown_path(client: httpx.AsyncClient, path: str) -> None:
    """An unknown path is a problem document too."""
    check(await client.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/predict", "POST"),
        ("PUT", "/predict", "POST"),
        ("DELETE", "/inspect", "POST"),
        ("POST", "/models", "GET, HEAD"),
        ("POST", "/", "GET, HEAD"),
        ("POST", "/static/x.js", "GET, HEAD"),
    ],
)
async def test_wrong_method(client: httpx.AsyncClient, method: str, path: str, allowed: str) -> None:
    """A wrong method is told which ones are right."""
    refused = await client.request(method, path)
    check(refused, 405, "method_not_allowed")
    assert set(allowed.split(", ")) == set(refused.headers["allow"].split(", "))


async def test_many_mistakes(client: httpx.AsyncClient, png: bytes) -> None:
    """Of thousands of mistakes in a question the answer names the first few: it is no longer than the question."""
    refused = await client.post("/inspect", params={"off": ["x"] * 5000}, content=png)
    assert check(refused, 422, "bad_parameter")["detail"].startswith("off.0: ")
    assert len(refused.content) < 1000


async def test_unexpected_error(predict: Callable[..., Any], png: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody foresaw is a 500 that tells nothing of the inside, and the service lives on."""

    async def fail(*_: object) -> None:
        raise ZeroDivisionError("secret")

    with monkeypatch.context() as broken:
        broken.setattr(Recognizer, "predict", fail)
        refused = await predict(png)
    check(refused, 500, "internal_error")
    assert "secret" not in refused.text
    assert SECURITY_HEADERS == {name: refused.headers[name] for name in SECURITY_HEADERS}
    assert 200 == (await predict(png)).status_code


async def test_client_that_goes_away(app: FastAPI) -> None:
    """A client that goes away while sending is no error of the service."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    async with app.router.lifespan_context(app) as state:
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/predict",
            "query_string": b"",
            "headers": [(b"content-type", b"image/png")],
            "state": dict(state or {}),
        }
        await app(scope, receive, send)
    assert 499 == sent[0]["status"]


async def test_who_answers_is_not_known_here() -> None:
    """Errors are made into answers by a module that depends on none of those that raise them."""
    code = "import sys, app.web.problems; print(*sorted(name for name in sys.modules if name.startswith('app.web.')))"
    imported = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert ["app.web.problems", "app.web.schemas"] == imported.split()
