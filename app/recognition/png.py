"""PNG bytes <-> pixels: every kind of PNG is read, nothing that is broken or too large."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image, UnidentifiedImageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of a pixel, by the PNG's colour type
PALETTE: Final = 3  # colour type
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
    header = _check_header(png, limits)
    try:
        _check_data(png, header)
        with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
            image.load()
            return _pixels(image)
    except Image.DecompressionBombError as error:
        raise TooLarge(f"The PNG unpacks to too much data: {error}.") from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, struct.error, zlib.error) as error:
        if isinstance(error, PngError):
            raise
        if isinstance(error, UnidentifiedImageError):  # its text shows Python's insides
            raise BrokenPng("The PNG is corrupt: it cannot be decoded.") from error
        if any(word in str(error).lower() for word in ("too large", "too much memory")):  # Pillow's text chunk limits
            raise TooLarge(f"The PNG unpacks to too much data: {error}.") from error
        raise BrokenPng(f"The PNG is truncated or corrupt: {error}.") from error


@dataclass(frozen=True)
class _Header:
    """The IHDR chunk (PNG specification, 11.2.1)."""

    width: int  # px
    height: int  # px
    bits: int  # of a sample
    colour: int  # colour type
    interlace: int  # 0, or 1 for Adam7


def _check_header(png: bytes, limits: Limits) -> _Header:
    """Refuse a picture that is too large before any of it is unpacked."""
    if png[12:16] != b"IHDR" or len(png) < 33:
        raise BrokenPng("The PNG is truncated or corrupt: it has no header.")
    width, height, bits, colour, compression, filtering, interlace = struct.unpack(">IIBBBBB", png[16:29])
    header = _Header(width, height, bits, colour, interlace)
    known = bits in (1, 2, 4, 8, 16) and colour in SAMPLES and interlace <= 1 and compression == filtering == 0
    if not known:
        raise BrokenPng("The PNG is corrupt: its header names a kind of pixel or packing that does not exist.")
    if header.width == 0 or header.height == 0:
        raise BrokenPng(f"The PNG is {header.width}×{header.height} pixels: there is no picture in it.")
    if max(header.width, header.height) > limits.max_side or header.width * header.height > limits.max_pixels:
        raise TooLarge(
            f"The picture is {header.width}×{header.height} pixels; at most {limits.max_side} a side and "
            f"{limits.max_pixels:,} in all are read. Make it smaller: 280×280 is plenty."
        )
    return header


def _check_data(png: bytes, header: _Header) -> None:
    """Find what Pillow passes over: wrong checksums of image data, rows, a palette or an end that is missing."""
    image_data, kinds = [], set()
    for kind, data in _chunks(png):
        kinds.add(kind)
        if kind == b"IDAT":
            image_data.append(data)
    if b"IEND" not in kinds:
        raise BrokenPng("The PNG is truncated: its end is missing.")
    if header.colour == PALETTE and b"PLTE" not in kinds:
        raise BrokenPng("The PNG is corrupt: its palette is missing.")
    expected = _unpacked_size(header)
    unpacked = len(zlib.decompressobj().decompress(b"".join(image_data), expected))
    if unpacked < expected:
        raise BrokenPng(f"The PNG is truncated: {unpacked:,} of {expected:,} bytes of pixels are there.")


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind and data of each chunk up to IEND; what follows that is none of the picture."""
    position, kind = len(SIGNATURE), b""
    while position + 12 <= len(png) and kind != b"IEND":
        (length,) = struct.unpack_from(">I", png, position)
        kind, data = png[position + 4 : position + 8], png[position + 8 : position + 8 + length]
        if struct.pack(">I", zlib.crc32(data, zlib.crc32(kind))) != png[position + 8 + length : position + 12 + length]:
            raise BrokenPng(f"The PNG is truncated or corrupt: wrong checksum at byte {position}.")
        yield kind, data
        position += 12 + length


def _unpacked_size(header: _Header) -> int:
    """Return how many bytes the rows take, each with its filter's byte."""
    pixel = header.bits * SAMPLES[header.colour]  # bits
    passes = ADAM7 if header.interlace else ((0, 0, 1, 1),)
    size = 0
    for left, top, right, down in passes:
        columns, rows = -(-(header.width - left) // right), -(-(header.height - top) // down)
        if columns > 0 and rows > 0:
            size += rows * (1 + (columns * pixel + 7) // 8)
    return size


def _pixels(image: Image.Image) -> NDArray[np.uint8]:
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would clip to 8
        return (np.asarray(image, dtype=np.int32) >> 8).astype(np.uint8)
    if image.has_transparency_data:
        return np.asarray(image.convert("RGBA"))
    return np.asarray(image.convert("L" if image.mode in ("1", "L") else "RGB"))


def write(levels: NDArray[np.uint8]) -> bytes:  # (H, W), (H, W, 3) or (H, W, 4)
    """Encode pixels as a PNG."""
    buffer = io.BytesIO()
    Image.fromarray(levels).save(buffer, format="PNG", compress_level=1)
    return buffer.getvalue()
