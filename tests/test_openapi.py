"""What /openapi.json says of the routes is so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio

ALWAYS = {200, 500, 503}
PICTURE = ALWAYS | {400, 413, 415, 422}
STATUSES = {
    "post /predict": PICTURE,
    "post /predict/batch": PICTURE,
    "post /inspect": PICTURE,
    "get /models": ALWAYS,
    "get /models/{name}": ALWAYS | {404},
    "get /models/{name}/weights": ALWAYS | {304, 404, 422},
    "get /healthz": ALWAYS,
    "get /readyz": ALWAYS,
    "get /metrics": ALWAYS,
    "get /data/mnist": ALWAYS,
    "get /data/mnist/test/hardest": ALWAYS | {404, 422},
    "get /data/mnist/{split}/random": ALWAYS | {404, 422},
    "get /data/mnist/{split}/{index}": ALWAYS | {404, 422},
}


async def test_statuses(client: httpx.AsyncClient) -> None:
    """Each route tells the statuses that it may answer, and no other; each error is a problem document."""
    document = (await client.get("/openapi.json")).json()
    found = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            found[f"{method} {path}"] = {int(status) for status in operation["responses"]}
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert int(status) == response["content"]["application/problem+json"]["example"]["status"]
    assert STATUSES == found
    assert "HTTPValidationError" not in document["components"]["schemas"]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/models/rnn", 404),
        ("/models/%C3%A4", 404),
        ("/models/rnn/weights", 404),
        ("/models/ff/weights?checkpoint=x", 422),
        ("/data/mnist/test/hardest?count=0", 422),
        ("/data/mnist/test/99999", 404),
        ("/data/mnist/test/-1", 422),
        ("/data/mnist/all/random", 422),
    ],
)
async def test_statuses_happen(client: httpx.AsyncClient, url: str, status: int) -> None:
    """What is wrong with a path or a parameter is answered by the status that the document has for it."""
    assert status == (await client.get(url)).status_code


async def test_media_types(client: httpx.AsyncClient) -> None:
    """Each route without a body answers in the media type that it tells."""
    paths = (await client.get("/openapi.json")).json()["paths"]
    for path, operations in paths.items():
        if "get" in operations:
            url = path.format(name="ff", split="test", index="0")
            (told,) = operations["get"]["responses"]["200"]["content"]
            assert told == (await client.get(url)).headers["content-type"].partition(";")[0], path


async def test_openapi_documents_bodies_and_problems(client: httpx.AsyncClient) -> None:
    """The document shows the three forms of a body and the problem document of each status."""
    paths = (await client.get("/openapi.json")).json()["paths"]
    for route in ("/predict", "/inspect"):
        operation = paths[route]["post"]
        assert {"image/png", "multipart/form-data", "application/json"} == set(operation["requestBody"]["content"])
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
