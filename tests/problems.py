"""What every refusal must be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx


def check(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Assert that an answer is a whole problem document of this status and code."""
    assert (status, "application/problem+json") == (response.status_code, response.headers["content-type"])
    document: dict[str, Any] = response.json()
    assert {"type", "title", "status", "detail", "code"} == set(document)
    assert (status, code) == (document["status"], document["code"])
    assert document["detail"].endswith(".")
    assert "Traceback" not in response.text
    return document
