"""Pixels -> ink -> frame: one definition of what the networks are shown, for serving and training alike.

``ink`` is how far each pixel of a picture stands out from its background, ``(H, W)`` float32 in 0 … 1. A ``frame`` is
what MNIST's makers would have made of that ink, ``(28, 28)`` float32: the digit's longest side brought to 20 px, its
centre of mass put at index 14 (LeCun, Cortes & Burges, "The MNIST database"; measured on the data: DESIGN facts).
"""

from __future__ import annotations

from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition import png
from app.recognition.networks import SIDE

Floats: TypeAlias = NDArray[np.float32]

BOX: Final = 20  # px, longest side of the digit in a frame
CENTRE: Final = 14  # px, index of the centre of mass in a frame, both axes
FAINTEST: Final = 0.08  # of full contrast: less than this is no ink
SPECK: Final = 0.03  # of the largest component's ink: less than this is dirt
FULL: Final = 90  # percentile of the digit's ink that counts as fully inked
ONE_PEN: Final = 0.15  # of full contrast, standard deviation of visible colours: less is ink of one colour


def read_png(data: bytes, limits: png.Limits = png.DEFAULT_LIMITS) -> Floats:
    """Decode a PNG to ink, ``(H, W)`` float32 in 0 … 1; raises png.PngError."""
    return to_ink(png.read(data, limits))


def to_ink(pixels: NDArray[np.uint8]) -> Floats:  # (H, W), (H, W, 3) or (H, W, 4) -> (H, W)
    """Return each pixel's distance from the border's colour: ink may be darker or paler than paper."""
    channels = [*cv2.split(pixels)] if pixels.ndim == 3 else [pixels]  # each (H, W)
    alpha = channels.pop() if len(channels) == 4 else None
    if len(channels) == 3 and all(np.array_equal(channels[0], other) for other in channels[1:]):
        channels = channels[:1]  # grey, in more bytes than it needs
    colour = np.stack(channels, axis=-1).astype(np.float32) / np.float32(255)  # (H, W, 1 or 3)
    if alpha is not None and int(alpha.min()) < 255:
        colour = _composite(colour, alpha[..., None].astype(np.float32) / np.float32(255))
    away = np.abs(colour - np.median(_border(colour), axis=0).astype(np.float32))
    ink: Floats = away[..., 0] if away.shape[-1] == 1 else np.sqrt(np.square(away).mean(axis=-1))
    return ink


def _composite(colour: Floats, alpha: Floats) -> Floats:  # (H, W, C), (H, W, 1) -> (H, W, C)
    """Lay the picture over white, or over black where what is visible is pale: ink must stay visible."""
    visible = float(alpha.sum())
    channels = colour.shape[-1]
    paper = np.ones(channels, np.float32)  # (C,)
    if visible > 0 and float(np.median(_border(alpha))) < 0.5:
        mean = (colour * alpha).sum(axis=(0, 1)) / visible  # (C,)
        spread = float(np.sqrt(((colour - mean) ** 2 * alpha).sum() / visible / channels))
        flat = spread < ONE_PEN  # else it is a picture of ink on paper with a clear margin
        opaque = colour[alpha[..., 0] > 0.5]  # (n, C)
        paper = np.full(channels, mean.mean() < 0.6, np.float32) if flat else np.median(opaque, axis=0)
    composited: Floats = paper + alpha * (colour - paper)
    return composited


def _border(pixels: Floats) -> Floats:  # (H, W, …) -> (2H + 2W, …)
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])


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
