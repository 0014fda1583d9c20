"""Frames made from drawings."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn

import numpy as np
import psutil
import pytest
import torch

from app.settings import ROOT
from tests.waiting import eventually
from training import hands, sources
from training.canvas import HABITS, Habit, Pixels, render
from training.data import DataError
from training.sources import Source
from training.strokes import NOTHING, Drawing

LINE = Drawing(1, (np.array([[0, 0], [0, 90]], np.float32),))
SEVEN = Drawing(7, (np.array([[0, 0], [60, 0], [20, 90]], np.float32),))
OWN = Drawing(NOTHING, (np.array([[0, 0], [60, 60], [0, 60], [60, 0]], np.float32),))


def test_drawn() -> None:
    """Drawings come in turn, as frames with their labels; a seed makes the same in any process, another others."""
    source = Source("mine", 601, sources.drawn, (LINE, SEVEN))
    first = sources.make([source], 0)["mine"]
    again, other = (sources.make([replace(source, count=50)], seed)["mine"] for seed in (0, 1))
    assert ("mine", 601, torch.uint8) == (first.name, len(first), first.frames.dtype)
    assert ([1, 7] * 301)[:601] == first.labels.tolist()
    assert first.first(50).digest() == again.digest() != other.digest()
    frames, _ = sources._chunk((source, 0, sources.CHUNK, 101))  # what the second process made
    assert np.array_equal(first.frames[sources.CHUNK :].numpy(), frames)
    assert int(first.frames.flatten(1).amax(dim=1).min()) > 100
    assert not torch.equal(first.frames[1], first.frames[3])  # by another hand, on another canvas


def test_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawings come in turn, as they are, each on all of HABITS, and neighbours on different ones."""
    drawn: list[tuple[Drawing, Habit]] = []

    def rendered(drawing: Drawing, habit: Habit, random: np.random.Generator) -> Pixels:
        drawn.append((drawing, habit))
        return render(drawing, habit, random)

    monkeypatch.setattr(sources, "render", rendered)
    rounds = len(HABITS)
    made = sources.make([Source("mine", 2 * rounds, sources.plain, (LINE, SEVEN))], 0)["mine"]
    assert [1, 7] * rounds == made.labels.tolist()
    for drawing in (LINE, SEVEN):
        assert sorted(map(repr, HABITS.values())) == sorted(repr(habit) for one, habit in drawn if one is drawing)
    assert drawn[0][1] != drawn[1][1]


def test_blended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawings come in turn, with their labels; six of ten are on the way to another of the same digit, or beyond."""
    slanted = Drawing(1, (np.array([[0, 0], [10, 95]], np.float32),))
    source = Source("mine", 200, sources.blended, (LINE, slanted))
    shares: list[float] = []

    def between(one: Drawing, other: Drawing, share: float) -> Drawing | None:
        found = hands.between(one, other, share)
        shares.append(share)
        lying = (np.array([[0, 0], [90, 0]], np.float32),)  # to tell it from all others
        return found and replace(found, strokes=lying)

    monkeypatch.setattr(sources, "hands", SimpleNamespace(between=between))
    made = sources.make([source], 0)["mine"]
    assert [1] * 200 == made.labels.tolist()
    inked = made.frames > 127  # (200, 28, 28)
    blended = inked.any(dim=1).sum(dim=1) > inked.any(dim=2).sum(dim=1)  # (200,)
    assert 90 < int(blended.sum()) == len(shares) < 150
    assert -0.5 <= min(shares) < -0.3
    assert 0.3 < max(shares) <= 0.5


def test_habit() -> None:
    """With a habit, a drawing is drawn as it is."""
    made = sources.make([Source("clean", 3, sources.drawn, (SEVEN,), habit=HABITS["clean canvas"])], 0)["clean"]
    assert torch.equal(made.frames[0], made.frames[1])


def test_kinds() -> None:
    """Taught digits are digits, the rest is not; a source may be empty."""
    wanted = [
        Source("taught", 30, sources.taught),
        Source("others", 30, sources.no_digit, (LINE, SEVEN), (OWN,)),
        Source("none", 0, sources.drawn),
    ]
    made = sources.make(wanted, 0)
    assert int(made["taught"].labels.max()) < NOTHING
    assert [NOTHING] * 30 == made["others"].labels.tolist()
    assert 0 == len(made["none"])


ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
KILLED = """
import os
from training import sources
from training.sources import Source

if __name__ == "__main__":
    sources.make([Source("taught", 10_000_000, sources.taught)], 0)
"""


def test_killed(tmp_path: Path) -> None:
    """The processes that draw end with the one that started them, even when it is killed outright."""
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    with subprocess.Popen([sys.executable, str(script)], env=ENVIRONMENT, start_new_session=True) as parent:
        eventually(lambda: len(_session(parent.pid)) > 2)
        drawing = _session(parent.pid) - {parent.pid}
        assert parent.poll() is None
        parent.kill()
    eventually(lambda: not drawing & _session(parent.pid))


def test_a_process_that_was_ended() -> None:
    """Where the system ends a process that draws, as it does for want of memory, the error says so."""
    with pytest.raises(DataError, match="memory"):
        sources.make([Source("any", 2 * sources.CHUNK, ended)], 0)


def ended(_source: Source, _number: int, _random: np.random.Generator) -> NoReturn:
    """Make no picture."""
    os._exit(9)


INTERRUPTED = """
import sys
from pathlib import Path
from training import sources
from training.sources import Source

def taught(*which):
    Path(sys.argv[1]).touch()
    return sources.taught(*which)

if __name__ == "__main__":
    sources.CHUNK = 100_000  # minutes of work, which nobody is to wait for
    try:
        sources.make([Source("taught", 1_000_000, taught)], 0)
    except KeyboardInterrupt:
        sys.exit(130)
"""


@pytest.mark.parametrize("drawing", [False, True], ids=["starting", "drawing"])
def test_interrupted(tmp_path: Path, drawing: bool) -> None:
    """Ctrl-C, which a terminal sends to all processes, ends the drawing at once, and those that draw say nothing."""
    script, begun = tmp_path / "interrupted.py", tmp_path / "begun"
    script.write_text(INTERRUPTED)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job, and all it starts, ignores it
    command = [sys.executable, str(script), str(begun)]
    with subprocess.Popen(
        command, env=ENVIRONMENT, start_new_session=True, stderr=subprocess.PIPE, text=True
    ) as parent:
        count = 1 + min(2, sources._processors())  # one keeps books of the others
        try:
            eventually(lambda: begun.exists() if drawing else len(_session(parent.pid) - {parent.pid}) >= count)
        finally:
            os.killpg(parent.pid, signal.SIGINT)
        _, errors = parent.communicate(timeout=30)
    assert (130, "") == (parent.returncode, errors)
    eventually(lambda: not _session(parent.pid))  # multiprocessing's book-keeper ends a moment later


def _session(leader: int) -> set[int]:
    """Return the processes of a session that still run."""
    found = set()
    for process in psutil.process_iter(["status"]):
        with suppress(ProcessLookupError):  # it has just ended
            if os.getsid(process.pid) == leader and process.info["status"] != psutil.STATUS_ZOMBIE:
                found.add(process.pid)
    return found
