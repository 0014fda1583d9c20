"""Train one network by a recipe, remembering the moments on the way."""

from __future__ import annotations

import math
import time
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import torch
from torch.nn import functional
from tqdm import tqdm

from app.recognition.networks import CLASSES, DigitClassifier
from training.candidate import Candidate, Epoch, Moment
from training.data import to_batch
from training.metrics import cost_and_accuracy
from training.team import Team

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from torch import Tensor

    from app.recognition.weights import History
    from training.checkpoint import Checkpoint
    from training.data import Digits, Splits
    from training.recipes import Recipe

BASE_COST: Final = math.log(CLASSES)  # nats, the cost of guessing
EARLY: Final = (0, 50, 100, 250, 500, 1000, 2000, 4000, 8000, 16000, 32000)  # images seen: moments to remember
ALONE: Final = Team()
UNTRAINED: Final = 5000  # training digits that the untrained cost is measured on
GLANCE: Final = 1000  # digits that every moment to remember is measured on, of training and of validation
LATER: Final = 16  # more moments, evenly spread over the logarithm of the rest


@dataclass(frozen=True)
class Fitted:
    """A trained network, how it came about, and what it costs."""

    network: DigitClassifier
    history: History
    epochs: tuple[Epoch, ...]  # untrained first
    moments: tuple[Moment, ...]  # those of the history
    candidate: int  # which of the recipe's candidates it was
    temperature: float  # that the last layer's logits were divided by
    seconds: float  # of training, interruptions left out


def fit(
    name: str,
    splits: Splits,
    recipe: Recipe,
    seed: int,
    device: torch.device,
    checkpoint: Checkpoint | None = None,
    team: Team = ALONE,
) -> Fitted:
    """Train the candidates of network `name` on the same batches; return the one best on validation.

    With a checkpoint, training goes on where it was interrupted, and is remembered after every epoch. A team shares
    each batch out.
    """
    print(f"{name}: base cost of guessing, ln 10: {BASE_COST:.4f}")
    candidates = [Candidate(name, recipe, seed * 1000 + number, device) for number in range(recipe.candidates)]
    return _Run(name, candidates, splits, recipe, seed * 1000, team).train(checkpoint)


class _Run:
    """The state of one training run."""

    def __init__(
        self, name: str, candidates: list[Candidate], splits: Splits, recipe: Recipe, seed: int, team: Team
    ) -> None:
        self.name, self.candidates, self.splits, self.recipe, self.team = name, candidates, splits, recipe, team
        self.device = splits.training.labels.device
        self.generator = torch.Generator(self.device).manual_seed(seed)
        self.chance = self.generator  # of the augmentation: in a team each has its own, but all the same order
        if team.size > 1:
            self.chance = torch.Generator(self.device).manual_seed(seed + 1 + team.rank)
        self.more_logits = 1 if recipe.non_digits else 0  # always 0: the answer for what is no digit
        self.digits = int((splits.training.labels < CLASSES).sum())  # among what an epoch learns from
        self.autocast = _autocast(self.device) if recipe.bfloat16 else nullcontext
        self.learners = [team.in_step(candidate.learner) for candidate in candidates]  # (N, 1, 28, 28) -> (N, 10)
        parameters = [parameter for candidate in candidates for parameter in candidate.learner.parameters()]
        self.optimizer = torch.optim.AdamW(parameters, lr=recipe.lr, weight_decay=recipe.weight_decay, fused=True)
        self.total = recipe.epochs * len(splits.training)  # images
        self.moments = _moments(self.total)
        self.began, self.earlier = time.perf_counter(), 0.0  # seconds: of this process, and before an interruption

    def train(self, checkpoint: Checkpoint | None) -> Fitted:
        saved = checkpoint.load() if checkpoint else None
        if saved is None:
            self._measure_untrained()
        else:
            self._restore(saved)
            print(f"{self.name}: going on after epoch {len(self.candidates[0].epochs) - 1}")
        print(self._line(), flush=True)
        for epoch in range(len(self.candidates[0].epochs), self.recipe.epochs + 1):
            costs = self._epoch(epoch)
            for candidate, cost in zip(self.candidates, costs, strict=True):
                candidate.measure(epoch, cost, self.splits.validation)
            self._check_finite()
            if checkpoint:
                checkpoint.save(self._state())
            print(self._line(), flush=True)
        best = self._best()
        network, temperature = best.finish(self.splits.calibration or self.splits.validation, self.total)
        moments = best.moments(self._some(GLANCE), self.splits.validation.first(GLANCE))
        kept = self.candidates.index(best)
        return Fitted(network, best.history(), tuple(best.epochs), moments, kept, temperature, self._seconds())

    def _check_finite(self) -> None:
        """Stop where even the best candidate has diverged, before that is saved: what is no number stays none."""
        best = self._best().epochs[-1]
        if not math.isfinite(best.training_cost + best.validation_cost):
            raise FloatingPointError(
                f"{self.name} has diverged in epoch {best.epoch}: its cost is no number; try another --seed."
            )

    def _measure_untrained(self) -> None:
        some = self._some(UNTRAINED)
        for candidate in self.candidates:
            cost, _ = cost_and_accuracy(candidate.current(), some)
            candidate.measure(0, cost, self.splits.validation)
            candidate.remember(0)

    def _some(self, count: int) -> Digits:
        """Return training digits, as they are; what is no digit costs nothing to read."""
        some = self.splits.training.first(count)
        return some.take(torch.nonzero(some.labels < CLASSES).flatten())

    def _state(self) -> dict[str, Any]:
        return {
            "candidates": [candidate.state() for candidate in self.candidates],
            "optimizer": self.optimizer.state_dict(),
            "generator": self.generator.get_state(),
            "seconds": self._seconds(),
        }

    def _restore(self, saved: dict[str, Any]) -> None:
        for candidate, state in zip(self.candidates, saved["candidates"], strict=True):
            candidate.restore(state)
        self.optimizer.load_state_dict(saved["optimizer"])
        self.generator.set_state(saved["generator"])
        self.earlier = saved["seconds"]

    def _seconds(self) -> float:
        return self.earlier + time.perf_counter() - self.began

    def _best(self) -> Candidate:
        """Return the candidate that reads most of the validation digits, of equals that of lowest cost."""
        last = {candidate: candidate.epochs[-1] for candidate in self.candidates}
        return max(last, key=lambda one: (last[one].validation_accuracy, -last[one].validation_cost))

    def _epoch(self, epoch: int) -> list[float]:
        digits, first = self.splits.training, (epoch - 1) * len(self.splits.training)
        order = torch.randperm(len(digits), device=self.device, generator=self.generator)
        costs = torch.zeros(len(self.candidates), device=self.device)
        title = f"{self.name} epoch {epoch}/{self.recipe.epochs}"
        with tqdm(total=len(digits), desc=title, unit="img", leave=False, disable=None) as bar:
            for start, stop in _cuts(first, len(digits), self.recipe.batch, self.moments):
                picked, seen = self.team.share(order[start:stop]), first + stop
                if len(picked) > 1 or not self.recipe.normalised:  # a single one has no spread to normalise by
                    costs += self._step(to_batch(digits.frames[picked]), digits.labels[picked], seen)
                bar.update(stop - start)
                if seen in self.moments:
                    for candidate in self.candidates:
                        candidate.remember(seen)
        found: list[float] = (self.team.total(costs) / self.digits).tolist()
        return found

    def _step(self, batch: Tensor, labels: Tensor, seen: int) -> Tensor:  # (N, 1, 28, 28), (N,) -> (candidates,)
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.lr * one_cycle(seen / self.total, self.recipe.warmup)
        if self.recipe.augmentation:
            batch = self.recipe.augmentation(batch, self.chance)
        with self.autocast():  # the cost is left to float32
            logits = [learner(batch) for learner in self.learners]  # each (N, 10)
        answers = [functional.pad(found.float(), (0, self.more_logits)) for found in logits]  # each (N, 10 or 11)
        wholes = torch.stack([_cost(found, labels, self.recipe.robust) for found in answers])
        self.optimizer.zero_grad()
        wholes.sum().backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        for candidate in self.candidates:
            if candidate.averaged is not None:
                candidate.averaged.update_parameters(candidate.learner)
        with torch.no_grad():  # of the digits alone: to be compared with the validation's
            return torch.stack([_digits_cost(found.float(), labels) for found in logits])

    def _line(self) -> str:
        best = self._best().epochs[-1]
        width = len(str(self.recipe.epochs))
        title = f"epoch {best.epoch:{width}}/{self.recipe.epochs}" if best.epoch else f"{'untrained':{7 + 2 * width}}"
        return (
            f"{self.name}: {title}  training cost {best.training_cost:.4f}  "
            f"validation cost {best.validation_cost:.4f}  validation accuracy {best.validation_accuracy:.2%}"
        )


def _digits_cost(logits: Tensor, labels: Tensor) -> Tensor:  # (N, 10), (N,) -> ()
    """Return what the digits cost in all, in nats; what is no digit costs nothing."""
    return functional.cross_entropy(logits, labels, ignore_index=CLASSES, reduction="sum")


def _cost(logits: Tensor, labels: Tensor, q: float) -> Tensor:  # (N, classes), (N,) -> ()
    """Return the mean cost of the right answers' probabilities p: -ln p, or, with q > 0, (1 - p^q) / q.

    What a network has no room to learn pulls less at it by the latter, the generalised cross-entropy (Zhang & Sabuncu
    2018, "Generalized Cross Entropy Loss for Training Deep Neural Networks with Noisy Labels").
    """
    if not q:
        return functional.cross_entropy(logits, labels)
    costs = functional.cross_entropy(logits, labels, reduction="none")  # (N,)
    return -torch.expm1(-q * costs).mean() / q


def one_cycle(progress: float, warmup: float) -> float:
    """Return the learning rate's share of its highest at `progress` 0 … 1 (Smith & Topin 2018)."""
    if progress < warmup:
        return 0.1 + 0.9 * progress / warmup
    return 0.5 + 0.5 * math.cos(math.pi * (progress - warmup) / (1 - warmup))


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
