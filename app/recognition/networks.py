"""The two networks, and their registry by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from torch import nn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

SIDE: Final = 28  # px, side of a frame
CLASSES: Final = 10  # the digits 0 … 9
HIDDEN: Final = 8  # units of the feed-forward net
MAPS: Final = 8  # feature maps of each convolution
KERNEL: Final = 5  # px, side of a convolution's kernel


class DigitClassifier(nn.Module):
    """A batch of frames in, log-probabilities out: ``(N, 1, 28, 28) -> (N, 10)``.

    Frames are float32 with ink = 1 and background = 0, neither shifted nor scaled. The whole network is one
    ``nn.Sequential`` called ``layers``, so that any part of the code can walk through it layer by layer.
    """

    layers: nn.Sequential

    def forward(self, batch: Tensor) -> Tensor:  # (N, 1, 28, 28) -> (N, 10)
        """Return the log-probability of each digit."""
        log_probs: Tensor = self.layers(batch)
        return log_probs

    def logits(self, batch: Tensor) -> Tensor:  # (N, 1, 28, 28) -> (N, 10)
        """Return what the last layer, LogSoftmax, makes log-probabilities of."""
        logits: Tensor = self.layers[:-1](batch)
        return logits


class DigitClassifierFF(DigitClassifier):
    """The feed-forward net: 784 pixels, 8 hidden units, 10 digits; 6,370 parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),  # (N, 784)
            nn.Linear(SIDE * SIDE, HIDDEN),  # (N, 8)
            nn.ReLU(),
            nn.Linear(HIDDEN, CLASSES),  # (N, 10)
            nn.LogSoftmax(dim=1),
        )


class DigitClassifierCNN(DigitClassifier):
    """The convolutional net: three times convolve and halve, then 16 hidden units; 5,658 parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, MAPS, KERNEL, padding="same"),  # (N, 8, 28, 28)
            nn.MaxPool2d(2),  # (N, 8, 14, 14)
            nn.ReLU(),
            nn.Conv2d(MAPS, MAPS, KERNEL, padding="same"),  # (N, 8, 14, 14)
            nn.MaxPool2d(2),  # (N, 8, 7, 7)
            nn.ReLU(),
            nn.Conv2d(MAPS, MAPS, KERNEL, padding="same"),  # (N, 8, 7, 7)
            nn.MaxPool2d(2, ceil_mode=True),  # (N, 8, 4, 4)
            nn.ReLU(),
            nn.Flatten(),  # (N, 128)
            nn.Linear(MAPS * 4 * 4, 16),  # (N, 16)
            nn.ReLU(),
            nn.Linear(16, CLASSES),  # (N, 10)
            nn.LogSoftmax(dim=1),
        )


NETWORKS: Final[Mapping[str, type[DigitClassifier]]] = {"ff": DigitClassifierFF, "cnn": DigitClassifierCNN}


def parameter_count(network: nn.Module) -> int:
    """Return how many numbers training sets."""
    return sum(parameter.numel() for parameter in network.parameters())
