"""Bodies that cannot be used, in each of the three forms, and how each is refused: the rows of the contract's table."""

from __future__ import annotations

import base64
import io
import json
import zlib

from PIL import Image, PngImagePlugin

from app.recognition.png import write
from tests.pictures import END, PNG, SEVEN, chunk, draw, header, idat

BASE64 = base64.b64encode(PNG).decode()
PERCENT = "".join(f"%{ord(character):02x}" for character in BASE64)


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


def png_of(data: bytes) -> bytes:
    """Return a 28×28 PNG with this image data."""
    return header(28, 28) + chunk(b"IDAT", data) + END


WRONG_CRC = header(28, 28) + chunk(b"IDAT", zlib.compress(b"\0" * 29 * 28), crc=1) + END

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
    "no data": (header(28, 28) + END, "image/png", 422, "broken_png"),
    "too little data": (png_of(zlib.compress(b"\0" * 29)), "image/png", 422, "broken_png"),
    "data no zlib": (png_of(b"no zlib at all"), "image/png", 422, "broken_png"),
    "0x0": (header(0, 0) + idat(b"") + END, "image/png", 422, "broken_png"),
    "long side": (write(draw(size=28).repeat(200, axis=1)), "image/png", 422, "picture_too_large"),
    "many pixels": (
        header(4000, 4000) + chunk(b"IDAT", b"") + END,
        "image/png",
        422,
        "picture_too_large",
    ),
    "pixel bomb": (header(60_000, 60_000) + chunk(b"IDAT", b""), "image/png", 422, "picture_too_large"),
    "text bomb": (text_bomb(), "image/png", 422, "picture_too_large"),
    "too long": (PNG + b"\0" * 200_000, "image/png", 413, "body_too_large"),
}

JSON: dict[str, tuple[str | bytes, int, str]] = {
    "no json": ("{", 400, "malformed_json"),
    "no utf-8": (b'{"image": "\xff"}', 400, "malformed_json"),
    "not a number": ('{"image": NaN}', 400, "malformed_json"),
    "not a number beside the image": (f'{{"image": "{BASE64}", "scale": NaN}}', 400, "malformed_json"),
    "infinity": (f'{{"image": "{BASE64}", "scale": -Infinity}}', 400, "malformed_json"),
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
    "percent signs without a data URL": (json.dumps({"image": PERCENT}), 400, "malformed_base64"),
    "percent signs that encode nothing": ('{"image": "data:image/png;base64,%zz=="}', 400, "malformed_base64"),
    "data URL without data": ('{"image": "data:image/png;base64"}', 400, "malformed_base64"),
    "truncated": (json.dumps({"image": base64.b64encode(PNG[:60]).decode()}), 422, "broken_png"),
}


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
