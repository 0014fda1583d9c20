"""Pictures of a few strokes, as pixels and as PNGs, and PNGs put together chunk by chunk."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np

from app.recognition.chunks import SIGNATURE
from app.recognition.png import write

if TYPE_CHECKING:
    from numpy.typing import NDArray


def draw(*strokes: tuple[int, int, int, int], size: int = 28, value: int = 255) -> NDArray[np.uint8]:
    """Return grey pixels, ``(size, size)``: filled rectangles (top, left, bottom, right) of `value` on black."""
    pixels = np.zeros((size, size), np.uint8)
    for top, left, bottom, right in strokes:
        pixels[top:bottom, left:right] = value
    return pixels


SEVEN = ((4, 6, 8, 22), (8, 18, 24, 22))
PNG = write(draw(*SEVEN))


def chunk(kind: bytes, data: bytes, crc: int | None = None) -> bytes:
    """Return one PNG chunk, with a wrong checksum where one is given."""
    right = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", right if crc is None else crc)


def header(width: int, height: int, *, bits: int = 8, colour: int = 0, interlace: int = 0) -> bytes:
    """Return a signature and an IHDR, of grey unless another type of colour is named."""
    return SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlace))


def idat(rows: bytes) -> bytes:
    """Return the chunk of these rows, each behind its filter's byte."""
    return chunk(b"IDAT", zlib.compress(rows))


END = chunk(b"IEND", b"")


def join(parts: list[tuple[bytes, bytes]]) -> bytes:
    """Return a PNG of these kinds and contents of chunks, with right lengths and checksums."""
    return SIGNATURE + b"".join(chunk(kind, data) for kind, data in parts)
