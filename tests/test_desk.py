"""The paper in a picture that shows more than paper."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from app.recognition import desk, ink, paper, png
from tests.frames import BLOCKS, Pixels, distance, framed

SEVEN = [(70, 60), (130, 60), (90, 150)]
ONE = [(100, 40), (100, 160)]
BLUE, BROWN, NIGHT = (58, 110, 165), (96, 66, 44), (24, 26, 27)


def canvas(points: list[tuple[int, int]], *, pen: int = 12) -> Pixels:
    drawn = np.full((200, 200, 3), 255, np.uint8)
    cv2.polylines(drawn, [np.array(points, np.int32)], False, (0, 0, 0), pen, cv2.LINE_AA)
    return drawn


def sheet(pixels: Pixels) -> Pixels | None:
    return desk.sheet(pixels, ink._distance(pixels, paper.colour(pixels)))


def on(page: tuple[int, int, int], drawn: Pixels) -> Pixels:
    """Put a canvas on a page as a screenshot shows it."""
    screenshot = np.full((260, 330, 3), page, np.uint8)
    screenshot[37:237, 111:311] = drawn
    return screenshot


def in_window(drawn: Pixels) -> Pixels:
    """Put a canvas in a window with a frame and a title bar."""
    screenshot = np.pad(drawn, ((20, 1), (1, 1), (0, 0)), constant_values=120)
    screenshot[1:20, 1:-1] = 222
    return screenshot


def on_desk(drawn: Pixels) -> Pixels:
    """Put a sheet on a desk, a little turned, with a photo's grain."""
    turn = cv2.getRotationMatrix2D((100, 100), 2, 1) + np.array([[0, 0, 60], [0, 0, 30]])
    photo = cv2.warpAffine(drawn, turn, (320, 260), borderValue=BROWN).astype(np.float32)
    return (photo * 0.9 + np.random.default_rng(0).normal(0, 4, photo.shape)).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("points", [SEVEN, ONE], ids=["7", "upright 1"])
@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(lambda drawn: on(BLUE, drawn), id="on a blue page"),
        pytest.param(lambda drawn: on(NIGHT, drawn), id="on a dark page"),
        pytest.param(lambda drawn: on(NIGHT, drawn)[..., 0], id="on a dark page, grey"),
        pytest.param(lambda drawn: on(BLUE, 255 - drawn), id="white ink on black"),
        pytest.param(lambda drawn: cv2.resize(on(BLUE, drawn), None, fx=3, fy=3), id="large"),
        pytest.param(in_window, id="in a window"),
        pytest.param(on_desk, id="sheet on a desk"),
        pytest.param(lambda drawn: on((255, 255, 255), 255 - drawn), id="white ink on black, on a white page"),
        pytest.param(lambda drawn: on((0, 0, 0), drawn)[..., 0], id="black ink on white, on a black page"),
        pytest.param(lambda drawn: np.pad(drawn[..., 0], 25), id="thick frame of the ink's colour"),
    ],
)
def test_digits_are_read_on_their_own_paper(points: list[tuple[int, int]], picture: Callable[[Pixels], Pixels]) -> None:
    """A canvas on a page and a sheet on a desk show the digit that is on them, and not themselves."""
    drawn = canvas(points)
    found = framed(png.write(np.ascontiguousarray(picture(drawn))))
    assert distance(found, framed(png.write(drawn))) < 0.03


@pytest.mark.parametrize("digit", BLOCKS)
@pytest.mark.parametrize("margin", [5, 20, 60])
def test_block_letters_are_no_sheets(digit: str, margin: int) -> None:
    """Broad straight strokes are a digit's, and what is between them are no marks on it."""
    block = np.array([[int(cell) for cell in row] for row in BLOCKS[digit].split()], np.uint8)
    pixels = np.pad(255 - 255 * np.kron(block, np.ones((40, 40), np.uint8)), margin, constant_values=255)
    assert sheet(pixels) is None


@pytest.mark.parametrize("size", [(300, 300), (300, 150)])
def test_a_block_is_no_sheet(size: tuple[int, int]) -> None:
    """What nothing is written on is ink."""
    pixels = np.pad(np.zeros(size, np.uint8), 40, constant_values=255)
    assert sheet(pixels) is None


@pytest.mark.parametrize("points", [[(160, 90), (70, 90), (70, 210), (160, 210), (160, 90)], [(110, 60), (110, 230)]])
@pytest.mark.parametrize("pen", [50, 70, 90])
def test_a_thick_pen_is_no_sheet(points: list[tuple[int, int]], pen: int) -> None:
    """However thick the pen, what it drew is ink, also with a small hole in it."""
    pixels = np.full((280, 230), 255, np.uint8)
    cv2.polylines(pixels, [np.array(points, np.int32)], False, 0, pen, cv2.LINE_AA)
    assert sheet(pixels) is None


@pytest.mark.parametrize("edges", [1, 2])
def test_a_sheet_shows_its_desk(edges: int) -> None:
    """A sheet may leave the picture on one side; what leaves it on two may be light."""
    drawn = on(BLUE, canvas(SEVEN))[:, :311]
    picture = drawn if edges == 1 else drawn[:237]
    assert (edges == 1) == (sheet(np.ascontiguousarray(picture)) is not None)
