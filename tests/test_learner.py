"""Batch normalisation while a network learns, and what becomes of it."""

import pytest
import torch

from app.recognition.networks import NETWORKS
from training.learner import Learner


def learned(name: str, *, normalised: bool) -> Learner:
    """Return a learner after a few steps on noise, so that every sum has a mean and a spread of its own."""
    torch.manual_seed(0)
    learner = Learner(name, normalised=normalised)
    optimizer = torch.optim.SGD(learner.parameters(), lr=0.1)
    for _ in range(5):
        learner(torch.rand(32, 1, 28, 28)).square().mean().backward()
        optimizer.step()
    return learner


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("normalised", [False, True])
def test_folded_computes_the_same(name: str, normalised: bool) -> None:
    """The network that is served has the layers it always has, and gives the logits of the one that learnt."""
    learner = learned(name, normalised=normalised)
    folded, batch = learner.folded(), torch.rand(16, 1, 28, 28)
    assert [str(layer) for layer in NETWORKS[name]().layers] == [str(layer) for layer in folded.layers]
    with torch.no_grad():
        torch.testing.assert_close(folded.logits(batch), learner.eval()(batch), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", NETWORKS)
def test_folding_changes_nothing(name: str) -> None:
    """Learning goes on as if it had not been folded, and what was folded stays as it was."""
    learner = learned(name, normalised=True)
    before = {key: value.clone() for key, value in learner.state_dict().items()}
    folded = learner.folded()
    kept = {key: value.clone() for key, value in folded.state_dict().items()}
    assert learner.training
    learner(torch.rand(32, 1, 28, 28))
    assert all(torch.equal(value, folded.state_dict()[key]) for key, value in kept.items())
    assert all(torch.equal(before[name], parameter) for name, parameter in learner.named_parameters())


@pytest.mark.parametrize("name", NETWORKS)
def test_folded_where_it_learns(name: str) -> None:
    """The folded network is on the learner's device."""
    folded = Learner(name, normalised=True).to("meta").folded()
    assert {"meta"} == {parameter.device.type for parameter in folded.parameters()}


def test_scale_before_the_pool_stays_one() -> None:
    """The scale of what was pooled stays 1 while the network learns: folded before the pool it must not be negative."""
    for layer in learned("cnn", normalised=True).layers:
        if isinstance(layer, torch.nn.BatchNorm2d):
            assert [1.0] * 8 == layer.weight.tolist()
            assert [0.0] * 8 != layer.bias.tolist()
