"""Strokes -> canvas -> frame."""

from pathlib import Path

import numpy as np
import pytest

from training import strokes
from training.data import DataError

UNIPEN = """.SEGMENT DIGIT 0-1 ? "7"
.COMMENT 7 12
.PEN_DOWN
 0 100
 60 100
 20 0
.PEN_UP
.DT 100
.PEN_DOWN
 10 50
 50 50
.PEN_UP
.DT 100
.SEGMENT DIGIT 2 ? "1"
.PEN_DOWN
 5 5
.PEN_UP
"""


def test_parse() -> None:
    """Labels and strokes are read, and y turned to point down."""
    seven, one = strokes.parse_unipen(UNIPEN)
    assert (7, 1) == (seven.label, one.label)
    assert [[0, -100], [60, -100], [20, 0]] == seven.strokes[0].tolist()
    assert (2, [[5, -5]]) == (len(seven.strokes), one.strokes[0].tolist())


@pytest.mark.parametrize("name", strokes.HABITS)
def test_habits(name: str) -> None:
    """Each habit draws the digit at its size and in its colours, and the frame comes out alike."""
    seven = strokes.parse_unipen(UNIPEN)[0]
    habit = strokes.HABITS[name]
    canvas = strokes.render(seven, habit)
    assert habit.paper == int(np.bincount(canvas.ravel()).argmax())
    rows, columns = np.nonzero(canvas != habit.paper)
    assert habit.size * strokes.CANVAS == pytest.approx(max(np.ptp(rows), np.ptp(columns)) + 1, abs=4)
    frame = strokes.digits([seven], habit, name).frames[0]
    inked = frame.nonzero()
    assert 20 == int((inked.amax(dim=0) - inked.amin(dim=0)).max()) + 1


def test_single_point() -> None:
    """A digit of one point is a dot, not an error."""
    dot = strokes.digits(strokes.parse_unipen(UNIPEN)[1:], strokes.HABITS["clean canvas"], "dot")
    assert int(dot.frames.max()) == 255


def test_missing_or_altered(tmp_path: Path) -> None:
    """A missing file and one of another digest are refused by name."""
    with pytest.raises(DataError, match="pendigits-test"):
        strokes.read_pendigits(tmp_path, "pendigits-test")
    (tmp_path / "pendigits").mkdir()
    (tmp_path / "pendigits" / "pendigits-test").write_text(UNIPEN)
    with pytest.raises(DataError, match="sha256"):
        strokes.read_pendigits(tmp_path, "pendigits-test")
