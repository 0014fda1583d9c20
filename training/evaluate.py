"""Measure any weights on MNIST's test digits and on pen digits: `python -m training.evaluate --help`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.recognition import weights
from app.recognition.networks import NETWORKS, DigitClassifier
from training import data, report
from training.metrics import measure
from training.train import MODELS

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = _parser()
    parsed = parser.parse_args(arguments)
    if parsed.weights is not None and parsed.network == "both":
        parser.error("--weights is one network's file: say which with --network ff or --network cnn")
    names = list(NETWORKS) if parsed.network == "both" else [parsed.network]
    try:
        networks = {name: _network(name, parsed) for name in names}
        test = data.load(parsed.dataset, parsed.data_dir, parsed.seed).test
    except (data.DataError, weights.WeightsError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    pens = report.pen_digits(parsed.data_dir)
    for name, network in networks.items():
        print(report.text(name, measure(network, test)))
        for digits in pens:
            found = measure(network, digits)
            print(f"  pen digits, {digits.name:20} cost {found.nll:.4f}, accuracy {found.accuracy:.2%}")
    return 0


def _network(name: str, parsed: argparse.Namespace) -> DigitClassifier:
    if parsed.weights is None:
        return weights.read(parsed.models_dir, name).network
    return weights.read_bare(parsed.weights, name)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate",
        description="Print test cost, accuracy, recall per digit and confusion matrix of trained networks.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--network", choices=[*NETWORKS, "both"], default="both", help="which network to measure")
    parser.add_argument("--dataset", choices=data.DATASETS, default="mnist", help="whose test digits")
    report.add_data_dir(parser)
    parser.add_argument("--models-dir", type=Path, default=MODELS, help="folder of NAME.safetensors and NAME.json")
    parser.add_argument("--weights", type=Path, help="one .safetensors file instead; needs --network ff or cnn")
    parser.add_argument("--seed", type=int, default=0, help="seed that the mnist-5k split was drawn by")
    return parser


if __name__ == "__main__":
    sys.exit(main())
