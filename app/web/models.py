"""Both networks as they are served: read, tried, and replaced in one step when models/ has new ones."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.recognition import classifier, ink, weights
from app.recognition.runtime import Runner

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import torch
    from numpy.typing import NDArray

    from app.recognition.networks import DigitClassifier
    from app.recognition.paper import Floats

TITLES: Final = {"ff": "Feed-forward net", "cnn": "Convolutional net"}

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Model:
    """One network as it is served."""

    name: str
    version: str
    facts: weights.Facts
    network: DigitClassifier
    history: weights.History | None  # None where its file is missing, broken or others': only checkpoints need it
    unsure_below: float
    is_judge: bool
    signature: tuple[object, ...]  # of the files it was read from
    run: Runner  # the same weights, quickly: (N, 1, 28, 28) -> (N, 10) logits

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


def read(folder: Path, name: str, device: torch.device, *, needs_history: bool = False) -> Model:
    """Read network `name` from `folder`; raises weights.WeightsError, for its history only where that is needed."""
    found = signature(folder, name)  # before reading: what is written meanwhile is looked at again
    trained = weights.read(folder, name)
    history = _history(folder, trained, needed=needs_history)
    network = trained.network.to(device)
    return Model(
        *(name, trained.version, trained.facts, network, history, trained.unsure_below),
        is_judge=trained.is_judge,
        signature=found,
        run=Runner(network),
    )


def _history(folder: Path, trained: weights.Trained, *, needed: bool) -> weights.History | None:
    """Read what training remembered; None where it cannot be read, or others' weights came of it."""
    try:
        history = weights.read_history(folder, trained.name)
    except weights.WeightsError as error:
        if needed:
            raise
        logger.warning("No checkpoints to inspect: %s", error)
        return None
    if not history.ends_in(trained.network):
        path = weights.paths(folder, trained.name).history
        logger.warning("No checkpoints to inspect: %s ends in other weights than %s", path, trained.version)
        return None
    return history


def judge(served: Mapping[str, Model]) -> Model | None:
    """Return the network that tells digits from everything else, where there is one."""
    return next((model for model in served.values() if model.is_judge), None)


def warn_of_other_judges(served: Mapping[str, Model]) -> None:
    """Say whose threshold was set beside another judge than the one that is served."""
    found = judge(served)
    own = found.version if found else None
    for model in served.values():
        if weights.judged_by_another(model.facts, own):
            by = model.facts.get("judged_by")
            logger.warning(
                "%s %s was judged by %s, now it is by %s: its `unsure` is less sure; train it again too",
                *(model.name, model.version, by or "no other", own or "no other"),
            )


def ask(model: Model, judge: Model | None, frames: list[Floats]) -> list[classifier.Prediction]:  # N times (28, 28)
    """Return a network's prediction for each frame; FloatingPointError where it gives no number."""
    batch = classifier.stack(frames)  # (N, 1, 28, 28)
    logits = model.run(batch)  # (N, 10)
    judged = logits if judge is model else None if judge is None else judge.run(batch)
    return classifier.predictions(logits, judged, model.unsure_below)


def plain_seven() -> NDArray[np.uint8]:  # (280, 280), 0 paper, 1 ink
    """Draw the digit that every network must read."""
    canvas = np.zeros((280, 280), np.uint8)
    cv2.polylines(canvas, [np.array([(80, 60), (200, 60), (120, 230)])], isClosed=False, color=[1], thickness=26)
    return canvas


def reads_seven(model: Model) -> bool:
    """Return whether a network reads a plain 7 as one; FloatingPointError where it gives no number."""
    frame = ink.frame(plain_seven().astype(np.float32))  # (28, 28)
    assert frame is not None  # noqa: S101 (we have just drawn it)
    return ask(model, None, [frame])[0].digit == 7


def signature(folder: Path, name: str) -> tuple[object, ...]:
    """Return what changes whenever the files of network `name` do; a missing file counts too."""
    found: list[object] = []
    for path in weights.paths(folder, name):
        try:
            status = path.stat()
        except OSError as error:
            found.append(error.errno)
        else:
            found.append((status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns))
    return tuple(found)


def read_checked(folder: Path, before: Model, device: torch.device) -> Model:
    """Read what is to take the place of `before`: one that misreads a plain 7 is refused by a WeightsError too.

    So is one whose history cannot be read, where there has been one. A history of other weights is left out; beside the
    same weights as before theirs stays.
    """
    name = before.name
    model = read(folder, name, device, needs_history=before.history is not None)
    if not reads_seven(model):
        path = weights.paths(folder, name).weights
        raise weights.WeightsError(f"{path}: does not read a plain 7; train it longer.")
    if model.history is None and model.version == before.version:
        return replace(model, history=before.history)
    return model
