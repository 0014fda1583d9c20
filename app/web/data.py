"""/data: MNIST's digits, to be looked at on the page, where the data root has them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated, Final, get_args

from anyio import Lock, to_thread
from fastapi import APIRouter, Path, Query, Request

from app.recognition import mnist
from app.recognition.mnist import Split
from app.web import openapi
from app.web.problems import Problem
from app.web.schemas import Digit, HardDigit, ModelName, Shelf
from app.web.state import state

if TYPE_CHECKING:
    import pathlib

    from app.web.recognizer import Recognizer

HARDEST: Final = 48  # digits to remember for each network

router = APIRouter(prefix="/data/mnist", tags=["data"])


class Collection:
    """MNIST as one service has it: nothing is read before somebody looks."""

    def __init__(self, root: pathlib.Path) -> None:
        self.root = root
        self._hardest: dict[str, list[mnist.Hard]] = {}  # by version of the weights
        self._lock = Lock()

    def digits(self, split: Split) -> mnist.Digits:
        """Open one part of MNIST; raises Problem where it is missing."""
        try:
            return mnist.read(self.root, split)
        except mnist.NoDigits as error:
            raise Problem(404, "no_data", str(error)) from error

    async def hardest(self, ready: Recognizer, name: str) -> list[mnist.Hard]:
        """Return the test digits that cost network `name` most; measured once for the weights that are served."""
        async with self._lock:
            model = ready.models[name]
            if model.version not in self._hardest:
                digits = self.digits("test")
                found = await to_thread.run_sync(mnist.hardest, model.network, digits, ready.device, HARDEST)
                self._hardest[model.version] = found
            return self._hardest[model.version]


@router.get("")
async def shelf(request: Request) -> Shelf:
    """Say how many digits of MNIST are there to look at, or how to get them."""
    try:
        counts = {split: len(state(request)["collection"].digits(split)) for split in get_args(Split)}
    except Problem as problem:
        return Shelf(counts={}, missing=problem.detail)
    return Shelf(counts=counts, missing=None)


@router.get("/test/hardest", responses=openapi.problems("no_data", "bad_parameter"))
async def hardest(
    request: Request,
    model: Annotated[ModelName, Query(description="The network they are hardest for.")] = "cnn",
    count: Annotated[int, Query(ge=1, le=HARDEST)] = 16,
) -> list[HardDigit]:
    """Return the test digits that cost a network most, hardest first, with what it says they are."""
    here = state(request)["collection"]
    found = await here.hardest(state(request)["recognizer"], model)
    digits = here.digits("test")
    return [HardDigit(**dict(_digit(digits, "test", hard.index)), answer=hard.answer) for hard in found[:count]]


@router.get("/{split}/random", responses=openapi.problems("no_data", "bad_parameter"))
async def at_random(request: Request, split: Split) -> Digit:
    """Return any digit."""
    digits = state(request)["collection"].digits(split)
    return _digit(digits, split, secrets.randbelow(len(digits)))


@router.get("/{split}/{index}", responses=openapi.problems("no_data", "bad_parameter"))
async def one(request: Request, split: Split, index: Annotated[int, Path(ge=0)]) -> Digit:
    """Return one digit by its place in MNIST's files, from 0."""
    return _digit(state(request)["collection"].digits(split), split, index)


def _digit(digits: mnist.Digits, split: Split, index: int) -> Digit:
    if index >= len(digits):
        raise Problem(404, "no_such_digit", f"MNIST's {split} digits are 0 … {len(digits) - 1}, not {index}.")
    return Digit(split=split, index=index, label=int(digits.labels[index]), frame=digits.frames[index].tolist())
