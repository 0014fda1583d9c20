"""What FastAPI cannot see for itself: the three forms of a body, and the problem documents."""

from http import HTTPStatus
from typing import Any, Final

from app.web.problems import MEDIA_TYPE
from app.web.schemas import PictureBody, ProblemDocument

EXAMPLES: Final = {
    400: ("empty_body", "The body is empty. Send a PNG."),
    404: ("unknown_model", "There is no model 'rnn': ask for ff or cnn."),
    413: ("body_too_large", "The body is larger than 4,194,304 bytes. Send a smaller picture: 280×280 is plenty."),
    415: ("not_a_png", "This is not a PNG. Send the picture as image/png."),
    422: ("bad_parameter", "model: Input should be 'cnn' or 'ff'."),
    500: ("internal_error", "The service failed to answer this request; the log says why."),
    503: ("busy", "Too many pictures are waiting. Try again in a second."),
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the problem documents of these statuses, as FastAPI's `responses` takes them."""
    return {status: _problem(status) for status in statuses}


def _problem(status: int) -> dict[str, Any]:
    code, detail = EXAMPLES[status]
    phrase = HTTPStatus(status).phrase
    example = ProblemDocument(title=phrase, status=status, detail=detail, code=code).model_dump()
    return {
        "description": phrase,
        "content": {MEDIA_TYPE: {"schema": ProblemDocument.model_json_schema(), "example": example}},
    }


PICTURE_PROBLEMS: Final = problems(400, 413, 415, 422, 500, 503)
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
                    "required": ["files"],
                    "properties": {
                        "files": {"type": "array", "minItems": 1, "items": {"type": "string", "format": "binary"}}
                    },
                }
            }
        },
    }
}
