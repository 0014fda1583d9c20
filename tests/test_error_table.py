"""The contract's error table against a running server: every row, for each endpoint that takes a body."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from tests.bodies import FORMS, JSON, RAW
from tests.pictures import PNG
from tests.problems import check
from tests.processes import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BODIES: dict[str, tuple[str | bytes, str | None, int, str]] = {
    **RAW,
    **{f"json, {name}": (body, "application/json", status, code) for name, (body, status, code) in JSON.items()},
    **{
        f"form, {name}": (body, f"multipart/form-data{more}", status, code)
        for name, (body, more, status, code) in FORMS.items()
    },
}


@pytest.fixture(scope="module")
def strict(models_dir: Path) -> Iterator[httpx.Client]:
    """Yield a client of a real server that takes bodies of 200,000 bytes."""
    with (
        serving(DIGITS_MODELS=str(models_dir), DIGITS_DEVICE="cpu", DIGITS_MAX_BODY_BYTES="200000") as url,
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        yield client


def health(client: httpx.Client) -> list[object]:
    """Return what a server that is well says of itself, and of a good picture."""
    answers = [client.get("/healthz"), client.get("/readyz"), client.post("/predict", content=PNG)]
    assert [200] * 3 == [answer.status_code for answer in answers]
    return [answer.json() for answer in answers]


@pytest.mark.parametrize("route", ["/predict", "/inspect"])
def test_every_row(strict: httpx.Client, route: str) -> None:
    """Each body that cannot be used gets its status and document; the server is as well after it as before."""
    before = health(strict)
    for name, (body, media_type, status, code) in BODIES.items():
        headers = {} if media_type is None else {"content-type": media_type}
        try:
            check(strict.post(route, content=body, headers=headers), status, code)
            assert before == health(strict)
        except AssertionError as error:
            raise AssertionError(f"{route}, {name}") from error


def test_every_row_of_a_batch(strict: httpx.Client) -> None:
    """In a form of many, each picture that cannot be used gets its own document, in its place among good ones."""
    before = health(strict)
    rows = {name: row for name, row in RAW.items() if row[2] != 413 and row[1] != "application/octet-stream"}
    files = [("files", ("one", body, media_type or "image/png")) for body, media_type, _, _ in rows.values()]
    good = ("files", ("good", PNG, "image/png"))
    answer = strict.post("/predict/batch", files=[good, *files, good])
    assert 200 == answer.status_code
    first, *found, last = answer.json()["results"]
    assert first == last
    assert "cnn" == first["model"]["name"]
    for (name, (_, _, status, code)), one in zip(rows.items(), found, strict=True):
        assert (status, code.replace("empty_body", "empty_picture")) == (one["status"], one["code"]), name
    for body, more, status, code in FORMS.values():
        refused = strict.post("/predict/batch", content=body, headers={"content-type": f"multipart/form-data{more}"})
        if refused.status_code != 200:  # else it is the one file that is refused, as above
            check(refused, status, code)
    large = strict.post("/predict/batch", files=[("files", PNG + b"\0" * 200_000)])
    check(large, 413, "body_too_large")
    assert before == health(strict)


@pytest.mark.parametrize("route", ["/predict", "/inspect", "/predict/batch"])
def test_wrong_ways_to_ask(strict: httpx.Client, route: str) -> None:
    """Another method is told which there is; a body that is too large is refused, with its length told or not."""
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        refused = strict.request(method, route)
        check(refused, 405, "method_not_allowed")
        assert "POST" == refused.headers["allow"]
    check(strict.post(f"{route}/no", content=PNG), 404, "not_found")
    for content in (b"\0" * 300_000, iter([b"\0" * 100_000] * 3)):
        headers = {"content-type": "multipart/form-data; boundary=x"}
        check(strict.post(route, content=content, headers=headers), 413, "body_too_large")
