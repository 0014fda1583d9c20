"""Strokes that tests draw."""

from __future__ import annotations

import math
from collections.abc import Sequence

Stroke = Sequence[tuple[float, float]]

STROKE = ((0.3, 0.3), (0.7, 0.7))
OTHER = ((0.7, 0.3), (0.3, 0.7))
RING = tuple(
    (0.5 + 0.2 * math.sin(turn / 12 * math.tau), 0.5 - 0.3 * math.cos(turn / 12 * math.tau)) for turn in range(13)
)
WRITTEN: dict[int, tuple[Stroke, ...]] = {
    0: (RING,),
    1: (((0.52, 0.2), (0.5, 0.5), (0.48, 0.82)),),
    2: (((0.33, 0.33), (0.42, 0.2), (0.58, 0.2), (0.65, 0.34), (0.55, 0.52), (0.33, 0.8), (0.5, 0.79), (0.7, 0.8)),),
    3: (
        (
            (0.35, 0.25), (0.5, 0.18), (0.62, 0.28), (0.58, 0.42), (0.46, 0.48),
            (0.6, 0.53), (0.66, 0.68), (0.5, 0.82), (0.33, 0.74),
        ),
    ),
    7: (((0.3, 0.26), (0.5, 0.26), (0.68, 0.25), (0.6, 0.45), (0.48, 0.82)),),
}  # fmt: skip
