"""PNG bytes -> ink -> frame: one definition of what the networks are shown, for serving and training alike.

``ink`` is how far each pixel of a picture stands out from its background, ``(H, W)`` float32 in 0 … 1. A ``frame`` is
what MNIST's makers would have made of that ink, ``(28, 28)`` float32: the digit's longest side brought to 20 px, its
centre of mass put at index 14 (LeCun, Cortes & Burges, "The MNIST database"; measured on the data: DESIGN facts).
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from PIL import Image

from app.recognition.networks import SIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

BOX: Final = 20  # px, longest side of the digit in a frame
CENTRE: Final = 14  # px, index of the centre of mass in a frame, both axes
FAINTEST: Final = 0.08  # of full contrast: less than this is no ink
SPECK: Final = 0.03  # of the largest component's ink: less than this is dirt
FULL: Final = 90  # percentile of the digit's ink that counts as fully inked
PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


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


def read_png(png: bytes, limits: Limits = Limits()) -> Floats:
    """Decode a PNG to ink, ``(H, W)`` float32 in 0 … 1, whatever its colours, alpha and bit depth.

    Raises NotPng, BrokenPng or TooLarge. Size is checked in the header, before any pixel is unpacked.
    """
    if not png.startswith(PNG_SIGNATURE):
        raise NotPng("This is not a PNG. Send the picture as image/png.")
    _check_size(png, limits)
    try:
        with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
            image.load()
            return to_ink(_pixels(image))
    except Image.DecompressionBombError as error:
        raise TooLarge(f"The PNG unpacks to too much data: {error}.") from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, struct.error, zlib.error) as error:
        if "too large" in str(error).lower() or "memory limit" in str(error).lower():
            raise TooLarge(f"The PNG unpacks to too much data: {error}.") from error
        raise BrokenPng(f"The PNG is truncated or corrupt: {error}.") from error


def _check_size(png: bytes, limits: Limits) -> None:
    if png[12:16] != b"IHDR" or len(png) < 24:
        raise BrokenPng("The PNG is truncated or corrupt: it has no header.")
    width, height = struct.unpack(">II", png[16:24])
    if width == 0 or height == 0:
        raise BrokenPng(f"The PNG is {width}×{height} pixels: there is no picture in it.")
    if max(width, height) > limits.max_side or width * height > limits.max_pixels:
        raise TooLarge(
            f"The picture is {width}×{height} pixels; at most {limits.max_side} a side and "
            f"{limits.max_pixels:,} in all are read. Make it smaller: 280×280 is plenty."
        )


def _pixels(image: Image.Image) -> NDArray[np.uint8] | Floats:
    """Return grey ``(H, W)`` or colour ``(H, W, 3)``, bytes or 0 … 1, with alpha composited."""
    if image.mode.startswith("I"):  # 16 bits of grey; Pillow would clip them to 8
        return np.asarray(image, dtype=np.float32) / np.float32(65535)
    if image.has_transparency_data:
        return _composite(np.asarray(image.convert("RGBA"), dtype=np.float32) / np.float32(255))
    grey = image.mode in ("1", "L")
    return np.asarray(image.convert("L" if grey else "RGB"))


def _composite(rgba: Floats) -> Floats:  # (H, W, 4) -> (H, W, 3)
    """Lay the picture over white, or over black where what is visible is pale: ink must stay visible."""
    colour, alpha = rgba[..., :3], rgba[..., 3:]  # (H, W, 3), (H, W, 1)
    visible = float(alpha.sum())
    paper = np.ones(3, np.float32)  # (3,)
    if visible > 0 and float(np.median(_border(alpha))) < 0.5:
        mean = (colour * alpha).sum(axis=(0, 1)) / visible  # (3,)
        spread = float(np.sqrt(((colour - mean) ** 2 * alpha).sum() / visible))
        flat = spread < 0.25  # one pen's colour; more is a picture of ink on paper with a clear margin
        opaque = colour[alpha[..., 0] > 0.5]  # (n, 3)
        paper = np.full(3, mean.mean() < 0.6, np.float32) if flat else np.median(opaque, axis=0)  # (3,)
    composited: Floats = colour * alpha + paper * (1 - alpha)
    return composited


def _border(pixels: Floats) -> Floats:  # (H, W, …) -> (2H + 2W, …)
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])


def to_ink(pixels: NDArray[np.uint8] | Floats) -> Floats:  # (H, W) or (H, W, 3) -> (H, W)
    """Return each pixel's distance from the border's colour: ink may be darker or paler than paper.

    Whole numbers count as 0 … 255, floats as 0 … 1.
    """
    scaled = pixels.astype(np.float32)
    if pixels.dtype == np.uint8:
        scaled /= 255
    away = np.abs(scaled - np.median(_border(scaled), axis=0).astype(np.float32))
    return away if away.ndim == 2 else np.sqrt((away * away).mean(axis=2))


def frame(ink: Floats) -> Floats | None:  # (H, W) -> (28, 28)
    """Frame ink as MNIST's makers framed their digits; None where there is no ink."""
    found = _digit(ink)
    if found is None:
        return None
    height, width = found.shape
    scale = BOX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(found, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    return _centred(np.clip(small, 0, 1))


def _digit(ink: Floats) -> Floats | None:  # (H, W) -> (h, w)
    """Cut out the ink that stands out from the noise, stretched so that a full stroke is 1."""
    strongest = float(ink.max())
    if strongest < FAINTEST:
        return None
    levels = (ink * (255 / strongest)).astype(np.uint8)  # (H, W)
    threshold, mask = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)  # Otsu 1979
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count < 2:
        return None
    areas = stats[1:, cv2.CC_STAT_AREA]
    kept = np.flatnonzero(areas >= SPECK * areas.max()) + 1
    boxes = stats[kept]
    left, top = boxes[:, cv2.CC_STAT_LEFT].min(), boxes[:, cv2.CC_STAT_TOP].min()
    right = (boxes[:, cv2.CC_STAT_LEFT] + boxes[:, cv2.CC_STAT_WIDTH]).max()
    bottom = (boxes[:, cv2.CC_STAT_TOP] + boxes[:, cv2.CC_STAT_HEIGHT]).max()
    inked = np.isin(labels[top:bottom, left:right], kept)  # (h, w)
    inside = ink[top:bottom, left:right]
    full = np.percentile(inside[inked], FULL)
    low = np.float32(threshold / 255 * strongest / 2)  # half the threshold: a stroke's soft edge stays, noise does not
    edge = cv2.dilate(inked.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    stretched: Floats = np.where(edge, np.clip((inside - low) / (full - low), 0, 1), 0).astype(np.float32)
    return stretched


def _centred(small: Floats) -> Floats:  # (h, w) -> (28, 28)
    """Put the centre of mass at index 14 by a whole-pixel shift, as far as the digit stays inside."""
    height, width = small.shape
    rows, columns = small.sum(axis=1), small.sum(axis=0)  # (h,), (w,)
    mass = max(float(rows.sum()), 1e-6)
    top = round(CENTRE - float(rows @ np.arange(height, dtype=np.float32)) / mass)
    left = round(CENTRE - float(columns @ np.arange(width, dtype=np.float32)) / mass)
    top, left = min(max(top, 0), SIDE - height), min(max(left, 0), SIDE - width)
    centred = np.zeros((SIDE, SIDE), np.float32)
    centred[top : top + height, left : left + width] = small
    return centred


def squash(ink: Floats) -> Floats | None:  # (H, W) -> (28, 28)
    """Resize ink to 28x28 without framing (`normalize=false`): what most demos do. None where there is no ink."""
    if float(ink.max()) < FAINTEST:
        return None
    shrinks = max(ink.shape) > SIDE
    small = cv2.resize(ink, (SIDE, SIDE), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    squashed: Floats = np.clip(small, 0, 1).astype(np.float32)
    return squashed


def write_png(levels: NDArray[np.uint8]) -> bytes:  # (H, W), (H, W, 3) or (H, W, 4)
    """Encode pixels as a PNG."""
    buffer = io.BytesIO()
    Image.fromarray(levels).save(buffer, format="PNG", compress_level=1)
    return buffer.getvalue()
