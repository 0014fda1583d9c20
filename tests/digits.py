"""A few digits in MNIST's own format: bars as wide as their place in it, under any label."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

import numpy as np

from tests.pictures import draw

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

COUNTS: Final = {"train": 30, "t10k": 20}  # by how the names of MNIST's files begin


def frame(index: int) -> NDArray[np.uint8]:  # (28, 28)
    """Return the digit at this place."""
    return draw((4, 6, 24, 8 + index // 2))


def labels(count: int) -> NDArray[np.uint8]:  # (count,)
    """Return what so many digits are said to be."""
    return np.random.default_rng(count).integers(0, 10, count, np.uint8)


def write_mnist(root: Path) -> Path:
    """Write them below a data root."""
    folder = root / "MNIST" / "raw"
    folder.mkdir(parents=True)
    for split, count in COUNTS.items():
        pixels = b"".join(frame(index).tobytes() for index in range(count))
        images = struct.pack(">4I", 2051, count, 28, 28) + pixels
        (folder / f"{split}-images-idx3-ubyte").write_bytes(images)
        (folder / f"{split}-labels-idx1-ubyte").write_bytes(struct.pack(">2I", 2049, count) + labels(count).tobytes())
    return root
