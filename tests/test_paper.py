"""What ink lies on."""

import numpy as np
import pytest

from app.recognition import paper
from tests.test_ink import draw


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
