"""Ways to write a digit that MNIST has few of, each drawn by hand for this test, read by the committed weights."""

from __future__ import annotations

from typing import Final

import numpy as np
import pytest

from app.recognition import ink
from app.settings import ROOT, Settings
from app.web import models, recognizer
from training.canvas import HABITS, Habit, render
from training.hands import smooth
from training.strokes import Drawing

Points = list[tuple[int, int]]  # on a pad of 300 px

DRAWN: Final[dict[str, tuple[int, list[Points]]]] = {
    "1 with a long upstroke": (1, [[(84, 150), (120, 108), (158, 62), (158, 62), (156, 150), (153, 246)]]),
    "1 with a very long upstroke": (1, [[(70, 196), (118, 126), (171, 54), (171, 54), (170, 140), (172, 240)]]),
    "1 with a base line": (1, [[(112, 98), (150, 60), (150, 60), (149, 240)], [(98, 241), (150, 243), (205, 239)]]),
    "7 crossed": (
        7,
        [[(85, 66), (150, 62), (216, 63), (216, 63), (176, 140), (140, 244)], [(112, 152), (160, 148), (206, 150)]],
    ),
    "7 crossed, with a serif": (
        7,
        [
            [(88, 92), (90, 64), (90, 64), (152, 68), (214, 60), (214, 60), (168, 160), (150, 246)],
            [(120, 158), (200, 150)],
        ],
    ),
    "4 open": (
        4,
        [[(118, 60), (96, 128), (88, 165), (88, 165), (150, 168), (214, 164)], [(176, 98), (172, 170), (168, 246)]],
    ),
    "4 open, rounded": (
        4,
        [[(96, 62), (94, 130), (118, 158), (160, 150), (186, 132)], [(192, 58), (190, 150), (186, 244)]],
    ),
    "4 closed": (
        4,
        [[(172, 246), (174, 150), (176, 58), (176, 58), (130, 116), (84, 176), (84, 176), (150, 178), (222, 175)]],
    ),
    "0 slashed": (
        0,
        [
            [(156, 58), (112, 82), (92, 150), (108, 216), (150, 242), (194, 214), (208, 148), (192, 84), (154, 58)],
            [(206, 66), (150, 150), (96, 236)],
        ],
    ),
    "0 slashed, narrow": (
        0,
        [
            [(150, 54), (116, 90), (108, 152), (118, 214), (148, 246), (182, 212), (192, 150), (182, 88), (150, 56)],
            [(178, 100), (122, 204)],
        ],
    ),
    "9 hooked": (
        9,
        [
            [
                (196, 92),
                (158, 62),
                (112, 84),
                (106, 124),
                (142, 146),
                (186, 124),
                (200, 84),
                (200, 84),
                (202, 160),
                (186, 226),
                (142, 246),
                (102, 222),
            ]
        ],
    ),
    "9 hooked, small": (
        9,
        [
            [
                (188, 88),
                (150, 66),
                (118, 96),
                (130, 130),
                (166, 128),
                (190, 92),
                (190, 92),
                (194, 170),
                (176, 232),
                (120, 240),
            ]
        ],
    ),
    "2 with a loop": (
        2,
        [
            [
                (98, 102),
                (124, 66),
                (172, 68),
                (190, 110),
                (164, 164),
                (118, 220),
                (92, 238),
                (88, 214),
                (114, 206),
                (152, 230),
                (212, 240),
            ]
        ],
    ),
    "2 with a small loop": (
        2,
        [
            [
                (104, 96),
                (146, 58),
                (188, 90),
                (172, 148),
                (120, 226),
                (98, 236),
                (100, 218),
                (128, 220),
                (164, 238),
                (206, 228),
            ]
        ],
    ),
    "8 as S and back": (
        8,
        [
            [
                (192, 84),
                (150, 60),
                (112, 86),
                (124, 128),
                (172, 162),
                (192, 206),
                (154, 244),
                (110, 218),
                (122, 170),
                (170, 128),
                (194, 86),
            ]
        ],
    ),
    "8 as S and back, open": (
        8,
        [
            [
                (198, 72),
                (152, 62),
                (116, 92),
                (140, 136),
                (184, 176),
                (180, 226),
                (132, 242),
                (104, 206),
                (138, 154),
                (184, 116),
                (206, 84),
            ]
        ],
    ),
}


