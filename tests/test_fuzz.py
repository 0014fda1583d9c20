"""A taste of `make fuzz`: the first thousand of its requests."""

import pytest

from tests.fuzz.bodies import fuzz


# Starlette leaves the file of a part that it cannot parse to Python, which closes it at once, but says so.
@pytest.mark.filterwarnings("ignore:Exception ignored in. <function SpooledTemporaryFile")
@pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile")
@pytest.mark.anyio
async def test_mutated_bodies() -> None:
    """No mutated PNG or body brings a 5xx; a good part is answered, a good part refused in each way."""
    statuses = await fuzz(1000, seed=1)
    assert {200, 400, 415, 422} <= set(statuses)
    assert statuses[200] > 100
