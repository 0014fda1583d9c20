"""PNG bytes <-> pixels: every kind of PNG is read, nothing that is broken or too large.

OpenCV decodes small pictures four times as fast as Pillow, but its libpng writes what it does not like to stderr, past
every log: it is given what makes up the picture and has been checked, nothing else. Grey rows without filters, as the
page sends them, are pixels already.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from PIL import Image

from app.recognition import chunks
from app.recognition.chunks import BrokenPng, NotPng, PngError, TooLarge

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["BrokenPng", "Limits", "NotPng", "PngError", "TooLarge", "area", "read", "write"]


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
    if not png.startswith(chunks.SIGNATURE):
        raise NotPng("This is not a PNG. Send the picture as image/png.")
    header = chunks.read_header(png)
    _check_size(header, limits)
    parts = chunks.read_parts(png, header)
    if _is_plain(header, parts):
        return np.frombuffer(parts.rows, np.uint8).reshape(header.height, -1)[:, 1:].copy()
    pixels = cv2.imdecode(np.frombuffer(chunks.alone(png, header, parts), np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None:
        raise BrokenPng("The PNG is corrupt: it cannot be decoded.")
    return _levels(pixels, header, parts.transparency)


def area(png: bytes) -> int:
    """Return how many pixels a PNG says it has, 0 where it says nothing; nothing else is checked."""
    return int.from_bytes(png[16:20]) * int.from_bytes(png[20:24])


def _check_size(header: chunks.Header, limits: Limits) -> None:
    """Refuse a picture that is too large before any of it is unpacked."""
    width, height = header.width, header.height
    if width == 0 or height == 0:
        raise BrokenPng(f"The PNG is {width}×{height} pixels: there is no picture in it.")
    if max(width, height) > limits.max_side or width * height > limits.max_pixels:
        raise TooLarge(
            f"The picture is {width}×{height} pixels; at most {limits.max_side} a side and "
            f"{limits.max_pixels:,} in all are read. Make it smaller: 280×280 is plenty."
        )


def _is_plain(header: chunks.Header, parts: chunks.Parts) -> bool:
    """Return whether each row, behind its filter's byte, is the pixels themselves, as in what the page sends."""
    grey = (header.bits, header.colour, header.interlace) == (8, chunks.GREY, 0)
    return grey and not parts.transparency and not any(parts.rows[:: header.width + 1])


def _levels(pixels: NDArray[np.integer | np.floating], header: chunks.Header, transparency: bytes) -> NDArray[np.uint8]:
    """Bring what OpenCV decoded to 8 bits and to RGB's order, with the alpha it leaves out."""
    alpha = None
    if header.colour == chunks.GREY and transparency:  # one transparent level, in the PNG's own depth
        level = int.from_bytes(transparency)
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
