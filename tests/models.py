"""Folders of weights as training would leave them, of networks that have learnt nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from app.recognition import weights
from app.recognition.networks import NETWORKS, parameter_count

if TYPE_CHECKING:
    from pathlib import Path


def write_models(folder: Path, seed: int = 0, favourite: int = 7) -> Path:
    """Write untrained networks, the same for each seed, with a history of three moments and plausible facts.

    They lean towards a favourite digit: only networks that read a plain 7 are served in place of others.
    """
    for number, (name, build) in enumerate(NETWORKS.items()):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(2 * seed + number)
            moments = [build() for _ in range(3)]
        for moment in moments:
            dict(moment.named_parameters())[f"layers.{len(moment.layers) - 2}.bias"].data[favourite] += 1
        states = [moment.state_dict() for moment in moments]
        history = weights.History((0, 50, 100), {key: torch.stack([s[key] for s in states]) for key in states[0]})
        weights.write(folder, name, moments[-1], facts(name), history)
    return folder


def facts(name: str) -> weights.Facts:
    """Return what the page shows of a network, for weights that know nothing."""
    return {
        "parameters": parameter_count(NETWORKS[name]()),
        "test": {"accuracy": 0.1, "nll": 2.303, "confusion": [[1] * 10] * 10},
    }
