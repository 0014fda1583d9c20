"""Which part of the code may know which other."""

import subprocess
import sys

import pytest

from app.settings import ROOT

MODULES = sorted(path.stem for path in (ROOT / "app" / "recognition").glob("[!_]*.py"))


@pytest.mark.parametrize(
    ("imported", "unknown"),
    [
        (
            ", ".join(f"app.recognition.{module}" for module in MODULES),
            ["fastapi", "starlette", "pydantic", "app.web", "training"],
        ),
        ("app.main, app.__main__", ["training", "tests"]),
    ],
    ids=["recognition", "app"],
)
def test_what_it_does_not_import(imported: str, unknown: list[str]) -> None:
    """app.recognition knows neither the web nor the training, for training uses it; the service needs no training."""
    code = f"import sys, {imported}; sys.exit(', '.join(set({unknown}) & set(sys.modules)) or 0)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)
