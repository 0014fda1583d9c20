"""A run on disk: found again by what it was of, or not at all."""

from pathlib import Path

import pytest

from training.checkpoint import Checkpoint


@pytest.mark.parametrize("content", [None, b"", b"not a checkpoint"])
def test_nothing_to_go_on_with(tmp_path: Path, content: bytes | None) -> None:
    """A checkpoint that is missing, broken or another run's is none."""
    path = tmp_path / "ff.run"
    if content is not None:
        path.write_bytes(content)
    assert Checkpoint(path, "key").load() is None
    Checkpoint(path, "other").save({"x": 1})
    assert Checkpoint(path, "key").load() is None
    assert {"x": 1, "key": "other"} == Checkpoint(path, "other").load()
    Checkpoint(path, "other").remove()
    assert not path.exists()
