"""The API's answers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import torch

from app.main import create_app
from app.recognition import classifier, ink, weights
from app.recognition.networks import NETWORKS
from app.recognition.runtime import Runner
from app.settings import Settings
from tests.clients import client_of, started
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
    logits = trained.network.logits(classifier.to_batch([frame], torch.device("cpu"))).numpy()
    return classifier.predictions(logits, None, trained.unsure_below)[0]


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


@pytest.mark.parametrize(
    ("route", "parameters"),
    [
        ("/predict", {"model": "rnn"}),
        ("/predict", {"model": ""}),
        ("/predict", {"normalize": "perhaps"}),
        ("/inspect", {"model": "rnn"}),
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
        for known in (served.headers["etag"], f'"other", W/{served.headers["etag"]}', "*"):
            again = await client.get(f"/models/{name}/weights", headers={"If-None-Match": known})
            assert (304, b"") == (again.status_code, again.content), known
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


async def test_small_limits(models_dir: Path, png: bytes) -> None:
    """The service starts whatever small limits pictures have, and holds to them."""
    async with started(create_app(Settings(models=models_dir, device="cpu", max_side=27, max_pixels=700))) as client:
        check(await client.post("/predict", content=png), 422, "picture_too_large")


async def test_before_the_start(app: FastAPI, png: bytes) -> None:
    """Without its lifespan the application has no weights yet, and says so."""
    async with client_of(app, None) as client:
        for answer in (await client.post("/predict", content=png), await client.get("/readyz")):
            check(answer, 503, "not_started")
