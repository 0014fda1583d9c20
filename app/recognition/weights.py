"""Read and write models/: weights, facts and history of each network, verified and atomic."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from app.recognition.classifier import UNSURE_BELOW
from app.recognition.networks import NETWORKS, DigitClassifier

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor

VERSION_LENGTH: Final = 12  # hex digits of the weights' sha256
MOMENTS: Final = "images"  # the history's key for how many images each moment had seen, (K,) int64

Facts = dict[str, Any]


class WeightsError(ValueError):
    """The files of a network are missing or cannot be trusted; the message says which, and what to do."""


@dataclass(frozen=True)
class Trained:
    """A network with its weights in place, and what is known about them."""

    name: str
    network: DigitClassifier
    facts: Facts
    version: str  # first 12 hex digits of the weights' sha256

    @property
    def unsure_below(self) -> float:
        """The certainty below which the verdict is not `digit`; WeightsError where the facts state no share of 1."""
        stated = self.facts.get("unsure_below", UNSURE_BELOW)
        if type(stated) not in (int, float) or not 0 <= stated <= 1:
            raise WeightsError(f"{self.name}.json: unsure_below is {stated!r}, no share of 1; restore the file.")
        return float(stated)

    @property
    def is_judge(self) -> bool:
        """Whether the network was trained to tell digits from everything else."""
        return _is_judge(self.facts)


@dataclass(frozen=True)
class History:
    """The weights of one network at K moments of its training."""

    images: tuple[int, ...]  # (K,), how many images had been seen; 0 first
    states: Mapping[str, Tensor]  # name -> (K, *shape)

    def state(self, moment: int) -> dict[str, Tensor]:
        """Return the state dict of moment 0 … K-1; IndexError outside."""
        if not 0 <= moment < len(self.images):
            raise IndexError(f"checkpoint must be 0 … {len(self.images) - 1}, not {moment}")
        return {name: stack[moment] for name, stack in self.states.items()}

    def ends_in(self, network: DigitClassifier) -> bool:
        """Return whether the last moment's weights are those of `network`."""
        last = self.state(len(self.images) - 1)
        return all(
            torch.allclose(last[name].to(value.dtype), value.cpu()) for name, value in network.state_dict().items()
        )


class Paths(NamedTuple):
    """Where the files of a network lie."""

    weights: Path
    history: Path
    facts: Path


def paths(folder: Path, name: str) -> Paths:
    """Return where the files of network `name` lie in `folder`."""
    return Paths(*(folder / f"{name}.{kind}" for kind in ("safetensors", "history.safetensors", "json")))


def read(folder: Path, name: str) -> Trained:
    """Load network `name` from `folder`, checked against its facts; WeightsError says what is wrong.

    The file is read whole, never mapped: a training run may replace it at any moment.
    """
    facts = read_facts(folder, name)
    path = paths(folder, name).weights
    data = _read_bytes(path)
    digest = hashlib.sha256(data).hexdigest()
    if digest != facts.get("sha256"):
        raise WeightsError(f"{path}: its sha256 is not the one in {name}.json; train again or restore both files.")
    return Trained(name, _network(name, data, path), facts, digest[:VERSION_LENGTH])


def read_bare(path: Path, name: str) -> DigitClassifier:
    """Load any .safetensors file with the layers of network `name`; WeightsError says what is wrong."""
    return _network(name, _read_bytes(path), path)


def read_facts(folder: Path, name: str) -> Facts:
    """Load the facts of network `name`; WeightsError where they are missing or no JSON object."""
    path = paths(folder, name).facts
    data = _read_bytes(path)
    try:
        facts = json.loads(data)
    except ValueError as error:
        raise WeightsError(f"{path}: {error}; train again or restore the file.") from error
    if not isinstance(facts, dict):
        raise WeightsError(f"{path}: holds no JSON object; train again or restore the file.")
    return facts


def _is_judge(facts: Facts) -> bool:
    return facts.get("judge") is True


def judged_by_another(facts: Facts, judge: str | None) -> bool:
    """Return whether a network's threshold was set beside another judge than the one of version `judge`, None: none."""
    return not _is_judge(facts) and facts.get("judged_by") != judge


