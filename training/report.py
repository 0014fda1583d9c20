"""Say how good a network is: for its facts, and for people."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, replace
from statistics import mean, stdev
from typing import TYPE_CHECKING, Any, Final

from app.recognition import weights
from app.recognition.networks import NETWORKS
from training import data
from training.metrics import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from app.recognition.networks import DigitClassifier
    from training.data import Digits
    from training.outsiders import Outsiders

SURE_SHARE: Final = 0.98  # of the validation digits that get the verdict `digit`


def served(folder: Path, names: Sequence[str] = tuple(NETWORKS)) -> dict[str, Reader]:
    """Return these networks of `folder` as the service uses them; raises weights.WeightsError."""
    trained = {name: weights.read(folder, name) for name in names}
    own = next((one for one in trained.values() if one.is_judge), None)
    found = own or judge(folder, [name for name in NETWORKS if name not in trained])
    asked = found.network if found else None
    return {name: Reader(one.network, asked, one.unsure_below) for name, one in trained.items()}


def judge(folder: Path, names: Sequence[str]) -> weights.Trained | None:
    """Return that of these networks in `folder` that tells digits from everything else, where there is one."""
    for name in names:
        try:
            trained = weights.read(folder, name)
        except weights.WeightsError:
            continue
        if trained.is_judge:
            return trained
    return None


def judged_by_others(folder: Path, judge: weights.Trained | None) -> list[str]:
    """Return the names of the networks in `folder` whose threshold was set beside another judge or none."""
    own = judge.version if judge else None
    found = []
    for name in NETWORKS:
        with suppress(weights.WeightsError):
            if weights.judged_by_another(weights.read_facts(folder, name), own):
                found.append(name)
    return found


def reader(network: DigitClassifier, judge: DigitClassifier | None, validation: Digits) -> Reader:
    """Return the network with the threshold that SURE_SHARE of the validation digits reach."""
    return Reader(network, judge, float(Reader(network, judge).certainty(validation).quantile(1 - SURE_SHARE)))


def facts(reader: Reader, test: Digits, others: Outsiders) -> dict[str, Any]:
    """Return what models/NAME.json states of the network's quality; `test` are digits as they were written."""
    pens = {digits.name: asdict(reader.measure(digits)) for digits in others.pen_digits}
    return {
        "unsure_below": reader.unsure_below,
        "test": asdict(reader.measure(test.framed())),
        "test_as_written": {"accuracy": reader.measure(test).accuracy},
        "pen_digits": {name: {k: v for k, v in found.items() if k != "confusion"} for name, found in pens.items()},
        **({"pen_digits_together": asdict(reader.measure(_together(others.pen_digits)))} if pens else {}),
        "non_digits": {
            frames.name: {"count": len(frames), "passed": reader.passed(frames)} for frames in others.non_digits
        },
    }


def _together(canvases: Sequence[Digits]) -> Digits:
    return replace(data.together(canvases), name="all canvases")


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


def text(name: str, known: dict[str, Any]) -> str:
    """Return the facts of a network's quality for people."""
    test = known["test"]
    lines = [
        f"{name} on {test['count']:,} {test['dataset']}",
        f"  accuracy {known['test_as_written']['accuracy']:.2%} as they were written, not framed anew",
        f"  cost {test['nll']:.4f}, accuracy {test['accuracy']:.2%}, calibration error {test['calibration_error']:.2%}",
        "  digit    " + "".join(f"{digit:>8}" for digit in range(10)),
        "  recall   " + "".join(f"{recall:>8.2%}" for recall in test["recall"]),
        "  answered as (row: the true digit)",
        *(f"  {digit:>8} " + "".join(f"{count:>8,}" for count in row) for digit, row in enumerate(test["confusion"])),
        f"  verdict `digit` from a certainty of {known['unsure_below']:.4f} on; it is given to",
        f"  {test['passed']:8.2%} of {test['dataset']}",
    ]
    lines += [f"  {found['passed']:8.2%} of {found['count']:,} {what}" for what, found in known["non_digits"].items()]
    if known["pen_digits"]:
        lines.append(f"  {'pen digits of 14 test writers':30} accuracy  balanced  calibration error     cost   passed")
    for habit, found in _rows(known).items():
        lines.append(
            f"  {habit:30} {found['accuracy']:8.2%}  {found['balanced_accuracy']:8.2%}"
            f"  {found['calibration_error']:17.2%} {found['nll']:8.4f} {found['passed']:8.2%}"
        )
        lines.append("    recall " + "".join(f"{recall:>8.2%}" for recall in found["recall"]))
    return "\n".join(lines)


def _rows(known: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what was measured on pen digits: on each canvas, then on all canvases together."""
    together = known.get("pen_digits_together")  # there are none without pen digits
    return {**known["pen_digits"], **({"all of these together": together} if together else {})}


def spread(found: Mapping[str, Sequence[dict[str, Any]]]) -> str:
    """Return mean and standard deviation of each network's figures over its trainings."""
    lines = []
    for name, runs in found.items():
        lines.append(f"{name}: mean and standard deviation over {len(runs)} trainings")
        lines += [f"  {what:45} {mean(values):8.2%} ± {stdev(values):.2%}" for what, values in _figures(runs).items()]
    return "\n".join(lines)


def _figures(runs: Sequence[dict[str, Any]]) -> dict[str, list[float]]:
    """Return the figures of every run, by what they say."""
    figures: dict[str, list[float]] = {}
    for run in runs:
        tests = {run["test"]["dataset"]: run["test"]} | {f"pen digits, {k}": v for k, v in run["pen_digits"].items()}
        row = {f"{what}: accuracy": found["accuracy"] for what, found in tests.items()}
        if run["pen_digits"]:
            together = run["pen_digits_together"]
            row["pen digits, all canvases together: accuracy"] = together["accuracy"]
            row["pen digits, all canvases together: cal. error"] = together["calibration_error"]
        row |= {f"{what}: passed": found["passed"] for what, found in run["non_digits"].items()}
        for what, value in row.items():
            figures.setdefault(what, []).append(value)
    return figures
