"""What /openapi.json says of bodies and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import httpx


pytestmark = pytest.mark.anyio


async def test_openapi_documents_bodies_and_problems(client: httpx.AsyncClient) -> None:
    """The document shows the three forms of a body and the problem document of each status."""
    paths = (await client.get("/openapi.json")).json()["paths"]
    for route in ("/predict", "/inspect"):
        operation = paths[route]["post"]
        assert {"image/png", "multipart/form-data", "application/json"} == set(operation["requestBody"]["content"])
        assert {"200", "400", "413", "415", "422", "500", "503"} == set(operation["responses"])
        for status, described in operation["responses"].items():
            if status != "200":
                content = described["content"]["application/problem+json"]
                assert int(status) == content["example"]["status"]
                assert {"type", "title", "status", "detail", "code"} == set(content["schema"]["properties"])


async def test_the_example_is_one(client: httpx.AsyncClient) -> None:
    """The JSON that /docs suggests is answered."""
    operation = (await client.get("/openapi.json")).json()["paths"]["/predict"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    (image,) = schema["properties"]["image"]["examples"]
    answer = await client.post("/predict", json={"image": image})
    assert (200, True) == (answer.status_code, answer.json()["digit"] is not None)
