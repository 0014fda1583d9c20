"""The API's answers."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

import anyio
import numpy as np
import pytest
import torch

from app.main import create_app
from app.recognition import classifier, ink, inspection, weights
from app.recognition.networks import NETWORKS
from app.recognition.png import Limits, write
from app.recognition.runtime import Runner
from app.settings import Settings
from app.web import recognizer
from app.web.schemas import ModelName
from tests.clients import client_of, started
from tests.models import write_models
from tests.pictures import draw
from tests.problems import check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx
    from fastapi import FastAPI

    from app.recognition.paper import Floats

pytestmark = pytest.mark.anyio


def expected(models: Path, name: str, png: bytes, *, normalize: bool = True) -> classifier.Prediction:
    """Return what app.recognition itself says."""
    trained = weights.read(models, name)
    frame = (ink.frame if normalize else ink.squash)(ink.read_png(png))
    assert frame is not None
    return classifier.predict(trained.network, classifier.to_batch([frame], torch.device("cpu")))[0]


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("normalize", [True, False])
async def test_predict_says_what_the_network_says(
    predict: Callable[..., Any], models_dir: Path, png: bytes, name: str, normalize: bool
) -> None:
    """Digit, probabilities and version are those of the network asked for, framed or not."""
    answer = (await predict(png, model=name, normalize=str(normalize).lower())).json()
    want = expected(models_dir, name, png, normalize=normalize)
    assert (want.digit, want.verdict) == (answer["digit"], answer["verdict"])
    assert want.probabilities == pytest.approx(answer["probabilities"])
    assert want.confidence == pytest.approx(answer["confidence"])
    assert {"name": name, "version": weights.read(models_dir, name).version} == answer["model"]


async def test_predict_asks_the_cnn_unless_told(predict: Callable[..., Any], png: bytes) -> None:
    """Without parameters the CNN answers, and parameters nobody knows change nothing."""
    plain = (await predict(png)).json()
    assert "cnn" == plain["model"]["name"]
    assert 1 == pytest.approx(sum(plain["probabilities"]))
    assert plain == (await predict(png, model="cnn", normalize="true", utm="x")).json()


async def test_predict_blank(predict: Callable[..., Any], blank: bytes) -> None:
    """A blank picture is no digit, and no error."""
    answer = await predict(blank, model="ff")
    assert 200 == answer.status_code
    found = answer.json()
    assert (None, 0.0, [0.1] * 10, "blank", "ff") == (
        found["digit"],
        found["confidence"],
        found["probabilities"],
        found["verdict"],
        found["model"]["name"],
    )


async def test_unsure_below_comes_from_the_facts(
    client: httpx.AsyncClient, models_dir: Path, png: bytes, tmp_path: Path
) -> None:
    """The facts' threshold decides between digit and unsure, and only where there is none 0.5 does."""
    assert "unsure" == (await client.post("/predict", content=png)).json()["verdict"]
    for path in models_dir.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    facts = json.loads((tmp_path / "cnn.json").read_text())
    (tmp_path / "cnn.json").write_text(json.dumps({**facts, "unsure_below": 0.05}))
    certain = recognizer.load(Settings(models=tmp_path, device="cpu"))
    frame = certain.frame(png, normalize=True)
    assert "digit" == (await certain.predict("cnn", lambda: frame)).prediction.verdict


@pytest.mark.parametrize(
    ("route", "parameters"),
    [
        ("/predict", {"model": "rnn"}),
        ("/predict", {"model": ""}),
        ("/predict", {"normalize": "perhaps"}),
        ("/inspect", {"normalize": "2"}),
        ("/inspect", {"layers": "some"}),
        ("/inspect", {"checkpoint": "last"}),
        ("/inspect", {"checkpoint": "-1"}),
        ("/inspect", {"checkpoint": "3"}),
        ("/inspect", {"checkpoint": "1" * 5000}),
    ],
)
async def test_bad_parameter(client: httpx.AsyncClient, png: bytes, route: str, parameters: dict[str, str]) -> None:
    """A parameter with a bad value is refused by name."""
    refused = check(await client.post(route, params=parameters, content=png), 422, "bad_parameter")
    assert refused["detail"].startswith(f"{next(iter(parameters))}: ")


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
        want = classifier.predict(network, batch)[0]
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


async def test_weights(client: httpx.AsyncClient, models_dir: Path) -> None:
    """The weights come as a safetensors file, as they are or at a moment of training, and are not sent twice."""
    for name in NETWORKS:
        served = await client.get(f"/models/{name}/weights")
        trained = weights.read(models_dir, name)
        assert weights.dump(trained.network) == served.content
        history = weights.read_history(models_dir, name)
        past = NETWORKS[name]()
        past.load_state_dict(history.state(1))
        early = await client.get(f"/models/{name}/weights", params={"checkpoint": 1})
        assert weights.dump(past) == early.content
        assert served.headers["etag"] != early.headers["etag"]
        again = await client.get(f"/models/{name}/weights", headers={"If-None-Match": served.headers["etag"]})
        assert (304, b"") == (again.status_code, again.content)
    check(await client.get("/models/rnn/weights"), 404, "unknown_model")
    check(await client.get("/models/ff/weights", params={"checkpoint": 9}), 422, "bad_parameter")


