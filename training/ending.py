"""How the commands end: with an exit status and, where something goes wrong, with one line that says what."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from app.recognition.weights import WeightsError
from training.data import DataError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def status(
    work: Callable[[], None],
    otherwise: Path,
    kept: Callable[[], str] = lambda: "",
    interrupted: Callable[[], str] = lambda: "Interrupted.",
) -> int:
    """Do the work; return the exit status.

    `otherwise` is named where nothing else is known to have failed; `kept` says after a failure what is as it was,
    `interrupted` after Ctrl-C how to go on, nothing where another process says it.
    """
    try:
        work()
        sys.stdout.flush()
    except (DataError, WeightsError) as error:
        return _failed(str(error))
    except FloatingPointError as error:
        return _failed(f"{error} {kept()}")
    except OSError as error:
        where = error.filename or otherwise
        if _output_failed():
            if isinstance(error, BrokenPipeError):  # whoever read this has left, as `| head` does
                return 1
            where = "the standard output"
        return _failed(f"{where} cannot be read or written ({error.strerror or error}). {kept()}")
    except KeyboardInterrupt:
        if said := interrupted():
            print(f"\n{said}", file=sys.stderr)
        return 130
    return 0


def _failed(reason: str) -> int:
    print(f"error: {reason.rstrip()}", file=sys.stderr)
    return 2


def _output_failed() -> bool:
    """Tell whether the standard output takes no more; what is left for it is dropped, or Python would fail over it."""
    try:
        print(flush=True)  # an empty line tells where nothing is buffered, too
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return True
    return False
