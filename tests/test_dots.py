"""Lines of dots and dashes."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
from cv2.typing import MatLike

from app.recognition import dots, ink
from tests.frames import Pixels, distance

CORNERS = np.array([(40, 30), (100, 30), (60, 120)], np.float64)  # px, of the seven that draw() draws


def dotted(gap: float, *, pen: int = 12, dash: float = 0) -> Pixels:
    """Draw the seven as dots or dashes, `gap` times the pen's width between them."""
    canvas = np.full((200, 200), 255, np.uint8)
    for start, end in pairwise(CORNERS):
        length = float(np.linalg.norm(end - start))
        for at in np.arange(0, length, (1 + gap + dash) * pen):
            here, there = (start + (end - start) * min(way / length, 1) for way in (at, at + dash * pen))
            cv2.line(canvas, here.astype(int).tolist(), there.astype(int).tolist(), 0, pen, cv2.LINE_AA)
    return canvas


def ring(count: int, radius: int = 50, dot: int = 6) -> Pixels:
    """Draw so many dots around nothing."""
    mask = np.zeros((140, 140), np.uint8)
    for angle in np.linspace(0, 2 * np.pi, count, endpoint=False):
        middle = int(70 + radius * np.cos(angle)), int(70 + radius * np.sin(angle))
        cv2.circle(mask, middle, dot, 255, -1)
    return mask


def holes(mask: MatLike) -> int:
    """Return how many pieces of paper there are."""
    return cv2.connectedComponents(255 - np.pad(mask, 1), connectivity=4)[0] - 1


@pytest.mark.parametrize(
    ("canvas", "far"),
    [
        pytest.param(dotted(0.5), 0.035, id="dots"),
        pytest.param(dotted(0.7), 0.055, id="dots further apart"),
        pytest.param(dotted(0.5, dash=1), 0.023, id="dashes"),
    ],
)
def test_same_digit_same_frame(canvas: Pixels, far: float) -> None:
    """A digit of dots or dashes is framed as the line that they make; with its gaps it is a quarter further off."""
    frame = ink.frame(ink.to_ink(canvas))
    assert frame is not None
    assert distance(frame) < far


def test_loop() -> None:
    """The dots of a ring become one piece, around one hole."""
    joined = dots.joined(ring(18), 18)
    assert 2 == cv2.connectedComponents(joined)[0]
    assert 2 == holes(joined)


def test_ink_stays() -> None:
    """Ink is added between the dots, none is taken away."""
    mask = ring(18)
    assert np.array_equal(mask, cv2.bitwise_and(dots.joined(mask, 18), mask))


def test_wide_gaps() -> None:
    """Dots as far apart as the sides of a loop are stay apart."""
    assert 5 == cv2.connectedComponents(dots.joined(ring(6), 6))[0] - 2
