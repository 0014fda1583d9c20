"""The audit of the dependencies, with a pip-audit of our own: what it says decides."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from app.settings import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PIP_AUDIT = """
import pathlib, sys
report, errors = {report!r}, {errors!r}
(path,) = [option.partition("=")[2] for option in sys.argv if option.startswith("--output=")]
pathlib.Path(path).write_text(report)
sys.exit(errors)
"""
FOUND = (
    '{"dependencies": [{"name": "one", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]},'
    ' {"name": "two", "skip_reason": "not found"}]}'
)


@pytest.mark.parametrize(
    ("report", "errors", "status", "said"),
    [
        ("", "requests.exceptions.ConnectionError: no route", 0, "NOTHING WAS AUDITED"),
        ("", "Tip: your network may be blocking this service.", 0, "NOTHING WAS AUDITED"),
        ("", "ERROR: invalid requirement", 1, "audit: pip-audit failed"),
        ("", "", 1, "audit: pip-audit failed"),
        ('{"dependencies": [{"name": "two", "skip_reason": "not found"}]}', "", 0, "NOTHING WAS AUDITED"),
        ('{"dependencies": [{"name": "one", "version": "1", "vulns": []}]}', "", 0, "1 of 1 packages are known, 0"),
        (FOUND, "", 1, "audit: one 1: X-1, fixed in 2\naudit: 1 of 2 packages are known, 1 with"),
    ],
)
def test_audit(tmp_path: Path, report: str, errors: str, status: int, said: str) -> None:
    """Only a service that cannot be reached is no failure, beside dependencies without vulnerabilities."""
    (tmp_path / "pip_audit.py").write_text(PIP_AUDIT.format(report=report, errors=errors))
    done = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "audit.py")],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (status, True) == (done.returncode, said in done.stdout + done.stderr), done
