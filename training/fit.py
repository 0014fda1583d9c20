"""Train one network by a recipe, remembering the moments on the way."""

from __future__ import annotations

import math
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import torch
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel
from tqdm import tqdm

from app.recognition.networks import CLASSES, NETWORKS, DigitClassifier
from app.recognition.weights import History
from training.data import to_batch
from training.metrics import cost_and_accuracy, log_probs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from torch import Tensor

    from training.checkpoint import Checkpoint
    from training.data import Digits, Splits
    from training.recipes import Recipe

BASE_COST: Final = math.log(CLASSES)  # nats, the cost of guessing
EARLY: Final = (0, 50, 100, 250, 500, 1000, 2000, 4000, 8000, 16000, 32000)  # images seen: moments to remember
UNTRAINED: Final = 5000  # training digits that the untrained cost is measured on
LATER: Final = 16  # more moments, evenly spread over the logarithm of the rest


@dataclass(frozen=True)
class Epoch:
    """Costs after one pass over the training digits."""

    epoch: int  # 0: untrained
    training_cost: float  # nats, mean over the digits of the epoch's own (augmented) batches
    validation_cost: float  # nats
    validation_accuracy: float  # 0 … 1


@dataclass(frozen=True)
class Fitted:
    """A trained network, how it came about, and what it costs."""

    network: DigitClassifier
    history: History
    epochs: tuple[Epoch, ...]  # untrained first
    candidate: int  # which of the recipe's candidates it was
    temperature: float  # that the last layer's logits were divided by


def fit(
    name: str, splits: Splits, recipe: Recipe, seed: int, device: torch.device, checkpoint: Checkpoint | None = None
) -> Fitted:
    """Train the candidates of network `name` on the same batches; return the one of lowest validation cost.

    With a checkpoint, training goes on where it was interrupted, and is remembered after every epoch.
    """
    print(f"{name}: base cost of guessing, ln 10: {BASE_COST:.4f}")
    candidates = [_Candidate(name, recipe, seed * 1000 + number, device) for number in range(recipe.candidates)]
    return _Run(name, candidates, splits, recipe, seed * 1000).train(checkpoint)


class _Candidate:
    """One network in training, with its running average and its past."""

    def __init__(self, name: str, recipe: Recipe, seed: int, device: torch.device) -> None:
        torch.manual_seed(seed)
        self.network = NETWORKS[name]().to(device)
        if name == "cnn":
            self.network.to(memory_format=torch.channels_last)
        self.averaged = AveragedModel(self.network, avg_fn=_average(recipe.average)) if recipe.average else None
        self.epochs: list[Epoch] = []
        self.snapshots: dict[int, dict[str, Tensor]] = {}

    def current(self) -> DigitClassifier:
        """Return the network as it would be served now."""
        current = self.network if self.averaged is None else self.averaged.module
        assert isinstance(current, DigitClassifier)  # noqa: S101
        return current

    def remember(self, seen: int) -> None:
        state = self.current().state_dict()
        self.snapshots[seen] = {key: value.detach().cpu().contiguous().clone() for key, value in state.items()}

    def measure(self, epoch: int, training_cost: float, validation: Digits) -> None:
        self.epochs.append(Epoch(epoch, training_cost, *cost_and_accuracy(self.current(), validation)))

    def calibrate(self, validation: Digits, seen: int) -> float:
        """Divide the last logits by the temperature of lowest validation cost, and return it (Guo et al. 2017)."""
        scores = log_probs(self.current(), validation)  # (N, 10)
        temperatures = torch.linspace(0.5, 2, 151, device=scores.device)
        costs = torch.stack([functional.cross_entropy(scores / t, validation.labels) for t in temperatures])
        temperature = float(temperatures[costs.argmin()])
        last = self.current().layers[-2]
        last.load_state_dict({key: value / temperature for key, value in last.state_dict().items()})
        self.remember(seen)
        return temperature

    def state(self) -> dict[str, Any]:
        """Return all that going on needs."""
        averaged = None if self.averaged is None else self.averaged.state_dict()
        return {
            "network": self.network.state_dict(),
            "averaged": averaged,
            "epochs": [asdict(e) for e in self.epochs],
        } | {"snapshots": self.snapshots}

    def restore(self, state: dict[str, Any]) -> None:
        self.network.load_state_dict(state["network"])
        if self.averaged is not None:
            self.averaged.load_state_dict(state["averaged"])
        self.epochs = [Epoch(**epoch) for epoch in state["epochs"]]
        self.snapshots = state["snapshots"]

    def history(self) -> History:
        moments = list(self.snapshots.values())
        states = {key: torch.stack([moment[key] for moment in moments]) for key in moments[0]}  # each (K, …)
        return History(tuple(self.snapshots), states)


