"""What README.md says is so: its examples run, its tables and its tree match the code."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.recognition.networks import NETWORKS
from app.recognition.weights import read_facts
from app.settings import ROOT, Settings
from training import evaluate, train

README = (ROOT / "README.md").read_text()
ADDRESS = "http://127.0.0.1:8000"


def blocks(language: str) -> list[str]:
    """Return the README's blocks of code in this language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def tables(header: str) -> dict[str, list[str]]:
    """Return the rows of all tables that begin with this line: the code in the first cell -> the other cells."""
    rows = "".join(re.findall(rf"^{re.escape(header)}\n\|[-|]+\|\n((?:\|.*\n)+)", README, re.MULTILINE))
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows.splitlines()]
    return {first.split("`")[1]: others for first, *others in cells if "`" in first}


def run(command: list[str], folder: Path) -> str:
    """Run a command in this folder; return what it printed."""
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.weights
def test_the_examples_run(committed_server: str, tmp_path: Path) -> None:
    """Python and curl get the 7 that is drawn, in an answer of the shape the README shows, from either network."""
    (python,) = blocks("python")
    assert "7 digit\n" == run([sys.executable, "-c", python.replace(ADDRESS, committed_server)], tmp_path)
    if shutil.which("curl") is None:
        pytest.skip("The rest needs curl.")
    (shown,) = map(json.loads, blocks("json"))
    answers = [
        json.loads(run(["bash", "-c", block.replace(ADDRESS, committed_server)], tmp_path)) for block in blocks("bash")
    ]
    assert [7, 7, 7] == [answer["digit"] for answer in answers]
    assert ["cnn", "ff", "cnn"] == [answer["model"]["name"] for answer in answers]
    assert [set(shown)] * 3 == [set(answer) for answer in answers]


def test_every_setting_is_documented() -> None:
    """The table has each DIGITS_* variable with its default, and no other."""
    expected = {}
    for name, field in Settings.model_fields.items():
        default = field.default
        if isinstance(default, Path):
            default = os.path.relpath(ROOT / default, ROOT)
        expected[f"DIGITS_{name.upper()}"] = f"`{str(default).lower()}`"
    assert expected == {name: cells[0] for name, cells in tables("| variable | default | |").items()}


@pytest.mark.weights
def test_the_networks_are_as_their_facts_say() -> None:
    """Parameters and accuracy in the table are those of models/NAME.json."""
    known = {name: read_facts(ROOT / "models", name) for name in NETWORKS}
    expected = {
        name: [f"{facts['parameters']:,}", f"{facts['test']['accuracy']:.2%}".replace("%", " %")]
        for name, facts in known.items()
    }
    assert expected == {
        name: cells[1:] for name, cells in tables("| network | layers | parameters | accuracy |").items()
    }


def test_the_tree_is_the_project_s() -> None:
    """Every file in the tree exists, and every module of the app, the training and the page is in the tree."""
    (tree,) = [block for block in blocks("text") if block.startswith("app/")]
    named: set[str] = set()
    above: list[str] = []
    for line in tree.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        above[depth:] = [line.split()[0]]
        named.add("".join(above))
    assert set() == {path for path in named if not (ROOT / path).exists()}
    patterns = ("app/**/*.py", "training/*.py", "static/js/**/*.js")
    modules = {str(path.relative_to(ROOT)) for pattern in patterns for path in ROOT.glob(pattern)}
    assert set() == {path for path in modules if Path(path).name != "__init__.py"} - named


def test_every_make_target_named_is_one() -> None:
    """No `make X` in README or CHANGELOG fails for want of a rule."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    texts = README + (ROOT / "CHANGELOG.md").read_text()
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", texts, re.MULTILINE))
    assert {"install", "serve", "test", "train", "check", "bench"} <= named
    assert set() == named - targets


@pytest.mark.parametrize("command", [train.main, evaluate.main])
def test_the_options_of_training_are_documented(command: object, capsys: pytest.CaptureFixture[str]) -> None:
    """Each option of the two commands is in the README."""
    assert callable(command)
    with pytest.raises(SystemExit):
        command(["--help"])
    options = set(re.findall(r"^  (--[a-z-]+)", capsys.readouterr().out, re.MULTILINE))
    assert options
    assert set() == {option for option in options if f"`{option}" not in README}


def test_links_lead_somewhere() -> None:
    """Every link and picture within the project names a file that is there."""
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if not link.startswith("http")]
    assert links
    assert [] == [link for link in links if not (ROOT / link).exists()]
