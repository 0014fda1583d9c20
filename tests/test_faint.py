"""Ink that is fainter in places."""

import cv2
import numpy as np
import pytest

from app.recognition import faint, ink
from tests.frames import Pixels, distance, draw

SMALL = cv2.resize(255 - draw(112, at=(26, 11), pen=8), (28, 28), interpolation=cv2.INTER_AREA)
ENLARGED = SMALL.repeat(2, axis=0).repeat(2, axis=1)


def fading(to: float, *, across: bool = False, size: int = 200) -> Pixels:
    """Draw a seven whose ink fades from one side to the other, over its 60 px or its 90."""
    start, length = (40, 60) if across else (30, 90)
    share = np.interp(np.arange(size), [start, start + length], [1, to])
    drawn = (255 - draw(size)) * (share[None] if across else share[:, None])
    return (255 - drawn).astype(np.uint8)


@pytest.mark.parametrize("to", [0.2, 0.35, 0.6])
@pytest.mark.parametrize("across", [False, True])
def test_same_digit_same_frame(to: float, across: bool) -> None:
    """Where ink fades it is framed as where it does not."""
    frame = ink.frame(ink.to_ink(fading(to, across=across)))
    assert frame is not None
    assert distance(frame) < 0.02


def test_what_is_faint_and_apart() -> None:
    """What is as faint, but goes on from no stronger ink, is no ink: a drawing that was wiped off, say."""
    canvas = fading(0.3)
    cv2.line(canvas, (150, 20), (160, 180), 200, 12, cv2.LINE_AA)
    frame = ink.frame(ink.to_ink(canvas))
    assert frame is not None
    assert distance(frame) < 0.02


@pytest.mark.parametrize(
    "levels",
    [
        pytest.param(255 - draw(), id="as strong everywhere"),
        pytest.param(cv2.GaussianBlur(255 - draw(), (5, 5), 0), id="soft edges"),
        pytest.param(ENLARGED, id="enlarged"),
        pytest.param(np.random.default_rng(0).integers(0, 120, (200, 200)).astype(np.uint8), id="noise"),
    ],
)
def test_others_stay(levels: Pixels) -> None:
    """Ink that fades nowhere stays as it is, and so does noise."""
    _, mask = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    found = faint.evened(levels, mask)
    assert levels is found[0]
    assert mask is found[1]
