"""Every row of the contract's error table that concerns a body, over real PNG bytes."""

from __future__ import annotations

import base64
import io
import json
import struct
import zlib
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from PIL import Image, PngImagePlugin

from app.recognition.chunks import SIGNATURE
from app.recognition.png import write
from tests.conftest import SEVEN, draw

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

pytestmark = pytest.mark.anyio

PNG = write(draw(*SEVEN))
BASE64 = base64.b64encode(PNG).decode()


def chunk(kind: bytes, data: bytes, crc: int | None = None) -> bytes:
    """Return one PNG chunk, with a wrong checksum where one is given."""
    right = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", right if crc is None else crc)


def header(width: int, height: int) -> bytes:
    """Return a signature and an IHDR for 8-bit grey."""
    return SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))


def picture(kind: str) -> bytes:
    """Return a picture in another format."""
    buffer = io.BytesIO()
    Image.fromarray(draw(*SEVEN)).save(buffer, format=kind)
    return buffer.getvalue()


def text_bomb() -> bytes:
    """Return a small PNG whose compressed text unpacks to more than Pillow allows."""
    info = PngImagePlugin.PngInfo()
    info.add(b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * (PngImagePlugin.MAX_TEXT_CHUNK + 1), 9))
    buffer = io.BytesIO()
    Image.fromarray(draw(*SEVEN)).save(buffer, format="PNG", pnginfo=info)
    return buffer.getvalue()


def end(data: bytes) -> bytes:
    """Return a 28×28 PNG with this image data."""
    return header(28, 28) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


WRONG_CRC = header(28, 28) + chunk(b"IDAT", zlib.compress(b"\0" * 29 * 28), crc=1) + chunk(b"IEND", b"")

