"""What FastAPI cannot see for itself: the three forms of a body, and the problem documents."""

from http import HTTPStatus
from typing import Any, Final, get_args

from app.web.problems import DRAINING, MEDIA_TYPE, UNEXPECTED, Busy
from app.web.schemas import ModelName, PictureBody, ProblemDocument

EXAMPLES: Final = {
    "empty_body": (400, "The body is empty. Send a PNG."),
    "unknown_model": (404, "There is no model 'rnn': ask for ff or cnn."),
    "no_data": (404, "There is no MNIST to look at: set DIGITS_DATA to the folder that holds it."),
    "body_too_large": (413, "The body is larger than 4,194,304 bytes. Send a smaller picture: 280×280 is plenty."),
    "not_a_png": (415, "This is not a PNG. Send the picture as image/png."),
    "bad_parameter": (422, "model: Input should be 'cnn' or 'ff'."),
    "broken_png": (422, "The PNG is broken: its data ends too early."),
    "not_ready": (503, "The networks do not answer: cnn gives what is no number."),
    **{problem.code: (problem.status_code, problem.detail) for problem in (UNEXPECTED, DRAINING, Busy())},
}


def problems(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Describe problem documents, one example for each status, as FastAPI's `responses` takes them."""
    return {EXAMPLES[code][0]: _problem(code) for code in codes}


def _problem(code: str) -> dict[str, Any]:
    status, detail = EXAMPLES[code]
    phrase = HTTPStatus(status).phrase
    example = ProblemDocument(title=phrase, status=status, detail=detail, code=code).model_dump()
    return {
        "description": phrase,
        "content": {MEDIA_TYPE: {"schema": ProblemDocument.model_json_schema(), "example": example}},
    }


ALWAYS: Final = problems("internal_error", "draining")  # what any route may answer
PICTURE_PROBLEMS: Final = problems("empty_body", "body_too_large", "not_a_png", "broken_png", "busy")
NAME: Final[dict[str, Any]] = {  # declared as FastAPI does it, an unknown name would be a 422
    "parameters": [
        {
            "name": "name",
            "in": "path",
            "required": True,
            "schema": {"type": "string", "enum": list(get_args(ModelName))},
        }
    ]
}
WEIGHTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}},
    304: {"description": "What `If-None-Match` names is still served."},
}
PICTURE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "A PNG, in one of three forms.",
        "content": {
            "image/png": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary", "description": "A PNG."}},
                }
            },
            "application/json": {"schema": PictureBody.model_json_schema()},
        },
    }
}
FILES: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "A form of PNG files, whatever their fields are called.",
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "files": {"type": "array", "minItems": 1, "items": {"type": "string", "format": "binary"}}
                    },
                }
            }
        },
    }
}
