"""The options of `python -m training.train`, read and checked."""

from __future__ import annotations

import argparse
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import torch

from app.recognition.classifier import choose_device
from app.recognition.networks import NETWORKS
from training import data

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT: Final = " (default: %(default)s)"  # ends the help of an option
MODELS: Final = Path(__file__).parent.parent / "models"


class OptionError(Exception):
    """An option cannot be used as given; the message says what to do."""


@dataclass(frozen=True)
class Options:
    """What the command was asked to do."""

    networks: tuple[str, ...]
    dataset: str
    recipe: str
    epochs: int | None
    strokes: tuple[Path, ...]
    data_dir: Path
    output_dir: Path
    seed: int
    device: torch.device
    threads: int


def parse(arguments: Sequence[str] | None) -> Options:
    """Read the command line; raises OptionError for what cannot be used, SystemExit for what argparse refuses."""
    parsed = _parser().parse_args(arguments)
    try:
        device = choose_device(parsed.device)
    except ValueError as error:
        raise OptionError(str(error)) from error
    if parsed.strokes and parsed.recipe != "best":
        raise OptionError("--strokes needs --best: the other recipes learn from MNIST alone.")
    _check_writable(parsed.output_dir)
    return Options(
        networks=tuple(NETWORKS) if parsed.network == "both" else (parsed.network,),
        dataset=parsed.dataset,
        recipe=parsed.recipe,
        epochs=parsed.epochs,
        strokes=tuple(parsed.strokes),
        data_dir=parsed.data_dir,
        output_dir=parsed.output_dir,
        seed=parsed.seed,
        device=device,
        threads=parsed.threads,
    )


def positive(text: str) -> int:
    """Read a whole number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return int(text)


def thread_count(text: str) -> int:
    """Read a number of threads, at most as many as there are processors."""
    number, most = positive(text), os.cpu_count() or 1
    if number > most:
        raise argparse.ArgumentTypeError(f"{text} threads are too many: this machine has {most} processors")
    return number


def natural(text: str) -> int:
    """Read a whole number from 0 on."""
    if not text.isdecimal() or int(text) >= 2**31:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 0 to 2147483647")
    return int(text)


def add_data_dir(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the data root, which DIGITS_DATA sets too."""
    default = Path(os.environ.get("DIGITS_DATA", "data"))
    text = "root of the data sets; DIGITS_DATA sets it too" + DEFAULT
    parser.add_argument("--data-dir", type=Path, default=default, help=text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.train",
        description="Train the feed-forward and the convolutional net on MNIST, with --best on drawings too.",
    )
    parser.add_argument(
        "--network", choices=[*NETWORKS, "both"], default="both", help="which network to train" + DEFAULT
    )
    parser.add_argument(
        "--dataset", choices=data.DATASETS, default="mnist", help="mnist-5k needs no download" + DEFAULT
    )
    recipe = parser.add_mutually_exclusive_group()
    recipe.add_argument(
        "--quick",
        action="store_const",
        const="quick",
        dest="recipe",
        default="default",
        help="MNIST alone, in seconds instead of minutes: less accurate, above all on other people's digits",
    )
    recipe.add_argument(
        "--best",
        action="store_const",
        const="best",
        dest="recipe",
        default="default",
        help="the most accurate: about half an hour on two cores",
    )
    parser.add_argument(
        "--strokes",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help='with --best: drawings of your own to learn from too, JSON Lines of {"label": 7, "strokes": '
        "[[[x, y], ...], ...]}; label null: no digit, which the cnn alone learns from, never the ff",
    )
    parser.add_argument("--epochs", type=positive, help="passes over what it learns from, instead of the recipe's")
    add_data_dir(parser)
    parser.add_argument("--output-dir", type=Path, default=MODELS, help="where weights, facts and history go" + DEFAULT)
    parser.add_argument(
        "--seed", type=natural, default=0, help="same seed, machine and threads: same weights" + DEFAULT
    )
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda" + DEFAULT)
    parser.add_argument(
        "--threads",
        type=thread_count,
        default=torch.get_num_threads(),
        help="CPU threads to compute with" + DEFAULT,
    )
    return parser


def _check_writable(folder: Path) -> None:
    """Find out before the training, not after it, that the weights cannot be kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OptionError(f"--output-dir {folder} cannot be written: {error.strerror}.") from error
