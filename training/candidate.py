"""One network in training, with its running average, its past and what it cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch.optim.swa_utils import AveragedModel

from app.recognition.networks import NETWORKS
from app.recognition.weights import History
from training.learner import Learner
from training.metrics import cost_and_accuracy, log_probs

if TYPE_CHECKING:
    from torch import Tensor

    from app.recognition.networks import DigitClassifier
    from training.data import Digits
    from training.recipes import Recipe


@dataclass(frozen=True)
class Epoch:
    """Costs after one pass over the training digits."""

    epoch: int  # 0: untrained
    training_cost: float  # nats, mean over the digits of the epoch's own (augmented) batches
    validation_cost: float  # nats
    validation_accuracy: float  # 0 … 1


@dataclass(frozen=True)
class Moment:
    """What the network cost at a moment of its training, on some digits as they are."""

    images: int  # seen by then
    training_cost: float  # nats
    validation_cost: float  # nats


class Candidate:
    """One network in training, with its running average and its past."""

    def __init__(self, name: str, recipe: Recipe, seed: int, device: torch.device) -> None:
        torch.manual_seed(seed)
        self.name = name
        self.layout = torch.channels_last if name == "cnn" else torch.contiguous_format
        self.learner = Learner(name, normalised=recipe.normalised).to(device).to(memory_format=self.layout)
        self.averaged = _averaged(self.learner, recipe.average) if recipe.average else None
        self.epochs: list[Epoch] = []
        self.snapshots: dict[int, dict[str, Tensor]] = {}

    def current(self) -> DigitClassifier:
        """Return the network as it would be served now."""
        current = self.learner if self.averaged is None else self.averaged.module
        assert isinstance(current, Learner)  # noqa: S101
        return current.folded().to(memory_format=self.layout)

    def remember(self, seen: int) -> None:
        """Keep the weights as they are after `seen` images."""
        self._keep(self.current(), seen)

    def _keep(self, network: DigitClassifier, seen: int) -> None:
        state = network.state_dict()
        self.snapshots[seen] = {key: value.detach().cpu().contiguous().clone() for key, value in state.items()}

    def measure(self, epoch: int, training_cost: float, validation: Digits) -> None:
        """Note what an epoch's digits cost, and what those to choose by cost now."""
        self.epochs.append(Epoch(epoch, training_cost, *cost_and_accuracy(self.current(), validation)))

    def finish(self, calibration: Digits, seen: int) -> tuple[DigitClassifier, float]:
        """Return the network as it is after `seen` images, calibrated, and the temperature that this took.

        The last logits are divided by a temperature (Guo et al. 2017), the one that makes the mean confidence the share
        of right answers (Clarté et al. 2023, "Expectation consistency for calibration of neural networks"). That of
        lowest cost, the usual one, listens to the few worst mistakes and leaves a small network too unsure of the rest.
        Who misreads nothing is not made surer. The past is divided alike: what a network learnt is not mixed up with
        how it was calibrated.
        """
        network = self.current()
        scores = log_probs(network, calibration)  # (N, 10)
        right = (scores.argmax(dim=1) == calibration.labels).float().mean()
        temperatures = torch.arange(100 if right == 1 else 25, 401, device=scores.device) / 100
        confidence = torch.stack([(scores / t).softmax(dim=1).amax(dim=1).mean() for t in temperatures])
        temperature = round(float(temperatures[(confidence - right).abs().argmin()]), 2)
        self._keep(network, seen)
        last = f"layers.{len(network.layers) - 2}."
        for state in self.snapshots.values():
            state.update({key: value / temperature for key, value in state.items() if key.startswith(last)})
        network.load_state_dict(self.snapshots[seen])
        return network, temperature

    def state(self) -> dict[str, Any]:
        """Return all that going on needs."""
        return {
            "learner": self.learner.state_dict(),
            "averaged": None if self.averaged is None else self.averaged.state_dict(),
            "epochs": [asdict(epoch) for epoch in self.epochs],
            "snapshots": self.snapshots,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Become what `state` says."""
        self.learner.load_state_dict(state["learner"])
        if self.averaged is not None:
            self.averaged.load_state_dict(state["averaged"])
        self.epochs = [Epoch(**epoch) for epoch in state["epochs"]]
        self.snapshots = state["snapshots"]

    def moments(self, training: Digits, validation: Digits) -> tuple[Moment, ...]:
        """Return what these digits cost at all moments kept."""
        network = NETWORKS[self.name]().to(validation.labels.device).to(memory_format=self.layout)
        found = []
        for images, state in self.snapshots.items():
            network.load_state_dict(state)
            costs = (cost_and_accuracy(network, digits)[0] for digits in (training, validation))
            found.append(Moment(images, *costs))
        return tuple(found)

    def history(self) -> History:
        """Return the weights at all moments kept."""
        moments = list(self.snapshots.values())
        states = {key: torch.stack([moment[key] for moment in moments]) for key in moments[0]}  # each (K, …)
        return History(tuple(self.snapshots), states)


def _averaged(learner: Learner, past: float) -> AveragedModel:
    """Return a running average that forgets fast while there is little past, so that early moments are true."""

    def average(averaged: Tensor, current: Tensor, steps: Tensor | int) -> Tensor:
        if not current.is_floating_point():  # how many batches were counted
            return current
        return torch.lerp(averaged, current, max(1 - past, 9 / (9 + int(steps))))

    return AveragedModel(learner, avg_fn=average, use_buffers=True)