class _Run:
    """The state of one training run."""

    def __init__(self, name: str, candidates: list[_Candidate], splits: Splits, recipe: Recipe, seed: int) -> None:
        self.name, self.candidates, self.splits, self.recipe = name, candidates, splits, recipe
        self.device = splits.training.labels.device
        self.generator = torch.Generator(self.device).manual_seed(seed)
        self.autocast = _autocast(self.device) if recipe.bfloat16 else nullcontext
        parameters = [parameter for candidate in candidates for parameter in candidate.network.parameters()]
        self.optimizer = torch.optim.AdamW(parameters, lr=recipe.lr, weight_decay=recipe.weight_decay, fused=True)
        self.total = recipe.epochs * len(splits.training)  # images
        self.moments = _moments(self.total)

    def train(self, checkpoint: Checkpoint | None) -> Fitted:
        saved = checkpoint.load() if checkpoint else None
        if saved is None:
            self._measure_untrained()
        else:
            self._restore(saved)
        print(self._line(), flush=True)
        for epoch in range(len(self.candidates[0].epochs), self.recipe.epochs + 1):
            costs = self._epoch(epoch)
            for candidate, cost in zip(self.candidates, costs, strict=True):
                candidate.measure(epoch, cost, self.splits.validation)
            if checkpoint:
                checkpoint.save(self._state())
            print(self._line(), flush=True)
        best = self._best()
        temperature = best.calibrate(self.splits.validation, self.total)
        network = best.current().eval()
        return Fitted(network, best.history(), tuple(best.epochs), self.candidates.index(best), temperature)

    def _measure_untrained(self) -> None:
        some = self.splits.training.first(UNTRAINED)
        some = some.take(torch.nonzero(some.labels < CLASSES).flatten())
        for candidate in self.candidates:
            cost, _ = cost_and_accuracy(candidate.network, some)
            candidate.measure(0, cost, self.splits.validation)
            candidate.remember(0)

    def _state(self) -> dict[str, Any]:
        return {
            "candidates": [candidate.state() for candidate in self.candidates],
            "optimizer": self.optimizer.state_dict(),
            "generator": self.generator.get_state(),
        }

    def _restore(self, saved: dict[str, Any]) -> None:
        for candidate, state in zip(self.candidates, saved["candidates"], strict=True):
            candidate.restore(state)
        self.optimizer.load_state_dict(saved["optimizer"])
        self.generator.set_state(saved["generator"])

    def _best(self) -> _Candidate:
        return min(self.candidates, key=lambda candidate: candidate.epochs[-1].validation_cost)

    def _epoch(self, epoch: int) -> list[float]:
        digits, first = self.splits.training, (epoch - 1) * len(self.splits.training)
        order = torch.randperm(len(digits), device=self.device, generator=self.generator)
        costs = torch.zeros(len(self.candidates), device=self.device)
        title = f"{self.name} epoch {epoch}/{self.recipe.epochs}"
        with tqdm(total=len(digits), desc=title, unit="img", leave=False, disable=None) as bar:
            for start, stop in _cuts(first, len(digits), self.recipe.batch, self.moments):
                picked, seen = order[start:stop], first + stop
                costs += self._step(to_batch(digits.frames[picked]), digits.labels[picked], seen) * len(picked)
                bar.update(len(picked))
                if seen in self.moments:
                    for candidate in self.candidates:
                        candidate.remember(seen)
        found: list[float] = (costs / len(digits)).tolist()
        return found

    def _step(self, batch: Tensor, labels: Tensor, seen: int) -> Tensor:  # (N, 1, 28, 28), (N,) -> (candidates,)
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.lr * one_cycle(seen / self.total, self.recipe.warmup)
        if self.recipe.augmentation:
            batch = self.recipe.augmentation(batch, self.generator)
        with self.autocast():  # LogSoftmax, the last layer, is left to float32
            logits = [candidate.network.logits(batch) for candidate in self.candidates]  # each (N, 10)
        wholes = torch.stack([self._cost(found.float(), labels) for found in logits])
        self.optimizer.zero_grad()
        wholes.sum().backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        for candidate in self.candidates:
            if candidate.averaged is not None:
                candidate.averaged.update_parameters(candidate.network)
        with torch.no_grad():  # of the digits alone: to be compared with the validation's
            costs = [functional.cross_entropy(found.float(), labels, ignore_index=CLASSES) for found in logits]
        return torch.stack(costs)

    def _cost(self, logits: Tensor, labels: Tensor) -> Tensor:  # (N, 10), (N,) -> ()
        """Return the mean cost; where there are non-digits, their answer is an eleventh logit that is always 0."""
        answers = functional.pad(logits, (0, 1)) if self.recipe.non_digits else logits
        return functional.cross_entropy(answers, labels)

    def _line(self) -> str:
        best = self._best().epochs[-1]
        width = len(str(self.recipe.epochs))
        title = f"epoch {best.epoch:{width}}/{self.recipe.epochs}" if best.epoch else f"{'untrained':{7 + 2 * width}}"
        return (
            f"{self.name}: {title}  training cost {best.training_cost:.4f}  "
            f"validation cost {best.validation_cost:.4f}  validation accuracy {best.validation_accuracy:.2%}"
        )


