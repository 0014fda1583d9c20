"""One network in training."""

import torch

from training import data
from training.candidate import Candidate
from training.recipes import Recipe


def test_nothing_misread() -> None:
    """A network that misreads nothing it is calibrated by is not made surer than it is."""
    candidate = Candidate("ff", Recipe(epochs=1, batch=8, lr=0.01), 0, torch.device("cpu"))
    frames = torch.randint(0, 256, (300, 28, 28), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    answers = candidate.current()(data.to_batch(frames)).argmax(dim=1)
    _, temperature = candidate.finish(data.Digits("its own", frames, answers), 0)
    assert 1.0 == temperature