async def test_models(client: httpx.AsyncClient, models_dir: Path) -> None:
    """The facts are those of the files, under the version that is served."""
    everything = (await client.get("/models")).json()
    assert ["ff", "cnn"] == list(everything)
    for name, facts in everything.items():
        file = json.loads((models_dir / f"{name}.json").read_text())
        assert file == {key: facts[key] for key in file}
        assert file["sha256"][:12] == facts["version"]
        assert facts == (await client.get(f"/models/{name}")).json()
    check(await client.get("/models/rnn"), 404, "unknown_model")


async def test_health(client: httpx.AsyncClient) -> None:
    """A good service says that it lives and that it is ready."""
    for path, status in (("/healthz", "ok"), ("/readyz", "ready")):
        answer = await client.get(path)
        assert (200, {"status": status}) == (answer.status_code, answer.json())


async def test_readiness_runs_the_networks(app: FastAPI) -> None:
    """With a network that gives no numbers the service lives but is not ready."""
    async with app.router.lifespan_context(app) as state:
        served = dict(state or {})["recognizer"]
        model = served.models["cnn"]
        for parameter in model.network.parameters():
            parameter.fill_(float("nan"))
        served.models = {**served.models, "cnn": replace(model, run=Runner(model.network))}
        client = client_of(app, state)
        refused = await client.get("/readyz")
        check(refused, 503, "not_ready")
        assert "5" == refused.headers["retry-after"]
        assert 200 == (await client.get("/healthz")).status_code


class Broken(Runner):
    """A network whose runtime gives up."""

    def __call__(self, batch: Floats) -> Floats:
        """Give the graph an input that it does not have."""
        assert self._session is not None
        return self._session.run(None, {"other": batch})  # type: ignore[no-any-return]


async def test_readiness_of_a_runtime_that_fails(app: FastAPI) -> None:
    """Whatever the runtime raises, the service is not ready, and says so."""
    async with app.router.lifespan_context(app) as state:
        served = dict(state or {})["recognizer"]
        model = served.models["cnn"]
        served.models = {**served.models, "cnn": replace(model, run=Broken(model.network))}
        client = client_of(app, state)
        check(await client.get("/readyz"), 503, "not_ready")


async def test_model_names_are_the_networks() -> None:
    """The API names exactly the networks there are."""
    assert set(NETWORKS) == set(get_args(ModelName))


async def test_slow_picture_does_not_stop_others(
    client: httpx.AsyncClient, predict: Callable[..., Any], png: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one picture is being decoded, other requests are answered."""
    slow = write(draw((10, 10, 40, 20), size=200))
    decoding, others_done = threading.Event(), threading.Event()
    read_png = ink.read_png

    def read_slowly(data: bytes, limits: Limits) -> Any:  # noqa: ANN401
        if data == slow:
            decoding.set()
            assert others_done.wait(20)
        return read_png(data, limits)

    monkeypatch.setattr(ink, "read_png", read_slowly)
    async with anyio.create_task_group() as group:
        group.start_soon(predict, slow)
        with anyio.fail_after(10):
            await anyio.to_thread.run_sync(decoding.wait)
            assert 200 == (await predict(png)).status_code
            assert 200 == (await client.get("/readyz")).status_code
        others_done.set()


async def test_openapi_documents_bodies_and_problems(client: httpx.AsyncClient) -> None:
    """The document shows the three forms of a body and the problem document of each status."""
    paths = (await client.get("/openapi.json")).json()["paths"]
    for route in ("/predict", "/inspect"):
        operation = paths[route]["post"]
        assert {"image/png", "multipart/form-data", "application/json"} == set(operation["requestBody"]["content"])
        assert {"200", "400", "413", "415", "422", "500", "503"} == set(operation["responses"])
        for status, described in operation["responses"].items():
            if status != "200":
                content = described["content"]["application/problem+json"]
                assert int(status) == content["example"]["status"]
                assert {"type", "title", "status", "detail", "code"} == set(content["schema"]["properties"])


async def test_the_example_is_one(client: httpx.AsyncClient) -> None:
    """The JSON that /docs suggests is answered."""
    operation = (await client.get("/openapi.json")).json()["paths"]["/predict"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    (image,) = schema["properties"]["image"]["examples"]
    answer = await client.post("/predict", json={"image": image})
    assert (200, True) == (answer.status_code, answer.json()["digit"] is not None)


async def test_small_limits(models_dir: Path, png: bytes) -> None:
    """The service starts whatever small limits pictures have, and holds to them."""
    async with started(create_app(Settings(models=models_dir, device="cpu", max_side=27, max_pixels=700))) as client:
        check(await client.post("/predict", content=png), 422, "picture_too_large")


async def test_before_the_start(app: FastAPI, png: bytes) -> None:
    """Without its lifespan the application has no weights yet, and says so."""
    async with client_of(app, None) as client:
        for answer in (await client.post("/predict", content=png), await client.get("/readyz")):
            check(answer, 503, "not_started")
