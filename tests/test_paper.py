"""What ink lies on."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.recognition import paper, png
from tests.frames import distance, draw, framed


@pytest.mark.parametrize("levels", [0, 7, 255, (12, 250)])
def test_the_paper_is_the_borders_median(levels: int | tuple[int, int]) -> None:
    """Paper of one grey, which is seen at a glance, is what the median of any other border is."""
    pixels = np.full((200, 200), np.max(levels), np.uint8)
    pixels[0, :120] = np.min(levels)
    assert np.median(paper.rim(pixels)) == paper.colour(pixels)
    assert (
        np.median(paper.rim(np.dstack([pixels] * 3)), axis=0).tolist() == paper.colour(np.dstack([pixels] * 3)).tolist()
    )


@pytest.mark.parametrize("depth", [1, 3])
def test_a_border_is_no_paper(depth: int) -> None:
    """A border drawn around a picture is not its paper, in grey as in colour; a digit touching one corner is none."""
    pixels = draw()
    pixels[:5] = pixels[-5:] = pixels[:, :5] = pixels[:, -5:] = 120
    assert paper.colour(np.dstack([pixels] * depth).squeeze()).tolist() == (255 if depth == 1 else [255] * depth)
    pixels = np.full((200, 200), 9, np.uint8)
    pixels[1:80, 1:30] = 200
    assert paper.colour(np.dstack([pixels] * depth).squeeze()).tolist() == (9 if depth == 1 else [9] * depth)


@pytest.mark.parametrize("sides", ["top", "top and left", "left and right"])
@pytest.mark.parametrize("depth", [1, 3])
def test_what_lies_beside_the_paper(sides: str, depth: int) -> None:
    """Paper has the colour of most of the picture, though half of the rim is dark; a thick stroke is none."""
    pixels = draw()
    pixels[: 9 * ("top" in sides)] = 20
    pixels[:, : 9 * ("left" in sides)] = 20
    pixels[:, 200 - 9 * ("right" in sides) :] = 20
    picture = np.dstack([pixels] * depth).squeeze()
    assert paper.colour(picture).tolist() == (255 if depth == 1 else [255] * depth)
    assert distance(framed(png.write(picture))) < 0.02
    thick = np.zeros((28, 28), np.uint8)  # a 1 cut out tightly: its paper is the lesser part of the picture
    thick[:, :6] = thick[:, 22:] = 255
    assert 255 == paper.colour(thick)


def lamp(side: int) -> NDArray[np.float64]:  # (side, side)
    """Return how much light there is of a lamp to one side."""
    across, down = np.meshgrid(np.linspace(0, 1, side), np.linspace(0, 1, side))
    return 1 - 0.4 * across - 0.2 * down


def test_glare_is_no_chalk() -> None:
    """A window that shines on a whiteboard does not turn ink and board around."""
    across, down = np.meshgrid(np.linspace(0, 1, 280), np.linspace(0, 1, 280))
    glare = 150 * np.exp(-(((across - 0.75) / 0.16) ** 2) - ((down - 0.2) / 0.16) ** 2)
    picture = (60 + 130 * (draw(280, pen=8, at=(60, 120)) / 255.0)) * lamp(280) + glare
    assert distance(framed(png.write(picture.clip(0, 255).astype(np.uint8)))) < 0.045


def test_a_thick_pen_in_a_photo() -> None:
    """The holes of a thick 8 that fills the photo are no chalk: they are read as the same 8 on plain paper is."""
    drawn = np.full((280, 280), 255, np.uint8)
    for middle, size in (((140, 88), (42, 46)), ((140, 194), (50, 54))):
        cv2.ellipse(drawn, middle, size, 0, 0, 360, 0, 34, cv2.LINE_AA)
    picture = (60 + 150 * (drawn / 255.0)) * lamp(280)
    assert distance(framed(png.write(picture.astype(np.uint8))), framed(png.write(drawn))) < 0.045


def test_ink_as_bright_as_its_paper() -> None:
    """Red ink on green paper is seen in a photo too, where both are the same grey."""
    drawn = draw(280, pen=8)[..., None] / 255.0
    picture = (drawn * np.array([60, 140, 60]) + (1 - drawn) * np.array([216, 60, 60])) * lamp(280)[..., None]
    noisy = picture + np.random.default_rng(0).normal(0, 3, picture.shape)
    assert distance(framed(png.write(noisy.clip(0, 255).astype(np.uint8)))) < 0.045
