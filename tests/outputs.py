"""Outputs that take nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FULL = Path("/dev/full")  # what is written to it finds no room
needs_full = pytest.mark.skipif(not FULL.exists(), reason="only Linux has a file that is always full")


def unread() -> int:
    """Return the end to write to of a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing
