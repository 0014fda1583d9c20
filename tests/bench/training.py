"""Time the quick recipes against the reference training, in one run: `python -m tests.bench.training`.

The reference is the loop of every tutorial: a DataLoader over MNIST's pictures, batch 32, AdamW at 0.001, ten epochs.
One of its epochs takes as long as another, so `--reference-epochs 1` times one and counts it ten times; with 10 nothing
is extrapolated, and its accuracy is printed too.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import torch
from torch.nn import functional
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor

from app.recognition.networks import NETWORKS
from training import options
from training.fit import fit
from training.material import gather
from training.metrics import cost_and_accuracy
from training.recipes import RECIPES

if TYPE_CHECKING:
    from app.recognition.networks import DigitClassifier

REFERENCE_EPOCHS: Final = 10
DEVICE: Final = torch.device("cpu")


@dataclass(frozen=True)
class Timing:
    """One network, both ways."""

    network: str
    reference_seconds: float  # for ten epochs
    reference_accuracy: float | None  # on MNIST's test digits; None where not all ten epochs were run
    quick_seconds: float  # from MNIST's files to the network, validation included
    quick_accuracy: float  # on MNIST's test digits
    ratio: float


def main() -> None:
    """Time both networks, print a table and keep it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    options.add_data_dir(parser)
    parser.add_argument("--reference-epochs", type=int, choices=(1, REFERENCE_EPOCHS), default=1, help="epochs to time")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--output", type=Path, default=Path("bench-training.json"))
    parsed = parser.parse_args()
    rows = [_time(name, parsed) for name in NETWORKS]
    print(f"{'network':8} {'reference':>11} {'accuracy':>9} {'--quick':>9} {'accuracy':>9} {'ratio':>7}")
    for row in rows:
        accuracy = "-" if row.reference_accuracy is None else f"{row.reference_accuracy:.2%}"
        times = f"{row.reference_seconds:>9.1f} s {accuracy:>9} {row.quick_seconds:>7.1f} s {row.quick_accuracy:>9.2%}"
        print(f"{row.network:8} {times} {row.ratio:>6.1f}x")
    parsed.output.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")


def _time(name: str, parsed: argparse.Namespace) -> Timing:
    recipe = RECIPES["quick"][name]
    began = time.perf_counter()
    splits = gather("mnist", parsed.data_dir, [recipe], [], parsed.seed).splits(recipe)
    with contextlib.redirect_stdout(io.StringIO()):
        quick = fit(name, splits, recipe, parsed.seed, DEVICE).network
    quick_seconds = time.perf_counter() - began
    torch.manual_seed(parsed.seed)
    reference = NETWORKS[name]()
    began = time.perf_counter()
    _reference(reference, parsed.data_dir, parsed.reference_epochs)
    seconds = (time.perf_counter() - began) * REFERENCE_EPOCHS / parsed.reference_epochs
    whole = parsed.reference_epochs == REFERENCE_EPOCHS
    accuracy = cost_and_accuracy(reference, splits.test)[1] if whole else None
    quick_accuracy = cost_and_accuracy(quick, splits.test.framed())[1]
    return Timing(name, seconds, accuracy, quick_seconds, quick_accuracy, seconds / quick_seconds)


def _reference(network: DigitClassifier, root: Path, epochs: int) -> None:
    loader = DataLoader(MNIST(str(root), train=True, transform=ToTensor()), batch_size=32, shuffle=True)
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.001)
    for _ in range(epochs):
        for batch, labels in loader:  # (32, 1, 28, 28), (32,)
            optimizer.zero_grad()
            functional.nll_loss(network(batch), labels).backward()  # type: ignore[no-untyped-call]
            optimizer.step()


if __name__ == "__main__":
    main()
