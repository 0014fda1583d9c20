"""A gradient for silent units: a ReLU that never fires would otherwise never learn to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch
from torch import nn

if TYPE_CHECKING:
    from torch import Tensor
    from torch.utils.hooks import RemovableHandle

ENDS: Final = 0.6  # of the training: from here on gradients are exact


class Revival:
    """Lets a share of the gradient through ReLUs that give 0; what they give stays as it is.

    Forward the network is what it will be when served, so that its moments are true; backward its ReLUs are leaky ones
    (Maas, Hannun & Ng 2013) at first, as by a straight-through estimator (Bengio, Léonard & Courville 2013).
    """

    def __init__(self, highest: float) -> None:
        self._highest = highest
        self._handles: list[RemovableHandle] = []
        self.share = highest  # of the gradient

    def watch(self, network: nn.Module) -> None:
        """Begin to help `network`'s ReLUs."""
        relus = [module for module in network.modules() if isinstance(module, nn.ReLU)]
        self._handles += [relu.register_forward_hook(self._help) for relu in relus if self._highest]

    def progress(self, share: float) -> None:
        """Help less: `share` of the training, 0 … 1, is done."""
        self.share = self._highest * max(0.0, 1 - share / ENDS)

    def end(self) -> None:
        """Leave the networks as they were."""
        for handle in self._handles:
            handle.remove()

    def _help(self, _: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
        if not self.share or not torch.is_grad_enabled():
            return output
        silent = inputs[0].clamp(max=0)
        return output + self.share * (silent - silent.detach())
