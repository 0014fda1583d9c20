"""`python -m training.train` in the tests' own process, on digits that need no download."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training import train

if TYPE_CHECKING:
    from pathlib import Path


def run(folder: Path, *arguments: str) -> int:
    """Train into this folder; return the exit status."""
    common = ["--dataset", "mnist-5k", "--output-dir", str(folder), "--data-dir", str(folder)]
    return train.main([*common, "--device", "cpu", "--threads", "1", *arguments])


def quick(folder: Path, *arguments: str) -> int:
    """Do the same by the quick recipes."""
    return run(folder, "--quick", *arguments)
