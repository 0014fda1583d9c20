"""Build and run the Docker image without a Docker engine: ``python -m tests.image`` (root, debootstrap and unshare).

Every RUN step is executed, in order, in a clean Debian with nothing but Python in it; then the last stage is put
together as its COPY steps say, its command started as its user, its health check run, and its stop signal sent. Not
the engine's: the base is Debian's Python instead of python:slim, and the network is the machine's own.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.settings import ROOT
from tests.dockerfile import START_WITHIN, instructions

if TYPE_CHECKING:
    from collections.abc import Iterator

SUITE: Final = "bookworm"
PACKAGES: Final = "python3,python3-venv,python-is-python3,ca-certificates"


class Root:
    """A folder that is some process's whole world."""

    def __init__(self, path: Path, bound: list[Path]) -> None:
        self.path = path
        self.bound = bound
        self.workdir = "/"
        self.variables = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/root"}

    def command(self, words: list[str], user: str = "0:0") -> list[str]:
        """Return what runs `words` inside, in a mount namespace of its own, with /proc and what is bound."""
        mounts = [f"mount -t proc proc {self.path}/proc", f"mount --rbind /dev {self.path}/dev"]
        for outside in self.bound:
            inside = self.path / str(outside).lstrip("/")
            inside.parent.mkdir(parents=True, exist_ok=True)
            inside.mkdir(exist_ok=True) if outside.is_dir() else inside.touch()
            mounts.append(f"mount --bind {shlex.quote(str(outside))} {shlex.quote(str(inside))}")
        chroot = [
            str(shutil.which("chroot")),
            f"--userspec={user}",
            str(self.path),
            "/bin/sh",
            "-c",
            'cd "$0" && exec "$@"',
            self.workdir,
        ]
        script = " && ".join([*mounts, f"exec {shlex.join([*chroot, *words])}"])
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script]

    def copy(self, sources: list[Path], target: str) -> None:
        """Copy files and folders to `target`, below the working directory unless it begins with a slash."""
        place = self.path / Path(self.workdir, target).relative_to("/")
        for source in sources:
            if source.is_dir():
                shutil.copytree(source, place, symlinks=True, dirs_exist_ok=True)
            else:
                place.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, place)


def run(arguments: argparse.Namespace, folder: Path) -> None:
    """Carry out the Dockerfile, instruction by instruction; raises CalledProcessError where a step fails."""
    options = dict(pair.split("=", 1) for pair in arguments.build_arg)
    stages: list[Root] = []
    for stage, name, value in instructions():
        if name == "FROM":
            stages.append(Root(clean(folder / f"stage-{stage}"), arguments.bind))
        if stage < 0:
            continue
        root = stages[-1]
        print(f"stage {stage}: {name} {value}"[:160], flush=True)
        if name == "ARG":
            key, _, default = value.partition("=")
            root.variables[key] = options.get(key, default)
        elif name == "ENV":
            for pair in shlex.split(value):
                key, _, text = pair.partition("=")
                root.variables[key] = text.replace("$PATH", root.variables["PATH"])
        elif name == "WORKDIR":
            root.workdir = value
            (root.path / value.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif name == "COPY":
            *sources, target = [word for word in value.split() if not word.startswith("--")]
            base = stages[0].path if "--from" in value else ROOT
            root.copy([base / source.lstrip("/") for source in sources], target)
        elif name == "RUN":
            inherited = {key: text for key, text in os.environ.items() if key.startswith("PIP_")}
            subprocess.run(root.command(["sh", "-c", value]), env=inherited | root.variables, check=True)
    serve(stages[-1])


def serve(root: Root) -> None:
    """Start the image's command as its user, wait until its health check is content, and stop it."""
    last = {name: value for stage, name, value in instructions() if stage == instructions()[-1].stage}
    check = json.loads(last["HEALTHCHECK"].partition("CMD")[2])
    started = time.monotonic()
    with subprocess.Popen(root.command(json.loads(last["CMD"]), last["USER"]), env=root.variables) as process:
        try:
            while not healthy(root, check, last["USER"]):
                if process.poll() is not None or time.monotonic() > started + START_WITHIN:
                    raise SystemExit("The health check failed.")
                time.sleep(0.5)
            print(f"healthy after {time.monotonic() - started:.1f} s, as {last['USER']}")
        finally:
            child = int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])
            os.kill(child, signal.Signals[last["STOPSIGNAL"]])
            print(f"stopped with {process.wait(30)}")


def healthy(root: Root, check: list[str], user: str) -> bool:
    """Run the health check inside, as Docker does."""
    inside = root.command(check, user)
    return subprocess.run(inside, env=root.variables, stderr=subprocess.DEVNULL, check=False).returncode == 0


@contextmanager
def scratch(kept: Path | None) -> Iterator[Path]:
    """Yield a folder for the stages, removed afterwards unless it was named."""
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
    else:
        with tempfile.TemporaryDirectory(prefix="digits-image-") as name:
            yield Path(name)


def clean(path: Path) -> Path:
    """Return a Debian with nothing but Python in it."""
    if not path.exists():
        debootstrap = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(path)]
        subprocess.run(debootstrap, check=True, stdout=subprocess.DEVNULL)
    path.chmod(0o755)
    return path


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.image", description=__doc__)
    parser.add_argument("--build-arg", action="append", default=[], metavar="KEY=VALUE", help="as docker build has it")
    parser.add_argument("--bind", type=Path, action="append", default=[], help="of this machine, to be seen inside")
    parser.add_argument("--folder", type=Path, help="keep the stages here")
    arguments = parser.parse_args()
    missing = [tool for tool in ("debootstrap", "unshare", "chroot") if shutil.which(tool) is None]
    if missing or os.geteuid():
        sys.exit(f"This needs root, and debootstrap and unshare: {', '.join(missing) or 'root'} is missing.")
    with scratch(arguments.folder) as folder:
        run(arguments, folder)


if __name__ == "__main__":
    main()
