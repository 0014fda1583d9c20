"""Pixels -> ink -> frame: one definition of what the networks are shown, for serving and training alike.

``ink`` is how far each pixel of a picture stands out from its paper, ``(H, W)`` float32 in 0 … 1. A ``frame`` is
what MNIST's makers would have made of that ink, ``(28, 28)`` float32: the digit's longest side brought to 20 px, its
centre of mass put at index 14 (LeCun, Cortes & Burges, "The MNIST database"; so it is in their data), and
its slant to what is usual (slant.py).
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.recognition import boxes, coarse, desk, dots, faint, paper, parts, png
from app.recognition.networks import SIDE
from app.recognition.paper import EVERY, FAINTEST, PHOTO, Floats, Levels
from app.recognition.slant import deslanted

if TYPE_CHECKING:
    from cv2.typing import MatLike
    from numpy.typing import NDArray

BOX: Final = 20  # px, longest side of the digit in a frame
CENTRE: Final = 14  # px, index of the centre of mass in a frame, both axes
LOOKS: Final = 4  # closer ones, as there may be boxes around each other
LEAST: Final = 4  # px, longest side from which on a digit may be made out
FULL: Final = 0.9  # quantile of the digit's ink that counts as fully inked
STROKE: Final = (1.7, 2.2)  # px in a frame: about MNIST's median, measured as below; other pens are brought to these
FINE: Final = 2 * BOX  # px, longest side of a digit from which on its stroke can be measured
ROOM: Final = 2  # px beside a digit for OpenCV, which treats the picture's edge, and pictures of 2 px, in its own way
SQUARE: Final = np.ones((3, 3), np.uint8)  # (3, 3), a pixel and its neighbours
CROSS: Final = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)  # (3, 3), without those at the corners


def read_png(data: bytes, limits: png.Limits = png.DEFAULT_LIMITS) -> Floats:
    """Decode a PNG to ink, ``(H, W)`` float32 in 0 … 1; raises png.PngError."""
    return to_ink(png.read(data, limits))


def to_ink(pixels: Levels) -> Floats:  # (H, W), (H, W, 3) or (H, W, 4) -> (H, W)
    """Return each pixel's distance from the paper's colour: ink may be darker or paler than paper.

    Where every one of a few pixels was enlarged to a rectangle, it is the ink of what was enlarged, ``(h, w)``.
    """
    pixels = coarse.as_drawn(pixels, BOX)
    if pixels.ndim == 3:
        alpha = cv2.extractChannel(pixels, 3) if pixels.shape[2] == 4 else None
        pixels = _simplest(pixels)
        if alpha is not None and cv2.minMaxLoc(alpha)[0] < 255:
            pixels = _simplest(paper.laid_on_paper(pixels, alpha))
    colour = paper.colour(pixels)
    away = _distance(pixels, colour)
    sheet = desk.sheet(pixels, away)
    if sheet is not None:
        pixels = sheet
        colour = paper.colour(pixels)
        away = _distance(pixels, colour)
    if min(away.shape) >= PHOTO and paper.is_uneven(pixels, colour, away):
        return paper.out_of_light(pixels)
    return away


def _simplest(pixels: Levels) -> Levels:  # (H, W), (H, W, 3) or (H, W, 4) -> (H, W) or (H, W, 3)
    """Leave out the alpha, and colours that are only grey in more bytes than it needs."""
    if pixels.ndim == 2:
        return pixels
    red, green, blue = cv2.split(pixels)[:3]
    if cv2.norm(red, green, cv2.NORM_INF) == cv2.norm(red, blue, cv2.NORM_INF) == 0:
        return np.asarray(red, np.uint8)
    return np.asarray(cv2.merge([red, green, blue]), np.uint8)


def _distance(pixels: Levels, colour: NDArray[np.float64]) -> Floats:  # (H, W) or (H, W, 3), () or (3,) -> (H, W)
    """Return how far each pixel is from `colour`: the root of the channels' mean square, 1 at most."""
    if pixels.ndim == 2:
        return np.asarray(cv2.LUT(pixels, _distances(float(colour))), np.float32)
    tables = np.square((EVERY[:, None] - colour.astype(np.float32)) / np.float32(255))  # (256, 3)
    squares = cv2.LUT(pixels, tables[None])  # (H, W, 3)
    return np.asarray(cv2.sqrt(cv2.transform(squares, np.full((1, 3), 1 / 3, np.float32))), np.float32)


@cache  # for any paper there may be, 511 levels and halves of levels
def _distances(colour: float) -> Floats:  # (256,)
    """Return how far each level of grey is from that of `colour`."""
    table = np.asarray(np.abs(EVERY - np.float32(colour)) / np.float32(255), np.float32)
    table.setflags(write=False)  # it is handed out again
    return table


