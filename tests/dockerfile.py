"""The Dockerfile, read."""

from __future__ import annotations

from typing import NamedTuple

from app.settings import ROOT

START_WITHIN = 60  # s


class Instruction(NamedTuple):
    """One instruction of the Dockerfile."""

    stage: int
    name: str  # RUN, COPY, …
    value: str


def instructions() -> list[Instruction]:
    """Return the Dockerfile's instructions, stage by stage."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    found: list[Instruction] = []
    stage = -1
    for line in "\n".join(lines).replace("\\\n", "").splitlines():
        name, _, value = line.strip().partition(" ")
        stage += name == "FROM"
        if name:
            found.append(Instruction(stage, name, value.strip()))
    return found


def served(name: str) -> list[str]:
    """Return the values of an instruction in the last stage: the image that serves."""
    last = instructions()[-1].stage
    return [instruction.value for instruction in instructions() if instruction[:2] == (last, name)]


def environment() -> dict[str, str]:
    """Return the variables that the image sets, but for its PATH."""
    pairs = dict(pair.split("=", 1) for value in served("ENV") for pair in value.split())
    return {name: value for name, value in pairs.items() if name != "PATH"}
