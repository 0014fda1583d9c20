"""The page a person draws on, in the languages there are."""

import json
from functools import cache
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from fastapi.templating import Jinja2Templates

from app.settings import ROOT
from app.web.accepted import accepted
from app.web.state import state

DEFAULT_LANGUAGE: Final = "en"

router = APIRouter(include_in_schema=False)
templates: Final = Jinja2Templates(directory=ROOT / "templates")


@router.get("/")
async def index(request: Request) -> Response:
    """Return the page, in the language of `?lang=`, else the one the browser asks for."""
    models = state(request)["recognizer"].models.values()
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
    weighed = accepted(request.headers.get("accept-language", ""))
    wanted = request.query_params.get("lang", "").strip().lower()
    asked = [wanted, *(code for code, weight in weighed.items() if weight > 0)]
    return next((code[:2] for code in asked if code[:2] in _texts()), DEFAULT_LANGUAGE)
