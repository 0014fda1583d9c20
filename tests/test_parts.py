"""Which parts of a picture are the digit's."""

import time
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.recognition import ink, png
from tests.frames import Pixels, distance, draw, framed

Change = Callable[[Pixels], None]


def five(at: tuple[int, int], size: tuple[int, int] = (200, 200)) -> Pixels:
    """Draw a five of straight strokes, 70 px wide and 110 px high, its bar apart from the rest."""
    canvas = np.full(size, 255, np.uint8)
    x, y = at
    cv2.rectangle(canvas, (x + 14, y), (x + 69, y + 9), 0, -1)
    body = np.array([(4, 14), (4, 50), (60, 55), (60, 100), (4, 105)], np.int32)
    cv2.polylines(canvas, [body + np.array(at, np.int32)], False, 0, 9)
    return canvas


def lying(*, dirt: bool) -> NDArray[np.float32]:
    canvas = np.full((200, 200), 255, np.uint8)
    canvas[100:110, 30:170] = 0
    if dirt:
        canvas[40:50, 80:90] = 0
    return framed(png.write(canvas))


def with_lines(*rows: int) -> Change:
    """Return what draws lines of 160 px, a little slanting."""

    def change(canvas: Pixels) -> None:
        for row in rows:
            cv2.line(canvas, (20, row), (180, row + 3), 0, 3)

    return change


def with_shadow(canvas: Pixels) -> None:
    cv2.fillPoly(canvas, [np.array([(0, 120), (30, 150), (60, 199), (0, 199)], np.int32)], 60)


def with_window(canvas: Pixels) -> None:
    cv2.rectangle(canvas, (0, 0), (199, 199), 110, 1)
    canvas[:16] = 60


def with_round_corners(canvas: Pixels) -> None:
    across, down = np.meshgrid(*2 * [np.minimum(np.arange(200), 199 - np.arange(200))])
    canvas[np.hypot(np.maximum(24 - across, 0), np.maximum(24 - down, 0)) > 24] = 40


def with_ruling(canvas: Pixels) -> None:
    canvas[:, 20:22] = canvas[14:16] = canvas[150:152] = canvas[180:182] = 60


def with_many_lines(canvas: Pixels) -> None:
    canvas[[row for row in range(2, 198, 5) if not 20 < row < 130]] = 0


def with_comb(canvas: Pixels) -> None:
    canvas[10:13] = canvas[150:153] = canvas[:, 16:19] = canvas[:, 130:133] = 0


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(with_lines(150), id="line underneath"),
        pytest.param(with_lines(5), id="line above"),
        pytest.param(with_lines(5, 150, 180), id="three lines"),
        pytest.param(lambda canvas: canvas[150:153].fill(0), id="as wide as the picture"),
        pytest.param(lambda canvas: canvas[:, :12].fill(20), id="edge of a scan"),
        pytest.param(lambda canvas: canvas[:14].fill(20), id="title bar"),
        pytest.param(with_shadow, id="shadow in a corner"),
        pytest.param(with_window, id="window"),
        pytest.param(with_round_corners, id="card with round corners"),
        pytest.param(lambda canvas: canvas[:, 20:23].fill(0), id="margin line"),
        pytest.param(with_ruling, id="ruled paper with a margin"),
        pytest.param(with_many_lines, id="narrowly ruled paper"),
        pytest.param(with_comb, id="boxes of a form"),
        pytest.param(lambda canvas: cv2.circle(canvas, (12, 80), 11, 0, -1), id="tap to the left"),
        pytest.param(lambda canvas: cv2.circle(canvas, (150, 118), 6, 0, -1), id="full stop"),
        pytest.param(lambda canvas: cv2.circle(canvas, (70, 185), 6, 0, -1), id="tap far below"),
    ],
)
def test_what_is_no_digit(change: Change) -> None:
    """Lines, what lies along the picture's edge and in its corner, and small marks beside a digit are left out."""
    canvas = draw()
    change(canvas)
    assert distance(framed(png.write(canvas))) < 0.02


