"""Every row of the contract's error table that concerns a body, over real PNG bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.bodies import BASE64, FORMS, JSON, PERCENT, RAW
from tests.pictures import PNG
from tests.problems import check

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("body", "media_type", "status", "code"),
    [pytest.param(*row, id=name) for name, row in RAW.items()],
)
async def test_raw_body_refused(
    predict: Callable[..., Any], body: bytes, media_type: str | None, status: int, code: str
) -> None:
    """A raw body that is no usable PNG gets the table's status, and the service still answers after it."""
    check(await predict(body, media_type), status, code)
    assert 200 == (await predict(PNG)).status_code


@pytest.mark.parametrize(("body", "status", "code"), JSON.values(), ids=JSON.keys())
async def test_json_refused(client: httpx.AsyncClient, body: str | bytes, status: int, code: str) -> None:
    """JSON that holds no usable PNG gets the table's status."""
    sent = await client.post("/predict", content=body, headers={"content-type": "application/json"})
    check(sent, status, code)


@pytest.mark.parametrize(("body", "parameters", "status", "code"), FORMS.values(), ids=FORMS.keys())
async def test_form_refused(predict: Callable[..., Any], body: bytes, parameters: str, status: int, code: str) -> None:
    """A form that holds no usable PNG gets the table's status."""
    check(await predict(body, f"multipart/form-data{parameters}"), status, code)


async def test_no_boundary(client: httpx.AsyncClient) -> None:
    """Who writes the header of a form by hand, as is often done, is told what it lacks."""
    sent = await client.post("/predict", content=b"--x--", headers={"content-type": "multipart/form-data"})
    assert "boundary" in check(sent, 400, "malformed_multipart")["detail"].split("names no ")[1]


async def test_all_forms_of_a_body_answer_alike(client: httpx.AsyncClient, predict: Callable[..., Any]) -> None:
    """The same PNG gets the same answer raw, in a form and in JSON, however it is declared."""
    answers = [
        await predict(PNG),
        await predict(PNG, None),
        await predict(PNG, "IMAGE/PNG; charset=binary"),
        await client.post("/predict", files={"file": PNG}),
        await client.post("/predict", files={"file": ("7.png", PNG, "image/png")}, data={"note": "mine"}),
        await client.post("/predict", files={"other": ("a.txt", b"a", "text/plain"), "file": PNG}),
        await client.post("/predict", json={"image": BASE64}),
        await client.post("/predict", json={"image": f"data:image/png;base64,{BASE64}"}),
        await client.post("/predict", json={"image": f"DATA:image/png;base64,{PERCENT}"}),
        await client.post("/predict", json={"image": f"{BASE64[:76]}\n{BASE64[76:]}\n"}),
        await predict(json.dumps({"image": BASE64}).encode(), "application/json; charset=utf-8"),
    ]
    assert [200] * len(answers) == [answer.status_code for answer in answers]
    assert [answers[0].json()] * len(answers) == [answer.json() for answer in answers]


async def test_error_says_what_is_accepted(predict: Callable[..., Any]) -> None:
    """A 415 names the media types that would do, in a header too."""
    refused = await predict(PNG, "image/jpeg")
    assert "image/jpeg" in refused.json()["detail"]
    assert "image/png, multipart/form-data, application/json" == refused.headers["accept"]


@pytest.mark.parametrize("charset", ["undefined", "punycode", "no-such-charset"])
async def test_foreign_charset_of_a_form(client: httpx.AsyncClient, png: bytes, charset: str) -> None:
    """A form in a charset that cannot be decoded is the client's error, not ours."""
    part = b'--XX\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    body = part % (b"t", b"", b"\xff\xfe") + part % (b"file", b'; filename="a.png"', png) + b"--XX--\r\n"
    declared = f"multipart/form-data; boundary=XX; charset={charset}"
    response = await client.post("/predict", content=body, headers={"content-type": declared})
    assert response.status_code in {200, 400}, response.text
