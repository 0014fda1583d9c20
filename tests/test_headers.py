"""Every answer carries the security headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.web.headers import SECURITY_HEADERS

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("GET", "/docs", 200),
        ("GET", "/docs/start.js", 200),
        ("GET", "/nowhere", 404),
        ("GET", "/static/nowhere.js", 404),
        ("GET", "/predict", 405),
        ("POST", "/predict", 400),
    ],
)
async def test_security_headers(client: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    """Pages, data and errors alike carry all of them, and each once."""
    answer = await client.request(method, path)
    assert status == answer.status_code
    assert SECURITY_HEADERS == {name: answer.headers[name] for name in SECURITY_HEADERS}


async def test_policy_allows_no_inline_code() -> None:
    """The policy allows neither inline nor foreign scripts and styles, nor framing."""
    policy = SECURITY_HEADERS["content-security-policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    for directive in ("default-src 'self'", "script-src 'self'", "object-src 'none'", "frame-ancestors 'none'"):
        assert directive in policy
