"""PNG bytes <-> pixels: every kind of PNG is read, nothing that is broken or too large.

What a decoder would pass over is checked here: checksums, missing rows, what text chunks unpack to. Only then do the
chunks that make up the picture, and none of the others, go to OpenCV, which decodes small pictures four times as fast
as Pillow; grey rows without filters, as the page sends them, are pixels already. zlib-ng unpacks a drawing's rows 25
times as fast as zlib, so that checking them costs next to nothing.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import cv2
import numpy as np
from PIL import Image
from zlib_ng import zlib_ng

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

UnpackingError: Final = cast("type[Exception]", zlib_ng.error)  # whose own annotation calls it an instance

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of a pixel, by the PNG's colour type
DEPTHS: Final = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}  # bits, by colour type
GREY: Final = 0  # colour type
PALETTE: Final = 3  # colour type
FILTERS: Final = 4  # the highest number of a row's filter
PICTURE: Final = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")  # the chunks that make up the pixels
TEXT: Final = (b"zTXt", b"iTXt", b"iCCP")  # the chunks whose data may be packed, which makes them bombs
MAX_TEXT: Final = 1 << 20  # bytes, what all of them may unpack to
ADAM7: Final = (  # px: left, top, step to the right, step down of each pass (PNG specification, 8.2)
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)


class PngError(ValueError):
    """The bytes cannot be used as a picture; the message says why and what to do."""


class NotPng(PngError):
    """The bytes are no PNG at all."""


class BrokenPng(PngError):
    """The bytes begin like a PNG but cannot be decoded."""


class TooLarge(PngError):
    """The picture has more pixels, or unpacks to more data, than allowed."""


@dataclass(frozen=True)
class Limits:
    """How large a picture may be before it is decoded."""

    max_side: int = 4096  # px
    max_pixels: int = 4_194_304  # px, width times height


DEFAULT_LIMITS: Final = Limits()


def read(png: bytes, limits: Limits = DEFAULT_LIMITS) -> NDArray[np.uint8]:  # (H, W), (H, W, 3) or (H, W, 4)
    """Decode a PNG of any kind to 8 bits of grey, RGB or, where there is any transparency, RGBA.

    Raises NotPng, BrokenPng or TooLarge. Size is checked in the header, before any pixel is unpacked.
    """
    if not png.startswith(SIGNATURE):
        raise NotPng("This is not a PNG. Send the picture as image/png.")
    header = _header(png)
    _check_size(header, limits)
    picture, rows, transparency = _picture(png, header)
    if _is_plain(header, rows) and not transparency:
        return np.frombuffer(rows, np.uint8).reshape(header.height, -1)[:, 1:].copy()
    pixels = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None:
        raise BrokenPng("The PNG is corrupt: it cannot be decoded.")
    return _levels(pixels, header, transparency)


def area(png: bytes) -> int:
    """Return how many pixels a PNG says it has, 0 where it says nothing; nothing else is checked."""
    return int.from_bytes(png[16:20]) * int.from_bytes(png[20:24])


class _Header(NamedTuple):
    """The IHDR chunk (PNG specification, 11.2.1)."""

    width: int  # px
    height: int  # px
    bits: int  # of a sample
    colour: int  # colour type
    interlace: int  # 0, or 1 for Adam7


def _header(png: bytes) -> _Header:
    if png[8:16] != b"\0\0\0\rIHDR" or len(png) < 33:
        raise BrokenPng("The PNG is truncated or corrupt: it has no header.")
    width, height, bits, colour, compression, filtering, interlace = struct.unpack_from(">IIBBBBB", png, 16)
    if bits not in DEPTHS.get(colour, ()) or interlace > 1 or compression or filtering:
        raise BrokenPng("The PNG is corrupt: its header names a kind of pixel or packing that does not exist.")
    return _Header(width, height, bits, colour, interlace)


def _check_size(header: _Header, limits: Limits) -> None:
    """Refuse a picture that is too large before any of it is unpacked."""
    width, height = header.width, header.height
    if width == 0 or height == 0:
        raise BrokenPng(f"The PNG is {width}×{height} pixels: there is no picture in it.")
    if max(width, height) > limits.max_side or width * height > limits.max_pixels:
        raise TooLarge(
            f"The picture is {width}×{height} pixels; at most {limits.max_side} a side and "
            f"{limits.max_pixels:,} in all are read. Make it smaller: 280×280 is plenty."
        )


def _picture(png: bytes, header: _Header) -> tuple[bytes, bytes, bytes]:
    """Return the PNG without what is no part of its picture, its rows unpacked, and its transparent colour.

    Checks all that is in it.
    """
    kept, rows = [SIGNATURE], []
    found: dict[bytes, bytes] = {}
    room = MAX_TEXT
    for kind, data, chunk in _chunks(png):
        if kind == b"IDAT":
            rows.append(data)
        if kind in PICTURE:
            if kind in found and kind != b"IDAT":
                raise BrokenPng(f"The PNG is corrupt: it has two chunks {kind.decode()}.")
            found[kind] = data
            kept.append(chunk)
        elif kind in TEXT:
            room -= _text_size(kind, data, room)
    if b"IEND" not in found:
        raise BrokenPng("The PNG is truncated: its end is missing.")
    palette = len(found.get(b"PLTE", b""))
    if palette % 3 or (header.colour == PALETTE and not 0 < palette <= 3 << header.bits):
        raise BrokenPng("The PNG is corrupt: its palette is missing or does not fit.")
    return b"".join(kept), _unpack(b"".join(rows), header), found.get(b"tRNS", b"")


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield kind, data and the whole of each chunk up to IEND; what follows that is none of the picture."""
    position, kind = len(SIGNATURE), b""
    while position + 12 <= len(png) and kind != b"IEND":
        end = position + 12 + int.from_bytes(png[position : position + 4])
        chunk = png[position:end]
        kind = chunk[4:8]
        if len(chunk) < end - position or zlib_ng.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:]):
            raise BrokenPng(f"The PNG is truncated or corrupt: wrong checksum at byte {position}.")
        yield kind, chunk[8:-4], chunk
        position = end


