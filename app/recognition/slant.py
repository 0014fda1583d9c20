"""The slant of a digit in its frame, brought to what is usual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.recognition.networks import SIDE

if TYPE_CHECKING:
    from cv2.typing import MatLike

    from app.recognition.paper import Floats

SLANT: Final = (-0.25, 0.05)  # px to the right per px down, about MNIST's median: other hands are brought to these
SHEAR: Final = 0.7  # px per px, taken away at most: what lies flatter than any digit shall not be made one


def deslanted(frame: MatLike) -> Floats:  # (28, 28) -> (28, 28)
    """Shift the rows of a frame until its slant lies in SLANT; its centre of mass and its height stay.

    LeCun et al. 1998, "Gradient-based learning applied to document recognition", III.A: MNIST's makers had deslanted
    data too, by the second moments. Those were made upright; here the usual slant stays, as digits look by hand.
    """
    moments = cv2.moments(frame)
    slant = moments["mu11"] / max(moments["mu02"], 1e-6)
    shear = min(max(slant - min(max(slant, SLANT[0]), SLANT[1]), -SHEAR), SHEAR)
    if shear == 0:
        return np.asarray(frame, np.float32)
    middle = moments["m01"] / moments["m00"]
    back = np.array([[1, shear, -shear * middle], [0, 1, 0]])  # (2, 3), where each pixel comes from
    moved = cv2.warpAffine(frame, back, (SIDE, SIDE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return np.asarray(moved, np.float32)
