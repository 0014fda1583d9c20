"""Strokes -> canvas: how people and their screens, scanners and cameras make a picture of a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    from training.strokes import Drawing

Colour: TypeAlias = tuple[int, int, int]  # red, green, blue
Pixels: TypeAlias = NDArray[np.uint8]  # (S, S), (S, S, 3) or (S, S, 4)

SUBPIXELS: Final = 4  # bits of a pixel's fraction that OpenCV draws with
HALF: Final = 128  # of 255, from which on a pixel is ink where it cannot be grey
SMOOTH: Final = 120  # px, longest side from which on OpenCV's lines are smooth enough
BLACK: Final[Colour] = (0, 0, 0)
WHITE: Final[Colour] = (255, 255, 255)


@dataclass(frozen=True)
class Habit:
    """How somebody uses a canvas, and what becomes of the picture."""

    size: float = 0.7  # longest side of the drawing, of the canvas's
    pen: float = 0.1  # width of the stroke, of the drawing's longest side
    place: tuple[float, float] = (0.5, 0.5)  # of the room left, from the left and from the top
    paper: Colour = WHITE
    colour: Colour = BLACK
    canvas: int = 280  # px, side of the square picture
    transparent: bool = False  # no paper: the ink is the picture's alpha
    shadow: float = 0.0  # of the light, lost where it falls
    noise: float = 0.0  # grey levels, standard deviation of a camera's noise
    jpeg: int = 0  # quality that the picture was once saved with; 0: never
    dither: bool = False  # reduced to two colours by error diffusion
    pressure: float = 0.0  # of the stroke's width, lost where the hand is lightest
    coarse: int = 0  # px, side of the picture before it was enlarged to the canvas; 0: it never was
    squares: bool = False  # every pixel of it was enlarged to a square
    bilevel: bool = False  # nothing between ink and paper before it was enlarged, as of fax machines and paint programs


HABITS: Final = {
    "clean canvas": Habit(),
    "thin pen": Habit(pen=0.04),
    "thick pen": Habit(pen=0.2),
    "very thick pen": Habit(pen=0.27),
    "small, in a corner": Habit(size=0.2, place=(0.05, 0.95)),
    "tiny, in a corner": Habit(size=0.08, pen=0.12, place=(0.95, 0.05)),
    "touching the edges": Habit(size=1.0),
    "white on black": Habit(size=0.5, place=(0.3, 0.4), paper=BLACK, colour=WHITE),
    "grey on grey": Habit(size=0.5, place=(0.6, 0.2), paper=(160, 160, 160), colour=(110, 110, 110)),
    "red on blue": Habit(size=0.6, place=(0.2, 0.7), paper=(60, 90, 220), colour=(220, 60, 50)),
    "transparent": Habit(size=0.8, colour=(240, 240, 240), transparent=True),
    "dithered paper": Habit(size=0.6, paper=(225, 220, 200), colour=(40, 40, 90), dither=True),
    "photo with a shadow": Habit(
        size=0.55, pen=0.06, paper=(205, 200, 190), colour=(50, 55, 110), shadow=0.55, noise=6.0, jpeg=60
    ),
    "chalk with a shadow": Habit(
        size=0.55, pen=0.08, paper=(45, 60, 50), colour=(215, 215, 205), shadow=0.55, noise=6.0, jpeg=60
    ),
    "of 16 pixels, enlarged": Habit(size=0.8, coarse=20, squares=True, bilevel=True),
}


def render(drawing: Drawing, habit: Habit, random: np.random.Generator) -> Pixels:
    """Draw strokes with a round pen, as the page does, and let happen to the picture what the habit says."""
    mask = _mask(drawing, habit, random)  # (S, S)
    if habit.transparent:
        flat = np.broadcast_to(np.array(habit.colour, np.uint8), (*mask.shape, 3))
        return np.dstack([flat, mask])
    share = mask[..., None].astype(np.float32) / 255  # (S, S, 1)
    picture = np.array(habit.paper, np.float32) * (1 - share) + np.array(habit.colour, np.float32) * share
    if habit.shadow:
        picture *= _light(habit, random)[..., None]
    if habit.noise:
        picture += random.normal(0, habit.noise, picture.shape)
    return _saved(np.clip(picture, 0, 255).astype(np.uint8), habit)


def _mask(drawing: Drawing, habit: Habit, random: np.random.Generator) -> NDArray[np.uint8]:  # (S, S)
    """Draw the strokes, 255 where there is ink; small ones are drawn larger first, as screens and scanners do."""
    finer = max(1, round(SMOOTH / (habit.size * habit.canvas)))
    whole = habit.canvas * finer  # px
    points = np.concatenate(drawing.strokes)  # (n, 2)
    low, high = points.min(axis=0), points.max(axis=0)
    side = habit.size * whole
    thickness = max(1, round(habit.pen * side))
    scale = max(side - thickness, 1) / max(float((high - low).max()), 1e-6)
    room = whole - (high - low) * scale - thickness  # (2,)
    start = room * np.array(habit.place, np.float32) + thickness / 2  # (2,)
    mask = np.zeros((whole, whole), np.uint8)
    for stroke in drawing.strokes:
        placed = np.round(((stroke - low) * scale + start) * 2**SUBPIXELS).astype(np.int32)
        placed = np.concatenate([placed, placed[-1:]])  # OpenCV draws no line of a single point, a tap
        if habit.pressure:
            _draw_swelling(mask, placed, thickness * (1 - habit.pressure * _lightness(placed, random)))
        else:
            cv2.polylines(mask, [placed], False, 255, thickness, cv2.LINE_AA, SUBPIXELS)
    return _resampled(mask, habit)


def _resampled(mask: NDArray[np.uint8], habit: Habit) -> NDArray[np.uint8]:  # (S * finer, S * finer) -> (S, S)
    """Bring a drawing to the canvas's pixels, by way of a coarser picture where the habit has one."""
    side = habit.coarse or habit.canvas
    mask = np.asarray(cv2.resize(mask, (side, side), interpolation=cv2.INTER_AREA), np.uint8)
    if habit.bilevel:
        mask = np.where(mask < HALF, 0, 255).astype(np.uint8)
    if habit.coarse:
        how = cv2.INTER_NEAREST if habit.squares else cv2.INTER_CUBIC
        mask = np.asarray(cv2.resize(mask, (habit.canvas, habit.canvas), interpolation=how), np.uint8)
    return mask


