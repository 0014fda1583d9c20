"""Many pictures in one request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.recognition.png import write
from tests.bodies import FORMS, picture
from tests.pictures import SEVEN, draw
from tests.problems import check

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

pytestmark = pytest.mark.anyio

ONE = write(draw((4, 12, 24, 16)))


async def test_each_file_its_answer_in_order(
    client: httpx.AsyncClient, predict: Callable[..., Any], png: bytes, blank: bytes
) -> None:
    """Answers and errors come in the files' order, each what /predict would have said."""
    sent = [png, picture("JPEG"), blank, b"", png[:60], ONE, write(draw(*SEVEN, size=5000)[:20])]
    answer = await client.post("/predict/batch", params={"model": "ff"}, files=[("files", one) for one in sent])
    assert 200 == answer.status_code
    results = answer.json()["results"]
    assert [None, 415, None, 400, 422, None, 422] == [result.get("status") for result in results]
    for one, result in zip(sent, results, strict=True):
        alone = (await predict(one, model="ff")).json() if one else {"code": "empty_picture"}
        if "status" in result or not one:
            assert alone["code"] == result["code"]
        else:
            assert alone.pop("probabilities") == pytest.approx(result.pop("probabilities"), abs=1e-6)
            assert alone.pop("confidence") == pytest.approx(result.pop("confidence"), abs=1e-6)
            assert alone == result


async def test_sixty_four_files(client: httpx.AsyncClient, png: bytes) -> None:
    """Up to 64 files are answered; one more is refused."""
    answer = await client.post("/predict/batch", files=[("files", png)] * 64)
    assert [7] * 64 == [result["digit"] for result in answer.json()["results"]]
    refused = check(await client.post("/predict/batch", files=[("files", png)] * 65), 422, "too_many_files")
    assert "64" in refused["detail"]


async def test_no_form(client: httpx.AsyncClient, png: bytes) -> None:
    """A body that is no form is refused with the only type that is read; none at all is called empty."""
    refused = await client.post("/predict/batch", content=png, headers={"content-type": "image/png"})
    check(refused, 415, "not_a_png")
    assert "multipart/form-data" == refused.headers["accept"]
    check(await client.post("/predict/batch"), 400, "empty_body")


async def test_several_files_for_one(client: httpx.AsyncClient, png: bytes) -> None:
    """A form of several files is refused by /predict with the way to have them read."""
    several = await client.post("/predict", files=[("file", png)] * 2)
    assert "/predict/batch" in check(several, 400, "malformed_multipart")["detail"]
    many = await client.post("/predict", files=[("file", png)] * 18)
    assert "/predict/batch" in check(many, 422, "too_many_files")["detail"]


@pytest.mark.parametrize(("body", "parameters", "status", "code"), FORMS.values(), ids=FORMS.keys())
async def test_bad_forms(client: httpx.AsyncClient, body: bytes, parameters: str, status: int, code: str) -> None:
    """A form that cannot be read is refused as a whole, as by /predict; a bad file in a good one is not."""
    declared = {"content-type": f"multipart/form-data{parameters}"}
    answer = await client.post("/predict/batch", content=body, headers=declared)
    if answer.status_code != 200:
        check(answer, status, code)
    else:
        assert {400, 415} >= {result["status"] for result in answer.json()["results"]}


@pytest.mark.parametrize("media_type", ["image/png", "application/json", "text/plain"])
async def test_only_forms(client: httpx.AsyncClient, png: bytes, media_type: str) -> None:
    """Several pictures come in a form, and in nothing else."""
    sent = await client.post("/predict/batch", content=png, headers={"content-type": media_type})
    check(sent, 415, "not_a_png")
    check(await client.post("/predict/batch", content=b"\0" * 200_001), 413, "body_too_large")


async def test_bad_parameter(client: httpx.AsyncClient, png: bytes) -> None:
    """The parameters are those of /predict."""
    check(await client.post("/predict/batch", params={"model": "rnn"}, files={"a": png}), 422, "bad_parameter")
