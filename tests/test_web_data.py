"""MNIST's digits to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from app.main import create_app
from app.recognition import classifier, ink, mnist, png, weights
from app.recognition.networks import NETWORKS
from app.settings import Settings
from tests.clients import started
from tests.problems import check

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

pytestmark = pytest.mark.anyio


async def test_shelf(client: httpx.AsyncClient) -> None:
    """The page is told how many digits there are."""
    assert {"counts": {"train": 30, "test": 20}, "missing": None} == (await client.get("/data/mnist")).json()


async def test_one_digit(client: httpx.AsyncClient, tiny_mnist: Path) -> None:
    """Any digit comes with its pixels and its label; none beyond the last."""
    digits = mnist.read(tiny_mnist, "train")
    found = (await client.get("/data/mnist/train/29")).json()
    expected = {"split": "train", "index": 29, "label": int(digits.labels[29]), "frame": digits.frames[29].tolist()}
    assert expected == found
    check(await client.get("/data/mnist/train/30"), 404, "no_such_digit")
    check(await client.get("/data/mnist/train/-1"), 422, "bad_parameter")
    check(await client.get("/data/mnist/mine/0"), 422, "bad_parameter")


async def test_random_digits(client: httpx.AsyncClient) -> None:
    """Random digits are test digits, and not always the same."""
    found = [(await client.get("/data/mnist/test/random")).json() for _ in range(20)]
    assert {"test"} == {digit["split"] for digit in found}
    assert len({digit["index"] for digit in found}) > 1


@pytest.mark.parametrize("name", NETWORKS)
async def test_hardest_digits(client: httpx.AsyncClient, models_dir: Path, tiny_mnist: Path, name: str) -> None:
    """The hardest digits are those whose label gets the lowest probability as a PNG of its own, lowest first."""
    digits, network = mnist.read(tiny_mnist, "test"), weights.read(models_dir, name).network
    frames = [ink.frame(ink.read_png(png.write(frame))) for frame in np.array(digits.frames)]
    log_probs = network(classifier.to_batch([f for f in frames if f is not None], torch.device("cpu")))  # (20, 10)
    costs = {index: -float(log_probs[index, int(label)]) for index, label in enumerate(digits.labels)}
    expected = sorted(costs, key=lambda index: -costs[index])[:5]
    for _ in range(2):  # measured once, then remembered
        found = (await client.get("/data/mnist/test/hardest", params={"model": name, "count": 5})).json()
        assert expected == [digit["index"] for digit in found]
        assert log_probs[expected].argmax(dim=1).tolist() == [digit["answer"] for digit in found]
    check(await client.get("/data/mnist/test/hardest", params={"count": 0}), 422, "bad_parameter")


async def test_without_mnist(models_dir: Path, tmp_path: Path) -> None:
    """Where the data is missing, the answer says how to get it; the rest of the service works."""
    app = create_app(Settings(models=models_dir, data=tmp_path, device="cpu"))
    async with started(app) as client:
        shelf = (await client.get("/data/mnist")).json()
        assert {} == shelf["counts"]
        assert "DIGITS_DATA" in shelf["missing"]
        refused = check(await client.get("/data/mnist/test/0"), 404, "no_data")
        assert shelf["missing"] == refused["detail"]
        assert 200 == (await client.get("/readyz")).status_code
