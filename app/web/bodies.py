"""The three forms of a request body -> PNG bytes; and the many files of one form."""

from __future__ import annotations

import binascii
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from pydantic import ValidationError
from pydantic_core import from_json
from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from app.web.problems import Problem
from app.web.schemas import PictureBody

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.datastructures import FormData
    from starlette.requests import Request

PNG: Final = "image/png"
FORM: Final = "multipart/form-data"
JSON: Final = "application/json"
UNTOLD: Final = "application/octet-stream"  # what clients declare for a part whose type they do not know
WITHOUT_SPACE: Final = dict.fromkeys(map(ord, " \t\r\n"))  # for str.translate: base64 comes in lines
MAX_TYPE: Final = 80  # characters of a media type that an error repeats
MANY: Final = "Send more than one to /predict/batch."
MAX_FIELDS: Final = 16  # text fields of a form, and files beside the one that is wanted


async def png_bytes(request: Request) -> bytes:
    """Return the picture in the body, not yet looked at; raises Problem."""
    media_type = _media_type(_declared(request))
    if media_type == PNG:
        if png := await _raw(request):
            return png
        raise Problem(400, "empty_body", "The body is empty. Send a PNG.")
    read = {FORM: _from_form, JSON: _from_json}.get(media_type)
    if read is None:
        raise _unsupported(media_type)
    if not await request.body():
        raise Problem(400, "empty_body", "The body is empty. Send a PNG.")
    if png := await read(request):
        return png
    raise _empty()


async def files(request: Request, most: int) -> list[bytes | Problem]:
    """Return the pictures of a form's file fields in their order, each or what is wrong with it; raises Problem."""
    if not await request.body():
        raise Problem(400, "empty_body", f"The body is empty. Send a form of up to {most} PNG files.")
    if (media_type := _media_type(_declared(request))) != FORM:
        raise _unsupported(media_type, f"{FORM} with up to {most} files", FORM)
    async with _form(request, most) as form:
        found = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
        if not found:
            raise Problem(422, "missing_file", "The form has no file. Send each PNG as a file of the form.")
        return [await _of_file(file) for file in found]


async def _of_file(file: UploadFile) -> bytes | Problem:
    if _media_type(file.content_type or PNG) not in {PNG, UNTOLD}:
        return _unsupported(_media_type(file.content_type or ""), f"each file as {PNG}")
    return await file.read() or _empty()


def _empty() -> Problem:
    return Problem(400, "empty_picture", "The picture is empty: 0 bytes. Send a PNG.")


def _declared(request: Request) -> str:
    """Return the Content-Type, image/png where there is none."""
    for name, value in request.scope["headers"]:
        if name == b"content-type":
            declared: str = value.decode("latin-1")
            return declared
    return PNG


def _media_type(declared: str) -> str:
    return declared.partition(";")[0].strip().lower()


def _unsupported(
    media_type: str,
    wanted: str = "image/png, a multipart/form-data field 'file' or JSON",
    accepted: str = f"{PNG}, {FORM}, {JSON}",
) -> Problem:
    return Problem(
        415,
        "not_a_png",
        f"{media_type or 'An empty type'} is not read. Send {wanted}.",
        {"Accept": accepted},
    )


async def _raw(request: Request) -> bytes:
    """Return the body as ``request.body()`` does, in a third of the time."""
    pieces: list[bytes] = []
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(pieces)


async def _from_form(request: Request) -> bytes:
    async with _form(request, 1 + MAX_FIELDS, MANY) as form:
        found = [value for value in form.getlist("file") if isinstance(value, UploadFile)]
        if not found:
            raise Problem(422, "missing_file", "The form has no file field 'file'. Send the PNG there.")
        if len(found) > 1:
            raise Problem(400, "malformed_multipart", f"The form has several files. {MANY}")
        png = await _of_file(found[0])
        if isinstance(png, Problem):
            raise png
        return png


class InMemory(MultiPartParser):
    """Keeps a form's pictures where the body is anyway: a disk may be full or read-only, and never sees one."""

    spool_max_size = 0  # bytes from which a SpooledTemporaryFile goes to the disk; 0 is never


@asynccontextmanager
async def _form(request: Request, max_files: int, advice: str = "") -> AsyncIterator[FormData]:
    """Read a form; raises Problem."""
    _, parameters = parse_options_header(request.headers["content-type"])
    if not (boundary := parameters.get(b"boundary")):
        detail = "Content-Type names no boundary. Leave the header to your HTTP client, which knows it."
        raise Problem(400, "malformed_multipart", detail)
    if b"--%b--" % boundary not in await request.body():  # the parser would not miss it
        raise Problem(400, "malformed_multipart", "The form's closing boundary is missing.")
    try:
        async with aclosing(request.stream()) as stream:
            form = await InMemory(request.headers, stream, max_files=max_files, max_fields=MAX_FIELDS).parse()
    except MultiPartException as error:
        if error.message.startswith("Too many files"):
            detail = f"A form may hold {max_files} files at most. {advice}"
            raise Problem(422, "too_many_files", detail.rstrip()) from error
        raise Problem(400, "malformed_multipart", f"The form cannot be read: {error.message}") from error
    except (UnicodeError, LookupError) as error:  # Starlette decodes names by the charset that the client declares
        raise Problem(400, "malformed_multipart", "The form's text is not in the charset it declares.") from error
    try:
        yield form
    finally:
        await form.close()


async def _from_json(request: Request) -> bytes:
    try:
        sent = from_json(await request.body(), allow_inf_nan=False)  # NaN is JavaScript, no JSON
    except ValueError as error:
        raise Problem(400, "malformed_json", f"The body is no JSON: {error}.") from error
    try:
        return _decode(PictureBody.model_validate(sent).image)
    except ValidationError as error:
        why = error.errors(include_url=False)[0]["msg"]
        raise Problem(422, "missing_image", f'Send {{"image": "<base64 or data URL of a PNG>"}}: {why}.') from error


def _decode(image: str) -> bytes:
    if image[:5].lower() == "data:":
        kind, comma, image = image[5:].partition(",")
        if comma and _media_type(kind) != PNG:
            raise _unsupported(f"A data URL of type {_media_type(kind)[:MAX_TYPE] or 'text/plain'}")
        if not comma or not kind.lower().replace(" ", "").endswith(";base64"):
            raise Problem(400, "malformed_base64", "The data URL must be data:image/png;base64,….")
        image = unquote(image)  # in a URL any character may be written as %2B (RFC 2397)
    try:
        packed = image.translate(WITHOUT_SPACE)
        if len(packed) % 4 or packed.endswith("==="):  # more padding than that is let pass, even in strict mode
            raise ValueError("Incorrect padding")
        return binascii.a2b_base64(packed, strict_mode=True)
    except (binascii.Error, ValueError) as error:
        raise Problem(400, "malformed_base64", f"The image is not valid base64: {error}.") from error
