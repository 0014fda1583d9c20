"""What ink lies on: the colour of its paper, the light that falls on it, what shows through a transparent picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from cv2.typing import MatLike

Floats: TypeAlias = NDArray[np.float32]
Levels: TypeAlias = NDArray[np.uint8]
Scalar = TypeVar("Scalar", np.uint8, np.float32)

FAINTEST: Final = 0.08  # of full contrast: less than this is no ink
BORDER: Final = 16  # th of the shorter side: no border drawn around a picture is wider
CANVAS: Final = 48  # px, shorter side from which on a picture may be of a canvas with its border
LONGEST: Final = 3  # times the shorter side: what is longer is no canvas, but may be a 1 cut out tightly
MOSTLY: Final = 0.75  # of a rim has its paper's colour where only the digit touches it
WHOLE: Final = 0.7  # of a picture has its paper's colour where less than that of the rim does
PLAIN: Final = 0.9  # of the pixels just inside a border are of one colour
INKED: Final = 0.25  # of what a border has inside may have its colour: a digit drawn by the same pen
ONE_PEN: Final = 0.15  # of full contrast, standard deviation of visible colours: less is ink of one colour
FILLED: Final = 0.7  # of the box around it is visible of a transparent picture that brings paper of its own
LONG: Final = 2  # times the shorter side of that box: what is longer is a stroke
PHOTO: Final = 64  # px, shorter side from which on a picture may be a photo of paper
UNEVEN: Final = 0.2  # of the border's pixels between paper and ink: more is a photo's light and shadow
DARKEST: Final = 0.06  # of full brightness: paper that throws back less light than this is taken for noise
NOISE: Final = 24  # levels, up to which colours are alike
GLANCE: Final = 28  # px, shorter side that is enough to tell what colour most of a picture has
EVERY: Final = np.arange(256, dtype=np.float32)  # (256,), each level there is
PAPER: Final = (48, 48)  # px, size that a photo's paper is looked at in
AROUND: Final = 21  # px of that, side of the square that it is the median of
COLOURFUL: Final = 8  # times as strong as in grey is ink in the plane of red, green or blue that it is looked for in
NEAR: Final = 15  # px of that, side of the square that ink is less than half of
WIDEST: Final = np.ones((7, 7), np.uint8)  # px of that: strokes are thinner


def colour(pixels: Levels) -> NDArray[np.float64]:  # (H, W) or (H, W, 3) -> () or (3,)
    """Return the colour of the paper: the median of the picture's rim, or of what a drawn border has inside."""
    around = rim(pixels)
    if around.ndim == 1:
        levels = around.tobytes()
        if levels.count(levels[0]) != len(levels):
            return _of_the_whole(pixels, around, median(around))
        inside = _inside_border(pixels)
        return np.array(levels[0], np.float64) if inside is None else median(rim(inside))
    if (around != around[0]).any():
        return _of_the_whole(pixels, around, median(around))
    inside = _inside_border(pixels)
    return median(around if inside is None else rim(inside))