def frame(ink: Floats) -> Floats | None:  # (H, W) -> (28, 28)
    """Frame ink as MNIST's makers framed their digits; None where there is no ink."""
    found = _digit(ink)
    if found is None:
        return None
    digit, _ = found
    if max(digit.shape) >= FINE:
        digit = _with_mnists_stroke(digit)
    digit = deslanted(digit)
    height, width = digit.shape
    scale = BOX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(digit, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    return _centred(np.minimum(small, np.float32(1)))


def _digit(ink: Floats, looks: int = 0) -> tuple[Floats, int] | None:  # (H, W) -> (h, w), ()
    """Cut out the ink that stands out from the noise, after so many `looks` inside a box or a tile, or closer.

    With it goes how many times as large it is as it was.
    """
    strongest = cv2.minMaxLoc(ink)[1]
    if strongest < FAINTEST:
        return None
    levels = cv2.convertScaleAbs(ink, alpha=255 / strongest)  # (H, W) uint8
    _, mask = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)  # Otsu 1979
    if max(mask.shape) >= FINE and not looks:
        levels, mask = faint.evened(levels, mask)
    cut = parts.digit(mask)
    if cut is None:
        return None
    (left, top, right, bottom), inked, pieces = cut
    if looks < LOOKS and LEAST <= max(inked.shape) < BOX:  # made out better when it is enlarged
        found = _digit(coarse.closer(ink, (left, top, right, bottom)), looks + 1)
        return None if found is None else (found[0], found[1] * coarse.TIMES)
    if looks < LOOKS and boxes.is_tile(inked):
        return _digit(boxes.left_out(ink[top:bottom, left:right]), looks + 1)
    if looks < LOOKS and boxes.is_box(inked):
        inside = boxes.inside(ink[top:bottom, left:right], inked)
        found = _digit(inside, looks + 1)
        is_border = inked.shape == mask.shape  # that of an empty canvas is no digit
        if is_border or (found is not None and not boxes.joins(*found, inside)):
            return found
    drawn = levels[top:bottom, left:right]
    if max(inked.shape) >= FINE:
        whole = dots.joined(inked, pieces)
        drawn, inked = cv2.max(drawn, cv2.subtract(whole, inked)), whole
    return _stretched(drawn, inked), 1


def _stretched(levels: MatLike, inked: MatLike) -> Floats:  # (h, w), (h, w) -> (h, w)
    """Return the digit's ink so that a full stroke is 1; its soft edge stays, as MNIST's digits have one."""
    edge = cv2.dilate(inked, SQUARE)
    return np.asarray(cv2.LUT(cv2.bitwise_and(levels, edge), _ramp(_quantile(levels, inked))), np.float32)


@cache  # for any level there may be
def _ramp(full: int) -> Floats:  # (256,)
    """Return how much ink each level is, from `full` on a whole pixel of it."""
    table = np.asarray(np.minimum(EVERY / np.float32(max(full, 1)), np.float32(1)), np.float32)
    table.setflags(write=False)  # it is handed out again
    return table


def _quantile(levels: MatLike, mask: MatLike) -> int:
    """Return the level that FULL of the masked pixels do not exceed."""
    masked = cv2.bitwise_and(levels, mask).ravel()  # (n,), 0 where there is no mask
    count = cv2.countNonZero(mask)
    place = masked.size - count + max(math.ceil(FULL * count), 1) - 1
    return int(np.partition(masked, place)[place])


def _with_mnists_stroke(digit: Floats) -> Floats:  # (h, w) -> (h', w')
    """Make a pen that MNIST's writers did not have thicker or thinner, by the distance from the stroke's edge."""
    mask = cv2.copyMakeBorder((digit > 0.5).astype(np.uint8), ROOM, ROOM, ROOM, ROOM, cv2.BORDER_CONSTANT)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, SQUARE)  # the pinholes of dithered ink
    stroke = _stroke_width(mask)
    side = max(digit.shape)
    wanted = min(max(stroke, STROKE[0] * side / BOX), STROKE[1] * side / BOX)  # px
    if abs(wanted - stroke) < 1:
        return digit
    grow = (wanted - stroke) / 2  # px, on each side
    room = max(0, math.ceil(grow))
    mask = cv2.copyMakeBorder(mask, room, room, room, room, cv2.BORDER_CONSTANT)
    source, sign = (1 - mask, -1) if grow > 0 else (mask, 1)
    away = cv2.distanceTransform(source, cv2.DIST_L2, 3)
    changed = np.clip(sign * away + (grow + 0.5), 0, 1)  # (h', w')
    left, top, width, height = cv2.boundingRect((changed > 0).astype(np.uint8))
    redrawn: Floats = changed[top : top + height, left : left + width].astype(np.float32)
    return redrawn if redrawn.size else digit


def _stroke_width(mask: MatLike) -> float:  # (h, w) of 0 and 1
    """Return a line's width in px: its area by the length of its two sides.

    The outline is the mean of what a square and a cross make of it, inside and outside: one counts too many of a
    slanting edge's pixels, the other too few.
    """
    edges = [cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, shape) for shape in (SQUARE, CROSS)]  # both sides of the edge
    return 2 * cv2.countNonZero(mask) / (sum(map(cv2.countNonZero, edges)) / 4)


def _centred(small: Floats) -> Floats:  # (h, w) -> (28, 28)
    """Put the centre of mass at index 14 by a whole-pixel shift, as far as the digit stays inside."""
    height, width = small.shape
    room = np.zeros((SIDE, SIDE), np.float32)
    room[:height, :width] = small  # alone, two columns would be points for OpenCV
    moments = cv2.moments(room)
    mass = max(moments["m00"], 1e-6)
    top = min(max(round(CENTRE - moments["m01"] / mass), 0), SIDE - height)
    left = min(max(round(CENTRE - moments["m10"] / mass), 0), SIDE - width)
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
