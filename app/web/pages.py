"""The page a person draws on, in the languages there are, and its files."""

import json
import re
from functools import cache
from os import PathLike, stat_result
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from starlette.types import Scope

from app.settings import ROOT
from app.web.api import recognizer

DEFAULT_LANGUAGE: Final = "en"

router = APIRouter(include_in_schema=False)
templates: Final = Jinja2Templates(directory=ROOT / "templates")


class Revalidated(StaticFiles):
    """Files that browsers keep, but ask about each time: an update is seen at once.

    They are sent whole: a range of a file that is packed on its way would be packed too. The tag is weak, as packed and
    unpacked share it (RFC 9110, 8.8.1).
    """

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Return the file, or 304 where the browser has it already."""
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name != b"range"]
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Accept-Ranges"] = "none"
        response.headers["ETag"] = "W/" + response.headers["ETag"].removeprefix("W/")
        return response


@router.get("/")
async def index(request: Request) -> Response:
    """Return the page, in the language of `?lang=`, else the one the browser asks for."""
    models = recognizer(request).models.values()
    language = _language(request)
    texts = _texts()[language]
    context = {
        "networks": [{"name": m.name, "version": m.version, "facts": m.facts} for m in models],
        "moments": {m.name: m.history.images if m.history else () for m in models},
        "language": language,
        "languages": {code: there["language"] for code, there in _texts().items()},
        "t": texts,
        "modules": _modules(),
    }
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language", "Content-Language": language}
    return templates.TemplateResponse(request, "index.html", context, headers=headers)


@cache
def _texts() -> dict[str, dict[str, Any]]:  # by language, English first
    files = {path.stem: path for path in sorted((ROOT / "static" / "texts").glob("*.json"))}
    first = {DEFAULT_LANGUAGE: files.pop(DEFAULT_LANGUAGE)}
    return {code: json.loads(path.read_text(encoding="utf-8")) for code, path in (first | files).items()}


@cache
def _modules() -> list[str]:
    """Return the scripts that every visit needs; those in folders below are fetched once a panel is opened."""
    return sorted(path.stem for path in (ROOT / "static" / "js").glob("*.js"))


def _language(request: Request) -> str:
    """Return the language asked for most that there is."""
    wanted = [wanted.partition(";") for wanted in request.headers.get("accept-language", "").split(",")]
    weighed = sorted(wanted, key=lambda one: _weight(one[2]), reverse=True)
    asked = [request.query_params.get("lang", ""), *(code for code, _, weight in weighed if _weight(weight) > 0)]
    codes = (code.strip().lower()[:2] for code in asked)
    return next((code for code in codes if code in _texts()), DEFAULT_LANGUAGE)


def _weight(parameter: str) -> float:
    """Return the weight `q=0.5` of a language (RFC 9110, 12.4.2), 1 unless it has one that can be read."""
    name, _, value = parameter.partition("=")
    found = re.fullmatch(r"0(\.\d{0,3})?|1(\.0{0,3})?", value.strip()) if name.strip() == "q" else None
    return float(found[0]) if found else 1.0