def read_history(folder: Path, name: str) -> History:
    """Load the moments of training of network `name`; WeightsError where they do not fit the network."""
    path = paths(folder, name).history
    states = _parse(path, _read_bytes(path))
    images = states.pop(MOMENTS, None)
    expected = {key: tuple(value.shape) for key, value in NETWORKS[name]().state_dict().items()}
    found = {key: tuple(value.shape[1:]) for key, value in states.items()}
    counts = {tuple(value.shape[:1]) for value in states.values()}
    if images is None or found != expected or counts != {tuple(images.shape)} or not _all_finite(states):
        raise WeightsError(f"{path}: does not fit network {name!r}; train again or restore the file.")
    seen = images.tolist()
    if images.dtype != torch.int64 or seen[:1] != [0] or any(after <= before for before, after in pairwise(seen)):
        raise WeightsError(
            f"{path}: no moments from 0 images on, one after the other; train again or restore the file."
        )
    return History(tuple(seen), states)


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WeightsError(f"{path}: {error.strerror}; run `python -m training.train` or restore the file.") from error


def _parse(path: Path, data: bytes) -> dict[str, Tensor]:
    try:
        return load(data)
    except SafetensorError as error:
        raise WeightsError(f"{path}: {error}; train again or restore the file.") from error


def _network(name: str, data: bytes, path: Path) -> DigitClassifier:
    state = _parse(path, data)
    if not _all_finite(state):
        raise WeightsError(f"{path}: holds numbers that are not finite; train again or restore the file.")
    network = NETWORKS[name]()
    try:
        network.load_state_dict(state, strict=True)
    except RuntimeError as error:
        raise WeightsError(f"{path}: holds the weights of other layers than those of network {name!r}.") from error
    return network.eval().requires_grad_(False)


def _all_finite(state: Mapping[str, Tensor]) -> bool:
    return all(bool(torch.isfinite(value).all()) for value in state.values())


def write(folder: Path, name: str, network: DigitClassifier, facts: Facts, history: History) -> Trained:
    """Write weights, facts and history of network `name`, each to a temporary file first.

    Nothing is replaced before everything is safely on disk; the facts, which name the digest, are moved last.
    Raises OSError where `folder` cannot be written, FloatingPointError where the weights are no numbers.
    """
    if not _all_finite(network.state_dict()):
        raise FloatingPointError(f"Network {name!r} has diverged: its weights are no numbers. Nothing was written.")
    data = dump(network)
    digest = hashlib.sha256(data).hexdigest()
    facts = {**facts, "sha256": digest}
    moments = {**history.states, MOMENTS: torch.tensor(history.images, dtype=torch.int64)}
    into = paths(folder, name)
    files = {
        into.history: save({key: value.contiguous() for key, value in moments.items()}),
        into.weights: data,
        into.facts: (json.dumps(facts, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode(),
    }
    replace(files)
    return Trained(name, network, facts, digest[:VERSION_LENGTH])


def dump(network: DigitClassifier) -> bytes:
    """Return the weights of a network as the bytes of a .safetensors file."""
    return save({key: value.detach().cpu().contiguous() for key, value in network.state_dict().items()})


def replace(files: Mapping[Path, bytes]) -> None:
    """Put these files in place: write and flush each beside its target, and move none before all are written.

    Raises OSError where none is replaced, WeightsError where some are.
    """
    temporary = {path: path.with_name(f".{path.name}.{os.getpid()}.tmp") for path in files}
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary[path].open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        _move(temporary)
    finally:
        for written in temporary.values():
            written.unlink(missing_ok=True)


def _move(temporary: Mapping[Path, Path]) -> None:
    moved: list[str] = []
    for path, written in temporary.items():
        try:
            written.replace(path)
        except OSError as error:
            if not moved:
                raise
            raise WeightsError(
                f"{path} cannot be replaced ({error.strerror}), but {' and '.join(moved)} already is: these files no "
                "longer fit together. Once nothing is in the way, give the same command again, or restore the files."
            ) from error
        moved.append(path.name)
