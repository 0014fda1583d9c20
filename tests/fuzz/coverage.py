"""Coverage-guided fuzzing of the PNG reader, by Atheris: ``python -m tests.fuzz.coverage -max_total_time=60``."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["app.recognition.png", "app.recognition.chunks"]):
    from app.recognition import chunks, png

from app.recognition import ink
from tests.fuzz.bodies import seeds
from tests.pictures import join

LIMITS = png.Limits(max_side=64, max_pixels=4096)


def read(data: bytes) -> None:
    """Read and frame what may be a PNG: nothing but a PngError may come of it."""
    try:
        frame = ink.frame(ink.read_png(data, LIMITS))
    except png.PngError:
        return
    assert frame is None or frame.shape == (28, 28)


def repaired(data: bytes, most: int, seed: int) -> bytes:
    """Mutate as libFuzzer does, then put lengths and checksums right, so that it can get behind them."""
    del seed
    mutated = atheris.Mutate(data, most)
    try:
        position, parts = len(chunks.SIGNATURE), []
        while position + 8 <= len(mutated):
            length = min(int.from_bytes(mutated[position : position + 4]), len(mutated) - position - 8)
            parts.append((mutated[position + 4 : position + 8], mutated[position + 8 : position + 8 + length]))
            position += 12 + length
    except ValueError:
        return bytes(mutated)
    return join(parts)[:most]


def main() -> None:
    """Go on until told to stop, beginning with good PNGs."""
    import tempfile  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds()):
            (Path(corpus) / str(number)).write_bytes(seed)
        atheris.Setup([sys.argv[0], corpus, *sys.argv[1:]], read, custom_mutator=repaired)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
