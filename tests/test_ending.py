"""How the commands end: whatever goes wrong is told in one line, with a status of its own."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from app.recognition.weights import WeightsError
from training.data import DataError
from training.ending import status

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path("models")
NO_ROOM = "No space left on device"


def failing(error: BaseException) -> Callable[[], NoReturn]:
    """Return work that fails."""

    def work() -> NoReturn:
        raise error

    return work


def test_done(capsys: pytest.CaptureFixture[str]) -> None:
    """What went well ends with 0, and nothing is added to what it said."""
    assert 0 == status(lambda: print("done"), FOLDER)
    assert ("done\n", "") == capsys.readouterr()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (DataError("No MNIST."), "No MNIST."),
        (WeightsError("ff.json: cut."), "ff.json: cut."),
        (FloatingPointError("ff has diverged."), "ff has diverged. All is as it was."),
        (OSError(errno.ENOSPC, NO_ROOM, "x.png"), f"x.png cannot be read or written ({NO_ROOM}). All is as it was."),
        (OSError(errno.ENOSPC, NO_ROOM), f"models cannot be read or written ({NO_ROOM}). All is as it was."),
        (OSError("odd"), "models cannot be read or written (odd). All is as it was."),
    ],
    ids=["no data", "no weights", "diverged", "a file", "no file", "no reason"],
)
def test_failed(error: Exception, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What fails ends with 2: which file it was is named where that is known, and what is left as it was."""
    assert 2 == status(failing(error), FOLDER, lambda: "All is as it was.")
    assert f"error: {said}\n" == capsys.readouterr().err


@pytest.mark.parametrize("said", ["Interrupted; the same command goes on.", ""])
def test_interrupted(said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends with 130 and says how to go on, but where another process says that."""
    assert 130 == status(failing(KeyboardInterrupt()), FOLDER, interrupted=lambda: said)
    assert (f"\n{said}\n" if said else "") == capsys.readouterr().err


def test_our_own_mistake() -> None:
    """What nobody foresaw keeps its traceback."""
    with pytest.raises(ZeroDivisionError):
        status(failing(ZeroDivisionError()), FOLDER)
