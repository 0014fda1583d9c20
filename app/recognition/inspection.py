"""A network taken apart: what each of its layers gives for one frame, whole or with some units switched off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from app.recognition.networks import SIDE, DigitClassifier

if TYPE_CHECKING:
    from collections.abc import Collection

    from torch import Tensor


@dataclass(frozen=True)
class Layer:
    """The values one layer gave for one frame."""

    name: str  # index in `layers` and class, such as "0 Conv2d"
    values: Tensor  # without the batch's dimension: (8, 28, 28), (16,), …


@dataclass(frozen=True)
class Unit:
    """One hidden unit or feature map: an index along the first dimension of what a layer gives."""

    layer: int  # index in `layers`
    index: int


@torch.inference_mode()
def activations(network: DigitClassifier, batch: Tensor, off: Collection[Unit] = ()) -> list[Layer]:
    """Return what each layer gives for the one frame of `batch`, ``(1, 1, 28, 28)``, in the order of `layers`.

    A unit in `off` gives 0, and the layers after it work with that. ValueError for more than one frame, IndexError for
    a unit that the network does not have; the last layer's are the answer and cannot be switched off.
    """
    if batch.shape != (1, 1, SIDE, SIDE):
        raise ValueError(
            f"One frame is inspected at a time: expected (1, 1, {SIDE}, {SIDE}), not {tuple(batch.shape)}."
        )
    last = len(network.layers) - 1
    unknown = [unit.layer for unit in off if not 0 <= unit.layer < last]
    if unknown:
        raise IndexError(f"layer must be 0 … {last - 1}, not {unknown[0]}")
    found: list[Layer] = []
    values = batch
    for index, layer in enumerate(network.layers):
        values = layer(values)  # (1, …)
        silent = [unit.index for unit in off if unit.layer == index]
        if silent:
            values = _silenced(values, silent)
        found.append(Layer(f"{index} {type(layer).__name__}", values[0].cpu()))
    return found


def _silenced(values: Tensor, silent: list[int]) -> Tensor:  # (1, units, …)
    units = values.shape[1]
    if not all(0 <= index < units for index in silent):
        raise IndexError(f"unit must be 0 … {units - 1}, not {max(silent)}")
    values = values.clone()  # Flatten gives a view of what the layer before gave
    values[:, silent] = 0
    return values
