"""What goes over the wire: pydantic models, only here and in the routes."""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.recognition.classifier import Verdict
from app.recognition.mnist import Split
from app.recognition.networks import NETWORKS

ModelName = Literal["cnn", "ff"]
UnitName = Annotated[str, StringConstraints(pattern=rf"^({'|'.join(NETWORKS)})\.\d{{1,2}}\.\d{{1,3}}$")]
CHECKPOINT: Final = "A moment of training, from 0: untrained."

SEVEN: dict[str, Any] = {
    "digit": 7,
    "confidence": 0.982,
    "evidence": 0.997,
    "probabilities": [0.001, 0.002, 0.003, 0.002, 0.001, 0.001, 0.001, 0.982, 0.001, 0.006],
    "verdict": "digit",
    "model": {"name": "cnn", "version": "0123456789ab"},
}


SEVEN_PNG: Final = (  # 28×28 pixels of 1 bit, a 7
    "iVBORw0KGgoAAAANSUhEUgAAABwAAAAcAQAAAABaduI5AAAAS0lEQVR42k3NIQ7CQAAAwbkN4iQK3afw/1f0CcUhmh6O1GzG7Vh8gnvG1HLqcik0JIt4/"
    "DXlIp5yEpt8ibccWPs6spNBNvIi8/79ATNHEXSs50J5AAAAAElFTkSuQmCC"
)


class Wire(BaseModel):
    """Common to all that is sent: never changed once built."""

    model_config = ConfigDict(frozen=True)


class PictureBody(Wire):
    """The JSON form of a picture."""

    image: str = Field(
        description="A PNG, in base64 or as a data URL.", examples=[f"data:image/png;base64,{SEVEN_PNG}"]
    )


class ModelReference(Wire):
    """Which weights gave an answer."""

    name: str = Field(examples=["cnn"])
    version: str = Field(description="The first 12 hex digits of the weights' sha256.")


class Answer(Wire):
    """What one network says of a picture."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [SEVEN]})

    digit: int | None = Field(ge=0, le=9, description="The best guess; null for a blank picture.")
    confidence: float = Field(ge=0, le=1, description="The probability of that digit; 0 for a blank picture.")
    evidence: float = Field(
        ge=0, le=1, description="The probability that it is a digit at all; 0 for a blank picture, 1 where unknown."
    )
    probabilities: list[float] = Field(min_length=10, max_length=10, description="Index = digit; sum 1.")
    verdict: Verdict = Field(
        description="`digit` where confidence times evidence reaches the network's `unsure_below`."
    )
    model: ModelReference


class Question(Wire):
    """What may be asked of /predict, in the query."""

    model: ModelName = Field(default="cnn", description="The network to ask.")
    normalize: bool = Field(
        default=True, description="Whether to frame the digit as MNIST does, or only resize the picture."
    )


class Examination(Question):
    """What may be asked of /inspect, in the query."""

    model: ModelName = Field(default="cnn", description="As for /predict; here both answer, whichever is named.")
    checkpoint: int | None = Field(default=None, description=CHECKPOINT)
    layers: bool = Field(default=True, description="Whether to send every layer's values.")
    layers_of: list[ModelName] | None = Field(default=None, description="Whose layers; both unless named.")
    off: list[UnitName] = Field(default=[], description="Units to switch off: network.layer.unit.")


class LayerValues(Wire):
    """What one layer gave."""

    name: str = Field(examples=["0 Conv2d"])
    shape: list[int] = Field(examples=[[8, 28, 28]])
    values: list[float] = Field(description="In row-major order, rounded to 6 decimals.")


class Insight(Answer):
    """What one network says, and how it came to say so."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": []})

    images: int | None = Field(description="How many images its training had seen at the checkpoint; null for none.")
    log_probs: list[float] | None = Field(description="Natural logarithms of the probabilities; null when blank.")
    layers: list[LayerValues] = Field(description="In order; empty where not asked for and for a blank picture.")
    intact: list[float] | None = Field(
        description="The probabilities with nothing switched off; null where nothing is."
    )


class Inspection(Wire):
    """What both networks were shown, and what each made of it."""

    frame: list[list[float]] | None = Field(description="28 rows of 28: 0 paper, 1 ink; null for a blank picture.")
    networks: dict[str, Insight] = Field(description="By name: ff and cnn.")
    checkpoint: int | None = Field(description="The moment of training asked for; null for the served weights.")
    images: int | None = Field(description="The images of the network with the fewest moments; each has its own.")


class Digit(Wire):
    """One digit of MNIST."""

    split: Split
    index: int = Field(ge=0)
    label: int = Field(ge=0, le=9, description="What its writer meant.")
    frame: list[list[int]] = Field(description="28 rows of 28: 0 paper, 255 ink.")


class HardDigit(Digit):
    """One digit of MNIST that a network finds hard."""

    answer: int = Field(ge=0, le=9, description="What the network says it is.")


class Shelf(Wire):
    """What there is of MNIST."""

    counts: dict[Split, int] = Field(description="How many digits each part has; empty where MNIST is missing.")
    missing: str | None = Field(description="How to get MNIST where it is missing.")


class Health(Wire):
    """The state of the service."""

    status: Literal["ok", "ready"]
    detail: str | None = Field(default=None, description="Why older weights answer than those in models/, if so.")


class ProblemDocument(Wire):
    """An error, as RFC 9457 has it, with a `code` for programs."""

    type: str = "about:blank"
    title: str = Field(description="The meaning of the status.")
    status: int
    detail: str = Field(description="What is wrong with this request, and what to do.")
    code: str = Field(description="Stable, for programs.")


class Batch(Wire):
    """What one network says of each file, or why it says nothing."""

    results: list[Answer | ProblemDocument] = Field(description="One for each file, in their order.")


Facts = dict[str, Any]  # models/NAME.json as it is, with name, title and version
