"""The page's JavaScript, tested by Node's own runner."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from app.settings import ROOT


def test_javascript() -> None:
    """Every test of tests/js passes."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is missing: install Node 20 or newer (nodejs.org) to test the page's JavaScript.")
    command = [node, "--test", *sorted(map(str, (ROOT / "tests" / "js").glob("*.test.js")))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert 0 == done.returncode, done.stdout + done.stderr
