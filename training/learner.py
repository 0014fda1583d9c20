"""A network as it learns: batch normalisation keeps its units at work, and is folded into what is served."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

from app.recognition.networks import NETWORKS

if TYPE_CHECKING:
    from torch import Tensor

    from app.recognition.networks import DigitClassifier


class Learner(nn.Module):
    """Network `name` up to its logits, ``(N, 1, 28, 28) -> (N, 10)``; `normalised`: every sum except the logits is.

    Ioffe & Szegedy 2015, "Batch Normalization". Without it 6 of the convolutional net's 16 hidden units had died by
    the end of its training, silent whatever was drawn.
    """

    def __init__(self, name: str, *, normalised: bool) -> None:
        super().__init__()
        self.name = name
        *layers, last, _log_softmax = NETWORKS[name]().layers
        parts: list[nn.Module] = []
        for layer in layers:
            normalisation = _normalisation(layer) if normalised else None
            parts += [layer] if normalisation is None else [layer, normalisation]
        self.layers = nn.Sequential(*parts, last)

    def forward(self, batch: Tensor) -> Tensor:  # (N, 1, 28, 28) -> (N, 10)
        """Return the logits."""
        logits: Tensor = self.layers(batch)
        return logits

    def folded(self) -> DigitClassifier:
        """Return the network that computes the same, its sums scaled and shifted by their own weights and biases."""
        layers: list[nn.Module] = []
        for layer in copy.deepcopy(self.layers).eval():
            before = layers[-1] if layers else None
            if isinstance(before, nn.Conv2d) and isinstance(layer, nn.BatchNorm2d):
                layers[-1] = fuse_conv_bn_eval(before, layer)
            elif isinstance(before, nn.Linear) and isinstance(layer, nn.BatchNorm1d):
                layers[-1] = fuse_linear_bn_eval(before, layer)
            else:
                layers.append(layer)
        network = NETWORKS[self.name]().to(next(self.parameters()).device)
        network.layers.load_state_dict(nn.Sequential(*layers).state_dict())
        return network.eval()


def _normalisation(layer: nn.Module) -> nn.Module | None:
    """Return what normalises the sums of a layer, where it has any."""
    if isinstance(layer, nn.Conv2d):
        return nn.BatchNorm2d(layer.out_channels)
    return nn.BatchNorm1d(layer.out_features) if isinstance(layer, nn.Linear) else None