def test_no_picture_takes_long() -> None:
    """Hundreds of lines through a large picture are looked at no longer than a few are."""
    canvas = np.full((1024, 4096), 255, np.uint8)
    across = np.arange(canvas.shape[1])
    for line in range(0, 1000, 5):
        canvas[line + abs(across % 8 - 4), across] = 0  # a zigzag: no line is straight
    drawn = ink.to_ink(canvas)
    began = time.process_time()
    ink.frame(drawn)
    assert time.process_time() - began < 2  # s; 0.2 on a slow machine, 5 where each line was held against the picture


@pytest.mark.parametrize(("at", "radius"), [((72, 8), 6), ((70, 135), 7), ((112, 80), 14)], ids=["i", "!", "large"])
def test_what_belongs_to_it(at: tuple[int, int], radius: int) -> None:
    """A dot close above or below a stroke stays, as does a mark that is not small."""
    canvas = draw()
    cv2.circle(canvas, at, radius, 0, -1)
    assert distance(framed(png.write(canvas))) > 0.02


@pytest.mark.parametrize("dirt", [False, True])
def test_a_lying_stroke_stays(dirt: bool) -> None:
    """A long flat stroke alone, or with a speck of dirt above it, is ink."""
    rows, columns = np.nonzero(lying(dirt=dirt) > 0.5)
    assert ink.BOX == np.ptp(columns) + 1
    assert np.ptp(rows) + 1 < (12 if dirt else 4)  # 70 or 10 of 140 px


@pytest.mark.parametrize(
    ("box", "around"),
    [
        pytest.param((90, 50, 6, 70), (60, 128, 66, 4), id="1 on its own line"),
        pytest.param((60, 60, 6, 40), (20, 50, 100, 9), id="broad bar"),
        pytest.param((90, 30, 6, 60), (20, 60, 160, 4), id="line in the middle"),
    ],
)
def test_a_bar_stays(box: tuple[int, int, int, int], around: tuple[int, int, int, int]) -> None:
    """A bar that is no longer than the rest, or broad, or neither above nor below it, is the digit's."""
    canvas = np.full((200, 200), 255, np.uint8)
    for left, top, width, height in (box, around):
        canvas[top : top + height, left : left + width] = 0
    canvas[around[1] - 3 : around[1] + around[3] + 3, box[0] - 3 : box[0] + box[2] + 3] = 255  # apart
    canvas[around[1] : around[1] + around[3], around[0] : around[0] + around[2]] = 0
    rows, columns = np.nonzero(framed(png.write(canvas)) > 0.3)
    right, bottom = max(box[0] + box[2], around[0] + around[2]), max(box[1] + box[3], around[1] + around[3])
    wanted = (right - min(box[0], around[0])) / (bottom - min(box[1], around[1]))
    assert abs((np.ptp(columns) + 1) / (np.ptp(rows) + 1) / wanted - 1) < 0.2


@pytest.mark.parametrize("at", [(65, 0), (65, 90), (0, 45), (130, 45), (0, 0), (130, 0)])
def test_a_digit_at_the_edge_stays_whole(at: tuple[int, int]) -> None:
    """A five whose bar, apart from the rest, lies along the picture's edge is the same five as in its middle."""
    assert distance(framed(png.write(five(at))), framed(png.write(five((60, 40))))) < 0.02


@pytest.mark.parametrize(("at", "size"), [((0, 0), (110, 70)), ((15, 0), (180, 100)), ((20, 0), (110, 90))])
def test_a_digit_cut_out_tightly_stays_whole(at: tuple[int, int], size: tuple[int, int]) -> None:
    """A five that touches the edges of its narrow picture is the same as with room around it."""
    assert distance(framed(png.write(five(at, size))), framed(png.write(five((60, 40))))) < 0.02


def test_a_four_cut_out_tightly_stays_whole() -> None:
    """A four of two strokes, one all along the picture's edge, keeps both."""
    canvas = np.full((160, 120), 255, np.uint8)
    cv2.polylines(canvas, [np.array([(50, 10), (4, 90), (100, 90)], np.int32)], False, 0, 8)
    canvas[:, 110:] = 0
    roomy = np.pad(canvas, 40, constant_values=255)
    assert distance(framed(png.write(canvas)), framed(png.write(roomy))) < 0.02
