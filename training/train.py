"""Train the networks on real digits and write them to models/: `python -m training.train --help`."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial
from importlib.metadata import version
from typing import TYPE_CHECKING

import torch

from app.recognition import ink, weights
from app.recognition.networks import NETWORKS, SIDE, parameter_count
from app.recognition.slant import SLANT
from training import data, outsiders, report, strokes
from training.checkpoint import Checkpoint
from training.ending import status
from training.fit import BASE_COST, Fitted, fit
from training.learner import Learner
from training.material import gather
from training.options import OptionError, Options, parse
from training.outsiders import Outsiders
from training.recipes import RECIPES, Recipe
from training.team import Team, place, team

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class Done:
    """A network that is trained and written, and the run that it came from."""

    trained: weights.Trained
    checkpoint: Checkpoint | None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status. Nothing in the output folder changes before a network is done."""
    try:
        options = parse(arguments)
    except OptionError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    torch.set_num_threads(options.threads)
    done: list[Done] = []  # one after the other, so that an error or interruption can tell what is written
    return status(
        partial(_run, options, done),
        options.output_dir,
        lambda: _kept(done),
        lambda: f"Interrupted. {_kept(done)} {_way_on(place())}" if place().leads else "",
    )


def _run(options: Options, done: list[Done]) -> None:
    with team(options.device) as processes, redirect_stdout(sys.stdout if processes.leads else None):
        _train_all(options, processes, done)


def _kept(done: Sequence[Done]) -> str:
    """Say what the output folder holds now."""
    if not done:
        return "Earlier weights are as they were."
    return f"New weights of {' and '.join(one.trained.name for one in done)} are written, all others are as they were."


def _way_on(processes: Team) -> str:
    """Say what an interrupted command does when it is given again."""
    if processes.size == 1:
        return "The same command goes on after the last finished epoch."
    return "The same command begins anew: several processes keep no epochs."


def _train_all(options: Options, processes: Team, done: list[Done]) -> None:
    """Train one network after the other, each into `done`; their runs are kept until all of them are."""
    recipes = {name: _recipe(name, options) for name in options.networks}
    own = [drawing for path in options.strokes for drawing in strokes.read_lines(path)]
    material = gather(options.dataset, options.data_dir, list(recipes.values()), own, options.seed)
    root = options.data_dir if options.dataset == "mnist" else None
    others = cache(Outsiders if options.recipe == "quick" else partial(outsiders.draw, root))
    judge = report.judge(options.output_dir, [name for name in NETWORKS if name not in recipes])
    for name in sorted(recipes, key=lambda name: not recipes[name].non_digits):  # whose judgement others need, first
        found = _train(name, recipes[name], material.splits(recipes[name]), judge, others, options, processes)
        if found is None:
            continue
        judge = found.trained if found.trained.is_judge else judge
        done.append(found)
    for one in done:
        if one.checkpoint:
            one.checkpoint.remove()
    if processes.leads:
        print(report.table([(one.trained.name, one.trained.facts) for one in done]))
        for name in report.judged_by_others(options.output_dir, judge):
            print(f"{name}: its threshold was set beside another judge than there is now, or none: train it again too")


def _recipe(name: str, options: Options) -> Recipe:
    recipe = RECIPES[options.recipe][name]
    return recipe if options.epochs is None else replace(recipe, epochs=options.epochs)


def _train(
    name: str,
    recipe: Recipe,
    splits: data.Splits,
    judge: weights.Trained | None,
    others: Callable[[], Outsiders],
    options: Options,
    processes: Team,
) -> Done | None:  # None in the processes of a team that does not lead
    print(
        f"{name}: {parameter_count(NETWORKS[name]()):,} parameters, on {options.device}, seed {options.seed}, "
        f"learns from {splits.training.name}; is chosen by {splits.validation.name}"
    )
    on_device = data.Splits(**{part: digits.to(options.device) for part, digits in splits.parts().items()})
    setting = {"name": name, "recipe": options.recipe, "seed": options.seed, "device": options.device.type}
    learnt_from = {"data": _data(splits), **_versions()}
    learner = str(Learner(name, normalised=recipe.normalised))  # another layout cannot go on from this one
    known = {**setting, **asdict(recipe), **learnt_from, "learner": learner}
    key = hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()
    checkpoint = Checkpoint(options.output_dir / f".{name}.{key[:8]}.run", key) if processes.size == 1 else None
    fitted = fit(name, on_device, recipe, options.seed, options.device, checkpoint, processes)
    if not processes.leads:
        return None
    network = fitted.network.cpu().to(memory_format=torch.contiguous_format)
    facts = _facts(name, fitted, recipe, options, processes) | learnt_from
    asked = network if recipe.non_digits else None
    if judge and not recipe.non_digits:
        asked = judge.network
        facts |= {"judged_by": judge.version}  # evidence is its answer: what the report says holds beside it alone
    reader = report.reader(network, asked, splits.validation)
    trained = weights.write(
        options.output_dir, name, network, facts | report.facts(reader, splits.test, others()), fitted.history
    )
    written = f"written to {options.output_dir / name}.* (version {trained.version})"
    print(f"{name}: {fitted.seconds:.1f} s of training; {written}")
    return Done(trained, checkpoint)


def _data(splits: data.Splits) -> weights.Facts:
    return {
        part: {"name": digits.name, "count": len(digits), "sha256": digits.digest()}
        for part, digits in splits.parts().items()
    }


def _versions() -> weights.Facts:
    packages = ("torch", "torchvision", "numpy", "opencv-python-headless")
    return {"versions": {"python": platform.python_version()} | {package: version(package) for package in packages}}


def _facts(name: str, fitted: Fitted, recipe: Recipe, options: Options, processes: Team) -> weights.Facts:
    return {
        "name": name,
        "architecture": [str(layer) for layer in fitted.network.layers],
        "parameters": parameter_count(fitted.network),
        "judge": bool(recipe.non_digits),
        "framing": {"side": SIDE, "box": ink.BOX, "centre": ink.CENTRE, "stroke": ink.STROKE, "slant": SLANT},
        "training": {
            "recipe": options.recipe,
            **asdict(recipe),
            "optimizer": "AdamW",
            "seed": options.seed,
            "candidate_kept": fitted.candidate,
            "temperature": fitted.temperature,
            "device": options.device.type,
            "threads": options.threads,
            "processes": processes.size,
            "seconds": round(fitted.seconds, 1),
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        },
        "base_cost": BASE_COST,
        "epochs": [asdict(epoch) for epoch in fitted.epochs],
        "moments": [asdict(moment) for moment in fitted.moments],
    }


if __name__ == "__main__":
    sys.exit(main())
