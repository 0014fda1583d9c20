"""What is sent: a drawing as programs, as the page and as careless clients send it."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import cv2
import numpy as np

from app.recognition import png
from tests.pictures import END, SEVEN, chunk, draw, header

if TYPE_CHECKING:
    from numpy.typing import NDArray


def pictures() -> dict[str, bytes]:
    """Return MNIST's size, a crop of the size the page sends, and a whole canvas, drawn with a soft pen."""
    strokes = np.array([[(60, 60), (200, 60), (120, 230)]])  # (1, 3, 2)
    alpha = cv2.polylines(np.zeros((280, 280), np.uint8), strokes, False, 255, 22, cv2.LINE_AA)  # type: ignore[call-overload]
    canvas = np.dstack([np.zeros((280, 280, 3), np.uint8), alpha])  # black ink on nothing
    crop = cv2.resize(255 - alpha[40:250, 40:220], (53, 62), interpolation=cv2.INTER_AREA)  # geometry.js: CROP, MARGIN
    return {
        "28×28 grey": png.write(draw(*SEVEN)),
        "crop of the page": page_png(crop),
        "280×280 RGBA": png.write(canvas),
    }


def page_png(levels: NDArray[np.uint8]) -> bytes:  # (H, W)
    """Return the PNG that the page sends: 8 bits of grey, neither filtered nor packed (static/js/png.js)."""
    height, width = levels.shape
    rows = np.pad(levels, ((0, 0), (1, 0))).tobytes()  # each behind its filter's byte: none
    return header(width, height) + chunk(b"IDAT", zlib.compress(rows, 0)) + END
