"""Which connected parts of the ink are the digit's: neither dirt nor the picture's dark edge nor the line below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition import paper

if TYPE_CHECKING:
    from cv2.typing import MatLike

    Sides: TypeAlias = tuple[int, int, int, int]  # px, left, top, right, bottom

Chosen: TypeAlias = NDArray[np.bool_]  # (n,), of each component

SPECK: Final = 0.03  # of the largest component's ink: less than this is dirt
ROOMY: Final = 2 * 65_535  # px of a picture from which on its components may be more than 16 bits can count
FEW: Final = 16  # components
ALONG: Final = 0.5  # of the picture's shorter side: what touches more of its rim may be a shadow or a window's frame
GRAIN: Final = 12  # px, longest side from which on what is left without shadow or line may be a digit
STRAIGHT: Final = 0.9  # of a row or column of the picture is inked by a line that goes through it
NET: Final = 0.5  # of a net of lines' ink is in such rows and columns
THIN: Final = 1 / 24  # of the picture's side: thicker is a stroke
CLEAR: Final = 40  # px, longest side of a digit from which on marks beside it are told from parts of it
STRAY: Final = 0.25  # of that side, a stray mark at most
STRAYS: Final = 2  # more of them are a dotted line
APART: Final = (0.08, 0.5)  # of that side, how far a stray mark is beside all else, and above or below it
FLAT: Final = 12  # times as wide as high: flatter is a line to write on
LONG: Final = 1.2  # times the longest side of what stands on it, a line is at least as wide as that
BROAD: Final = 4  # px, a rectangle that is no stroke at least
SOLID: Final = 0.95  # of the box around it, such a rectangle
HIGH: Final = 3  # times as high as the line is what stands on it: less is dirt beside a lying stroke


def digit(mask: MatLike) -> tuple[Sides, MatLike, int] | None:  # (H, W) -> …, (h, w), …
    """Return left, top, right, bottom of all components that are the digit's, what they ink in there, and how many."""
    kind = cv2.CV_16U if mask.size < ROOMY else cv2.CV_32S
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=kind)
    if count < 2:
        return None
    boxes = stats[1:]  # left, top, width, height, area of each component, without the paper's
    chosen = _chosen(labels, boxes) if count > 2 else None  # a dithered picture has thousands
    left, top, right, bottom = around = _around(boxes if chosen is None else boxes[chosen])
    inked = mask[top:bottom, left:right]  # (h, w)
    if chosen is not None and not chosen.all():
        shown = np.zeros(count, np.uint8)  # of each label
        shown[1:][chosen] = 255
        inked = shown[labels[top:bottom, left:right]]
    return around, inked, 1 if chosen is None else int(np.count_nonzero(chosen))


def _chosen(labels: MatLike, boxes: MatLike) -> Chosen:  # (H, W), (n, 5) -> (n,)
    large = _large(boxes)
    if np.count_nonzero(large) > 1:
        large = _without_edges(labels, boxes, large)
    if 1 < np.count_nonzero(large) <= FEW:
        large = _without_lines(boxes, large)
    if 1 < np.count_nonzero(large) <= FEW:
        large = _without_strays(boxes, large)
    return large


def _large(boxes: MatLike, among: Chosen | bool = True) -> Chosen:  # (n, 5), (n,) -> (n,)
    """Tell which components `among` them are no dirt beside the others."""
    areas = boxes[:, cv2.CC_STAT_AREA] * among  # px
    return np.asarray(areas >= max(SPECK * areas.max(), 1))


def _without_edges(labels: MatLike, boxes: MatLike, large: Chosen) -> Chosen:  # (H, W), (n, 5), (n,) -> (n,)
    """Leave out what lies along the rim and in a corner, where what is left touches no edge: no digit lies so."""
    high, wide = labels.shape
    left, top, width, height = boxes[:, :4].T
    touching = (left == 0) | (top == 0) | (left + width == wide) | (top + height == high)
    if not touching.any():
        return large
    contact = np.bincount(paper.rim(labels), minlength=len(boxes) + 1)[1:]  # px
    four = labels[[0, 0, -1, -1], [0, -1, 0, -1]]
    corners = np.isin(np.arange(1, len(boxes) + 1), four)
    beyond = corners & ((contact >= ALONG * min(high, wide)) | four.all())  # all four of a card are round
    beyond |= _ruled(labels, boxes, large)
    rest = _large(boxes, ~beyond)
    is_digit = (rest & large).any() and not (rest & touching).any() and boxes[rest, 2:4].max() >= GRAIN
    return rest if is_digit else large


