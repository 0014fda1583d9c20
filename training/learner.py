"""A network as it learns: batch normalisation keeps its units at work, and is folded into what is served."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

from app.recognition.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from app.recognition.networks import DigitClassifier


class Learner(nn.Module):
    """Network `name` up to its logits, ``(N, 1, 28, 28) -> (N, 10)``; `normalised`: what each ReLU gets is.

    Ioffe & Szegedy 2015, "Batch Normalization". Without it 6 of the convolutional net's 16 hidden units had died by
    the end of its training, silent whatever was drawn.
    """

    def __init__(self, name: str, *, normalised: bool) -> None:
        super().__init__()
        self.name = name
        *layers, last, _log_softmax = NETWORKS[name]().layers
        parts: list[nn.Module] = []
        for layer in layers:
            if normalised and isinstance(layer, nn.ReLU):
                parts.append(_normalisation(_latest(parts)))
            parts.append(layer)
        self.layers = nn.Sequential(*parts, last)

    def forward(self, batch: Tensor) -> Tensor:  # (N, 1, 28, 28) -> (N, 10)
        """Return the logits."""
        logits: Tensor = self.layers(batch)
        return logits

    def folded(self) -> DigitClassifier:
        """Return the network that computes the same, its sums scaled and shifted by their own weights and biases."""
        layers: list[nn.Module] = []
        for layer in copy.deepcopy(self.layers).eval():
            if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
                before = _latest(layers)
                layers[layers.index(before)] = _fused(before, layer)
            else:
                layers.append(layer)
        network = NETWORKS[self.name]().to(next(self.parameters()).device)
        network.layers.load_state_dict(nn.Sequential(*layers).state_dict())
        return network.eval()


def _latest(layers: Sequence[nn.Module]) -> nn.Conv2d | nn.Linear:
    """Return the last of the layers that has weights."""
    return next(layer for layer in reversed(layers) if isinstance(layer, nn.Conv2d | nn.Linear))


def _normalisation(layer: nn.Conv2d | nn.Linear) -> nn.Module:
    """Return what normalises the sums of a layer, right before their ReLU.

    Those of a convolution have been pooled by then: a quarter of the work. Folding it into the convolution is exact
    where the scale is positive, as the largest stays the largest; so it is left at 1, and the next layer scales.
    """
    if isinstance(layer, nn.Linear):
        return nn.BatchNorm1d(layer.out_features)
    normalisation = nn.BatchNorm2d(layer.out_channels)
    normalisation.weight.requires_grad = False
    return normalisation


def _fused(layer: nn.Conv2d | nn.Linear, normalisation: nn.BatchNorm1d | nn.BatchNorm2d) -> nn.Module:
    """Return the layer that computes what both do."""
    if isinstance(layer, nn.Conv2d):
        return fuse_conv_bn_eval(layer, normalisation)
    return fuse_linear_bn_eval(layer, normalisation)
