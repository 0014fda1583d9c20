"""What is drawn around a digit."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.recognition import boxes, ink, png
from app.recognition.paper import Floats
from tests.frames import BLOCKS, Pixels, distance, draw, framed


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


@pytest.mark.parametrize("corner", [255, 0], ids=["whole", "without its corners"])
@pytest.mark.parametrize("holes", [1, 2])
def test_block_letters(holes: int, corner: int) -> None:
    """The 0 and the 8 of thick straight lines are no tiles with a 1 or a colon left out, nor where corners are soft."""
    letter = np.full((185, 120), 255, np.uint8)
    for top in np.linspace(30, 155, holes, endpoint=False).astype(int):
        letter[top : top + 125 // holes - 20 * (holes - 1), 35:85] = 0
    letter[[0, 0, -1, -1], [0, -1, 0, -1]] = corner
    assert not boxes.is_tile(letter)
    sharp = np.pad(255 - letter, 40, constant_values=255)
    frame, blurred = (
        ink.frame(ink.to_ink(np.asarray(one, np.uint8))) for one in (sharp, cv2.GaussianBlur(sharp, (0, 0), 1))
    )
    assert frame is not None
    assert blurred is not None
    assert distance(blurred, frame) < 0.03


@pytest.mark.parametrize("size", [(8, 4), (1, 1)])
def test_a_gap_is_no_digit(size: tuple[int, int]) -> None:
    """A bold stroke with a gap in it is no tile."""
    stroke = np.full((181, 41), 255, np.uint8)
    stroke[90 : 90 + size[0], 18 : 18 + size[1]] = stroke[40, 20] = 0
    assert not boxes.is_tile(stroke)


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


def boxed(canvas: Pixels, *, line: int = 2, inset: int = 0, colour: int = 0) -> Pixels:
    """Draw a box around what is on a canvas."""
    high, wide = canvas.shape
    drawn = np.ascontiguousarray(canvas)
    cv2.rectangle(drawn, (inset, inset), (wide - 1 - inset, high - 1 - inset), colour, line)
    return drawn


def on_screen(canvas: Pixels, page: int) -> Pixels:
    """Put a canvas on a page as a screenshot shows it."""
    screenshot = np.full((400, 500), page, np.uint8)
    screenshot[37 : 37 + len(canvas), 211 : 211 + canvas.shape[1]] = canvas
    return screenshot


def rounded(canvas: Pixels) -> Pixels:
    """Draw a border with round corners, a little within."""
    radius, (low, high) = 20, (6, 193)
    drawn = np.ascontiguousarray(canvas)
    for at, angle in (((low, low), 180), ((high, low), 270), ((high, high), 0), ((low, high), 90)):
        middle = tuple(radius + place if place == low else place - radius for place in at)
        cv2.ellipse(drawn, middle, (radius, radius), angle, 0, 90, 0, 2)
    for place in (low, high):
        cv2.line(drawn, (low + radius, place), (high - radius, place), 0, 2)
        cv2.line(drawn, (place, low + radius), (place, high - radius), 0, 2)
    return drawn


def uneven(canvas: Pixels) -> Pixels:
    """Draw a border whose sides are not equally wide."""
    drawn = np.ascontiguousarray(canvas)
    drawn[:3] = drawn[-8:] = drawn[:, :5] = drawn[:, -3:] = 0
    return drawn


@pytest.mark.parametrize("points", [[(40, 30), (100, 30), (60, 120)], [(100, 30), (100, 170)]], ids=["7", "upright 1"])
@pytest.mark.parametrize(
    "screenshot",
    [
        pytest.param(lambda canvas: boxed(canvas, line=1), id="border of one pixel"),
        pytest.param(lambda canvas: boxed(canvas, line=7), id="thick border"),
        pytest.param(lambda canvas: boxed(canvas, colour=120), id="grey border"),
        pytest.param(lambda canvas: boxed(canvas, inset=9), id="box within"),
        pytest.param(lambda canvas: boxed(boxed(canvas, inset=12)), id="box in a border"),
        pytest.param(uneven, id="uneven border"),
        pytest.param(rounded, id="rounded border"),
        pytest.param(lambda canvas: boxed(255 - canvas, colour=255), id="white border on black"),
        pytest.param(lambda canvas: np.dstack([boxed(canvas), canvas, canvas]), id="blue border"),
        pytest.param(lambda canvas: on_screen(boxed(canvas), 255), id="box on a page"),
        pytest.param(lambda canvas: on_screen(boxed(canvas), 225), id="box on a grey page"),
        pytest.param(lambda canvas: cv2.resize(boxed(canvas, line=3), None, fx=0.7, fy=0.7), id="made smaller"),
    ],
)
def test_a_border_is_no_ink(points: list[tuple[int, int]], screenshot: Callable[[Pixels], Pixels]) -> None:
    """The straight border of a canvas, of one colour, is no ink."""
    canvas = np.full((200, 200), 255, np.uint8)
    cv2.polylines(canvas, [np.array(points, np.int32)], False, 0, 12, cv2.LINE_AA)
    found, plain = (framed(png.write(np.ascontiguousarray(picture))) for picture in (screenshot(canvas.copy()), canvas))
    assert distance(found, plain) < 0.02


@pytest.mark.parametrize("pen", [4, 6])
@pytest.mark.parametrize("bar", [[(80, 140), (200, 140)], [(80, 240), (200, 40)]], ids=["8", "slashed 0"])
def test_thin_block_letters_are_no_boxes(bar: list[tuple[int, int]], pen: int) -> None:
    """A stroke that joins two of the straight strokes around it is a part of their digit."""
    canvas = np.full((280, 280), 255, np.uint8)
    cv2.rectangle(canvas, (80, 40), (200, 240), 0, pen)
    cv2.line(canvas, bar[0], bar[1], 0, pen)
    rows, columns = np.nonzero(framed(png.write(canvas)) > 0.5)
    assert ink.BOX == np.ptp(rows) + 1
    assert abs(np.ptp(columns) + 1 - 12.5) < 1  # 124 of 204 px, a little thicker


def test_a_bar_that_fills_its_picture_is_no_canvas() -> None:
    """A 1 of one straight stroke is read, however tightly it was cut out."""
    bar = np.pad(np.zeros((300, 60), np.uint8), 2, constant_values=255)
    assert framed(png.write(bar)).sum() > 0


@pytest.mark.parametrize("colour", [0, 120])
def test_an_empty_bordered_canvas(colour: int) -> None:
    """A canvas that shows nothing but its border is blank."""
    assert ink.frame(ink.to_ink(boxed(np.full((200, 200), 255, np.uint8), line=3, colour=colour))) is None


@pytest.mark.parametrize("digit", BLOCKS)
@pytest.mark.parametrize("margin", [1, 3, 30])
@pytest.mark.parametrize("blur", [0.0, 2.0])
def test_block_letters_are_no_boxes(digit: str, margin: int, blur: float) -> None:
    """Broad straight strokes that reach their own corners are a digit's, however tightly it was cut out."""
    block = np.array([[int(cell) for cell in row] for row in BLOCKS[digit].split()], np.uint8)
    pixels = np.pad(255 - 255 * np.kron(block, np.ones((16, 16), np.uint8)), margin, constant_values=255)
    if blur:
        pixels = cv2.GaussianBlur(pixels, (0, 0), blur).astype(np.uint8)
        pixels[[0, -1]] = pixels[:, [0, -1]] = 255
    frame = ink.frame(ink.to_ink(np.ascontiguousarray(pixels)))
    assert frame is not None
    rows, columns = np.nonzero(frame > 0.5)
    drawn = frame[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    wanted = cv2.resize(block, drawn.shape[::-1], interpolation=cv2.INTER_NEAREST)
    assert (wanted == (drawn > 0.5)).mean() > 0.75
