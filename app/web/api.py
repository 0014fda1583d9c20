"""The API's routes: read the request, ask the recognizer, write the answer."""

from functools import partial
from time import perf_counter
from typing import Annotated, Final

import numpy as np
from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic_core import to_json

from app.recognition import png, weights
from app.recognition.inspection import Layer, Unit
from app.web import openapi
from app.web.batcher import Answered, Framing
from app.web.bodies import JSON, files, png_bytes
from app.web.express import Stop
from app.web.gone import unless_gone
from app.web.models import Model
from app.web.problems import Problem, document, of_png
from app.web.recognizer import Recognizer, Seen
from app.web.schemas import (
    CHECKPOINT,
    Answer,
    Batch,
    Examination,
    Facts,
    Health,
    Insight,
    Inspection,
    LayerValues,
    ProblemDocument,
    Question,
)
from app.web.state import state

router = APIRouter()


def install(app: FastAPI) -> None:
    """Add the routes; first those that are asked most."""
    app.router.add_api_route(
        "/predict",
        predict,
        methods=["POST"],
        response_model=Answer,
        tags=["recognition"],
        responses=openapi.PICTURE_PROBLEMS,
        openapi_extra=openapi.PICTURE,
    )
    app.include_router(router)


async def predict(request: Request, asked: Annotated[Question, Query()]) -> Response:
    """Say which digit a PNG shows."""
    ready = state(request)["recognizer"]
    started = perf_counter()
    data = await png_bytes(request)
    came = perf_counter()
    with ready.place():
        answered = await ready.predict(asked.model, await _framing(request, data, normalize=asked.normalize))
    ready.metrics.verdict(asked.model, answered.prediction.verdict)
    spans = {"read": came - started, "frame": answered.framing, "answer": perf_counter() - came}
    timing = ", ".join([f"{name};dur={seconds * 1e3:.3f}" for name, seconds in spans.items()])
    return Response(to_json(_said(answered)), headers={"Server-Timing": timing}, media_type=JSON)


EXPRESS: Final = [Stop("/predict", predict, Question)]


@router.post("/predict/batch", tags=["recognition"], responses=openapi.PICTURE_PROBLEMS, openapi_extra=openapi.FILES)
async def predict_batch(request: Request, asked: Annotated[Question, Query()]) -> Batch:
    """Say which digit each PNG of a form shows."""
    ready = state(request)["recognizer"]
    found = await files(request, state(request)["settings"].max_files)
    with ready.place():
        return Batch(results=[await _result(request, data, asked) for data in found])


async def _result(request: Request, data: bytes | Problem, asked: Question) -> Answer | ProblemDocument:
    if isinstance(data, Problem):
        return document(data)
    try:
        framing = await _framing(request, data, normalize=asked.normalize)
        answered = await state(request)["recognizer"].predict(asked.model, framing)
    except png.PngError as error:
        return document(of_png(error))
    state(request)["recognizer"].metrics.verdict(asked.model, answered.prediction.verdict)
    return Answer.model_validate(_said(answered))


@router.post("/inspect", tags=["recognition"], responses=openapi.PICTURE_PROBLEMS, openapi_extra=openapi.PICTURE)
async def inspect(request: Request, asked: Annotated[Examination, Query()]) -> Inspection:
    """Say what both networks see in a PNG, and how they come to say so."""
    ready = state(request)["recognizer"]
    checkpoint = asked.checkpoint
    shown = set[str](asked.layers_of or ready.models) if asked.layers else set()
    data = await png_bytes(request)
    with ready.place():
        frame = (await _framing(request, data, normalize=asked.normalize))()
        images = None if checkpoint is None else _images(ready.moments, checkpoint)  # of the weights that answer
        try:
            seen = {name: ready.inspect(name, frame, checkpoint, _units(name, asked.off)) for name in ready.models}
        except IndexError as error:
            raise Problem(422, "bad_parameter", f"off: {error}.") from error
    return Inspection(
        frame=None if frame is None else np.round(frame.astype(np.float64), 6).tolist(),
        networks={
            name: _insight(ready, name, one, ready.models[name].images_at(checkpoint), layers=name in shown)
            for name, one in seen.items()
        },
        checkpoint=checkpoint,
        images=images,
    )


@router.get("/models", tags=["models"])
async def models(request: Request) -> dict[str, Facts]:
    """Return the facts of all networks, by name."""
    return {name: model.described for name, model in state(request)["recognizer"].models.items()}


