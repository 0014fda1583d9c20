"""What is drawn around a digit."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.recognition import boxes, ink
from app.recognition.paper import Floats
from tests.test_ink import Pixels, distance, draw


def on_page(tile: Pixels, page: int = 255, size: int = 400, at: tuple[int, int] = (40, 70)) -> Pixels:
    """Lay a tile on a page."""
    picture = np.full((size, size, *tile.shape[2:]), page, np.uint8)
    picture[at[0] : at[0] + tile.shape[0], at[1] : at[1] + tile.shape[1]] = tile
    return picture


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(np.pad(255 - draw(), 8, constant_values=255), id="a margin around it"),
        pytest.param(on_page(255 - draw(150)), id="small on a page"),
        pytest.param(on_page(draw(150), page=0), id="paper on black"),
        pytest.param(on_page(draw(150, paper=60, colour=250), page=250, size=170, at=(10, 5)), id="grey"),
        pytest.param(on_page(draw(150, paper=90, colour=0), page=230, size=240), id="darker than its tile"),
    ],
)
def test_tile(picture: Pixels) -> None:
    """A digit that is left out of a filled rectangle, the page's colour or another, is framed as any."""
    frame = ink.frame(ink.to_ink(picture))
    assert frame is not None
    assert distance(frame) < 0.04


def test_small_tile() -> None:
    """So is one of MNIST's size, in a margin of a pixel."""
    digit = cv2.resize(255 - draw(112, at=(26, 11)), (28, 28), interpolation=cv2.INTER_AREA)
    frame = ink.frame(ink.to_ink(np.pad(digit, 1, constant_values=255).astype(np.uint8)))
    assert frame is not None
    assert distance(frame) < 0.03


@pytest.mark.parametrize("holes", [1, 2])
def test_block_letters(holes: int) -> None:
    """The 0 and the 8 of thick straight lines are no tiles with a 1 or a colon left out."""
    letter = np.full((90, 50), 255, np.uint8)
    for top in np.linspace(15, 75, holes, endpoint=False).astype(int):
        letter[top : top + 60 // holes - 10 * (holes - 1), 15:35] = 0
    assert not boxes.is_tile(letter)
    assert 1 + holes == cv2.connectedComponents(255 - letter)[0]


@pytest.mark.parametrize("pen", [8, 14, 18])
def test_a_box_that_is_touched(pen: int) -> None:
    """A digit that touches a line of its box is framed without it, however thick its pen."""
    canvas = draw(pen=pen)
    cv2.rectangle(canvas, (10, 28 - pen // 2), (130, 140), 0, 2)
    frame, alone = (ink.frame(ink.to_ink(picture)) for picture in (canvas, draw(pen=pen)))
    assert frame is not None
    assert distance(frame, alone) < 0.03


@pytest.mark.parametrize("digit", [12, 16, 18])
def test_a_small_digit_in_a_box(digit: int) -> None:
    """A digit of few pixels, which is enlarged before it is cut out, joins no lines of its box by that."""
    small = cv2.resize(draw(112, at=(26, 11)), (digit + 4, digit + 4), interpolation=cv2.INTER_AREA).astype(np.uint8)
    canvas = on_page(small, size=70, at=(25, 25))
    alone = ink.frame(ink.to_ink(canvas))
    cv2.rectangle(canvas, (10, 10), (58, 58), 0, 1)
    frame = ink.frame(ink.to_ink(canvas))
    assert frame is not None
    assert distance(frame, alone) < 0.01


def test_boxes_around_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many boxes there are around each other, only so many are looked into: each takes its time."""
    drawn = np.zeros((1200, 1200), np.float32)
    for number in range(20):
        cv2.rectangle(drawn, (25 * number, 25 * number), (1199 - 25 * number, 1199 - 25 * number), 1, 2)
    looked: list[tuple[int, ...]] = []
    once = boxes.inside

    def counted(box: Floats, inked: NDArray[np.uint8]) -> Floats:
        looked.append(box.shape)
        return once(box, inked)

    monkeypatch.setattr(boxes, "inside", counted)
    assert ink.frame(drawn) is not None
    assert ink.LOOKS == len(looked)
