"""Log lines for people and for programs."""

from __future__ import annotations

import json
import logging
import sys
from typing import TYPE_CHECKING

import httpx
import pytest

from app.web import logs
from tests.processes import start

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.anyio


def test_log_lines(models_dir: Path, png: bytes) -> None:
    """In JSON every line is an object, uvicorn's too; requests have their number, and no picture is in them."""
    with start(models_dir, DIGITS_LOG_FORMAT="json", DIGITS_ACCESS_LOG="true", DIGITS_LOG_LEVEL="info") as process:
        assert process.stderr is not None
        url = json.loads(process.stderr.readline())["event"].split()[-1]
        for line in iter(process.stderr.readline, ""):
            if "startup complete" in line:
                break
        answer = httpx.post(f"{url}/predict", content=png)
        number = answer.headers["x-request-id"]
        process.terminate()
        _, said = process.communicate(timeout=30)
    lines = [json.loads(line) for line in said.splitlines()]
    assert {"uvicorn.error", "digits.access"} == {line["logger"] for line in lines}
    (answered,) = [line for line in lines if line["logger"] == "digits.access"]
    assert (number, "POST", "/predict", 200) == tuple(answered[key] for key in ("request", "method", "path", "status"))
    assert answered["ms"] > 0
    assert "PNG" not in said


@pytest.mark.parametrize("json_lines", [True, False])
def test_a_traceback_shows_no_picture(json_lines: bool) -> None:
    """A traceback in the log is told in plain lines: what the variables held, a picture maybe, is not."""
    try:
        picture = bytes(range(65, 75))
        raise ZeroDivisionError(len(picture))
    except ZeroDivisionError:
        record = logging.LogRecord("digits", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    line = logs.formatter(json=json_lines).format(record)
    assert "ZeroDivisionError: 10" in line
    assert "ABCDEFGHIJ" not in line
