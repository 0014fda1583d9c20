"""MNIST's digits, as the page should see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.recognition import ink

if TYPE_CHECKING:
    from numpy.typing import NDArray


def framed(levels: NDArray[np.uint8]) -> NDArray[np.float32]:  # (28, 28) -> (28, 28)
    """Return the frame that the service makes of an MNIST digit, as of any picture."""
    frame = ink.frame(levels.astype(np.float32) / np.float32(255))
    assert frame is not None
    return frame
