"""The API's routes: read the request, ask the recognizer, write the answer."""

from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import StringConstraints

from app.recognition import png, weights
from app.recognition.classifier import Prediction
from app.recognition.ink import Floats
from app.recognition.inspection import Layer, Unit
from app.recognition.networks import NETWORKS
from app.web import openapi
from app.web.bodies import png_bytes
from app.web.problems import Problem
from app.web.recognizer import Model, Recognizer, Seen
from app.web.schemas import (
    Answer,
    Facts,
    Health,
    Insight,
    Inspection,
    LayerValues,
    ModelName,
    ModelReference,
)

Normalize = Annotated[bool, Query(description="Whether to frame the digit as MNIST does, or only resize the picture.")]
Checkpoint = Annotated[int | None, Query(description="A moment of training, from 0: untrained.")]
UnitName = Annotated[str, StringConstraints(pattern=rf"^({'|'.join(NETWORKS)})\.\d{{1,2}}\.\d{{1,3}}$")]

router = APIRouter()


def recognizer(request: Request) -> Recognizer:
    """Return what the lifespan made ready."""
    found: Recognizer = request.state.recognizer
    return found


@router.post("/predict", tags=["recognition"], responses=openapi.PICTURE_PROBLEMS, openapi_extra=openapi.PICTURE)
async def predict(
    request: Request,
    model: Annotated[ModelName, Query(description="The network to ask.")] = "cnn",
    normalize: Normalize = True,
) -> Answer:
    """Say which digit a PNG shows."""
    frame = await _frame(request, normalize=normalize)
    prediction = await recognizer(request).predict(model, frame)
    return _answer(recognizer(request), model, prediction)


@router.post("/inspect", tags=["recognition"], responses=openapi.PICTURE_PROBLEMS, openapi_extra=openapi.PICTURE)
async def inspect(
    request: Request,
    normalize: Normalize = True,
    checkpoint: Checkpoint = None,
    layers: Annotated[bool, Query(description="Whether to send every layer's values.")] = True,
    layers_of: Annotated[list[ModelName] | None, Query(description="Whose layers; both unless named.")] = None,
    off: Annotated[list[UnitName] | None, Query(description="Units to switch off: network.layer.unit.")] = None,
) -> Inspection:
    """Say what both networks see in a PNG, and how they come to say so."""
    ready = recognizer(request)
    images = None if checkpoint is None else _images(ready, checkpoint)
    shown = set[str](layers_of or ready.models)
    frame = await _frame(request, normalize=normalize)
    try:
        seen = {name: ready.inspect(name, frame, checkpoint, _units(name, off or [])) for name in ready.models}
    except IndexError as error:
        raise Problem(422, "bad_parameter", f"off: {error}.") from error
    return Inspection(
        frame=None if frame is None else np.round(frame.astype(np.float64), 6).tolist(),
        networks={
            name: _insight(ready, name, one, ready.models[name].images_at(checkpoint), layers=layers and name in shown)
            for name, one in seen.items()
        },
        checkpoint=checkpoint,
        images=images,
    )


@router.get("/models", tags=["models"])
async def models(request: Request) -> dict[str, Facts]:
    """Return the facts of all networks, by name."""
    return {name: model.described for name, model in recognizer(request).models.items()}


@router.get("/models/{name}", tags=["models"], responses=openapi.problems(404))
async def model_facts(request: Request, name: str) -> Facts:
    """Return the facts of one network: its architecture, training, accuracy, digest."""
    return _model(recognizer(request), name).described


@router.get("/models/{name}/weights", tags=["models"], responses=openapi.problems(404, 422), response_class=Response)
async def model_weights(request: Request, name: str, checkpoint: Checkpoint = None) -> Response:
    """Return the weights of one network, as they are or at a moment of training, as a .safetensors file."""
    ready = recognizer(request)
    version = _model(ready, name).version
    if checkpoint is not None:
        _images(ready, checkpoint)
    headers = {"Cache-Control": "no-cache", "ETag": f'"{version}-{checkpoint}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(weights.dump(ready.network(name, checkpoint)), 200, headers, "application/octet-stream")


@router.get("/healthz", tags=["health"])
async def healthz() -> Health:
    """Say that the process lives."""
    return Health(status="ok")


@router.get("/readyz", tags=["health"], responses=openapi.problems(503))
async def readyz(request: Request) -> Health:
    """Say that the networks answer, having asked them."""
    try:
        recognizer(request).check()
    except (RuntimeError, FloatingPointError) as error:
        raise Problem(503, "not_ready", f"The networks do not answer: {error}", {"Retry-After": "5"}) from error
    return Health(status="ready")


def _model(ready: Recognizer, name: str) -> Model:
    found = ready.models.get(name)
    if found is None:
        raise Problem(404, "unknown_model", f"There is no model {name!r}: ask for ff or cnn.")
    return found


async def _frame(request: Request, *, normalize: bool) -> Floats | None:
    data = await png_bytes(request)
    try:
        return await recognizer(request).frame(data, normalize=normalize)
    except png.NotPng as error:
        raise Problem(415, "not_a_png", str(error)) from error
    except png.TooLarge as error:
        raise Problem(422, "picture_too_large", str(error)) from error
    except png.PngError as error:
        raise Problem(422, "broken_png", str(error)) from error


def _images(ready: Recognizer, checkpoint: int) -> int:
    moments = ready.moments
    if not moments:
        raise Problem(422, "no_checkpoints", "There are no checkpoints: models/ has no usable history of training.")
    if not 0 <= checkpoint < len(moments):
        raise Problem(422, "bad_parameter", f"checkpoint: must be 0 … {len(moments) - 1}, not {checkpoint}.")
    return moments[checkpoint]


def _answer(ready: Recognizer, name: str, prediction: Prediction) -> Answer:
    return Answer(
        digit=prediction.digit,
        confidence=prediction.confidence,
        evidence=prediction.evidence,
        probabilities=list(prediction.probabilities),
        verdict=prediction.verdict,
        model=ModelReference(name=name, version=ready.models[name].version),
    )


def _insight(ready: Recognizer, name: str, seen: Seen, images: int | None, *, layers: bool) -> Insight:
    return Insight(
        **dict(_answer(ready, name, seen.prediction)),
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
