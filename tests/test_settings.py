"""Settings come from the environment, checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import ROOT, Settings


def test_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an environment the service is private to this machine and uses the repository's weights."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"DIGITS_{name.upper()}", raising=False)
    found = Settings()
    assert ("127.0.0.1", 8000, "auto", ROOT / "models") == (found.host, found.port, found.device, found.models)
    assert (4_194_304, 4096, 4_194_304) == (found.max_body_bytes, found.max_side, found.max_pixels)


def test_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each setting is read from its DIGITS_ variable."""
    monkeypatch.setenv("DIGITS_PORT", "9000")
    monkeypatch.setenv("DIGITS_MODELS", "elsewhere")
    assert (9000, Path("elsewhere")) == (Settings().port, Settings().models)


@pytest.mark.parametrize(
    ("name", "value"), [("port", "65536"), ("port", "web"), ("device", "tpu"), ("max_pixels", "0"), ("host", "")]
)
def test_invalid(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """A value that cannot work is refused by name."""
    monkeypatch.setenv(f"DIGITS_{name.upper()}", value)
    with pytest.raises(ValidationError, match=name):
        Settings()


def test_every_setting_is_described() -> None:
    """No setting is without a description."""
    assert [] == [name for name, field in Settings.model_fields.items() if not field.description]
