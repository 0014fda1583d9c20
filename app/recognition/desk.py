"""A sheet on a desk, a canvas on a page: the paper that was written on, where a picture shows more than that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.recognition import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cv2.typing import MatLike
    from numpy.typing import NDArray

    from app.recognition.paper import Floats, Levels

SMALL: Final = 48  # px, shorter side that a picture is looked at in; one of less than twice as many is of paper alone
GLANCE: Final = 4  # th pixel of that, which is enough to tell that there is no sheet
APART: Final = 0.2  # of full contrast, between a sheet and its desk
COVERS: Final = 0.3  # of the picture, a sheet at least
DENSE: Final = 0.5  # of the box around it, a sheet at least, however it is turned
STRAIGHT: Final = 0.85  # of the rectangle around it, seen in perspective
EXACT: Final = 0.96  # of it, a canvas as a screen shows it
LONGEST: Final = 2  # times its shorter side: what is longer may be a stroke
FILLED: Final = 0.7  # of a sheet, by itself: the rest are its ink and what hides it
HEMMED: Final = 0.9  # of the ring inside a sheet's edge: less are strokes with paper between them
EDGES: Final = 1  # of the picture's, that a sheet may touch: the others show the desk
TOUCHED: Final = 0.1  # of an edge: less is noise
PLAIN: Final = (40, 0.7)  # levels, up to which a pixel has the paper's colour, and how many of them have at least
MARKED: Final = (60, 0.005, 0.25)  # levels, from which on a pixel is marked, and how many of them are
HALF: Final = 0.5  # of a canvas has at least the colour of its paper
HOLE: Final = 0.05  # of full contrast, from the desk: marks that are nearer to its colour are holes
SQUARE: Final = np.ones((3, 3), np.uint8)  # (3, 3), a pixel and its neighbours


def sheet(pixels: Levels, away: Floats) -> Levels | None:  # (H, W) or (H, W, 3), (H, W) -> (h, w) or (h, w, 3)
    """Return the sheet that lies in a picture, by how far each pixel is `away` from the rim; None where there is none.

    A bold 0 or 8 is no sheet with marks where its holes are, which are of the desk's colour.
    """
    step = min(away.shape) // SMALL
    if step < 2 or not _is_dense(away[:: GLANCE * step, :: GLANCE * step]):  # nearly always
        return None
    small = away[::step, ::step]
    strongest = float(small.max())
    inside = _inside(cv2.convertScaleAbs(small, alpha=255 / strongest))
    if inside is None or sum(_touches(away > strongest / 2)) > EDGES:
        return None
    shown = pixels[::step, ::step]  # (h, w) or (h, w, 3)
    paper = np.asarray(np.median(shown[inside > 0], axis=0), np.uint8)  # () or (3,)
    apart = cv2.absdiff(shown, np.full_like(shown, paper))
    furthest = np.asarray(apart.max(axis=2) if apart.ndim == 3 else apart, np.uint8)  # (h, w), levels
    if _is_written_on(furthest[inside > 0], small[inside > 0]) or _is_canvas(furthest, inside):
        return _cut_out(pixels, inside, paper)
    return None


def _is_dense(small: Floats) -> bool:  # (h, w)
    """Tell at a glance what may be a sheet with its ink: strokes are less, and leave more of the box around them."""
    strongest = float(small.max())
    mask = small > strongest / 2
    masked = np.count_nonzero(mask)
    if strongest < APART or masked < COVERS * FILLED * mask.size:
        return False
    _, _, width, height = cv2.boundingRect(mask.view(np.uint8))
    return bool(masked >= DENSE * width * height)


def _inside(levels: MatLike) -> MatLike | None:  # (h, w) -> (h, w)
    """Return where the inside of a sheet is that stands out from its desk, 255 there."""
    _, mask = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea))
    area = cv2.contourArea(hull)  # px
    if area < COVERS * mask.size or cv2.countNonZero(mask) < FILLED * area:  # letters
        return None
    sides = cv2.minAreaRect(hull)[1]  # px
    if area < STRAIGHT * sides[0] * sides[1] or max(sides) > LONGEST * min(sides):
        return None
    whole = cv2.fillConvexPoly(np.zeros_like(mask), hull, 255)
    inner, innermost = (cv2.erode(whole, SQUARE, iterations=times, borderValue=0) for times in (1, 2))
    is_sheet = _share(mask, whole) >= FILLED and _share(mask, inner - innermost) >= HEMMED
    return innermost if is_sheet else None


def _share(mask: MatLike, area: MatLike) -> float:  # (h, w), (h, w)
    """Return how much of an area is masked, 0 … 1."""
    return cv2.countNonZero(cv2.bitwise_and(mask, area)) / max(cv2.countNonZero(area), 1)


def _touches(mask: NDArray[np.bool_]) -> Iterator[bool]:  # (H, W)
    """Tell for each edge of a picture whether what is masked touches it."""
    for edge in (mask[0], mask[-1], mask[:, 0], mask[:, -1]):
        yield bool(np.count_nonzero(edge) > TOUCHED * len(edge))


def _is_written_on(furthest: Levels, away: Floats) -> bool:  # (n,), (n,)
    """Tell plain paper with a few marks on it, through which the desk does not show, by how far all is from paper."""
    marked = furthest > MARKED[0]
    if not MARKED[1] <= marked.mean() <= MARKED[2] or (furthest < PLAIN[0]).mean() < PLAIN[1]:
        return False
    return float(np.median(away[marked])) >= HOLE


def _is_canvas(furthest: Levels, inside: MatLike) -> bool:  # (h, w), (h, w)
    """Tell a canvas as a screen shows it, whose ink may have the page's colour, from a bold digit and its holes.

    It is an exact rectangle. So are the holes of a block letter; a 1 is one too, but narrower.
    """
    hull = cv2.convexHull(cv2.findNonZero(inside))
    sides = cv2.minAreaRect(hull)[1]  # px
    within = furthest[inside > 0]  # (n,)
    marked = float((within > MARKED[0]).mean())
    is_plain = marked >= MARKED[1] and float((within < PLAIN[0]).mean()) >= HALF
    if not is_plain or cv2.contourArea(hull) < EXACT * sides[0] * sides[1]:
        return False
    marks = cv2.bitwise_and(inside, cv2.inRange(furthest, MARKED[0] + 1, 255))
    return not parts.are_rectangles(cv2.connectedComponentsWithStats(marks)[2][1:])


def _cut_out(pixels: Levels, inside: MatLike, paper: Levels) -> Levels:  # (H, W, …), (h, w), (…) -> (h', w', …)
    """Return what is inside, with paper around it."""
    inside = cv2.resize(inside, pixels.shape[1::-1], interpolation=cv2.INTER_NEAREST)  # (H, W)
    left, top, width, height = cv2.boundingRect(inside)
    here = slice(top, top + height), slice(left, left + width)
    found: Levels = pixels[here].copy()
    found[inside[here] == 0] = paper
    return found
