"""The API's routes: read the request, ask the recognizer, write the answer."""

from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Request

from app.recognition import png
from app.recognition.classifier import Layer, Prediction
from app.recognition.ink import Floats
from app.web import openapi
from app.web.bodies import png_bytes
from app.web.problems import Problem
from app.web.recognizer import Recognizer, Seen
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
    checkpoint: Annotated[int | None, Query(description="A moment of training, from 0: untrained.")] = None,
    layers: Annotated[bool, Query(description="Whether to send every layer's values.")] = True,
) -> Inspection:
    """Say what both networks see in a PNG, and how they come to say so."""
    ready = recognizer(request)
    images = None if checkpoint is None else _images(ready, checkpoint)
    frame = await _frame(request, normalize=normalize)
    seen = {name: ready.inspect(name, frame, checkpoint) for name in ready.models}
    return Inspection(
        frame=None if frame is None else np.round(frame.astype(np.float64), 4).tolist(),
        networks={
            name: _insight(ready, name, one, ready.models[name].images_at(checkpoint), layers=layers)
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
    found = recognizer(request).models.get(name)
    if found is None:
        raise Problem(404, "unknown_model", f"There is no model {name!r}: ask for ff or cnn.")
    return found.described


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
    )


def _values(layer: Layer) -> LayerValues:
    flat = np.round(layer.values.double().numpy().ravel(), 6)
    return LayerValues(name=layer.name, shape=list(layer.values.shape), values=flat.tolist())
