"""/inspect: what both networks saw, layer by layer, at any moment of training and with units off."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from app.main import create_app
from app.recognition import classifier, ink, inspection, weights
from app.recognition.networks import NETWORKS
from app.settings import Settings
from tests.clients import started
from tests.models import write_models
from tests.problems import check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx


pytestmark = pytest.mark.anyio


async def test_what_predict_takes(client: httpx.AsyncClient, png: bytes) -> None:
    """Whichever network a request for /predict names, here both answer."""
    expected = (await client.post("/inspect", content=png)).json()
    for model in ("cnn", "ff"):
        assert expected == (await client.post("/inspect", params={"model": model}, content=png)).json()


async def test_inspect_shows_frame_and_layers(client: httpx.AsyncClient, models_dir: Path, png: bytes) -> None:
    """Both networks tell what they saw and what each of their layers gave."""
    found = (await client.post("/inspect", content=png)).json()
    frame = ink.frame(ink.read_png(png))
    assert frame is not None
    assert np.round(frame.astype(float), 6).tolist() == found["frame"]
    assert (None, None, ["ff", "cnn"]) == (found["checkpoint"], found["images"], list(found["networks"]))
    batch = classifier.to_batch([frame], torch.device("cpu"))
    for name, seen in found["networks"].items():
        layers = inspection.activations(weights.read(models_dir, name).network, batch)
        assert [layer.name for layer in layers] == [layer["name"] for layer in seen["layers"]]
        assert [list(layer.values.shape) for layer in layers] == [layer["shape"] for layer in seen["layers"]]
        for layer, sent in zip(layers, seen["layers"], strict=True):
            assert layer.values.flatten().tolist() == pytest.approx(sent["values"], abs=1e-6)
        assert layers[-1].values.tolist() == pytest.approx(seen["log_probs"])
        assert np.exp(seen["log_probs"]) == pytest.approx(seen["probabilities"], abs=1e-6)


async def test_inspect_agrees_with_predict(client: httpx.AsyncClient, predict: Callable[..., Any], png: bytes) -> None:
    """The live answer without layers is the answer of /predict."""
    found = (await client.post("/inspect", params={"layers": "false"}, content=png)).json()["networks"]
    for name, seen in found.items():
        assert [] == seen.pop("layers")
        assert 10 == len(seen.pop("log_probs"))
        assert seen.pop("images") is None
        assert seen.pop("intact") is None
        answer = (await predict(png, model=name)).json()
        assert answer.pop("probabilities") == pytest.approx(seen.pop("probabilities"))
        assert answer.pop("confidence") == pytest.approx(seen.pop("confidence"))
        assert answer == seen


async def test_inspect_blank(client: httpx.AsyncClient, blank: bytes) -> None:
    """A blank picture has no frame, and the networks say nothing of it."""
    found = (await client.post("/inspect", content=blank)).json()
    assert found["frame"] is None
    for seen in found["networks"].values():
        assert ("blank", None, []) == (seen["verdict"], seen["log_probs"], seen["layers"])


async def test_inspect_checkpoints(client: httpx.AsyncClient, models_dir: Path, png: bytes) -> None:
    """Every moment of training answers with its own weights; the last one is what is served."""
    frame = ink.frame(ink.read_png(png))
    assert frame is not None
    batch = classifier.to_batch([frame], torch.device("cpu"))
    history = weights.read_history(models_dir, "ff")
    for moment, images in enumerate((0, 50, 100)):
        found = (await client.post("/inspect", params={"checkpoint": moment}, content=png)).json()
        assert (moment, images) == (found["checkpoint"], found["images"])
        assert {"ff": images, "cnn": images} == {name: seen["images"] for name, seen in found["networks"].items()}
        network = NETWORKS["ff"]()
        network.load_state_dict(history.state(moment))
        want = classifier.predictions(network.logits(batch).detach().numpy(), None, 0.5)[0]
        assert want.probabilities == pytest.approx(found["networks"]["ff"]["probabilities"])
    served = (await client.post("/inspect", content=png)).json()
    for name, seen in found["networks"].items():
        assert {**seen, "images": None} == served["networks"][name]


async def test_a_judge_of_the_same_moment(tmp_path: Path, png: bytes) -> None:
    """What tells digits from everything else is as far trained as the network that it judges for."""
    path = write_models(tmp_path) / "cnn.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"judge": True}))
    async with started(create_app(Settings(models=tmp_path, device="cpu"))) as client:
        seen = [await client.post("/inspect", params={"checkpoint": moment}, content=png) for moment in range(3)]
    evidence = [[one.json()["networks"][name]["evidence"] for name in ("ff", "cnn")] for one in seen]
    assert 3 == len({own for own, _ in evidence})
    assert [own for own, _ in evidence] == pytest.approx([judged for _, judged in evidence])


async def test_inspect_with_units_off(client: httpx.AsyncClient, png: bytes) -> None:
    """Units that are off give nothing, only their network notices, and what it said before is told as well."""
    whole = (await client.post("/inspect", content=png)).json()["networks"]
    found = (await client.post("/inspect", params={"off": ["cnn.2.1", "cnn.11.0"]}, content=png)).json()["networks"]
    assert whole["ff"] == found["ff"]
    assert whole["cnn"]["probabilities"] == pytest.approx(found["cnn"]["intact"])
    assert whole["cnn"]["probabilities"] != found["cnn"]["probabilities"]
    maps = np.reshape(found["cnn"]["layers"][2]["values"], (8, -1))
    assert [index == 1 for index in range(8)] == [not row.any() for row in maps]


async def test_inspect_the_past_with_units_off(client: httpx.AsyncClient, png: bytes) -> None:
    """Units can be off at any moment of training; what the network said then is told as well."""
    off = "checkpoint=1&off=ff.2.1&off=cnn.2.1"
    then = (await client.post("/inspect", params={"checkpoint": 1}, content=png)).json()["networks"]
    found = (await client.post("/inspect", params=off, content=png)).json()["networks"]
    for name, seen in found.items():
        assert then[name]["probabilities"] == pytest.approx(seen["intact"])


@pytest.mark.parametrize("off", ["rnn.2.0", "ff.2", "ff.2.8", "cnn.13.0", "cnn.-1.0"])
async def test_units_that_there_are_not(client: httpx.AsyncClient, png: bytes, blank: bytes, off: str) -> None:
    """A unit that no network has is refused by name, whatever the picture shows."""
    for picture in (png, blank):
        refused = check(await client.post("/inspect", params={"off": off}, content=picture), 422, "bad_parameter")
        assert refused["detail"].startswith("off")


async def test_layers_of_one_network(client: httpx.AsyncClient, png: bytes) -> None:
    """The layers of one network are enough for who looks at that one; the answers are those of both."""
    whole = (await client.post("/inspect", content=png)).json()["networks"]
    found = (await client.post("/inspect", params={"layers_of": "ff"}, content=png)).json()["networks"]
    assert whole == {"ff": found["ff"], "cnn": {**found["cnn"], "layers": whole["cnn"]["layers"]}}
    assert [] == found["cnn"]["layers"]
