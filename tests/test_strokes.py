"""Drawings: files of them, and how hands differ."""

import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from training import strokes
from training.data import DataError
from training.strokes import NOTHING, Drawing, Hand

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


def test_hand() -> None:
    """Another hand draws the same digit differently each time; one that never differs changes place and unit alone."""
    random = np.random.default_rng(0)
    first, second = Hand()(SEVEN, random), Hand()(SEVEN, random)
    assert (7, [3, 2]) == (first.label, [len(stroke) for stroke in first.strokes])
    assert not np.allclose(first.strokes[0], second.strokes[0])
    same = Hand(turn=0, slant=0, aspect=0, bend=0, apart=0)(SEVEN, random)
    np.testing.assert_allclose(same.strokes[0], (SEVEN.strokes[0] - [30, 50]) / 100, atol=1e-6)


def test_smooth() -> None:
    """The curve goes through all points, turns gently at one and sharply at a doubled one."""
    points = np.array([[0, 0], [5, 0], [5, 5], [5, 5], [0, 5]], np.float32)
    curve = strokes.smooth(points)
    for point in points:
        assert float(np.abs(curve - point).sum(axis=1).min()) < 1e-6
    assert len(curve) > 2 * len(points)
    steps = np.diff(curve, axis=0)
    turns = [abs(float(a[0] * b[1] - a[1] * b[0])) for a, b in pairwise(steps[:6])]
    assert max(turns) < 0.5


def corner(*points: tuple[float, float], label: int = 7) -> Drawing:
    return Drawing(label, (np.array(points, np.float32),), "somebody")


def test_between() -> None:
    """Between two drawings lies a third, whatever their units and however many points they have; beyond them others."""
    one, other = corner((0, 0), (0, 10)), corner((100, 200), (100, 250), (150, 300), label=7)
    half, none, all_of_it = (strokes.between(one, other, share) for share in (0.5, 0.0, 1.0))
    assert half is not None
    assert none is not None
    assert all_of_it is not None
    assert (7, "somebody", 1) == (half.label, half.writer, len(half.strokes))
    np.testing.assert_allclose(none.strokes[0][[0, -1]], [[0, -0.5], [0, 0.5]], atol=1e-6)
    np.testing.assert_allclose(all_of_it.strokes[0][[0, -1]], [[-0.25, -0.5], [0.25, 0.5]], atol=1e-6)
    np.testing.assert_allclose(half.strokes[0], (none.strokes[0] + all_of_it.strokes[0]) / 2, atol=1e-6)


@pytest.mark.parametrize(
    "other",
    [
        corner((0, 0), (0, 10), label=1),  # another digit
        corner((0, 10), (0, 0)),  # the other way round
        Drawing(7, (*corner((0, 0), (0, 10)).strokes, *corner((2, 5), (4, 5)).strokes)),  # crossed
    ],
)
def test_nothing_between(other: Drawing) -> None:
    """Drawings of other digits, in other strokes or other directions have nothing between them."""
    assert strokes.between(corner((0, 0), (0, 10)), other, 0.5) is None


def test_between_taps() -> None:
    """A dot is as near to a dot as can be."""
    found = strokes.between(corner((3, 3)), corner((8, 1)), 0.5)
    assert found is not None
    np.testing.assert_array_equal(np.zeros((24, 2)), found.strokes[0])
