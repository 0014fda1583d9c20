"""PNG bytes <-> pixels: every kind of PNG is read, nothing that is broken or too large."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of a pixel, by the PNG's colour type
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
        if "too large" in str(error).lower() or "memory limit" in str(error).lower():
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
    header = _Header(*struct.unpack(">IIBBxxB", png[16:29]))
    if header.width == 0 or header.height == 0:
        raise BrokenPng(f"The PNG is {header.width}×{header.height} pixels: there is no picture in it.")
    if max(header.width, header.height) > limits.max_side or header.width * header.height > limits.max_pixels:
        raise TooLarge(
            f"The picture is {header.width}×{header.height} pixels; at most {limits.max_side} a side and "
            f"{limits.max_pixels:,} in all are read. Make it smaller: 280×280 is plenty."
        )
    return header


def _check_data(png: bytes, header: _Header) -> None:
    """Find what Pillow passes over: wrong checksums of image data, and rows that are missing."""
    image_data, position = [], len(SIGNATURE)
    while position + 12 <= len(png):
        (length,) = struct.unpack_from(">I", png, position)
        data = png[position + 4 : position + 8 + length]  # kind, then the chunk's data
        if struct.pack(">I", zlib.crc32(data)) != png[position + 8 + length : position + 12 + length]:
            raise BrokenPng(f"The PNG is truncated or corrupt: wrong checksum at byte {position}.")
        if data[:4] == b"IDAT":
            image_data.append(data[4:])
        position += 12 + length
    expected = _unpacked_size(header)
    unpacked = len(zlib.decompressobj().decompress(b"".join(image_data), expected)) if expected else 0
    if unpacked < expected or not expected:
        raise BrokenPng(f"The PNG is truncated: {unpacked:,} of {expected:,} bytes of pixels are there.")


def _unpacked_size(header: _Header) -> int:
    """Return how many bytes the rows take, each with its filter's byte; 0 for an unknown colour type."""
    pixel = header.bits * SAMPLES.get(header.colour, 0)  # bits
    passes = ADAM7 if header.interlace else ((0, 0, 1, 1),)
    size = 0
    for left, top, right, down in passes:
        columns, rows = -(-(header.width - left) // right), -(-(header.height - top) // down)
        if columns > 0 and rows > 0:
            size += rows * (1 + (columns * pixel + 7) // 8)
    return size if pixel else 0


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
