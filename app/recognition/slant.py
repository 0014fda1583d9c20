"""The slant of a digit, brought to what is usual."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from app.recognition.paper import Floats

SLANT: Final = (-0.25, 0.05)  # px to the right per px down, about MNIST's median: other hands are brought to these
SHEAR: Final = 0.7  # px per px, taken away at most: what lies flatter than any digit shall not be made one
NARROWEST: Final = 3  # px: what is narrower has no slant
FRINGE: Final = 0.1  # of full ink: columns that a shift leaves with less are no part of the digit


def deslanted(digit: Floats) -> Floats:  # (h, w) -> (h, w')
    """Shift the rows of a digit that was cut out until its slant lies in SLANT, by SHEAR px a row at most.

    LeCun et al. 1998, "Gradient-based learning applied to document recognition", III.A: MNIST's makers had deslanted
    data too, by the second moments. Those were made upright; here the usual slant stays, as digits look by hand.
    """
    height, width = digit.shape
    if width < NARROWEST:
        return digit
    moments = cv2.moments(digit)
    slant = moments["mu11"] / max(moments["mu02"], 1e-6)
    shear = min(max(slant - min(max(slant, SLANT[0]), SLANT[1]), -SHEAR), SHEAR)
    if shear == 0:
        return digit
    room = math.ceil(abs(shear) * (height - 1))  # px that the last row is shifted by, to the left or to the right
    back = np.array([[1, shear, -room if shear > 0 else 0], [0, 1, 0]])  # (2, 3), where each pixel comes from
    moved = cv2.warpAffine(digit, back, (width + room, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    inked = (cv2.reduce(moved, 0, cv2.REDUCE_MAX)[0] >= FRINGE).nonzero()[0]
    return np.asarray(moved[:, inked[0] : inked[-1] + 1], np.float32)
