"""Drawings and files of them."""

import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from training import strokes
from training.data import DataError
from training.strokes import NOTHING, Drawing

UNIPEN = """.SEGMENT DIGIT 0-1 ? "7"
.COMMENT 7 12 3
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
SEVEN = Drawing(7, (np.array([[0, 0], [60, 0], [20, 100]], np.float32), np.array([[10, 50], [50, 50]], np.float32)))


def test_parse() -> None:
    """Labels, writers and strokes are read, and y turned to point down."""
    seven, one = strokes.parse_unipen(UNIPEN)
    assert (7, "12", 1, "") == (seven.label, seven.writer, one.label, one.writer)
    assert [[0, -100], [60, -100], [20, 0]] == seven.strokes[0].tolist()
    assert (2, [[5, -5]]) == (len(seven.strokes), one.strokes[0].tolist())


def test_split_writers() -> None:
    """Some writers' drawings are held back, everybody else's stay."""
    drawings = [Drawing(number, SEVEN.strokes, str(number % 3)) for number in range(9)]
    others, held = strokes.split_writers(drawings, ["1", "2"])
    assert ([0, 3, 6], [1, 2, 4, 5, 7, 8]) == ([d.label for d in others], [d.label for d in held])


@pytest.mark.parametrize("content", [None, b"altered"])
def test_missing_or_altered(tmp_path: Path, content: bytes | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing file that cannot be fetched, or one with another digest, is refused with a hint."""
    monkeypatch.setattr(strokes, "ADDRESS", "http://127.0.0.1:9/")
    if content is not None:
        (tmp_path / "pendigits").mkdir()
        (tmp_path / "pendigits" / "pendigits-test").write_bytes(content)
    with pytest.raises(DataError, match=r"cannot be fetched|sha256"):
        strokes.read_pendigits(tmp_path, "pendigits-test")


def test_fetched_where_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing file comes from its address and is kept, once its digest is right."""
    source = tmp_path / "elsewhere"
    source.mkdir()
    (source / "pendigits-test").write_text(UNIPEN)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(source)))
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(strokes, "ADDRESS", f"http://127.0.0.1:{server.server_port}/")
        with pytest.raises(DataError, match="sha256"):
            strokes.read_pendigits(tmp_path, "pendigits-test")
        monkeypatch.setitem(strokes.PENDIGITS, "pendigits-test", strokes.digest(UNIPEN.encode()))
        assert [source] == list(tmp_path.iterdir())  # nothing to be removed by hand
        found = strokes.read_pendigits(tmp_path, "pendigits-test")
        server.shutdown()
    assert [7, 1] == [drawing.label for drawing in found]
    assert found[0].strokes[0].tolist() == strokes.read_pendigits(tmp_path, "pendigits-test")[0].strokes[0].tolist()


def test_read_lines(tmp_path: Path) -> None:
    """Anybody's drawings come as JSON Lines: label, strokes, and the writer if known; null is no digit."""
    path = tmp_path / "mine.jsonl"
    lines = [
        {"label": 7, "strokes": [[[0, 0], [60, 0], [20, 100]], [[10, 50]]], "writer": "me"},
        {"label": None, "strokes": [[[1, 2]]]},
    ]
    path.write_text("\n".join(map(json.dumps, lines)) + "\n\n", encoding="utf-8-sig")  # as editors on Windows do
    seven, nothing = strokes.read_lines(path)
    assert (7, "me", [[10, 50]]) == (seven.label, seven.writer, seven.strokes[1].tolist())
    assert NOTHING == nothing.label
    path.write_text('{"label": 1, "strokes": [[[1, 2]]], "writer": "a\u2028b"}\r\n', encoding="utf-8")
    assert ["a\u2028b"] == [drawing.writer for drawing in strokes.read_lines(path)]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "seven",
        "[]",
        '{"label": 7}',
        '{"label": 10, "strokes": [[[1, 2]]]}',
        '{"label": true, "strokes": [[[1, 2]]]}',
        '{"label": "7", "strokes": [[[1, 2]]]}',
        '{"label": 7, "strokes": []}',
        '{"label": 7, "strokes": [[]]}',
        '{"label": 7, "strokes": [[[1, 2, 3]]]}',
        '{"label": 7, "strokes": [[[1, 2], [3]]]}',
        '{"label": 7, "strokes": [[["a", 2]]]}',
        '{"label": 7, "strokes": [[[1, NaN]]]}',
        '{"label": 7, "strokes": [[[1, 1e300]]]}',
        f'{{"label": 7, "strokes": [[[1, 1{"0" * 400}]]]}}',
        '{"strokes": [[[1, 2]]]}',
        '{"label": 7, "strokes": [[["1", "2"]]]}',
        '{"label": 7, "strokes": [[[true, false]]]}',
        '{"label": 7, "strokes": [[[true, 2], [3, 4]]]}',
        f'{{"label": 7, "strokes": [[[1, {-(2**63)}]]]}}',
        "[" * 100_000,
        '{"label": 7, "strokes": {"0": [[1, 2]]}}',
        '[{"label": 7, "strokes": [[[1, 2]]]}]',
    ],
)
def test_bad_lines(tmp_path: Path, line: str) -> None:
    """A line that is no drawing is refused, with its number."""
    path = tmp_path / "mine.jsonl"
    path.write_text(f'{{"label": 7, "strokes": [[[1, 2]]]}}\n{line}\n' if line else "\n")
    with pytest.raises(DataError, match="line 2: .*expected" if line else "no drawing"):
        strokes.read_lines(path)


def test_lines_missing(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(DataError, match=r"mine\.jsonl"):
        strokes.read_lines(tmp_path / "mine.jsonl")
