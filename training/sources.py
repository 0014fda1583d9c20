"""Frames made from drawings: each by another hand, on another canvas, the app's own way from canvas to frame."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from threading import Thread
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import torch
from tqdm import tqdm

from app.recognition import ink
from app.recognition.networks import SIDE
from training import glyphs, hands, nondigits
from training.canvas import HABITS, Habit, Pixels, any_habit, render
from training.data import DataError, Digits
from training.hands import Hand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection

    from numpy.typing import NDArray

    from training.strokes import Drawing

    Job: TypeAlias = tuple["Source", int, int, int]  # its seed, first number and count
    Part: TypeAlias = tuple[NDArray[np.uint8], NDArray[np.int64]]  # (count, 28, 28), (count,)

MASKS: Final = hasattr(signal, "pthread_sigmask")  # Windows has none
CHUNK: Final = 500  # frames that one process makes at a time
OWN: Final = 4  # of so many non-digits one is the user's, where there are any
BLENDED: Final = 0.6  # of the drawings
TRIES: Final = 60  # drawings looked at for one that is alike
HAND: Final = Hand()  # one like any other
CANVASES: Final = tuple(HABITS.values())

Random: TypeAlias = np.random.Generator
Picture: TypeAlias = tuple[Pixels, int]  # and its label
Maker: TypeAlias = Callable[["Source", int, Random], Picture]  # of the source's picture of that number


@dataclass(frozen=True)
class Source:
    """Frames to be made, `count` of them."""

    name: str
    count: int
    make: Maker
    drawings: tuple[Drawing, ...] = ()
    others: tuple[Drawing, ...] = ()  # that show no digit
    habit: Habit | None = None  # None: any


def drawn(source: Source, number: int, random: Random) -> Picture:
    """Draw the source's drawings in turn: as they are where the source has a habit, by any hand where it has none."""
    drawing = source.drawings[number % len(source.drawings)]
    if source.habit is None:
        return _by_any_hand(drawing, random)
    return render(drawing, source.habit, random), drawing.label


def plain(source: Source, number: int, random: Random) -> Picture:
    """Draw the source's drawings in turn as they are, each round of them on other canvases of HABITS."""
    turn, place = divmod(number, len(source.drawings))
    habit = CANVASES[(place + turn) % len(CANVASES)]
    return render(source.drawings[place], habit, random), source.drawings[place].label


def blended(source: Source, number: int, random: Random) -> Picture:
    """Draw the source's drawings in turn by any hand, BLENDED of them partly as somebody else's or less like it."""
    drawing = source.drawings[number % len(source.drawings)]
    if random.random() < BLENDED:
        share = random.uniform(-0.5, 0.5)
        others = (source.drawings[place] for place in random.integers(len(source.drawings), size=TRIES))
        found = (hands.between(drawing, other, share) for other in others)
        drawing = next((one for one in found if one is not None), drawing)
    return _by_any_hand(drawing, random)


def taught(_source: Source, _number: int, random: Random) -> Picture:
    """Draw any digit as a school somewhere teaches it."""
    return _by_any_hand(glyphs.any_digit(random), random)


def no_digit(source: Source, _number: int, random: Random) -> Picture:
    """Draw anything but a digit, one time in OWN a drawing that the user brought as such."""
    if source.others and random.random() < 1 / OWN:
        return _by_any_hand(source.others[int(random.integers(len(source.others)))], random)
    return _by_any_hand(nondigits.any_nondigit(source.drawings, random), random)


def _by_any_hand(drawing: Drawing, random: Random) -> Picture:
    return render(HAND(drawing, random), any_habit(random), random), drawing.label


def make(sources: Sequence[Source], seed: int) -> dict[str, Digits]:
    """Make the frames of every source, by name, in as many processes as there are processors; a seed makes the same."""
    jobs = [
        (source, seed, start, min(CHUNK, source.count - start))
        for source in sources
        for start in range(0, source.count, CHUNK)
    ]
    made: dict[str, list[Part]] = {source.name: [] for source in sources}
    total = sum(source.count for source in sources)
    bar = tqdm(total=total, desc="drawing", unit="img", leave=False, disable=None)
    with bar:
        for (source, *_), part in zip(jobs, _in_processes(jobs), strict=True):
            made[source.name].append(part)
            bar.update(len(part[1]))
    return {name: _digits(name, parts) for name, parts in made.items()}


def _in_processes(jobs: Sequence[Job]) -> Iterator[Part]:
    """Yield what each job makes, in order; a single job is not worth a process."""
    if len(jobs) < 2:
        yield from map(_chunk, jobs)
        return
    spawned = get_context("spawn")  # a fork would copy locks that torch's and OpenCV's threads hold
    count = min(len(jobs), _processors())
    reading, writing = spawned.Pipe(duplex=False)
    with ProcessPoolExecutor(count, spawned, _end_with, (reading,)) as pool, writing:  # closed before the pool waits
        with _interrupts_held():
            parts = [pool.submit(_chunk, job) for job in jobs]  # pool.map would trip over what it cancels then
        try:
            yield from (part.result() for part in parts)
        except BrokenProcessPool as error:
            raise DataError("A process that draws was ended, perhaps for want of memory. Try again.") from error


def _processors() -> int:
    """Return how many processors there are for this process, and for each one that torchrun starts beside it."""
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, ours // int(os.environ.get("LOCAL_WORLD_SIZE", "1")))


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back till this is done, and for good from processes started meanwhile: it is for us to end them."""
    held: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: held.append(number))  # some thread of PyTorch may get it
    masked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if MASKS else None  # which processes inherit
    try:
        yield
    finally:
        if masked is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, masked)
        signal.signal(signal.SIGINT, before)
    if held:
        raise KeyboardInterrupt


def _end_with(pipe: Connection) -> None:
    """End this process, whatever it is at, once the other end of `pipe` is closed, by purpose or with its process."""

    def wait() -> None:
        pipe.poll(None)
        os._exit(1)

    Thread(target=wait, daemon=True).start()


def _digits(name: str, parts: Iterable[Part]) -> Digits:
    empty = np.zeros((0, SIDE, SIDE), np.uint8), np.zeros(0, np.int64)
    frames, labels = (torch.from_numpy(np.concatenate(arrays)) for arrays in zip(empty, *parts, strict=True))
    return Digits(name, frames, labels)


def _chunk(job: Job) -> Part:
    """Make `count` frames from number `start` on, ``(count, 28, 28)``, and their labels, ``(count,)``."""
    source, seed, start, count = job
    random = np.random.default_rng([seed, *source.name.encode(), start])
    frames, labels = np.zeros((count, SIDE, SIDE), np.uint8), np.zeros(count, np.int64)
    for index in range(count):
        framed = None
        while framed is None:  # a tap may be too faint to be seen
            pixels, labels[index] = source.make(source, start + index, random)
            framed = ink.frame(ink.to_ink(pixels))
        frames[index] = np.rint(framed * 255)
    return frames, labels
