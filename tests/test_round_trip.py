"""MNIST's digits, enlarged onto a canvas and sent as PNG, against the originals."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from app.recognition import classifier, ink, png, weights
from app.settings import ROOT
from training.data import mnist, to_batch

COUNT = 1000  # digits, the first of the test set


def on_canvas(levels: NDArray[np.uint8], random: np.random.Generator) -> bytes:  # (28, 28)
    """Enlarge a digit 2 to 10 times onto a canvas of any size and colours, in any place, perhaps transparent."""
    scale = random.uniform(2, 10)
    way = random.choice([cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC])
    large = cv2.resize(levels, None, fx=scale, fy=scale, interpolation=int(way))  # (S, S)
    side = len(large)
    height, width = side + random.integers(1, 150, 2)
    top, left = random.integers(0, height - side + 1), random.integers(0, width - side + 1)
    alpha = np.zeros((height, width, 1), np.float32)
    alpha[top : top + side, left : left + side, 0] = large / np.float32(255)
    paper, pen = random.integers(0, 256, 3), random.integers(0, 256, 3)
    while np.abs(paper - pen).max() < 100:
        pen = random.integers(0, 256, 3)
    if random.random() < 0.2:  # ink on a transparent canvas
        rgba = np.concatenate([np.broadcast_to(pen, (height, width, 3)), alpha * 255], axis=2)
        return png.write(rgba.astype(np.uint8))
    return png.write((paper + alpha * (pen - paper)).round().astype(np.uint8))


@pytest.mark.mnist
@pytest.mark.weights
@pytest.mark.parametrize(("name", "share"), [("cnn", 0.99), ("ff", 0.95)])
def test_same_answer_in_99_of_100_cases(name: str, share: float, mnist_root: Path) -> None:
    """In any place, size and colours, the CNN's answer is the original's in at least 99 of 100 cases."""
    random = np.random.default_rng(0)
    digits = mnist(mnist_root, train=False).take(torch.arange(COUNT))
    frames = [ink.frame(ink.read_png(on_canvas(levels.numpy(), random))) for levels in digits.frames]
    found = [frame for frame in frames if frame is not None]
    assert COUNT == len(found)
    network = weights.read(ROOT / "models", name).network
    answers = network(classifier.to_batch(found, torch.device("cpu"))).argmax(dim=1)
    assert float((network(to_batch(digits.framed().frames)).argmax(dim=1) == answers).float().mean()) >= share
