"""Frames that are asked about at one moment are answered together, and none at another's cost."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import anyio
import numpy as np
import pytest

from app.recognition.classifier import BLANK
from app.recognition.png import write
from app.settings import Settings
from app.web.batcher import LARGEST, Answered, Batcher
from app.web.metrics import Metrics
from app.web.recognizer import Recognizer, read
from tests.models import write_models
from tests.pictures import draw
from tests.problems import check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx

    from app.recognition.paper import Floats

pytestmark = pytest.mark.anyio

FRAME = draw((4, 12, 24, 16)).astype(np.float32) / np.float32(255)
NAN = FRAME * np.float32("nan")


@pytest.fixture
def metrics() -> Metrics:
    """Return what is counted."""
    return Metrics()


@pytest.fixture
def batcher(models_dir: Path, metrics: Metrics) -> Batcher:
    """Return a batcher on the tiny weights."""
    served, _ = read(Settings(models=models_dir, device="cpu"))
    return Batcher(lambda: served, metrics)


def fail() -> Floats:
    """Fail as a picture does that cannot be read."""
    raise ValueError("broken")


async def test_one_moment_is_one_batch(batcher: Batcher, metrics: Metrics) -> None:
    """All that is asked at once goes through a network together, but no more than makes a batch quicker."""
    asked = [batcher.ask("cnn", lambda: FRAME) for _ in range(LARGEST + 8)]
    with anyio.fail_after(10):
        answers = await asyncio.gather(*asked, batcher.ask("ff", lambda: FRAME))
    assert ["cnn"] * len(asked) + ["ff"] == [answered.model.name for answered in answers]
    value = metrics.registry.get_sample_value
    assert (3, LARGEST + 8 + 1) == (value("digits_batch_frames_count"), value("digits_batch_frames_sum"))
    assert 1 == value("digits_batch_frames_bucket", {"le": "1.0"})
    assert 2 == value("digits_batch_frames_bucket", {"le": "8.0"})


async def test_each_has_its_own_answer(batcher: Batcher) -> None:
    """What is blank, cannot be framed or has no number is told to whom it concerns, and to nobody else."""
    framings = (lambda: FRAME, lambda: None, fail, lambda: NAN, lambda: FRAME)
    asked = [batcher.ask("cnn", framing) for framing in framings]
    with anyio.fail_after(10):
        first, blank, broken, none, last = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(first, Answered)
    assert isinstance(blank, Answered)
    assert isinstance(last, Answered)
    assert BLANK == blank.prediction != first.prediction == last.prediction
    assert (ValueError, FloatingPointError) == (type(broken), type(none))


async def test_who_has_left_is_not_framed(batcher: Batcher) -> None:
    """No frame is made for a client that has gone, whose neighbours are answered."""
    framed: list[str] = []

    def framing(name: str) -> Floats:
        framed.append(name)
        return FRAME

    gone = batcher.ask("cnn", lambda: framing("gone"))
    there = batcher.ask("cnn", lambda: framing("there"))
    gone.cancel()
    assert (await there).prediction.digit is not None
    assert ["there"] == framed


async def test_whose_weights(tmp_path: Path, metrics: Metrics) -> None:
    """The weights that answer are those that are served by then, and the answer comes with them."""
    settings = Settings(models=write_models(tmp_path), device="cpu")
    served, _ = read(settings)
    batcher = Batcher(lambda: served, metrics)
    before = await batcher.ask("cnn", lambda: FRAME)
    asked = batcher.ask("cnn", lambda: FRAME)
    write_models(tmp_path, seed=1)
    served, _ = read(settings)
    after = await asked
    assert before.model.version != after.model.version == served["cnn"].version
    assert before.prediction.probabilities != after.prediction.probabilities


async def test_not_a_number(predict: Callable[..., Any], png: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that gives no numbers gets a 500, never an answer; and only the frames it concerns do."""
    nan = write(draw((4, 6, 8, 22)))
    real = Recognizer.frame

    def poison(self: Recognizer, data: bytes, *, normalize: bool) -> Floats | None:
        return NAN if data == nan else real(self, data, normalize=normalize)

    monkeypatch.setattr(Recognizer, "frame", poison)
    answers: dict[int, httpx.Response] = {}

    async def post(number: int, picture: bytes) -> None:
        answers[number] = await predict(picture)

    async with anyio.create_task_group() as group:
        for number, picture in enumerate([png, nan, png]):
            group.start_soon(post, number, picture)
    assert [200, 500, 200] == [answers[number].status_code for number in range(3)]
    check(answers[1], 500, "internal_error")