RAW = {
    "empty": (b"", "image/png", 400, "empty_body"),
    "empty, untold": (b"", None, 400, "empty_body"),
    "jpeg": (picture("JPEG"), "image/jpeg", 415, "not_a_png"),
    "png declared as jpeg": (PNG, "image/jpeg", 415, "not_a_png"),
    "png declared as octets": (PNG, "application/octet-stream", 415, "not_a_png"),
    "jpeg declared as png": (picture("JPEG"), "image/png", 415, "not_a_png"),
    "gif": (picture("GIF"), "image/png", 415, "not_a_png"),
    "gif, untold": (picture("GIF"), None, 415, "not_a_png"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", 415, "not_a_png"),
    "text": (b"seven", "text/plain", 415, "not_a_png"),
    "urlencoded": (b"image=7", "application/x-www-form-urlencoded", 415, "not_a_png"),
    "malformed type": (PNG, "/;;", 415, "not_a_png"),
    "half a signature": (PNG[:4], "image/png", 415, "not_a_png"),
    "only a signature": (PNG[:8], "image/png", 422, "broken_png"),
    "truncated": (PNG[: len(PNG) // 2], "image/png", 422, "broken_png"),
    "wrong crc": (WRONG_CRC, "image/png", 422, "broken_png"),
    "no data": (header(28, 28) + chunk(b"IEND", b""), "image/png", 422, "broken_png"),
    "too little data": (end(zlib.compress(b"\0" * 29)), "image/png", 422, "broken_png"),
    "data no zlib": (end(b"no zlib at all"), "image/png", 422, "broken_png"),
    "0x0": (header(0, 0) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b""), "image/png", 422, "broken_png"),
    "long side": (write(draw(size=28).repeat(200, axis=1)), "image/png", 422, "picture_too_large"),
    "many pixels": (
        header(4000, 4000) + chunk(b"IDAT", b"") + chunk(b"IEND", b""),
        "image/png",
        422,
        "picture_too_large",
    ),
    "pixel bomb": (header(60_000, 60_000) + chunk(b"IDAT", b""), "image/png", 422, "picture_too_large"),
    "text bomb": (text_bomb(), "image/png", 422, "picture_too_large"),
    "too long": (PNG + b"\0" * 200_000, "image/png", 413, "body_too_large"),
}


def check(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Assert that an answer is a whole problem document of this status and code."""
    assert (status, "application/problem+json") == (response.status_code, response.headers["content-type"])
    document: dict[str, Any] = response.json()
    assert {"type", "title", "status", "detail", "code"} == set(document)
    assert (status, code) == (document["status"], document["code"])
    assert document["detail"].endswith(".")
    assert "Traceback" not in response.text
    return document


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


JSON: dict[str, tuple[str | bytes, int, str]] = {
    "no json": ("{", 400, "malformed_json"),
    "no utf-8": (b'{"image": "\xff"}', 400, "malformed_json"),
    "deeply nested": ("[" * 50_000, 400, "malformed_json"),
    "no image": ("{}", 422, "missing_image"),
    "no object": ("[]", 422, "missing_image"),
    "a number": ('{"image": 7}', 422, "missing_image"),
    "no base64": ('{"image": "seven!"}', 400, "malformed_base64"),
    "no ascii": ('{"image": "ä"}', 400, "malformed_base64"),
    "too much padding": (json.dumps({"image": base64.b64encode(bytes(6)).decode() + "=="}), 400, "malformed_base64"),
    "bad padding": (json.dumps({"image": BASE64[:-1]}), 400, "malformed_base64"),
    "empty": ('{"image": ""}', 400, "empty_picture"),
    "base64 of text": ('{"image": "c2V2ZW4="}', 415, "not_a_png"),
    "jpeg data URL": (json.dumps({"image": f"data:image/jpeg;base64,{BASE64}"}), 415, "not_a_png"),
    "data URL without a type": (json.dumps({"image": f"data:;base64,{BASE64}"}), 415, "not_a_png"),
    "data URL without a comma": (json.dumps({"image": f"data:{BASE64}"}), 400, "malformed_base64"),
    "data URL without base64": ('{"image": "data:image/png,abc"}', 400, "malformed_base64"),
    "data URL without data": ('{"image": "data:image/png;base64"}', 400, "malformed_base64"),
    "truncated": (json.dumps({"image": base64.b64encode(PNG[:60]).decode()}), 422, "broken_png"),
}


@pytest.mark.parametrize(("body", "status", "code"), JSON.values(), ids=JSON.keys())
async def test_json_refused(client: httpx.AsyncClient, body: str | bytes, status: int, code: str) -> None:
    """JSON that holds no usable PNG gets the table's status."""
    sent = await client.post("/predict", content=body, headers={"content-type": "application/json"})
    check(sent, status, code)


def form(*parts: str, close: str = "--x--\r\n") -> bytes:
    """Return a multipart body with the boundary x."""
    return ("".join(f"--x\r\n{part}\r\n" for part in parts) + close).encode()


FILE = 'Content-Disposition: form-data; name="file"; filename="7.png"\r\nContent-Type: {}\r\n\r\n{}'
FORMS = {
    "empty body": (b"", "; boundary=x", 400, "empty_body"),
    "no boundary": (form(FILE.format("image/png", "7")), "", 400, "malformed_multipart"),
    "another boundary": (form(FILE.format("image/png", "7")), "; boundary=y", 400, "malformed_multipart"),
    "garbage": (b"no form at all", "; boundary=x", 400, "malformed_multipart"),
    "never closed": (form(FILE.format("image/png", "7"), close=""), "; boundary=x", 400, "malformed_multipart"),
    "nameless part": (form("Content-Disposition: form-data\r\n\r\n7"), "; boundary=x", 400, "malformed_multipart"),
    "two files": (form(*[FILE.format("image/png", "7")] * 2), "; boundary=x", 400, "malformed_multipart"),
    "two files, none of them `file`": (
        form(*[FILE.format("image/png", "7").replace('"file"', f'"{name}"') for name in "ab"]),
        "; boundary=x",
        422,
        "missing_file",
    ),
    "too many files": (form(*[FILE.format("image/png", "7")] * 18), "; boundary=x", 422, "too_many_files"),
    "no part": (form(), "; boundary=x", 422, "missing_file"),
    "other field": (
        form('Content-Disposition: form-data; name="image"; filename="7.png"\r\n\r\n7'),
        "; boundary=x",
        422,
        "missing_file",
    ),
    "text field": (form('Content-Disposition: form-data; name="file"\r\n\r\n7'), "; boundary=x", 422, "missing_file"),
    "empty file": (form(FILE.format("image/png", "")), "; boundary=x", 400, "empty_picture"),
    "jpeg by type": (form(FILE.format("image/jpeg", "7")), "; boundary=x", 415, "not_a_png"),
    "text by content": (form(FILE.format("image/png", "7")), "; boundary=x", 415, "not_a_png"),
}


@pytest.mark.parametrize(("body", "parameters", "status", "code"), FORMS.values(), ids=FORMS.keys())
async def test_form_refused(predict: Callable[..., Any], body: bytes, parameters: str, status: int, code: str) -> None:
    """A form that holds no usable PNG gets the table's status."""
    check(await predict(body, f"multipart/form-data{parameters}"), status, code)


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
        await client.post("/predict", json={"image": f"data:image/png;base64,{quote(BASE64, safe='')}"}),
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
