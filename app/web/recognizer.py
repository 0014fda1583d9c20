"""Both networks, ready to answer: the seam between the routes and app.recognition."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
from anyio import CapacityLimiter, to_thread

from app.recognition import classifier, ink, inspection, png, weights
from app.recognition.networks import NETWORKS, SIDE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import torch

    from app.recognition.networks import DigitClassifier
    from app.settings import Settings

TITLES: Final = {"ff": "Feed-forward net", "cnn": "Convolutional net"}

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Model:
    """One network as it is served."""

    name: str
    version: str
    facts: weights.Facts
    network: DigitClassifier
    history: weights.History | None  # None where its file is missing or broken: only checkpoints need it
    unsure_below: float
    is_judge: bool

    @property
    def title(self) -> str:
        """What people call it."""
        return TITLES[self.name]

    def images_at(self, checkpoint: int | None) -> int | None:
        """Return how many images its training had seen at a checkpoint; None where there is no such thing."""
        return None if checkpoint is None or self.history is None else self.history.images[checkpoint]

    @property
    def described(self) -> weights.Facts:
        """Its facts, with the name, title and version it is served under."""
        return {**self.facts, "name": self.name, "title": self.title, "version": self.version}


@dataclass(frozen=True)
class Seen:
    """What a network makes of one frame."""

    prediction: classifier.Prediction
    layers: list[inspection.Layer]  # empty for a blank picture
    intact: classifier.Prediction | None = None  # with nothing switched off; None where nothing is


@dataclass(frozen=True)
class Recognizer:
    """Answers for the routes: pictures are decoded in worker threads, networks run in the event loop's."""

    models: Mapping[str, Model]  # by name, in the order ff, cnn
    device: torch.device
    limits: png.Limits
    decoders: CapacityLimiter  # bounds the memory that decoded pictures take together

    async def frame(self, data: bytes, *, normalize: bool) -> ink.Floats | None:  # (28, 28)
        """Return what the networks will be shown, None for a blank picture; raises png.PngError."""
        return await to_thread.run_sync(partial(_frame, data, self.limits, normalize), limiter=self.decoders)

    async def predict(self, name: str, frame: ink.Floats | None) -> classifier.Prediction:
        """Return what network `name` says of a frame."""
        if frame is None:
            return classifier.BLANK
        model = self.models[name]
        batch = classifier.to_batch([frame], self.device)
        return classifier.predict(model.network, batch, model.unsure_below, self.judge)[0]

    @property
    def judge(self) -> DigitClassifier | None:
        """The network that tells digits from everything else, where there is one."""
        return next((model.network for model in self.models.values() if model.is_judge), None)

    def inspect(
        self, name: str, frame: ink.Floats | None, checkpoint: int | None, off: Collection[inspection.Unit] = ()
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
        judge = network if model.is_judge else self.judge
        intact = classifier.predict(network, batch, model.unsure_below, judge)[0]
        if not off:
            return Seen(intact, layers)
        logits, log_probs = layers[-2].values, layers[-1].values  # (10,), (10,)
        evidence = float(classifier.evidence(logits)) if model.is_judge else intact.evidence
        return Seen(classifier.prediction(log_probs, evidence, model.unsure_below), layers, intact)

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
            batch = classifier.to_batch([np.zeros((SIDE, SIDE), np.float32)], self.device)
            classifier.predict(model.network, batch)

    def _past(self, model: Model, checkpoint: int) -> DigitClassifier:
        if model.history is None:
            raise IndexError(f"network {model.name!r} has no checkpoints")
        network = NETWORKS[model.name]()
        network.load_state_dict(model.history.state(checkpoint))
        return network.to(self.device).eval()


def _frame(data: bytes, limits: png.Limits, normalize: bool) -> ink.Floats | None:
    read = ink.read_png(data, limits)
    return ink.frame(read) if normalize else ink.squash(read)


def load(settings: Settings) -> Recognizer:
    """Read and try both networks; raises weights.WeightsError, or ValueError for a device that is not there."""
    device = classifier.choose_device(settings.device)
    recognizer = Recognizer(
        {name: _model(settings, name, device) for name in NETWORKS},
        device,
        png.Limits(settings.max_side, settings.max_pixels),
        CapacityLimiter(max(2, os.cpu_count() or 1)),
    )
    recognizer.check()
    return recognizer


def _model(settings: Settings, name: str, device: torch.device) -> Model:
    trained = weights.read(settings.models, name)
    try:
        history = weights.read_history(settings.models, name)
    except weights.WeightsError as error:
        logger.warning("No checkpoints to inspect: %s", error)
        history = None
    unsure_below = float(trained.facts.get("unsure_below", classifier.UNSURE_BELOW))
    return Model(
        name, trained.version, trained.facts, trained.network.to(device), history, unsure_below, trained.is_judge
    )
