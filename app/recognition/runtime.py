"""How the networks are run for few and small pictures, and how the process is set up for that."""

from __future__ import annotations

import copy
import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import cv2
import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from torch import Tensor

    from app.recognition.networks import DigitClassifier

MANY: Final = 6  # frames: from here on oneDNN's kernels are the faster ones


class Runner:
    """A network's own layers, called in the way that is fastest for as many frames as there are.

    On the CPU, PyTorch's own convolutions take half of oneDNN's time for one frame (117 of 229 µs), and oneDNN's on
    the layout it likes half of PyTorch's for sixteen (43 of 76 µs a frame). Calling each layer's `forward` leaves out
    the hooks that nobody has set: 20 µs a batch.
    """

    def __init__(self, network: DigitClassifier) -> None:
        self._cpu = next(network.parameters()).device.type == "cpu"
        self._few = [layer.forward for layer in network.layers[:-1]]
        many = copy.deepcopy(network).to(memory_format=torch.channels_last)
        self._many = [layer.forward for layer in many.layers[:-1]]

    @torch.inference_mode()
    def __call__(self, batch: Tensor) -> Tensor:  # (N, 1, 28, 28) -> (N, 10)
        """Return the logits: what the last layer, LogSoftmax, would make log-probabilities of."""
        values = batch
        if len(batch) < MANY or not self._cpu:
            for layer in self._few:
                values = layer(values)
            return values
        _onednn(True)
        for layer in self._many:
            values = layer(values)
        _onednn(False)
        return values


def _onednn(enabled: bool) -> None:
    torch.backends.mkldnn.set_flags(enabled)  # type: ignore[no-untyped-call]


@contextmanager
def tuned(warm_up: Callable[[], object]) -> Iterator[None]:
    """Set up torch, OpenCV and the garbage collector for serving, run `warm_up`; put all back at the end.

    - One thread each: with 2 the CNN's 99th percentile is 40 times as long.
    - No oneDNN but where a Runner wants it.
    - What is there after warming up stays out of the garbage collector's sight: looking through torch's objects
      stops the process for a tenth of a second.
    """
    threads, drawing_threads, onednn = torch.get_num_threads(), cv2.getNumThreads(), bool(torch.backends.mkldnn.enabled)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    _onednn(False)
    try:
        warm_up()
        gc.collect()
        gc.freeze()
        yield
    finally:
        gc.unfreeze()
        _onednn(onednn)
        cv2.setNumThreads(drawing_threads)
        torch.set_num_threads(threads)
