"""Train the networks on real digits and write them to models/: `python -m training.train --help`."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

import torch

from app.recognition import ink, weights
from app.recognition.classifier import choose_device
from app.recognition.networks import NETWORKS, SIDE, parameter_count
from training import data, report, strokes
from training.checkpoint import Checkpoint
from training.fit import BASE_COST, Fitted, fit
from training.material import gather
from training.recipes import RECIPES, Recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.recognition.networks import DigitClassifier

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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status. Nothing in the output folder changes before a network is done."""
    try:
        options = _parse(arguments)
        _check_writable(options.output_dir)
        torch.set_num_threads(options.threads)
        _train_all(options)
    except (OptionError, data.DataError, FloatingPointError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"error: {options.output_dir} cannot be written ({error.strerror}); nothing was lost.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(
            "\nInterrupted: earlier weights are as they were. The same command goes on after the last finished epoch.",
            file=sys.stderr,
        )
        return 130
    return 0


def _train_all(options: Options) -> None:
    recipes = {name: _recipe(name, options) for name in options.networks}
    own = [drawing for path in options.strokes for drawing in strokes.read_lines(path)]
    material = gather(options.dataset, options.data_dir, list(recipes.values()), own, options.seed)
    others = cache(report.Outsiders if options.recipe == "quick" else partial(report.draw_outsiders, options.data_dir))
    judge = None if options.recipe == "quick" else _judge(options.output_dir)
    done = []
    for name in sorted(recipes, key=lambda name: not recipes[name].non_digits):  # whose judgement others need, first
        trained = _train(name, recipes[name], material.splits(recipes[name]), judge, others, options)
        judge = trained.network if recipes[name].non_digits else judge
        done.append((name, trained.facts))
    print(report.table(done))


def _recipe(name: str, options: Options) -> Recipe:
    recipe = RECIPES[options.recipe][name]
    return recipe if options.epochs is None else replace(recipe, epochs=options.epochs)


def _judge(folder: Path) -> DigitClassifier | None:
    """Return the network in `folder` that tells digits from everything else, where there is one."""
    for name in NETWORKS:
        try:
            trained = weights.read(folder, name)
        except weights.WeightsError:
            continue
        if trained.is_judge:
            return trained.network
    return None


def _train(
    name: str,
    recipe: Recipe,
    splits: data.Splits,
    judge: DigitClassifier | None,
    others: Callable[[], report.Outsiders],
    options: Options,
) -> weights.Trained:
    print(
        f"{name}: {parameter_count(NETWORKS[name]()):,} parameters, on {options.device}, seed {options.seed}, "
        f"learns from {splits.training.name}; is chosen by {splits.validation.name}"
    )
    began = time.perf_counter()
    on_device = data.Splits(*(part.to(options.device) for part in (splits.training, splits.validation, splits.test)))
    known = {"recipe": options.recipe, **asdict(recipe), "seed": options.seed, "data": _data(splits), **_versions()}
    key = hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()
    checkpoint = Checkpoint(options.output_dir / f".{name}.run", key)
    fitted = fit(name, on_device, recipe, options.seed, options.device, checkpoint)
    seconds = time.perf_counter() - began
    network = fitted.network.cpu().to(memory_format=torch.contiguous_format)
    reader = report.reader(network, network if recipe.non_digits else judge, splits.validation)
    facts = _facts(name, fitted, recipe, options, seconds) | {"data": _data(splits)}
    trained = weights.write(
        options.output_dir, name, network, facts | report.facts(reader, splits.test, others()), fitted.history
    )
    checkpoint.remove()
    print(f"{name}: {seconds:.1f} s of training; written to {options.output_dir / name}.* (version {trained.version})")
    return trained


def _data(splits: data.Splits) -> weights.Facts:
    return {
        part: {"name": digits.name, "count": len(digits), "sha256": digits.digest()}
        for part, digits in vars(splits).items()
    }


def _versions() -> weights.Facts:
    packages = ("torch", "torchvision", "numpy", "opencv-python-headless")
    return {"versions": {"python": platform.python_version()} | {package: version(package) for package in packages}}


def _facts(name: str, fitted: Fitted, recipe: Recipe, options: Options, seconds: float) -> weights.Facts:
    return {
        "name": name,
        "architecture": [str(layer) for layer in fitted.network.layers],
        "parameters": parameter_count(fitted.network),
        "judge": bool(recipe.non_digits),
        "framing": {"side": SIDE, "box": ink.BOX, "centre": ink.CENTRE, "stroke": ink.STROKE},
        "training": {
            "recipe": options.recipe,
            **asdict(recipe),
            "optimizer": "AdamW",
            "seed": options.seed,
            "candidate_kept": fitted.candidate,
            "temperature": fitted.temperature,
            "device": options.device.type,
            "threads": options.threads,
            "seconds": round(seconds, 1),
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        },
        **_versions(),
        "base_cost": BASE_COST,
        "epochs": [asdict(epoch) for epoch in fitted.epochs],
    }


def _check_writable(folder: Path) -> None:
    """Find out before the training, not after it, that the weights cannot be kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OptionError(f"--output-dir {folder} cannot be written: {error.strerror}.") from error


def _parse(arguments: Sequence[str] | None) -> Options:
    parsed = _parser().parse_args(arguments)
    try:
        device = choose_device(parsed.device)
    except ValueError as error:
        raise OptionError(str(error)) from error
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
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return number


def thread_count(text: str) -> int:
    """Read a number of threads, at most as many as there are processors."""
    number, most = positive(text), os.cpu_count() or 1
    if number > most:
        raise argparse.ArgumentTypeError(f"{text} threads are too many: this machine has {most} processors")
    return number


def natural(text: str) -> int:
    """Read a whole number from 0 on."""
    number = int(text)
    if not 0 <= number < 2**31:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 0 to 2147483647")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.train",
        description="Train the feed-forward and the convolutional net on MNIST and pen strokes.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--network", choices=[*NETWORKS, "both"], default="both", help="which network to train")
    parser.add_argument("--dataset", choices=data.DATASETS, default="mnist", help="mnist-5k needs no download")
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
        help="the most accurate: BEST_TIME on two cores",
    )
    parser.add_argument(
        "--strokes",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help='drawings of your own to learn from too, JSON Lines of {"label": 7, "strokes": [[[x, y], ...], ...]}; '
        "label null: no digit",
    )
    parser.add_argument("--epochs", type=positive, help="passes over what it learns from, instead of the recipe's")
    report.add_data_dir(parser)
    parser.add_argument("--output-dir", type=Path, default=MODELS, help="where weights, facts and history go")
    parser.add_argument("--seed", type=natural, default=0, help="same seed, machine and threads: same weights")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument(
        "--threads", type=thread_count, default=torch.get_num_threads(), help="CPU threads to compute with"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
