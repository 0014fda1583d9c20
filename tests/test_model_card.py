"""models/README.md against the facts of the committed weights."""

import json
import re

import pytest

from app.recognition.networks import NETWORKS
from app.settings import ROOT

MODELS = ROOT / "models"
CARD = (MODELS / "README.md").read_text()


def percent(share: float) -> str:
    return f"{share * 100:.2f} %"


@pytest.mark.weights
@pytest.mark.parametrize(("column", "name"), list(enumerate(NETWORKS)))
def test_figures_are_the_facts(column: int, name: str) -> None:
    """Every figure of the model card is the one in the network's facts."""
    facts = json.loads((MODELS / f"{name}.json").read_text())
    rows = [[cell.strip() for cell in row] for row in re.findall(r"^\|(.*)\|(.*)\|(.*)\|(.*)\|$", CARD, re.MULTILINE)]
    stated = {(where, what): cells[column] for where, what, *cells in rows}
    test, pens = facts["test"], facts["pen_digits"]
    worst = min(range(10), key=test["recall"].__getitem__)
    expected = {
        ("MNIST test digits", "accuracy"): percent(test["accuracy"]),
        ("", "cost (negative log-likelihood)"): f"{test['nll']:.4f}",
        ("", "expected calibration error"): percent(test["calibration_error"]),
        ("", "lowest recall of a digit"): f"{percent(test['recall'][worst])} (the {worst})",
        ("pen digits, clean canvas", "expected calibration error"): percent(pens["clean canvas"]["calibration_error"]),
        **{(f"pen digits, {habit}", "accuracy"): percent(pens[habit]["accuracy"]) for habit in pens},
    }
    assert expected == {key: stated[key] for key in expected}
    assert len(stated) == len(expected) + 2  # the heading and its rule


@pytest.mark.weights
@pytest.mark.parametrize(("name", "accuracy"), [("ff", 0.935), ("cnn", 0.992)])
def test_committed_weights_are_good(name: str, accuracy: float) -> None:
    """The committed weights come from the default recipe on the full MNIST and reach what it promises."""
    facts = json.loads((MODELS / f"{name}.json").read_text())
    assert ("default", 55_000) == (facts["training"]["recipe"], facts["data"]["training"]["count"])
    assert 10_000 == facts["test"]["count"]
    assert facts["test"]["accuracy"] >= accuracy