def _of_the_whole(pixels: Levels, around: Levels, found: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the colour of most of the picture where the rim is only in part of the colour `found`.

    One or two of its sides may show what lies beside the paper.
    """
    if _near(around, found) >= MOSTLY:
        return found
    step = max(1, min(pixels.shape[:2]) // GLANCE)
    seen = pixels[::step, ::step].reshape(-1, *pixels.shape[2:])  # (n,) or (n, 3)
    whole = np.asarray(np.median(seen, axis=0), np.float64)  # () or (3,)
    return whole if _near(seen, whole) >= WHOLE and _near(around, whole) >= 1 - MOSTLY else found


def _near(pixels: Levels, colour: NDArray[np.float64]) -> float:  # (n) or (n, 3), () or (3,)
    """Return how many of the pixels have about that colour, 0 … 1."""
    near = np.abs(pixels - colour) < NOISE
    return float((near.all(axis=-1) if colour.ndim else near).mean())


def _inside_border(pixels: Levels) -> Levels | None:  # (H, W) or (H, W, 3) -> (h, w) or (h, w, 3)
    """Return what a rim of one colour has inside where it is a border drawn around a picture, None where it is paper.

    Inside a border is paper, mostly, of another colour; inside paper may be the strokes of a block letter.
    """
    shorter = min(pixels.shape[:2])  # px
    width = shorter // BORDER  # px
    if shorter < CANVAS or max(pixels.shape[:2]) > LONGEST * shorter:
        return None
    border = pixels[0, 0].tolist()
    if border in (pixels[width, width].tolist(), pixels[-1 - width, -1 - width].tolist()):  # nearly always
        return None
    inside = pixels[width : len(pixels) - width, width : pixels.shape[1] - width]
    return inside if _share(rim(inside), inside[0, 0]) >= PLAIN and _share(inside, pixels[0, 0]) < INKED else None


def _share(pixels: Levels, colour: Levels) -> float:  # (…) or (…, 3), () or (3,)
    """Return how many of the pixels have that very colour, 0 … 1."""
    same = pixels == colour
    return float((same.all(axis=-1) if colour.ndim else same).mean())


def rim(pixels: NDArray[Scalar]) -> NDArray[Scalar]:  # (H, W, …) -> (2H + 2W, …)
    """Return the outermost rows and columns."""
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])


def median(values: NDArray[Scalar]) -> NDArray[np.float64]:  # (2n, …) -> (…)
    """Return np.median's answer for an even number of values, in a tenth of its time."""
    ordered = np.sort(values, axis=0)
    middle = len(ordered) // 2
    return np.asarray((ordered[middle - 1].astype(np.float64) + ordered[middle]) / 2)


def is_uneven(pixels: Levels, paper: NDArray[np.float64], away: Floats) -> bool:
    """Tell a photo by how far its border is `away` from its `paper`: much of it is neither paper nor ink.

    Light that falls on chalk as on its dark board changes the chalk most, which the border does not show.
    """
    contrast = max(float(away.max()), FAINTEST)
    brightness = _brightness(pixels, paper)
    around = rim(away) * np.float32(1 / contrast + (1 - brightness) / max(brightness, DARKEST))
    return float(((around > 0.1) & (around < 0.75)).mean()) > UNEVEN


def _brightness(pixels: Levels, paper: NDArray[np.float64]) -> float:  # (H, W) or (H, W, 3), () or (3,)
    """Return how much light the paper throws back, 0 … 1, if what is on it is paler; 1 for any other."""
    darkness = float(paper.mean()) / 255
    return darkness if float(np.mean(cv2.mean(pixels)[: paper.size])) / 255 > darkness else 1.0


def out_of_light(pixels: Levels) -> Floats:  # (H, W) or (H, W, 3) -> (H, W)
    """Return how far each pixel of a photo is from the paper around it, as a share of the light that it throws back."""
    plane = _plane(pixels) if pixels.ndim == 3 else np.ascontiguousarray(pixels)
    small = cv2.resize(plane, PAPER, interpolation=cv2.INTER_AREA)
    above = small.astype(np.float32) - cv2.medianBlur(small, NEAR)
    pale = float((above * np.abs(above)).sum()) > 0  # chalk on a blackboard
    small = cv2.morphologyEx(small, cv2.MORPH_OPEN if pale else cv2.MORPH_CLOSE, WIDEST)  # no ink is left
    paper = cv2.resize(cv2.medianBlur(small, AROUND), plane.shape[::-1], interpolation=cv2.INTER_LINEAR)
    darker = paper.astype(np.float32) - cv2.GaussianBlur(plane, (3, 3), 0)
    share = darker / np.maximum(paper, np.float32(255 * DARKEST))
    if pale:
        share /= min(float(share.min()), -1)  # many times as bright as its board
    return np.asarray(np.clip(share, 0, 1), np.float32)


def _plane(pixels: Levels) -> MatLike:  # (H, W, 3) -> (H, W)
    """Return the grey of a photo, or one of its colours where the ink is nearly as bright as its paper."""
    small = cv2.resize(pixels, PAPER, interpolation=cv2.INTER_AREA)
    inked = [_inked(plane) for plane in (cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), *cv2.split(small))]
    strongest = int(np.argmax(inked))
    if inked[strongest] <= COLOURFUL * inked[0]:
        return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return cv2.extractChannel(pixels, strongest - 1)


def _inked(small: MatLike) -> float:  # (h, w)
    """Return how much stands out from the paper around it, as a share of the light that it throws back."""
    paper = cv2.medianBlur(small, NEAR)
    shares = cv2.absdiff(small, paper) / np.maximum(paper, np.float32(255 * DARKEST))
    return float(np.square(shares).sum())


def laid_on_paper(colour: Levels, alpha: MatLike) -> Levels:  # (H, W) or (H, W, 3), (H, W) -> as `colour`
    """Lay the picture over white, or over black where what is visible is pale: ink must stay visible."""
    share = alpha if colour.ndim == 2 else cv2.merge([alpha] * 3)  # as `colour`
    through = np.rint(np.outer(EVERY[::-1] / 255, _paper_under(colour, alpha))).astype(np.uint8)  # (256, 1 or 3)
    return np.asarray(cv2.add(cv2.multiply(colour, share, scale=1 / 255), cv2.LUT(share, through[None])), np.uint8)


def _is_card(visible: MatLike) -> bool:  # (H, W)
    """Tell paper, which fills the box around it, from strokes of several colours."""
    *_, width, height = cv2.boundingRect(visible)
    return cv2.countNonZero(visible) >= FILLED * width * height and max(width, height) <= LONG * min(width, height)


def _paper_under(colour: Levels, alpha: MatLike) -> NDArray[np.float64]:  # (H, W) or (H, W, 3), (H, W) -> (1 or 3,)
    """Return the colour on which the visible part of the picture stands out, unless that brings paper of its own."""
    visible = cv2.inRange(alpha, 128 if cv2.minMaxLoc(alpha)[1] > 127 else 1, 255)
    mean, spread = cv2.meanStdDev(colour, mask=visible)  # each (1 or 3, 1)
    margin = float(median(rim(np.asarray(alpha, np.uint8)))) < 128
    if margin and float(spread.mean()) >= ONE_PEN * 255 and _is_card(visible):
        return np.atleast_1d(np.median(colour[visible > 0], axis=0))
    return np.full(len(mean), 0 if margin and float(mean.mean()) >= 0.6 * 255 else 255, np.float64)
