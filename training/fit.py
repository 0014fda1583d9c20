"""Train one network by a recipe, remembering the moments on the way."""

from __future__ import annotations

import math
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import torch
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel
from tqdm import tqdm

from app.recognition.networks import CLASSES, NETWORKS, DigitClassifier
from app.recognition.weights import History
from training.data import to_batch
from training.metrics import cost_and_accuracy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from torch import Tensor

    from training.data import Splits
    from training.recipes import Recipe

BASE_COST: Final = math.log(CLASSES)  # nats, the cost of guessing
EARLY: Final = (0, 50, 100, 250, 500, 1000, 2000, 4000, 8000, 16000, 32000)  # images seen: moments to remember
UNTRAINED: Final = 5000  # training digits that the untrained cost is measured on
LATER: Final = 16  # more moments, evenly spread over the logarithm of the rest


@dataclass(frozen=True)
class Epoch:
    """Costs after one pass over the training digits."""

    epoch: int  # 0: untrained
    training_cost: float  # nats, mean over the epoch's own (augmented) batches
    validation_cost: float  # nats
    validation_accuracy: float  # 0 … 1


@dataclass(frozen=True)
class Fitted:
    """A trained network, how it came about, and what it costs."""

    network: DigitClassifier
    history: History
    epochs: tuple[Epoch, ...]  # untrained first
    restart: int


def fit(name: str, splits: Splits, recipe: Recipe, seed: int, device: torch.device) -> Fitted:
    """Train network `name`, each restart from its own random weights; keep the lowest validation cost."""
    best: Fitted | None = None
    for restart in range(recipe.restarts):
        title = f"{name} {restart + 1}/{recipe.restarts}" if recipe.restarts > 1 else name
        found = _Run(name, splits, recipe, seed * 1000 + restart, device).train(title, restart)
        if best is None or found.epochs[-1].validation_cost < best.epochs[-1].validation_cost:
            best = found
    assert best is not None, "a recipe has at least one restart"  # noqa: S101
    return best


class _Run:
    """The state of one training run."""

    def __init__(self, name: str, splits: Splits, recipe: Recipe, seed: int, device: torch.device) -> None:
        torch.manual_seed(seed)
        self.splits, self.recipe, self.device = splits, recipe, device
        self.generator = torch.Generator(device).manual_seed(seed)
        self.network = NETWORKS[name]().to(device)
        self.autocast = _autocast(device) if name == "cnn" else nullcontext
        if name == "cnn":
            self.network.to(memory_format=torch.channels_last)
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=recipe.lr, weight_decay=recipe.weight_decay, fused=True
        )
        self.averaged = AveragedModel(self.network, avg_fn=_average(recipe.average)) if recipe.average else None
        self.total = recipe.epochs * len(splits.training)  # images
        self.moments = _moments(self.total)
        self.snapshots: dict[int, dict[str, Tensor]] = {}

    def train(self, title: str, restart: int) -> Fitted:
        untrained = cost_and_accuracy(self.network, self.splits.validation)
        some = self.splits.training.take(torch.arange(min(UNTRAINED, len(self.splits.training)), device=self.device))
        epochs = [Epoch(0, cost_and_accuracy(self.network, some)[0], *untrained)]
        print(
            f"{title}: untrained cost {epochs[0].validation_cost:.4f} (base cost of guessing, ln 10: {BASE_COST:.4f})"
        )
        self._remember(0)
        for epoch in range(1, self.recipe.epochs + 1):
            cost = self._epoch(title, epoch)
            epochs.append(Epoch(epoch, cost, *cost_and_accuracy(self._current(), self.splits.validation)))
            print(_line(title, epochs[-1], self.recipe.epochs), flush=True)
        states = {
            key: torch.stack([self.snapshots[moment][key] for moment in self.moments])
            for key in self.network.state_dict()
        }  # each (K, …)
        return Fitted(self._current(), History(self.moments, states), tuple(epochs), restart)

    def _epoch(self, title: str, epoch: int) -> float:
        self.network.train()
        digits, first = self.splits.training, (epoch - 1) * len(self.splits.training)
        order = torch.randperm(len(digits), device=self.device, generator=self.generator)
        costs = torch.zeros((), device=self.device)
        cuts = _cuts(first, len(digits), self.recipe.batch, self.moments)
        with tqdm(total=len(digits), desc=f"{title} epoch {epoch}", unit="img", leave=False, disable=None) as bar:
            for start, stop in cuts:
                picked = order[start:stop]
                costs += self._step(to_batch(digits.frames[picked]), digits.labels[picked], first + stop) * len(picked)
                bar.update(len(picked))
                if first + stop in self.moments:
                    self._remember(first + stop)
        self.network.eval()
        return float(costs / len(digits))

    def _step(self, batch: Tensor, labels: Tensor, seen: int) -> Tensor:  # (N, 1, 28, 28), (N,)
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.lr * one_cycle(seen / self.total, self.recipe.warmup)
        if self.recipe.augmentation:
            batch = self.recipe.augmentation(batch, self.generator)
        with self.autocast():
            logits = self.network.layers[:-1](batch)  # (N, 10); LogSoftmax is left to float32
        cost = functional.cross_entropy(logits.float(), labels)
        self.optimizer.zero_grad()
        cost.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        if self.averaged is not None:
            self.averaged.update_parameters(self.network)
        return cost.detach()

    def _current(self) -> DigitClassifier:
        """Return the network as it would be served now."""
        if self.averaged is None:
            return self.network
        current = self.averaged.module
        assert isinstance(current, DigitClassifier)  # noqa: S101
        return current.eval()

    def _remember(self, seen: int) -> None:
        state = self._current().state_dict()
        self.snapshots[seen] = {key: value.detach().cpu().contiguous().clone() for key, value in state.items()}


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


def _line(title: str, epoch: Epoch, epochs: int) -> str:
    return (
        f"{title}: epoch {epoch.epoch:{len(str(epochs))}}/{epochs}  training cost {epoch.training_cost:.4f}  "
        f"validation cost {epoch.validation_cost:.4f}  validation accuracy {epoch.validation_accuracy:.2%}"
    )
