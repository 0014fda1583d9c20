"""How the networks are run for few and small pictures, and how the process is set up for that."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

import cv2
import torch
from onnxruntime import InferenceSession, SessionOptions

from app.recognition import graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.recognition.networks import DigitClassifier
    from app.recognition.paper import Floats


class Runner:
    """A network up to its logits: by ONNX Runtime on the CPU, by PyTorch itself on any other device.

    For one frame ONNX Runtime takes a sixth of PyTorch's time (31 of 190 µs), for sixteen a quarter (21 of 90 µs a
    frame): each call of PyTorch's has more around it, and pads eight maps to sixteen. It has a copy of the weights.
    """

    def __init__(self, network: DigitClassifier) -> None:
        self._network = network
        self._device = next(network.parameters()).device
        self._session = _session(network) if self._device.type == "cpu" else None

    def __call__(self, batch: Floats) -> Floats:  # (N, 1, 28, 28) -> (N, 10)
        """Return the logits: what the last layer, LogSoftmax, would make log-probabilities of."""
        if self._session is None:
            with torch.inference_mode():
                logits: Floats = self._network.logits(torch.from_numpy(batch).to(self._device)).cpu().numpy()
                return logits
        found: Floats = self._session.run((graph.LOGITS,), {graph.BATCH: batch})[0]
        return found


def _session(network: DigitClassifier) -> InferenceSession:
    options = SessionOptions()
    options.intra_op_num_threads = 1  # no others beside the caller's, as in `tuned`
    return InferenceSession(graph.to_onnx(network), options, providers=["CPUExecutionProvider"])


@contextmanager
def tuned(warm_up: Callable[[], object]) -> Iterator[None]:
    """Set up torch, OpenCV and the garbage collector for serving, run `warm_up`; put all back at the end.

    - One thread each: with 2 the CNN's 99th percentile is 40 times as long.
    - No oneDNN: for the single frame that is inspected PyTorch's own convolutions take half of its time.
    - What is there after warming up stays out of the garbage collector's sight: looking through torch's objects
      stops the process for a tenth of a second.
    """
    threads, drawing_threads, onednn = torch.get_num_threads(), cv2.getNumThreads(), bool(torch.backends.mkldnn.enabled)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.backends.mkldnn.set_flags(False)  # type: ignore[no-untyped-call]
    try:
        warm_up()
        gc.collect()
        gc.freeze()
        yield
    finally:
        gc.unfreeze()
        torch.backends.mkldnn.set_flags(onednn)  # type: ignore[no-untyped-call]
        cv2.setNumThreads(drawing_threads)
        torch.set_num_threads(threads)