@router.get("/models/{name}", tags=["models"], responses=openapi.problems("unknown_model"), openapi_extra=openapi.NAME)
async def model_facts(request: Request) -> Facts:
    """Return the facts of one network: its architecture, training, accuracy, digest."""
    return _model(request).described


@router.get(
    "/models/{name}/weights",
    tags=["models"],
    responses=openapi.WEIGHTS | openapi.problems("unknown_model", "bad_parameter"),
    response_class=Response,
    openapi_extra=openapi.NAME,
)
async def model_weights(
    request: Request, checkpoint: Annotated[int | None, Query(description=CHECKPOINT)] = None
) -> Response:
    """Return the weights of one network, as they are or at a moment of training, as a .safetensors file."""
    ready = state(request)["recognizer"]
    model = _model(request)
    if checkpoint is not None:
        _images(model.history.images if model.history else (), checkpoint)
    headers = {"Cache-Control": "no-cache", "ETag": f'"{model.version}-{checkpoint}"'}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if known & {headers["ETag"], "*"}:
        return Response(status_code=304, headers=headers)
    return Response(weights.dump(ready.network(model.name, checkpoint)), 200, headers, "application/octet-stream")


@router.get("/healthz", tags=["health"], response_model_exclude_none=True)
async def healthz() -> Health:
    """Say that the process lives."""
    return Health(status="ok")


@router.get("/readyz", tags=["health"], responses=openapi.problems("not_ready"), response_model_exclude_none=True)
async def readyz(request: Request) -> Health:
    """Say that the networks answer, having asked them."""
    ready = state(request)["recognizer"]
    try:
        ready.check()
    except Exception as error:  # ONNX Runtime's are of no common kind
        raise Problem(503, "not_ready", f"The networks do not answer: {error}", {"Retry-After": "5"}) from error
    return Health(status="ready", detail="; ".join(ready.troubles.values()) or None)


@router.get("/metrics", tags=["health"], response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    """Return the service's numbers, for Prometheus."""
    return Response(state(request)["recognizer"].metrics.expose(), media_type=CONTENT_TYPE_LATEST)


async def _framing(request: Request, data: bytes, *, normalize: bool) -> Framing:
    """Return what decodes and frames a small picture when its turn comes; a large one is framed now, in a thread.

    A large one that must wait for a thread gives its turn up when its client leaves.
    """
    ready = state(request)["recognizer"]
    if ready.is_small(data):
        return partial(ready.frame, data, normalize=normalize)
    frame = await unless_gone(request, partial(ready.frame_in_thread, data, normalize=normalize))
    return lambda: frame


def _model(request: Request) -> Model:
    name = request.path_params["name"]
    found = state(request)["recognizer"].models.get(name)
    if found is None:
        raise Problem(404, "unknown_model", f"There is no model {name!r}: ask for ff or cnn.")
    return found


def _images(moments: tuple[int, ...], checkpoint: int) -> int:
    if not moments:
        raise Problem(422, "no_checkpoints", "There are no checkpoints: models/ has no usable history of training.")
    if not 0 <= checkpoint < len(moments):
        raise Problem(422, "bad_parameter", f"checkpoint: must be 0 … {len(moments) - 1}, not {checkpoint}.")
    return moments[checkpoint]


def _said(answered: Answered) -> dict[str, object]:
    """Return an Answer's fields, ready to be written."""
    model, prediction, _ = answered
    return {
        "digit": prediction.digit,
        "confidence": prediction.confidence,
        "evidence": prediction.evidence,
        "probabilities": prediction.probabilities,
        "verdict": prediction.verdict,
        "model": {"name": model.name, "version": model.version},
    }


def _insight(ready: Recognizer, name: str, seen: Seen, images: int | None, *, layers: bool) -> Insight:
    return Insight(
        **dict(Answer.model_validate(_said(Answered(ready.models[name], seen.prediction, 0)))),
        images=images,
        log_probs=seen.layers[-1].values.tolist() if seen.layers else None,
        layers=[_values(layer) for layer in seen.layers] if layers else [],
        intact=list(seen.intact.probabilities) if seen.intact else None,
    )


def _units(name: str, off: list[str]) -> set[Unit]:
    parts = [unit.split(".") for unit in off]
    return {Unit(int(layer), int(index)) for network, layer, index in parts if network == name}


def _values(layer: Layer) -> LayerValues:
    flat = np.round(layer.values.double().numpy().ravel(), 6)
    return LayerValues(name=layer.name, shape=list(layer.values.shape), values=flat.tolist())