def one_cycle(progress: float, warmup: float) -> float:
    """Return the learning rate's share of its highest at `progress` 0 … 1 (Smith & Topin 2018)."""
    if progress < warmup:
        return 0.1 + 0.9 * progress / warmup
    return 0.5 + 0.5 * math.cos(math.pi * (progress - warmup) / (1 - warmup))


def _average(past: float) -> Callable[[Tensor, Tensor, Tensor | int], Tensor]:
    """Return a running average that forgets fast while there is little past, so that early moments are true."""

    def average(averaged: Tensor, current: Tensor, steps: Tensor | int) -> Tensor:
        return torch.lerp(averaged, current, max(1 - past, 9 / (9 + int(steps))))

    return average


def _moments(total: int) -> tuple[int, ...]:
    """Return the images seen at each moment to remember, from 0 to `total`."""
    early = [moment for moment in EARLY if moment < total]
    ratio = total / max(early[-1], 1)
    later = [round(early[-1] * ratio ** (step / LATER)) for step in range(1, LATER)]
    return tuple(sorted({*early, *later, total}))


def _cuts(first: int, count: int, batch: int, moments: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Yield the batches of one epoch as (start, stop), cut short where a moment falls inside one."""
    start = 0
    while start < count:
        stop = min(start + batch, count)
        stop = min([moment - first for moment in moments if start < moment - first < stop], default=stop)
        yield start, stop
        start = stop


def _autocast(device: torch.device) -> Callable[[], AbstractContextManager[object]]:
    """Return bfloat16 arithmetic where the device has it."""
    able = (
        torch.cuda.is_bf16_supported()
        if device.type == "cuda"
        else bool(torch.cpu.get_capabilities().get("avx512_bf16"))
    )
    return lambda: torch.autocast(device.type, dtype=torch.bfloat16, enabled=able)
