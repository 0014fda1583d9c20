"""Pictures of few pixels, and what screens make of them."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from app.recognition import coarse, ink
from app.settings import ROOT
from app.web import models
from tests.frames import Pixels, distance, draw
from training import data


def few(side: int) -> Pixels:
    """Draw a seven on so many pixels."""
    return cv2.resize(draw(112, at=(26, 11)), (side, side), interpolation=cv2.INTER_AREA).astype(np.uint8)


def large(pixels: Pixels, side: int) -> Pixels:
    """Enlarge each pixel to a rectangle, as a screen shows a small picture."""
    return cv2.resize(pixels, (side, side), interpolation=cv2.INTER_NEAREST).astype(np.uint8)


@pytest.mark.parametrize(("few_px", "side"), [(8, 160), (8, 100), (14, 280), (16, 90), (20, 40), (20, 220)])
def test_as_drawn(few_px: int, side: int) -> None:
    """A picture whose pixels were enlarged is framed as it was before, by whatever factor."""
    small = few(few_px)
    for pixels in (small, np.dstack([small] * 3), np.dstack([small, small, small, 255 - small])):
        assert np.array_equal(pixels, coarse.as_drawn(large(pixels, side), ink.BOX))
        assert np.array_equal(ink.to_ink(pixels), ink.to_ink(large(pixels, side)))


def test_margin() -> None:
    """Paper around it that no pixel of the digit tells the size of is brought back to that size too."""
    small = np.pad(few(12), ((4, 9), (2, 11)), constant_values=255)
    assert np.array_equal(small, coarse.as_drawn(np.kron(small, np.ones((10, 10), np.uint8)), ink.BOX))


@pytest.mark.parametrize(
    "pixels",
    [
        pytest.param(draw(), id="soft edges"),
        pytest.param(np.where(draw() > 127, 255, 0).astype(np.uint8), id="hard edges"),
        pytest.param(np.full((60, 60), 255, np.uint8), id="nothing"),
        pytest.param(np.random.default_rng(0).integers(0, 256, (60, 60)).astype(np.uint8), id="noise"),
        pytest.param(np.repeat(few(16), 8, axis=1).astype(np.uint8), id="wider only"),
        pytest.param(large(few(40), 280), id="as many pixels as a frame's digit"),
        pytest.param(np.pad(np.zeros((60, 20), np.uint8), 40, constant_values=255), id="one rectangle"),
    ],
)
def test_others_stay(pixels: Pixels) -> None:
    """Any other picture stays as it is."""
    assert pixels is coarse.as_drawn(pixels, ink.BOX)


@pytest.mark.parametrize("side", [8, 10, 14])
def test_few_pixels(side: int) -> None:
    """A seven on few pixels is framed much as a large one; on ten it was twice as far off before it was enlarged."""
    frame = ink.frame(ink.to_ink(few(side)))
    assert frame is not None
    assert distance(frame) < 0.05


@pytest.mark.parametrize("side", [1, 2, 3])
def test_too_few(side: int) -> None:
    """A dot of so few pixels that no digit is in it is framed as it is."""
    canvas = np.full((12, 12), 255, np.uint8)
    canvas[4 : 4 + side, 5 : 5 + side] = 0
    frame = ink.frame(ink.to_ink(canvas))
    assert frame is not None
    assert 400 == np.count_nonzero(frame == 1)


@pytest.mark.weights
@pytest.mark.usefixtures("mnist_5k_once")
@pytest.mark.parametrize(("side", "right"), [(8, 0.96), (10, 0.97)])
def test_read(side: int, right: float, tmp_path: Path) -> None:
    """Real digits of so few pixels a side, enlarged to squares on a screen, are read by the CNN."""
    written = data.load("mnist-5k", tmp_path, seed=0).validation
    frames = []
    for frame in written.frames.numpy():
        rows, columns = (np.flatnonzero(frame.any(axis=axis)) for axis in (1, 0))
        digit = frame[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        size = [max(1, round(length * side / max(digit.shape))) for length in digit.shape[::-1]]
        small = np.pad(cv2.resize(digit, size, interpolation=cv2.INTER_AREA), 2)
        frames.append(ink.frame(ink.to_ink(np.kron(small, np.ones((12, 12), np.uint8)))))
    model = models.read(ROOT / "models", "cnn", torch.device("cpu"))
    found = models.ask(model, model, [frame for frame in frames if frame is not None])
    assert len(written.labels) == len(found)
    assert np.mean([one.digit == label for one, label in zip(found, written.labels.tolist(), strict=True)]) >= right
