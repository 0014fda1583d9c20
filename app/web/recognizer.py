"""Both networks, ready to answer: the seam between the routes and app.recognition."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import anyio
import numpy as np
from anyio import CapacityLimiter, to_thread

from app.recognition import classifier, ink, inspection, png
from app.recognition.networks import NETWORKS, SIDE
from app.web import models
from app.web.batcher import LARGEST, Batcher
from app.web.metrics import Metrics
from app.web.problems import Busy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import torch
    from torch import Tensor

    from app.recognition.networks import DigitClassifier
    from app.recognition.paper import Floats
    from app.settings import Settings
    from app.web.batcher import Answered, Framing
    from app.web.models import Model

SMALL: Final = 128 * 128  # px: up to here decoding takes less time than handing it to another thread may
SMALL_FILE: Final = 16_384  # bytes
DECODERS: Final = 2  # threads for larger ones: each takes up to 110 MiB, on a host of many cores as of few

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Seen:
    """What a network makes of one frame."""

    prediction: classifier.Prediction
    layers: list[inspection.Layer]  # empty for a blank picture
    intact: classifier.Prediction | None = None  # with nothing switched off; None where nothing is


class Recognizer:
    """Answers for the routes: small pictures are decoded in the event loop, large ones in worker threads."""

    def __init__(self, settings: Settings, served: Mapping[str, Model], device: torch.device, metrics: Metrics) -> None:
        self.models = served  # by name, in the order ff, cnn; replaced as a whole
        self.troubles: dict[str, str] = {}  # why the files of a network, by name, are not what is served
        self.device = device
        self.metrics = metrics
        self._settings = settings
        self._limits = png.Limits(settings.max_side, settings.max_pixels)
        self._decoders = CapacityLimiter(DECODERS)
        self._batcher = Batcher(lambda: self.models, metrics)
        self._taken = 0
        self._signatures = {name: model.signature for name, model in served.items()}
        for name, model in served.items():
            metrics.weights.labels(name, model.version).set(1)
            metrics.stale.labels(name).set(0)
        models.warn_of_other_judges(served)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take one of the places there are for requests at work; raises Busy where none is free."""
        if self._taken >= self._settings.max_queue:
            raise Busy
        self._taken += 1
        self.metrics.queue.inc()
        try:
            yield
        finally:
            self._taken -= 1
            self.metrics.queue.dec()

    def is_small(self, data: bytes) -> bool:
        """Return whether a picture is decoded at once, not in a thread."""
        return len(data) <= SMALL_FILE and png.area(data) <= SMALL

    def frame(self, data: bytes, *, normalize: bool) -> Floats | None:  # (28, 28)
        """Return what the networks will be shown, None for a blank picture; raises png.PngError."""
        return _frame(data, self._limits, normalize=normalize)

    async def frame_in_thread(self, data: bytes, *, normalize: bool) -> Floats | None:  # (28, 28)
        """Do the same, and let others be answered meanwhile."""
        work = partial(_frame, data, self._limits, normalize=normalize)
        return await to_thread.run_sync(work, limiter=self._decoders)

    async def predict(self, name: str, framing: Framing) -> Answered:
        """Return what network `name` says of a frame; raises what `framing` does."""
        return await self._batcher.ask(name, framing)

    def inspect(
        self, name: str, frame: Floats | None, checkpoint: int | None, off: Collection[inspection.Unit] = ()
    ) -> Seen:
        """Return what network `name`, as it is or as it was at a moment of training, makes of a frame.

        Units in `off` are silent; raises IndexError where the network has no such unit.
        """
        if frame is None and not off:
            return Seen(classifier.BLANK, [])
        model, network = self.models[name], self.network(name, checkpoint)
        batch = classifier.to_batch([np.zeros((SIDE, SIDE), np.float32) if frame is None else frame], self.device)
        layers = inspection.activations(network, batch, off)
        if frame is None:
            return Seen(classifier.BLANK, [])
        judged = self._judged(model, batch, checkpoint)
        intact = self._prediction(model, network.logits(batch), judged) if off else None
        return Seen(self._prediction(model, layers[-2].values[None], judged), layers, intact)

    def _judged(self, model: Model, batch: Tensor, checkpoint: int | None) -> Floats | None:  # (1, 10)
        """Return what the judge makes of a frame, at the same moment of its training; None where no other judges."""
        judge = models.judge(self.models)
        if model.is_judge or judge is None:
            return None
        return np.asarray(self.network(judge.name, checkpoint).logits(batch).cpu(), np.float32)

    def _prediction(self, model: Model, logits: Tensor, judged: Floats | None) -> classifier.Prediction:  # (1, 10)
        found = logits.cpu().numpy()
        return classifier.predictions(found, found if model.is_judge else judged, model.unsure_below)[0]

    def network(self, name: str, checkpoint: int | None) -> DigitClassifier:
        """Return network `name` as it is or as it was at a moment of training."""
        model = self.models[name]
        return model.network if checkpoint is None else self._past(model, checkpoint)

    @property
    def moments(self) -> tuple[int, ...]:
        """How many images training had seen at each checkpoint that all networks have."""
        histories = [model.history.images if model.history else () for model in self.models.values()]
        return min(histories, key=len)

    def check(self) -> None:
        """Run every network once, to the end; raises what they raise."""
        for model in self.models.values():
            models.ask(model, None, [np.zeros((SIDE, SIDE), np.float32)])

    def warm_up(self) -> None:
        """Run what requests will run, so that the first of them is no slower than the others."""
        levels = np.uint8(255) * models.plain_seven()
        for pixels in (levels, np.dstack([levels] * 4)):
            _frame(png.write(pixels), png.DEFAULT_LIMITS, normalize=True)  # whatever this service may refuse
        for model in self.models.values():
            if not models.reads_seven(model):
                logger.warning("%s %s does not read a plain 7: is it trained?", model.name, model.version)
            for size in range(1, LARGEST + 1):
                models.ask(model, None, [np.zeros((SIDE, SIDE), np.float32)] * size)

    async def follow(self) -> None:
        """Look for new files in models/ for ever, and serve those that can be served."""
        waiting = self._signatures.copy()
        while True:
            await anyio.sleep(self._settings.reload_seconds)
            before = self.models
            for name in self.models:
                found = await to_thread.run_sync(models.signature, self._settings.models, name)
                changed = found == waiting[name] != self._signatures[name]  # but no longer changing
                if changed:
                    self._signatures[name] = found if await self._replace(name) else ()  # unlike any: tried again
                waiting[name] = found
            if self.models is not before:
                models.warn_of_other_judges(self.models)

    async def _replace(self, name: str) -> bool:
        """Return whether these files need no other try; one that cannot be opened may be another time."""
        before = self.models[name]
        try:
            model = await to_thread.run_sync(models.read_checked, self._settings.models, before, self.device)
        except Exception as error:
            trouble = str(error).replace(f"{self._settings.models}/", "")  # /readyz shows it to strangers
            if trouble != self.troubles.get(name):
                logger.error("Still serving %s %s: %s", name, before.version, error)
            self.troubles[name] = trouble
            self.metrics.stale.labels(name).set(1)
            return not isinstance(error.__cause__ or error, OSError)
        self.models = {**self.models, name: model}
        self.troubles.pop(name, None)
        self.metrics.stale.labels(name).set(0)
        self.metrics.weights.labels(name, before.version).set(0)
        self.metrics.weights.labels(name, model.version).set(1)
        logger.info("Serving %s %s, no longer %s", name, model.version, before.version)
        return True

    def _past(self, model: Model, checkpoint: int) -> DigitClassifier:
        if model.history is None:
            raise IndexError(f"network {model.name!r} has no checkpoints")
        network = NETWORKS[model.name]()
        network.load_state_dict(model.history.state(checkpoint))
        return network.to(self.device).eval().requires_grad_(False)


def _frame(data: bytes, limits: png.Limits, *, normalize: bool) -> Floats | None:
    read = ink.read_png(data, limits)
    return ink.frame(read) if normalize else ink.squash(read)


def read(settings: Settings) -> tuple[dict[str, Model], torch.device]:
    """Read both networks; raises weights.WeightsError, or ValueError for a device that is not there."""
    device = classifier.choose_device(settings.device)
    return {name: models.read(settings.models, name, device) for name in NETWORKS}, device


def load(settings: Settings, metrics: Metrics | None = None) -> Recognizer:
    """Read both networks and make them ready to answer; raises what `read` does."""
    return Recognizer(settings, *read(settings), metrics or Metrics())
