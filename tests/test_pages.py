"""The page, its files, and the API's documentation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from app.settings import ROOT
from tests.models import facts

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio


async def test_index(client: httpx.AsyncClient) -> None:
    """The page shows the pad and both networks, and every file it asks for is ours and there."""
    page = await client.get("/")
    assert (200, "text/html; charset=utf-8") == (page.status_code, page.headers["content-type"])
    assert "no-cache" == page.headers["cache-control"]
    for wanted in ('id="pad"', 'data-model="ff"', 'data-model="cnn"'):
        assert wanted in page.text
    await check_assets(client, page.text)


async def test_index_works_with_plain_facts(client: httpx.AsyncClient) -> None:
    """The page needs no more of the facts than the tests' own weights have."""
    assert set(facts("ff")) <= set((await client.get("/models/ff")).json())
    assert 200 == (await client.get("/")).status_code


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", None, "en"),
        ("", "de-CH,de;q=0.9,en;q=0.8", "de"),
        ("", "fr-FR,fr;q=0.9,de;q=0.5", "de"),
        ("", "fr", "en"),
        ("?lang=de", "en", "de"),
        ("?lang=en", "de", "en"),
        ("?lang=../x", "de", "de"),
        ("", "de;q=0.1, en;q=0.9", "en"),
        ("", "de;q=0, fr", "en"),
        ("", "en;q=0.5, de", "de"),
        ("", "de;q=x", "de"),
    ],
)
async def test_languages(client: httpx.AsyncClient, query: str, accepted: str | None, language: str) -> None:
    """The page speaks the language asked for, where it has it, and no cache mixes them up."""
    page = await client.get(f"/{query}", headers={} if accepted is None else {"accept-language": accepted})
    assert f'<html lang="{language}">' in page.text
    assert ("Draw a digit" in page.text) == (language == "en")
    assert ("Zeichne eine Ziffer" in page.text) == (language == "de")
    assert language == page.headers["content-language"]
    assert "accept-language" in page.headers["vary"].lower()
    assert "built-in method" not in page.text


async def test_scripts_of_every_visit_are_preloaded(client: httpx.AsyncClient) -> None:
    """What main.js imports, directly or not, is asked for at once; nothing else is."""
    folder = ROOT / "static" / "js"
    needed: set[str] = set()
    waiting = {"main.js"}
    while waiting:
        name = waiting.pop()
        needed.add(name)
        text = (folder / name).read_text()
        waiting |= set(re.findall(r'^(?:import|\} from) .*?"\./([\w-]+\.js)"', text, re.MULTILINE)) - needed
    page = (await client.get("/")).text
    asked = set(re.findall(r'(?:modulepreload" href|module" src)="static/js/([\w-]+\.js)"', page))
    assert needed == asked


async def test_docs_are_offline(client: httpx.AsyncClient) -> None:
    """/docs names nothing outside this service, has no inline script, and all it names is there."""
    page = await client.get("/docs")
    assert 200 == page.status_code
    assert "//" not in page.text
    assert ["", ""] == re.findall(r"<script [^>]*src=[^>]*>(.*?)</script>", page.text)
    assert 2 == page.text.count("<script")
    await check_assets(client, page.text)
    start = await client.get("/docs/start.js")
    assert 'url: "openapi.json"' in start.text
    assert "text/javascript; charset=utf-8" == start.headers["content-type"]
    assert "3.1.0" == (await client.get("/openapi.json")).json()["openapi"]


async def check_assets(client: httpx.AsyncClient, page: str) -> None:
    """Assert that each file a page names is one of ours and not empty."""
    named = re.findall(r"""<(?:script|link|img)\b[^>]*?\b(?:src|href)="([^"]+)\"""", page)
    assert named
    for url in named:
        if url.startswith("data:"):
            continue
        assert not re.match(r"\w+:|//", url)
        answer = await client.get(url if url.startswith("/") else f"/{url}")
        assert 200 == answer.status_code, url
        assert answer.content
