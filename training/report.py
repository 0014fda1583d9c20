"""Say how good a network is: for its facts, and for people."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tqdm import tqdm

from training import strokes
from training.data import DataError, Digits
from training.metrics import Measurement, log_probs, measure

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from app.recognition.networks import DigitClassifier
    from training.data import Splits

SURE_SHARE: Final = 0.98  # of the validation digits that get the verdict `digit`


def add_data_dir(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the data root, which DIGITS_DATA sets too."""
    default = Path(os.environ.get("DIGITS_DATA", "data"))
    parser.add_argument("--data-dir", type=Path, default=default, help="root of the data sets; DIGITS_DATA sets it too")


def pen_digits(root: Path) -> list[Digits]:
    """Return the pen digits of the 14 test writers, once for each habit; none where the file is missing."""
    try:
        drawings = strokes.read_pendigits(root, "pendigits-test")
    except DataError as error:
        print(f"{error} They are left out of the report.")
        return []
    habits = tqdm(strokes.HABITS.items(), desc="drawing pen digits for the report", leave=False, disable=None)
    return [strokes.digits(drawings, habit, name) for name, habit in habits]


def unsure_below(network: DigitClassifier, validation: Digits) -> float:
    """Return the probability of the best guess that SURE_SHARE of the validation digits reach."""
    best = log_probs(network, validation).exp().amax(dim=1)  # (N,)
    return float(best.quantile(1 - SURE_SHARE))


def facts(network: DigitClassifier, splits: Splits, pens: Sequence[Digits]) -> dict[str, Any]:
    """Return what models/NAME.json states of the network's quality."""
    return {
        "unsure_below": unsure_below(network, splits.validation),
        "test": asdict(measure(network, splits.test)),
        "pen_digits": {
            digits.name: {key: value for key, value in asdict(measure(network, digits)).items() if key != "confusion"}
            for digits in pens
        },
    }


def table(rows: Sequence[tuple[str, dict[str, Any]]]) -> str:
    """Return test cost and accuracy of each network as a table."""
    lines = [f"{'network':8} {'parameters':>10} {'test cost':>10} {'accuracy':>9}  measured on"]
    for name, known in rows:
        test = known["test"]
        lines.append(
            f"{name:8} {known['parameters']:>10,} {test['nll']:>10.4f} {test['accuracy']:>9.2%}"
            f"  {test['count']:,} {test['dataset']}"
        )
    return "\n".join(lines)


def text(name: str, found: Measurement) -> str:
    """Return a measurement for people: cost, accuracy, recall per digit and confusion matrix."""
    lines = [
        f"{name} on {found.count:,} {found.dataset}",
        f"  cost {found.nll:.4f}, accuracy {found.accuracy:.2%}, calibration error {found.calibration_error:.2%}",
        "  digit    " + "".join(f"{digit:>8}" for digit in range(10)),
        "  recall   " + "".join(f"{recall:>8.2%}" for recall in found.recall),
        "  answered as (row: the true digit)",
    ]
    lines += [f"  {digit:>8} " + "".join(f"{count:>8,}" for count in row) for digit, row in enumerate(found.confusion)]
    return "\n".join(lines)
