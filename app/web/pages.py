"""The page a person draws on, and its files."""

from os import PathLike, stat_result
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from starlette.types import Scope

from app.settings import ROOT
from app.web.api import recognizer

router = APIRouter(include_in_schema=False)
templates: Final = Jinja2Templates(directory=ROOT / "templates")


class Revalidated(StaticFiles):
    """Files that browsers keep, but ask about each time: an update is seen at once."""

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Return the file, or 304 where the browser has it already."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "no-cache"
        return response


@router.api_route("/", methods=["GET", "HEAD"])
async def index(request: Request) -> Response:
    """Return the page."""
    models = recognizer(request).models.values()
    networks = [{"name": m.name, "title": m.title, "version": m.version, "facts": m.facts} for m in models]
    context = {"networks": networks, "moments": recognizer(request).moments}
    return templates.TemplateResponse(request, "index.html", context, headers={"Cache-Control": "no-cache"})
