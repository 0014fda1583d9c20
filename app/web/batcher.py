"""Pictures that came in while the event loop was busy are read together; none ever waits for more.

One after the other they are framed, and together they go through a network: the same code on the next data finds all
it needs in the processor's caches, which it does not between two requests.
"""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from app.recognition.classifier import BLANK
from app.web.models import ask, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.recognition.classifier import Prediction
    from app.recognition.paper import Floats
    from app.web.metrics import Metrics
    from app.web.models import Model

Framing: TypeAlias = "Callable[[], Floats | None]"  # makes a frame, (28, 28); None: the picture is blank
LARGEST: Final = 32  # frames: beyond that a batch takes no less time per frame, only longer in all


class Answered(NamedTuple):
    """What a network says, and whose weights it said it with."""

    model: Model
    prediction: Prediction
    framing: float  # s, that it took to make the frame


class Asked(NamedTuple):
    """What makes a frame, and where its answer is awaited."""

    framing: Framing
    answer: asyncio.Future[Answered]


class Framed(NamedTuple):
    """A frame, and where its answer is awaited."""

    frame: Floats  # (28, 28)
    seconds: float  # that it took
    answer: asyncio.Future[Answered]


class Batcher:
    """Runs the networks in the event loop, at the end of each of its rounds, on all that was asked in the round."""

    def __init__(self, models: Callable[[], Mapping[str, Model]], metrics: Metrics) -> None:
        self._models = models
        self._metrics = metrics
        self._asked: dict[str, list[Asked]] = {}  # by network
        self._count = 0  # frames in it

    def ask(self, name: str, framing: Framing) -> asyncio.Future[Answered]:
        """Return what network `name` will say; raises what framing does, FloatingPointError for what is no number."""
        loop = asyncio.get_running_loop()
        if not self._count:
            loop.call_soon(self._look, loop, 1)
        answer: asyncio.Future[Answered] = loop.create_future()
        self._asked.setdefault(name, []).append(Asked(framing, answer))
        self._count += 1
        return answer

    def _look(self, loop: asyncio.AbstractEventLoop, seen: int) -> None:
        """Answer as soon as a round of the event loop has brought nothing more."""
        if seen < self._count < LARGEST:
            loop.call_soon(self._look, loop, self._count)
        else:
            self._answer_all()

    def _answer_all(self) -> None:
        asked, self._asked, self._count = self._asked, {}, 0
        served = self._models()
        for name, waiting in asked.items():
            for start in range(0, len(waiting), LARGEST):
                framed = _framed(served[name], waiting[start : start + LARGEST])
                if framed:
                    self._answer(served[name], judge(served), framed)

    def _answer(self, model: Model, judge: Model | None, waiting: list[Framed]) -> None:
        self._metrics.batch.observe(len(waiting))
        try:
            predictions = ask(model, judge, [one.frame for one in waiting])
        except Exception as error:
            if len(waiting) == 1:
                if not waiting[0].answer.done():
                    waiting[0].answer.set_exception(error)
            else:  # one frame must not fail the others
                for one in waiting:
                    self._answer(model, judge, [one])
            return
        for (_, seconds, answer), prediction in zip(waiting, predictions, strict=True):
            if not answer.done():  # else its client has gone
                answer.set_result(Answered(model, prediction, seconds))


def _framed(model: Model, waiting: list[Asked]) -> list[Framed]:
    """Make the frames; what is blank is answered at once, and what cannot be framed refused."""
    found = []
    for framing, answer in waiting:
        if answer.done():  # its client has gone
            continue
        started = perf_counter()
        try:
            frame = framing()
        except Exception as error:
            answer.set_exception(error)
            continue
        seconds = perf_counter() - started
        if frame is None:
            answer.set_result(Answered(model, BLANK, seconds))
        else:
            found.append(Framed(frame, seconds, answer))
    return found
