"""PNG bytes -> ink -> frame."""

import io
import subprocess
import sys
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image

from app.recognition import ink, png
from tests.frames import BLOCKS, REFERENCE, Pixels, distance, draw, framed


def encode(image: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", **options)
    return buffer.getvalue()


def test_frame_is_mnists() -> None:
    """The longest side is 20 px, the centre of mass within half a pixel of index 14, full ink is 1."""
    rows, columns = np.nonzero(REFERENCE)
    assert ink.BOX == max(np.ptp(rows), np.ptp(columns)) + 1
    index = np.arange(28)
    mass = REFERENCE.sum()
    assert abs(float((REFERENCE.sum(axis=1) @ index) / mass) - 14) <= 0.5
    assert abs(float((REFERENCE.sum(axis=0) @ index) / mass) - 14) <= 0.5
    assert float(REFERENCE.max()) == 1.0
    assert float(REFERENCE.min()) == 0.0


@pytest.mark.parametrize(
    "canvas",
    [
        pytest.param(draw(at=(100, 90)), id="elsewhere"),
        pytest.param(draw(paper=0, colour=255), id="white on black"),
        pytest.param(draw(paper=170, colour=120), id="grey on grey"),
        pytest.param(draw(500), id="larger canvas"),
        pytest.param(cv2.resize(draw(), (400, 400), interpolation=cv2.INTER_LINEAR), id="twice as large"),
    ],
)
def test_same_digit_same_frame(canvas: Pixels) -> None:
    """Place, size, canvas and colours of a drawing make no difference to its frame."""
    assert distance(framed(png.write(canvas.astype(np.uint8)))) < 0.02


def test_transparent() -> None:
    """Ink on a transparent canvas is seen in any colour, also white, also where alpha 0 hides white."""
    alpha = Image.fromarray(255 - draw())
    for colour in ("black", "white", "yellow", "#88f"):
        image = Image.new("RGB", alpha.size, colour)
        image.putalpha(alpha)
        assert distance(framed(encode(image))) < 0.02, colour


def test_colours_on_nothing() -> None:
    """Strokes of several colours on a transparent canvas bring no paper of their own."""
    canvas = draw()
    image = Image.fromarray(canvas).convert("RGBA")
    pixels = np.array(image)
    pixels[:60, :, :3], pixels[60:, :, :3] = (200, 30, 30), (20, 60, 190)
    pixels[..., 3] = 255 - canvas
    assert distance(framed(png.write(pixels))) < 0.02


def test_rounded_card() -> None:
    """A picture of dark ink on pale paper with a transparent margin shows the ink, not the paper."""
    card = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    card.paste(Image.fromarray(draw()).convert("RGBA"), (50, 50))
    assert distance(framed(encode(card))) < 0.02


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_modes(mode: str) -> None:
    """Every kind of PNG pixel is read alike."""
    canvas = draw()
    image = Image.fromarray(canvas)
    image = (
        Image.fromarray(canvas.astype(np.uint16) * 257)
        if mode == "I;16"
        else image.convert(mode, dither=Image.Dither.NONE)
    )
    assert distance(framed(encode(image))) < 0.03


def test_coloured_ink() -> None:
    """Red ink on blue paper of the same brightness is seen by its colour."""
    mask = draw()[..., None] / np.float32(255)
    picture = mask * np.array([90, 90, 255]) + (1 - mask) * np.array([200, 70, 60])
    assert distance(framed(png.write(picture.astype(np.uint8)))) < 0.03


def test_noise_and_specks() -> None:
    """Noise in the paper and a few specks of dirt do not move the frame."""
    random = np.random.default_rng(0)
    canvas = draw(280).astype(np.float32) * 0.8 + 25 + random.normal(0, 8, (280, 280))
    canvas[250:252, 250:252] = 40
    canvas[5, 5] = 0
    assert distance(framed(png.write(canvas.clip(0, 255).astype(np.uint8)))) < 0.03


@pytest.mark.parametrize("chalk", [False, True])
def test_photo(chalk: bool) -> None:
    """A lamp to one side and the edge of a shadow do not hide ink on paper, nor chalk on a board."""
    random = np.random.default_rng(0)
    drawn = draw(280, pen=8).astype(np.float32) / 255  # 1: paper
    across, down = np.meshgrid(np.linspace(0, 1, 280), np.linspace(0, 1, 280))
    lamp = 1 - 0.4 * across - 0.35 / (1 + np.exp(-30 * (down - 0.45)))
    picture = ((60 + 170 * (1 - drawn)) if chalk else (60 + 170 * drawn)) * lamp
    noisy = (picture + random.normal(0, 3, picture.shape)).clip(0, 255).astype(np.uint8)
    assert distance(framed(png.write(noisy))) < 0.045


@pytest.mark.parametrize("pen", range(2, 41, 2))
@pytest.mark.parametrize("lean", [0, 1, 6])
def test_a_plain_one(pen: int, lean: int) -> None:
    """A straight line, upright to the pixel or nearly so, stays one with any pen: 20 px high, in the middle, slim."""
    canvas = np.full((200, 200), 255, np.uint8)
    cv2.line(canvas, (100 + lean, 30), (100, 170), 0, pen)
    rows, columns = np.nonzero(framed(png.write(canvas)) > 0.5)
    assert ink.BOX - 1 <= np.ptp(rows) + 1 <= ink.BOX
    assert abs(rows.mean() - 14) <= 1
    assert abs(columns.mean() - 14) <= 1
    assert np.ptp(columns) + 1 <= 4


def test_any_pen() -> None:
    """Pens of a thirtieth to a fifth of the digit's height leave much the same frame."""
    for pen in (3, 6, 12, 18):
        frame = framed(png.write(draw(pen=pen)))
        assert distance(frame) < 0.05, pen
        assert 0.5 < float(frame.sum() / REFERENCE.sum()) < 1.3, pen  # as drawn: 0.3 to 1.5


def test_dot_becomes_ink() -> None:
    """A single tap is ink, brought to the 20-pixel box."""
    canvas = np.full((100, 100), 255, np.uint8)
    cv2.circle(canvas, (20, 80), 5, 0, -1)
    assert float(framed(png.write(canvas)).sum()) > 200


@pytest.mark.parametrize("size", [(1, 1), (28, 28), (3, 500)])
def test_blank(size: tuple[int, int]) -> None:
    """An empty canvas has no frame, whatever its size."""
    pixels = ink.read_png(png.write(np.full(size, 200, np.uint8)))
    assert ink.frame(pixels) is None
    assert ink.squash(pixels) is None


def test_squash_keeps_an_mnist_frame() -> None:
    """Without framing, a 28x28 picture of white on black goes through unchanged."""
    levels = np.round(REFERENCE * 255).astype(np.uint8)
    squashed = ink.squash(ink.read_png(png.write(levels)))
    assert squashed is not None
    np.testing.assert_allclose(levels / np.float32(255), squashed, atol=1e-6)


def test_recognition_knows_nothing_of_the_web() -> None:
    """Importing every module of app.recognition imports neither FastAPI nor the training code."""
    code = (
        "import sys; from app.recognition import classifier, ink, networks, weights;"
        "sys.exit(','.join({'fastapi', 'starlette', 'training'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)


@pytest.mark.parametrize("shape", [(2000, 2000), (33, 4000), (361, 363)])
def test_dots_without_number(shape: tuple[int, int]) -> None:
    """A picture of nothing but dots, far more than 65,535 of them or just too few for that, is framed as any other."""
    pixels = np.full(shape, 255, np.uint8)
    pixels[::2, ::2] = 0
    frame = ink.frame(ink.to_ink(pixels))
    assert frame is not None
    assert (28, 28) == frame.shape


def boxed(canvas: Pixels, *, line: int = 2, inset: int = 0, colour: int = 0) -> Pixels:
    """Draw a box around what is on a canvas."""
    high, wide = canvas.shape
    drawn = np.ascontiguousarray(canvas)
    cv2.rectangle(drawn, (inset, inset), (wide - 1 - inset, high - 1 - inset), colour, line)
    return drawn


def on_page(canvas: Pixels, page: int) -> Pixels:
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
        pytest.param(lambda canvas: on_page(boxed(canvas), 255), id="box on a page"),
        pytest.param(lambda canvas: on_page(boxed(canvas), 225), id="box on a grey page"),
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
