"""What the Dockerfile promises, as far as it can be shown without a Docker engine."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.main import create_app
from app.settings import ROOT, Settings
from tests.dockerfile import START_WITHIN, environment, instructions, served
from tests.processes import free_port
from tests.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator


def copied() -> set[str]:
    """Return what is copied from the checkout, by its name there."""
    values = [value.split() for _, name, value in instructions() if name == "COPY" and "--from" not in value]
    return {source for value in values for source in value[:-1]}


def ignored(path: str) -> bool:
    """Return whether .dockerignore keeps this path from the engine: the last line that fits it decides."""
    parts = path.split("/")
    above = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    verdict = False
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = line.removeprefix("!")
        if not line or line.startswith("#"):
            continue
        if pattern.startswith("**/"):
            fits = any(fnmatch(part, pattern[3:]) for part in parts)
        else:
            fits = any(fnmatch(parent, pattern) and parent.count("/") == pattern.count("/") for parent in above)
        verdict = not line.startswith("!") if fits else verdict
    return verdict


def exec_form(value: str) -> list[str]:
    """Return the words of an exec-form command, run by this Python; a shell-form one is no JSON."""
    program, *arguments = json.loads(value)
    assert "python" == program
    return [sys.executable, *arguments]


def test_everything_copied_is_there_and_reaches_the_engine() -> None:
    """No COPY names a file that is missing or that .dockerignore holds back."""
    expected = dict.fromkeys(copied(), True)
    assert expected == {path: (ROOT / path).exists() and not ignored(path) for path in expected}


def test_nothing_else_reaches_the_engine() -> None:
    """Of the checkout's top level, the engine is sent what is copied and no more; caches are left out at any depth."""
    sent = {path.name for path in ROOT.iterdir() if not ignored(path.name)}
    assert copied() == sent
    assert ignored("app/web/__pycache__/api.cpython-313.pyc")
    assert ignored("models/.ff.json.7.tmp")
    assert ignored("models/.cnn.0123abcd.run")
    assert not ignored("models/ff.json")


def test_it_serves_as_nobody_in_particular() -> None:
    """The user is a number, so that it can be checked to be no root, and it is none."""
    (user,) = served("USER")
    assert [True, True] == [part.isdigit() and int(part) > 0 for part in user.split(":")]


def test_the_version_is_the_project_s() -> None:
    """The image's label and the service itself state the version of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    label = re.search(r'image\.version="([^"]+)"', " ".join(served("LABEL")))
    assert label
    assert project["version"] == label[1] == create_app(Settings(device="cpu")).version


@pytest.mark.parametrize(
    ("accelerator", "expected"),
    [("cpu", "install --no-deps --index-url WHEELS -c constraints.txt torch torchvision\n"), ("cuda", "")],
)
def test_the_accelerator_chooses_torch(tmp_path: Path, accelerator: str, expected: str) -> None:
    """The build for CPUs takes torch from its own index; the one for CUDA leaves it to the next step."""
    done = choose(tmp_path, accelerator)
    assert (0, expected) == (done.returncode, done.stdout)


def test_an_unknown_accelerator_stops_the_build(tmp_path: Path) -> None:
    """A misspelt build argument is no silent CPU build."""
    done = choose(tmp_path, "rocm")
    assert (1, "ACCELERATOR is cpu or cuda, not rocm\n") == (done.returncode, done.stderr)


def choose(folder: Path, accelerator: str) -> subprocess.CompletedProcess[str]:
    """Run the build's step that chooses torch, with a pip that only tells what it was asked."""
    (script,) = [value for _, name, value in instructions() if name == "RUN" and "$ACCELERATOR" in value]
    pip = folder / "pip"
    pip.write_text('#!/bin/sh\necho "$@"\n')
    pip.chmod(0o755)
    variables = {"PATH": f"{folder}:{os.environ['PATH']}", "ACCELERATOR": accelerator, "CPU_WHEELS": "WHEELS"}
    return subprocess.run(["sh", "-c", script], env=variables, capture_output=True, text=True, check=False)


def test_the_build_installs_the_project_s_dependencies(tmp_path: Path) -> None:
    """The list handed to pip is the one of pyproject.toml."""
    (script,) = [value for _, name, value in instructions() if name == "RUN" and "tomllib" in value]
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, text in (("python", f'exec "{sys.executable}" "$@"'), ("pip", "true")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    subprocess.run(["sh", "-c", script], cwd=tmp_path, env={**os.environ, "PATH": path}, check=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["dependencies"] == (tmp_path / "requirements.txt").read_text().splitlines()


# A container's confinement, as the engine would make it: no writing anywhere, another user, no capabilities. What the
# interpreter needs is put where that user may read it.
CONFINED = """
set -e
base=$1; shift
mount --make-rprivate /
case $base in /root/*)
  hold=$(mktemp -d); mount --bind "$base" "$hold"
  mount -t tmpfs -o mode=0755 none /root; mkdir -p "$base"; mount --move "$hold" "$base";;
esac
mount --bind / / 2>/dev/null || true
mount -o remount,ro,bind /
exec setpriv --reuid "${USER%:*}" --regid "${USER#*:}" --clear-groups --bounding-set=-all --no-new-privs "$@"
"""


def confined(command: list[str]) -> list[str]:
    """Return what runs a command as the image does: skips where this machine cannot do that."""
    (user,) = served("USER")
    box = ["unshare", "--mount", "env", f"USER={user}", "sh", "-c", CONFINED, "sh", sys.base_prefix]
    able = os.geteuid() == 0 and shutil.which("unshare") and shutil.which("setpriv")
    if not able or subprocess.run([*box, "true"], capture_output=True, check=False).returncode:
        pytest.skip("needs root, unshare and setpriv")
    return [*box, *command]


@pytest.fixture
def image() -> Iterator[Path]:
    """Yield a folder, readable for all, with what the image has of the checkout."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for value in served("COPY"):
            source, target = value.split()[-2:]
            if "--from" not in value:
                shutil.copytree(ROOT / source, folder / target, ignore=shutil.ignore_patterns("__pycache__"))
        folder.chmod(0o755)
        yield folder


@pytest.mark.weights
def test_what_is_copied_serves_is_found_healthy_and_stops(image: Path) -> None:
    """The image's files, variables and command serve; its health check says so, and no longer once it has stopped.

    All of it as the image's user, without capabilities, with nothing that can be written to.
    """
    before = set(image.rglob("*"))
    port = free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DIGITS_", "PYTHON"))}
    variables = {**inherited, **environment(), "DIGITS_PORT": str(port)}
    (command,) = served("CMD")
    (health,) = served("HEALTHCHECK")
    check = exec_form(health[health.index("CMD") + 3 :])

    def healthy() -> bool:
        return subprocess.run(check, env=variables, stderr=subprocess.DEVNULL, timeout=30, check=False).returncode == 0

    assert not healthy()
    with subprocess.Popen(confined(exec_form(command)), cwd=image, env=variables) as process:
        try:
            eventually(lambda: process.poll() is not None or healthy(), START_WITHIN)
            assert process.poll() is None
            (user,) = served("USER")
            status = dict(line.split(":\t", 1) for line in Path(f"/proc/{process.pid}/status").read_text().splitlines())
            assert user.split(":")[0] == status["Uid"].split()[0]
            assert 0 == int(status["CapEff"], 16)
        finally:
            (stop,) = served("STOPSIGNAL")
            process.send_signal(signal.Signals[stop])
            assert 0 == process.wait(30)
    assert not healthy()
    assert before == set(image.rglob("*"))
