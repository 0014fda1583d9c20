"""PNG bytes -> ink -> frame."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from app.recognition import ink, png
from tests.frames import REFERENCE, Pixels, distance, draw, framed


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
    assert 1.0 == float(REFERENCE.max())
    assert 0.0 == float(REFERENCE.min())


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


@pytest.mark.parametrize("shape", [(2000, 2000), (33, 4000), (361, 363)])
def test_dots_without_number(shape: tuple[int, int]) -> None:
    """A picture of nothing but dots, far more than 65,535 of them or just too few for that, is framed as any other."""
    pixels = np.full(shape, 255, np.uint8)
    pixels[::2, ::2] = 0
    frame = ink.frame(ink.to_ink(pixels))
    assert frame is not None
    assert (28, 28) == frame.shape
