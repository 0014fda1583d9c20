"""Measure any weights on MNIST's test digits, pen digits and non-digits: `python -m training.evaluate --help`."""

from __future__ import annotations

import argparse
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.recognition import weights
from app.recognition.networks import NETWORKS
from training import data, outsiders, report, sheet
from training.ending import status
from training.metrics import Reader
from training.options import DEFAULT, MODELS, add_data_dir, natural

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = _parser()
    parsed = parser.parse_args(arguments)
    if parsed.weights is not None and parsed.network == "both":
        parser.error("--weights is one network's file: say which with --network ff or --network cnn")
    if parsed.weights is not None and parsed.models_dir:
        parser.error("--weights is one file instead of folders: leave out --models-dir")
    return status(partial(_measure, parsed, parsed.models_dir or [MODELS]), parsed.sheet or parsed.data_dir)


def _measure(parsed: argparse.Namespace, models: Sequence[Path]) -> None:
    names = list(NETWORKS) if parsed.network == "both" else [parsed.network]
    folders = dict(zip(models, _titles(models), strict=True))
    readers = [(name, folder, _reader(name, folder, parsed)) for name in names for folder in folders]
    test = data.load(parsed.dataset, parsed.data_dir, parsed.seed).test
    others = outsiders.draw(parsed.data_dir if parsed.dataset == "mnist" else None)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for name, folder, reader in readers:
        found[name].append(report.facts(reader, test, others))
        print(report.text(f"{name} of {parsed.weights or folder}", found[name][-1]))
        if parsed.dataset != "mnist" and not _is_held_out(test, name, folder, parsed):
            print(f"  it may have learnt from some of these {len(test):,}: they are no test of it")
        if reader.judge is None:
            print("  judged by no network that tells digits from everything else: certainty is confidence alone")
        if parsed.sheet:
            of = f"{name}-{folders[folder]}" if len(folders) > 1 else name
            path = parsed.sheet.with_stem(f"{parsed.sheet.stem}-{of}")
            sheet.write(path, sheet.misread(reader.network, [test.framed(), *others.pen_digits]))
            print(f"  the worst misreadings: {path}")
    if len(folders) > 1:
        print(report.spread(found))


def _titles(folders: Sequence[Path]) -> list[str]:
    """Return what tells the folders' sheets apart: their last names, numbered where two are the same."""
    names = [folder.resolve().name for folder in folders]
    if len(set(names)) == len(names):
        return names
    return [f"{number}-{name}" for number, name in enumerate(names, 1)]


def _is_held_out(test: data.Digits, name: str, folder: Path, parsed: argparse.Namespace) -> bool:
    """Tell whether these digits are those that the network was tested on when it was trained, and so held out."""
    known = {} if parsed.weights is not None else weights.read_facts(folder, name)
    return bool(known.get("data", {}).get("test", {}).get("sha256") == test.digest())


def _reader(name: str, folder: Path, parsed: argparse.Namespace) -> Reader:
    """Return a network as it would be served from `folder`; of a bare file only the layers are known."""
    if parsed.weights is not None:
        return Reader(weights.read_bare(parsed.weights, name), None)
    return report.served(folder, [name])[name]


def _sheet(text: str) -> Path:
    """Read the name of a file that can be written: better to know before everything is measured than after it."""
    path = Path(text)
    if path.suffix.lower() != ".png":
        raise argparse.ArgumentTypeError(f"{text} is no .png: the sheet is written as PNG, and named so")
    if os.access(path.parent, os.W_OK) and not path.is_dir():
        return path
    raise argparse.ArgumentTypeError(f"{text} cannot be written: name a file in a folder that is there")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate",
        description="Print accuracy, calibration and rejection of trained networks on digits and non-digits.",
    )
    parser.add_argument(
        "--network", choices=[*NETWORKS, "both"], default="both", help="which network to measure" + DEFAULT
    )
    parser.add_argument("--dataset", choices=data.DATASETS, default="mnist", help="whose test digits" + DEFAULT)
    add_data_dir(parser)
    parser.add_argument(
        "--models-dir",
        type=Path,
        nargs="+",
        metavar="DIR",
        help="folders of NAME.safetensors and NAME.json, models/ by default; of several also mean and deviation",
    )
    parser.add_argument("--weights", type=Path, help="one .safetensors file instead; needs --network ff or cnn")
    parser.add_argument("--sheet", type=_sheet, metavar="FILE.png", help="draw the worst misreadings as one picture")
    parser.add_argument("--seed", type=natural, default=0, help="seed of the training, which split mnist-5k" + DEFAULT)
    return parser


if __name__ == "__main__":
    sys.exit(main())
