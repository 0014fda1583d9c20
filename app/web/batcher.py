"""Frames that came in while the event loop was busy go through a network together; none ever waits for more."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, NamedTuple

from app.web.models import ask, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import torch

    from app.recognition.classifier import Prediction
    from app.recognition.ink import Floats
    from app.web.metrics import Metrics
    from app.web.models import Model

LARGEST: Final = 32  # frames: beyond that a batch takes no less time per frame, only longer in all


class Answered(NamedTuple):
    """What a network says, and whose weights it said it with."""

    model: Model
    prediction: Prediction


class Asked(NamedTuple):
    """A frame, and where its answer is awaited."""

    frame: Floats  # (28, 28)
    answer: asyncio.Future[Answered]


class Batcher:
    """Runs the networks in the event loop, at the end of each of its rounds, on all that was asked in the round."""

    def __init__(self, models: Callable[[], Mapping[str, Model]], device: torch.device, metrics: Metrics) -> None:
        self._models = models
        self._device = device
        self._metrics = metrics
        self._asked: dict[str, list[Asked]] = {}  # by network
        self._count = 0  # frames in it

    def ask(self, name: str, frame: Floats) -> asyncio.Future[Answered]:  # (28, 28)
        """Return what network `name` will say; FloatingPointError where it gives no number."""
        loop = asyncio.get_running_loop()
        if not self._count:
            loop.call_soon(self._look, loop, 1)
        answer: asyncio.Future[Answered] = loop.create_future()
        self._asked.setdefault(name, []).append(Asked(frame, answer))
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
                self._answer(served[name], judge(served), waiting[start : start + LARGEST])

    def _answer(self, model: Model, judge: Model | None, waiting: list[Asked]) -> None:
        self._metrics.batch.observe(len(waiting))
        try:
            predictions = ask(model, judge, [one.frame for one in waiting], self._device)
        except Exception as error:
            if len(waiting) == 1:
                if not waiting[0].answer.done():
                    waiting[0].answer.set_exception(error)
            else:  # one frame must not fail the others
                for one in waiting:
                    self._answer(model, judge, [one])
            return
        for (_, answer), prediction in zip(waiting, predictions, strict=True):
            if not answer.done():  # else its client has gone
                answer.set_result(Answered(model, prediction))
