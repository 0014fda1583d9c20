"""Drawings as pen strokes: the pen digits, or anybody's own.

The pen digits are the "Pen-Based Recognition of Handwritten Digits" of the UCI Machine Learning Repository
(E. Alpaydin and F. Alimoglu, CC BY 4.0), in their original UNIPEN text.
"""

from __future__ import annotations

import hashlib
import json
import urllib.error
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from torchvision.datasets.utils import download_url

from app.recognition.networks import CLASSES
from training.data import DataError, made

if TYPE_CHECKING:
    from collections.abc import Iterable

Stroke: TypeAlias = NDArray[np.float32]  # (n, 2), x to the right and y down, any unit

LARGEST: Final = 1e6  # any unit, beyond all coordinates of drawings that people bring
FORM: Final = (
    'expected {"label": 7, "strokes": [[[x, y], [x, y]], [[x, y]]]}, label 0 to 9 or null for no digit, '
    "coordinates below a million"
)
NOTHING: Final = CLASSES  # label of a drawing that is no digit: the one after the ten
ADDRESS: Final = (
    "https://raw.githubusercontent.com/choucavalier/pendigits-hmm/03382e1457941714439d40b67e53eaf117fe4d08/data/"
)
PENDIGITS: Final[dict[str, str]] = {  # sha256
    "pendigits-train": "a66225d68d7d68591e62944df1ad33b3f5aa608e2df2505844b41f5568a80da4",
    "pendigits-test": "ddb1c19e277a56c7ffe682cc024d6ab73696f9adcc1643ef9ed5aa753007e081",
}


@dataclass(frozen=True)
class Drawing:
    """One digit, or something else, as somebody drew it."""

    label: int  # 0 … 9, or NOTHING
    strokes: tuple[Stroke, ...]
    writer: str = ""  # who drew it, where that is known


def read_pendigits(root: Path, part: str) -> list[Drawing]:
    """Read `pendigits-train` or `pendigits-test` of `root`/pendigits, fetched where missing; DataError says why not."""
    path = root / "pendigits" / part
    try:
        if not path.exists():
            _fetch(path)
        data = path.read_bytes()
    except (OSError, RuntimeError, ValueError, urllib.error.URLError) as error:
        reason = " ".join(str(error).split())
        raise DataError(
            f"The pen digits are not there and cannot be fetched ({path}: {reason}). Connect to the network once, or "
            f"put the file of {ADDRESS}{part} there."
        ) from error
    if digest(data) != PENDIGITS[part]:
        raise DataError(f"{path} is not the file of the pen digits (its sha256 differs): remove it and try again.")
    return parse_unipen(data.decode("ascii"))


def _fetch(path: Path) -> None:
    """Download a file of the pen digits, whole or not at all; raises what reading may, ValueError for another file."""
    with made(path.parent), TemporaryDirectory(dir=path.parent) as room:
        download_url(ADDRESS + path.name, room)
        fetched = Path(room) / path.name
        if digest(fetched.read_bytes()) != PENDIGITS[path.name]:
            raise ValueError("what came is another file, its sha256 differs")
        fetched.replace(path)


def digest(data: bytes) -> str:
    """Return the sha256, 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def parse_unipen(text: str) -> list[Drawing]:
    """Parse UNIPEN segments; ValueError where a label or a point cannot be read."""
    drawings = []
    for segment in text.split(".SEGMENT DIGIT")[1:]:
        head, *pieces = segment.split(".PEN_DOWN")
        title, _, comment = head.partition(".COMMENT")
        strokes = tuple(_points(piece.split(".PEN_UP")[0]) for piece in pieces)
        drawings.append(Drawing(int(title.split('"')[1]), strokes, writer=" ".join(comment.split()[1:2])))
    return drawings


def _points(text: str) -> Stroke:
    points = np.array(text.split(), dtype=np.float32).reshape(-1, 2)  # (n, 2)
    return points * np.array([1, -1], np.float32)  # UNIPEN's y points up


def read_lines(path: Path) -> list[Drawing]:
    """Read JSON Lines of `{"label": 7, "strokes": [[[x, y], …], …]}`, `"writer"` if known; DataError names the line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"The strokes in {path} cannot be read: {error}.") from error
    drawings = [_drawing(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not drawings:
        raise DataError(f"{path} holds no drawing: each line is one, as the README shows.")
    return drawings


def _drawing(path: Path, number: int, line: str) -> Drawing:
    try:
        found: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}, line {number}: no JSON; {FORM}.") from error
    known = found if isinstance(found, dict) else {}
    label = known.get("label", "missing")
    if label is not None and (type(label) is not int or not 0 <= label < CLASSES):
        raise DataError(f"{path}, line {number}: its label is none; {FORM}.")
    strokes = [_stroke(points) for points in known["strokes"]] if isinstance(known.get("strokes"), list) else []
    if not strokes or any(points is None for points in strokes):
        raise DataError(f"{path}, line {number}: its strokes are none; {FORM}.")
    taken = tuple(points for points in strokes if points is not None)
    return Drawing(NOTHING if label is None else label, taken, str(known.get("writer", "")))


def _stroke(points: object) -> Stroke | None:
    """Return the points of a stroke, (n, 2); None where they are none."""
    if not isinstance(points, list) or not points or not all(map(_is_point, points)):
        return None
    return np.array(points, np.float32)


def _is_point(point: object) -> bool:
    """Tell two coordinates; truth values are none, and what is no number is not below LARGEST."""
    return (
        isinstance(point, list) and len(point) == 2 and all(type(c) in (int, float) and abs(c) < LARGEST for c in point)
    )


def split_writers(drawings: Iterable[Drawing], writers: Iterable[str]) -> tuple[list[Drawing], list[Drawing]]:
    """Return the drawings of everybody else, and those of `writers`."""
    held = set(writers)
    parts: tuple[list[Drawing], list[Drawing]] = ([], [])
    for drawing in drawings:
        parts[drawing.writer in held].append(drawing)
    return parts
