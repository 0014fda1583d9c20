"""The application's start and end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from app.main import create_app
from app.recognition.weights import WeightsError
from app.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

pytestmark = pytest.mark.anyio


async def test_one_torch_thread_while_serving(app: FastAPI) -> None:
    """The lifespan gives torch one thread, and gives back what there was."""
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        async with app.router.lifespan_context(app):
            assert 1 == torch.get_num_threads()
        assert 2 == torch.get_num_threads()
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize(
    ("endpoint", "able", "told"),
    [("http://127.0.0.1:9", True, False), ("http://127.0.0.1:9", False, True), ("", False, False)],
)
def test_traces_that_cannot_be_sent(
    endpoint: str, able: bool, told: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A collector that is named, where the extra for it is not installed, is told of in the log; no name is none."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
    monkeypatch.setattr("app.main.find_spec", lambda _: object() if able else None)
    create_app(Settings(device="cpu"))
    assert told == ("extra `otel`" in caplog.text)


async def test_no_weights_no_start(tmp_path: Path) -> None:
    """Without weights the application does not start."""
    app = create_app(Settings(models=tmp_path, device="cpu"))
    with pytest.raises(WeightsError, match=r"ff\.json"):
        async with app.router.lifespan_context(app):
            pass
