"""What goes over the wire."""

from __future__ import annotations

from typing import get_args

import pytest

from app.recognition.networks import NETWORKS
from app.web.schemas import ModelName

pytestmark = pytest.mark.anyio


async def test_model_names_are_the_networks() -> None:
    """The API names exactly the networks there are."""
    assert set(NETWORKS) == set(get_args(ModelName))
