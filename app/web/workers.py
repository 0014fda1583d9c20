"""Several workers: each a process of its own, watched by the first."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing.connection import wait
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING, Final

from uvicorn.supervisors.multiprocess import Multiprocess, Process

from app.web.metrics import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY: Final = "/dev/shm"  # a folder that is no disk, where there is one  # noqa: S108

logger = logging.getLogger(__name__)


class Workers(Multiprocess):
    """uvicorn's workers, but for their end, and without its pings: on a busy machine they kill who still starts."""

    def keep_subprocess_alive(self) -> None:
        """Replace those that have died; where there is no room for another process now, there may be later."""
        if self.should_exit.is_set():
            return
        for index, worker in enumerate(self.processes):
            if not worker.process.is_alive():
                logger.error("Worker %s died, with exit code %s.", worker.pid, worker.exitcode)
                replacement = Process(self.config, self.sockets)
                with suppress(OSError):
                    replacement.start()
                    self.processes[index] = replacement

    def run(self) -> None:
        """Serve until told to end; where one cannot even be started, those that were do not stay; raises OSError."""
        try:
            super().run()
        finally:
            for worker in self.processes:
                if worker.process.is_alive():
                    worker.process.terminate()

    def handle_hup(self) -> None:
        """End, as one worker does: new weights need no restart, and a terminal says so when it is closed."""
        self.handle_term()

    def terminate_all(self) -> None:
        """Tell each to end; who comes now is refused at once, and not left waiting for somebody to answer."""
        for listener in self.sockets:
            listener.close()
        super().terminate_all()


@contextmanager
def shared_metrics() -> Iterator[None]:
    """Give workers a folder to share their metrics in, unless they have one; raises OSError where none can be made.

    In memory, if there is a way: a disk is full sooner, and slower.
    """
    with ExitStack() as stack:
        if FOLDER not in os.environ:
            memory = MEMORY if os.access(MEMORY, os.W_OK) else None
            os.environ[FOLDER] = stack.enter_context(TemporaryDirectory(prefix="digits-metrics-", dir=memory))
        yield


def end_with_parent() -> None:
    """End this worker, in good order, when the process that watches it has died and can tell it no more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
