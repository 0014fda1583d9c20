"""Silent units get a gradient, and the network stays what it is."""

import torch
from torch import nn

from training.revival import Revival


def gradient(revival: Revival) -> tuple[torch.Tensor, torch.Tensor]:
    """Return what a ReLU gives for three values, and the gradient that it lets through."""
    relu = nn.ReLU()
    revival.watch(relu)
    values = torch.tensor([-2.0, 0.5, 3.0], requires_grad=True)
    found = relu(values)
    found.sum().backward()
    revival.end()
    assert values.grad is not None
    return found.detach(), values.grad


def test_silent_units_get_a_share_of_the_gradient() -> None:
    """What a ReLU gives is exact; where it is silent, a share of the gradient goes through, less and less."""
    revival = Revival(0.1)
    for progress, share in ((0, 0.1), (0.3, 0.05), (0.6, 0.0), (1, 0.0)):
        revival.progress(progress)
        values, found = gradient(revival)
        assert [0.0, 0.5, 3.0] == values.tolist()
        torch.testing.assert_close(torch.tensor([share, 1.0, 1.0]), found)


def test_none_without_a_share_and_none_afterwards() -> None:
    """Without a share nothing is changed, and after its end nothing is left."""
    assert [0.0, 1.0, 1.0] == gradient(Revival(0.0))[1].tolist()
    relu, revival = nn.ReLU(), Revival(0.5)
    revival.watch(relu)
    revival.end()
    values = torch.tensor([-1.0], requires_grad=True)
    relu(values).sum().backward()
    assert values.grad is not None
    assert [0.0] == values.grad.tolist()