CLOSED: Final = {
    "thick pen": {"0 slashed, narrow"}
}  # a pen as wide as the holes leaves nothing to tell it from an 8 by


@pytest.mark.weights
@pytest.mark.parametrize("canvas", ["clean canvas", "thin pen", "thick pen", "photo with a shadow"])
def test_read(canvas: str) -> None:
    """The CNN reads each of these as what it is, and is sure enough; the feed-forward net reads all but two of them."""
    served, _ = recognizer.read(Settings(models=ROOT / "models", device="cpu"))
    wrong: dict[str, list[str]] = {"ff": [], "cnn": []}
    random = np.random.default_rng(0)
    readable = {what: drawn for what, drawn in DRAWN.items() if what not in CLOSED.get(canvas, ())}
    for what, (label, strokes) in readable.items():
        drawing = Drawing(label, tuple(smooth(np.array(points, np.float32)) for points in strokes))
        frame = ink.frame(ink.to_ink(render(drawing, HABITS[canvas], random)))
        assert frame is not None
        for name, model in served.items():
            found = models.ask(model, models.judge(served), [frame])[0]
            if found.digit != label or (name == "cnn" and found.verdict != "digit"):
                wrong[name].append(f"{what}: {found.digit} {found.verdict}")
    assert [] == wrong["cnn"]
    assert len(wrong["ff"]) <= 2, wrong["ff"]


@pytest.mark.weights
def test_not_sure() -> None:
    """A tap, a scribble, a letter, shapes and two digits beside each other are no digit to either network."""
    served, _ = recognizer.read(Settings(models=ROOT / "models", device="cpu"))
    angle = np.linspace(0, 40, 300)
    drawings: dict[str, list[Points]] = {
        "tap": [[(150, 150)]],
        "dash": [[(60, 150), (240, 152)]],
        "scribble": [[(int(150 + 80 * np.cos(a)), int(150 + 60 * np.sin(1.3 * a))) for a in angle]],
        "A": [[(80, 250), (150, 50), (150, 50), (220, 250)], [(110, 170), (190, 170)]],
        "X": [[(80, 60), (220, 240)], [(220, 60), (80, 240)]],
        "M": [[(70, 240), (80, 60), (80, 60), (150, 180), (150, 180), (220, 60), (220, 60), (230, 240)]],
        "triangle": [[(150, 60), (150, 60), (60, 230), (60, 230), (240, 230), (240, 230), (150, 60)]],
        "square": [[(70, 70), (70, 70), (70, 230), (70, 230), (230, 230), (230, 230), (230, 70), (230, 70), (70, 70)]],
        "diamond": [
            [(150, 50), (150, 50), (60, 150), (60, 150), (150, 250), (150, 250), (240, 150), (240, 150), (150, 50)]
        ],
        "1 and 7": [[(60, 60), (62, 240)], [(150, 60), (150, 60), (250, 62), (250, 62), (190, 240)]],
    }
    passed = []
    for what, strokes in drawings.items():
        drawing = Drawing(0, tuple(smooth(np.array(points, np.float32)) for points in strokes))
        frame = ink.frame(ink.to_ink(render(drawing, Habit(), np.random.default_rng(0))))
        assert frame is not None
        for name, model in served.items():
            found = models.ask(model, models.judge(served), [frame])[0]
            if found.verdict != "unsure":
                passed.append(f"{what}: {name} says {found.digit}")
    assert [] == passed