def _draw_swelling(mask: NDArray[np.uint8], placed: NDArray[np.int32], widths: NDArray[np.float64]) -> None:
    """Draw a stroke, ``(n, 2)``, each of its points by its own width, ``(n,)`` px."""
    for one, other, width in zip(placed[:-1].tolist(), placed[1:].tolist(), widths[1:], strict=True):
        cv2.line(mask, one, other, 255, max(1, round(width)), cv2.LINE_AA, SUBPIXELS)


def _lightness(placed: NDArray[np.int32], random: np.random.Generator) -> NDArray[np.float64]:  # (n, 2) -> (n,)
    """Return how light the hand is along a stroke, 0 … 1: it swells and shrinks up to one and a half times."""
    way = np.concatenate([[0], np.linalg.norm(np.diff(placed, axis=0), axis=1).cumsum()])  # (n,)
    swing: NDArray[np.float64] = np.sin(random.uniform(0, 2 * np.pi) + way / max(way[-1], 1) * random.uniform(2, 10))
    return (swing + 1) / 2


def _light(habit: Habit, random: np.random.Generator) -> NDArray[np.float32]:  # (S, S)
    """Return how much light falls where: a lamp to one side, and the soft edge of a hand's shadow."""
    angle = random.uniform(0, 2 * np.pi)
    across = np.linspace(-0.5, 0.5, habit.canvas, dtype=np.float32)
    along = np.cos(angle) * across[None] + np.sin(angle) * across[:, None]  # (S, S)
    edge = 1 / (1 + np.exp(-(along - random.uniform(-0.3, 0.3)) * random.uniform(10, 60)))
    lit: NDArray[np.float32] = (1 - habit.shadow * (0.3 * (along + 0.5) + 0.7 * edge)).astype(np.float32)
    return lit


def _saved(picture: Pixels, habit: Habit) -> Pixels:
    if habit.jpeg:
        _, saved = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, habit.jpeg])
        picture = np.asarray(cv2.imdecode(saved, cv2.IMREAD_COLOR), np.uint8)
    if habit.dither:
        picture = np.asarray(Image.fromarray(picture).convert("1").convert("L"))
    return picture


def any_habit(random: np.random.Generator) -> Habit:
    """Draw one habit out of all that people, screens and cameras have."""
    canvas = int(random.choice([20, 32, 56, 96, 140, 200, 280], p=[0.04, 0.08, 0.2, 0.25, 0.18, 0.15, 0.1]))
    photo = random.random() < 0.15 and canvas >= 96
    size = float(random.uniform(max(0.3, min(24 / canvas, 0.75)), 0.8 if photo else 1.0))
    coarse = round(random.uniform(10, 30) / size) if random.random() < 0.15 and not photo else 0
    coarse = coarse if coarse < canvas else 0
    thinnest = max(0.03, 1.2 / ((coarse or canvas) * size))
    pen = float(np.exp(random.uniform(np.log(thinnest), np.log(0.12 if photo else 0.24))))
    dark, pale = int(random.integers(0, 110)), int(random.integers(170, 256))
    paper, colour = (pale, dark) if random.random() < 0.6 else (dark, pale)
    return Habit(
        size=size,
        pen=pen,
        place=(float(random.random()), float(random.random())),
        paper=(paper,) * 3,
        colour=(colour,) * 3,
        canvas=canvas,
        shadow=float(random.uniform(0, 0.6)) if photo else 0.0,
        noise=float(random.uniform(0, 10)) if photo else 0.0,
        jpeg=int(random.integers(35, 95)) if photo else 0,
        pressure=float(random.uniform(0.2, 0.8)) if random.random() < 0.25 else 0.0,
        coarse=coarse,
        squares=random.random() < 0.5,
        bilevel=random.random() < 0.15 and not photo,
    )
