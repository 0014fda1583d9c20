"""Networks on a device -> predictions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import torch

from app.recognition.networks import CLASSES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from app.recognition.networks import DigitClassifier

Verdict = Literal["digit", "unsure", "blank"]

UNSURE_BELOW: Final = 0.5  # probability of the best guess, where the facts state no threshold


@dataclass(frozen=True)
class Prediction:
    """What a network says of one frame."""

    digit: int | None  # 0 … 9, None for a blank picture
    confidence: float  # probability of `digit`
    probabilities: tuple[float, ...]  # (10,), index = digit, sum 1
    verdict: Verdict


BLANK: Final = Prediction(None, 0.0, (1 / CLASSES,) * CLASSES, "blank")


def choose_device(wanted: str) -> torch.device:
    """Return the device for `auto`, `cpu` or `cuda` (also `cuda:1`); ValueError says what to do instead."""
    if wanted == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(wanted)
    except RuntimeError:
        raise ValueError(f"Device {wanted!r} is unknown: use auto, cpu or cuda.") from None
    if device.type not in ("cpu", "cuda"):
        raise ValueError(f"Device {wanted!r} is not supported: use auto, cpu or cuda.")
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise ValueError(
            f"Device {wanted!r} is not there: PyTorch sees {torch.cuda.device_count()} CUDA devices. Use cpu."
        )
    return device


def to_batch(frames: list[NDArray[np.float32]], device: torch.device) -> Tensor:  # N times (28, 28)
    """Stack frames to a batch, ``(N, 1, 28, 28)`` on `device`."""
    return torch.stack([torch.from_numpy(frame) for frame in frames]).unsqueeze(1).to(device)  # (N, 1, 28, 28)


@torch.inference_mode()
def predict(network: DigitClassifier, batch: Tensor, unsure_below: float = UNSURE_BELOW) -> list[Prediction]:
    """Return a prediction per frame of ``(N, 1, 28, 28)``; FloatingPointError where the network gives no number."""
    return [prediction(row, unsure_below) for row in network(batch).cpu()]


def prediction(log_probs: Tensor, unsure_below: float) -> Prediction:  # (10,)
    """Read one row of log-probabilities."""
    probabilities = torch.softmax(log_probs.double(), dim=0)  # (10,), sums to 1 in float64
    if not bool(torch.isfinite(probabilities).all()):
        raise FloatingPointError("The network gave a value that is not a number.")
    digit = int(probabilities.argmax())
    confidence = float(probabilities[digit])
    verdict: Verdict = "digit" if confidence >= unsure_below else "unsure"
    return Prediction(digit, confidence, tuple(probabilities.tolist()), verdict)