def _ruled(labels: MatLike, boxes: MatLike, large: Chosen) -> Chosen:  # (H, W), (n, 5), (n,) -> (n,)
    """Tell straight lines, and nets of them, that go through the whole picture: of ruled paper or of a form."""
    high, wide = labels.shape
    width, height = boxes[:, cv2.CC_STAT_WIDTH], boxes[:, cv2.CC_STAT_HEIGHT]
    through = large & ((width == wide) | (height == high))
    ruled = through & (np.minimum(width, height) <= THIN * max(high, wide))
    for place in np.flatnonzero(through & ~ruled)[:FEW]:  # no paper has more nets
        left, top, *size, area = boxes[place].tolist()
        inked = labels[top : top + size[1], left : left + size[0]] == place + 1
        ruled[place] = _is_net(inked, area, (high, wide))
    return np.asarray(ruled)


def _is_net(inked: NDArray[np.bool_], area: int, shape: tuple[int, int]) -> bool:  # (h, w), px, H and W
    """Tell what is mostly thin lines from edge to edge of the picture."""
    counts = [np.count_nonzero(inked, axis=axis) for axis in (0, 1)]  # px, of each column, of each row
    straight = [count[count >= STRAIGHT * side] for count, side in zip(counts, shape, strict=True)]
    lined = sum(int(count.sum()) for count in straight)  # px
    return bool(lined >= NET * area and max(map(len, straight)) <= 2 * THIN * min(shape))


def _without_strays(boxes: MatLike, large: Chosen) -> Chosen:  # (n, 5), (n,) -> (n,)
    """Leave out taps and full stops: small marks beside the digit or far from it. An i's dot stays: it is no digit."""
    longest = boxes[:, 2:4].max(axis=1)  # (n,), px
    side = longest[large].max()
    small = large & (longest <= STRAY * side)
    if side < CLEAR or not 0 < np.count_nonzero(small) <= STRAYS:
        return large
    left, top, right, bottom = _around(boxes[large & ~small])
    low, high = boxes[:, :2], boxes[:, :2] + boxes[:, 2:4]  # (n, 2)
    gaps = np.maximum([left, top] - high, low - [right, bottom])  # (n, 2), px, across and down
    return np.asarray(large & ~(small & (gaps > np.multiply(APART, side)).any(axis=1)))


def _without_lines(boxes: MatLike, large: Chosen) -> Chosen:  # (n, 5), (n,) -> (n,)
    """Leave out long flat lines, each wholly above or below all else."""
    flat = large & (boxes[:, cv2.CC_STAT_WIDTH] >= FLAT * boxes[:, cv2.CC_STAT_HEIGHT])
    others = large & ~flat
    if not flat.any() or not others.any():
        return large
    around = _around(boxes[others])
    lines = [place for place in np.flatnonzero(flat) if _is_line(boxes[place].tolist(), around)]
    large[lines] = False
    return large


def _is_line(box: list[int], others: Sides) -> bool:  # (5,)
    """Tell a line that is longer than all else, and wholly above or below it."""
    left, top, right, bottom = others
    _, above, width, height, _ = box
    outside = above >= bottom or above + height <= top
    return outside and width >= LONG * max(right - left, bottom - top) and bottom - top >= max(GRAIN, HIGH * height)


def _around(boxes: MatLike) -> Sides:  # (n, 5)
    """Return left, top, right, bottom of what holds all boxes."""
    if len(boxes) > FEW:
        (left, top), (right, bottom) = boxes[:, :2].min(axis=0), (boxes[:, :2] + boxes[:, 2:4]).max(axis=0)
        return int(left), int(top), int(right), int(bottom)
    few = boxes.tolist()  # for them numpy would take longer
    left, top = min(box[0] for box in few), min(box[1] for box in few)
    return left, top, max(box[0] + box[2] for box in few), max(box[1] + box[3] for box in few)


def are_rectangles(boxes: MatLike) -> bool:  # (n, 5)
    """Tell that all components are rectangles, as the holes of a block letter are; a narrow one may be a 1."""
    width, height, area = boxes[:, cv2.CC_STAT_WIDTH], boxes[:, cv2.CC_STAT_HEIGHT], boxes[:, cv2.CC_STAT_AREA]
    return bool(((np.minimum(width, height) >= BROAD) & (area >= SOLID * width * height)).all())