def _unpack(packed: bytes, header: _Header) -> bytes:
    """Unpack the rows, as far as the picture needs them, and see that they are all there."""
    expected = _unpacked_size(header)
    try:
        unpacker = zlib_ng.decompressobj()
        unpacked = unpacker.decompress(packed, expected + 1)
    except UnpackingError as error:
        raise BrokenPng("The PNG is corrupt: its rows cannot be unpacked.") from error
    if len(unpacked) < expected:
        raise BrokenPng(f"The PNG is truncated: {len(unpacked):,} of {expected:,} bytes of pixels are there.")
    if len(unpacked) == expected and not unpacker.eof:
        raise BrokenPng("The PNG is truncated: the end of its pixels, with their checksum, is missing.")
    if not header.interlace and max(unpacked[:: expected // header.height]) > FILTERS:
        raise BrokenPng("The PNG is corrupt: a row names a filter that does not exist.")
    return unpacked[:expected]


def _is_plain(header: _Header, rows: bytes) -> bool:
    """Return whether each row, behind its filter's byte, is the pixels themselves, as in what the page sends."""
    return (header.bits, header.colour, header.interlace) == (8, GREY, 0) and not any(rows[:: header.width + 1])


def _unpacked_size(header: _Header) -> int:
    """Return how many bytes the rows take, each with its filter's byte."""
    pixel = header.bits * SAMPLES[header.colour]  # bits
    if not header.interlace:
        return header.height * (1 + (header.width * pixel + 7) // 8)
    size = 0
    for left, top, right, down in ADAM7:
        columns, rows = -(-(header.width - left) // right), -(-(header.height - top) // down)
        if columns > 0 and rows > 0:
            size += rows * (1 + (columns * pixel + 7) // 8)
    return size


def _text_size(kind: bytes, data: bytes, room: int) -> int:
    """Return how many bytes a chunk of text unpacks to; 0 where it is none that can be, as nobody will read it."""
    # Behind the keyword: 1 byte of method; in iTXt 2 of method, then language and translation.
    packed = data.partition(b"\0")[2]
    packed = packed[1:] if kind != b"iTXt" else packed[2:].partition(b"\0")[2].partition(b"\0")[2]
    try:
        size = len(zlib_ng.decompressobj().decompress(packed, room + 1))
    except UnpackingError:
        return 0
    if size > room:
        raise TooLarge(f"The PNG's text unpacks to more than {MAX_TEXT:,} bytes. Leave it out.")
    return size


def _levels(pixels: NDArray[np.integer | np.floating], header: _Header, transparency: bytes) -> NDArray[np.uint8]:
    """Bring what OpenCV decoded to 8 bits and to RGB's order, with the alpha it leaves out."""
    alpha = None
    if header.colour == GREY and len(transparency) >= 2:  # grey with one transparent level, in the PNG's own depth
        level = int.from_bytes(transparency[:2]) & ((1 << header.bits) - 1)
        alpha = pixels != level * 255 // ((1 << header.bits) - 1) if header.bits < 8 else pixels != level
    if pixels.dtype == np.uint16:
        pixels = pixels.astype(np.uint16) >> 8
    levels = pixels.astype(np.uint8, copy=False)
    if alpha is not None:
        return np.dstack([levels, levels, levels, alpha * np.uint8(255)])
    if levels.ndim == 2:
        return levels
    ordered = cv2.cvtColor(levels, cv2.COLOR_BGR2RGB if levels.shape[2] == 3 else cv2.COLOR_BGRA2RGBA)
    return ordered.astype(np.uint8, copy=False)


def write(levels: NDArray[np.uint8]) -> bytes:  # (H, W), (H, W, 3) or (H, W, 4)
    """Encode pixels as a PNG."""
    buffer = io.BytesIO()
    Image.fromarray(levels).save(buffer, format="PNG", compress_level=1)
    return buffer.getvalue()
