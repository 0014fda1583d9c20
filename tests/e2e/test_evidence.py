"""The evidence and the data behind it, looked at as a person would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import expect

from app.recognition import mnist, weights
from app.settings import ROOT
from tests.conftest import serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator

    from tests.e2e.conftest import Digits

pytestmark = pytest.mark.browser


def cells(table: Locator) -> list[list[str]]:
    """Return the texts of a table's cells, row by row, without its heads."""
    return [row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()]


@pytest.mark.weights
def test_accuracy_and_confusion(open_page: Callable[..., Digits], committed_server: str) -> None:
    """Accuracy, accuracy per digit, confusion matrices and pen digits are those of the facts, beside guessing."""
    digits = open_page(committed_server)
    panel = digits.open("Evidence")
    expect(panel).to_contain_text("pays ln 10 = 2.303 per picture")
    known = [weights.read_facts(ROOT / "models", name) for name in ("ff", "cnn")]
    right = cells(panel.get_by_role("table", name=re.compile("10,000 test digits")))
    want = [[f"{facts['test']['accuracy']:.2%}".replace("%", " %"), f"{facts['test']['nll']:.3f}"] for facts in known]
    assert [["10.00 %", "2.303"], *want] == right
    recalls = cells(panel.get_by_role("table", name="Accuracy per digit"))
    for digit, row in enumerate(recalls):
        assert [f"{facts['test']['recall'][digit]:.2%}".replace("%", " %") for facts in known] == row
    for facts, name in zip(known, ("Feed-forward net", "Convolutional net"), strict=True):
        found = cells(panel.get_by_role("table", name=name, exact=True))
        assert facts["test"]["confusion"] == [[int(cell.replace("·", "0")) for cell in row] for row in found]
    pens = panel.get_by_role("table", name=re.compile("^Other people"))
    expect(pens.locator("tbody tr")).to_have_count(len(known[0]["pen_digits"]))


@pytest.mark.weights
def test_about_the_networks(open_page: Callable[..., Digits], committed_server: str) -> None:
    """What is known of a network is told, whatever its facts hold; what is not there is not shown."""
    digits = open_page(committed_server)
    known = weights.read_facts(ROOT / "models", "ff")
    rejection = {"threshold": 0.25, "digits_pass": {"MNIST": 0.987}, "letters_pass": 0.0312}
    letters = {"letters": {"count": 520, "passed": 0.041}}
    more = {
        "ff": {**known, "non_digits": letters, "rejection": rejection, "seeds": {"mean": 0.9381, "deviation": 0.0012}},
        "cnn": {},
    }
    digits.page.route("**/models", lambda route: route.fulfill(json=more))
    panel = digits.open("Evidence")
    panel.get_by_text("Facts: Feed-forward net").click()
    facts = panel.locator(".about").first
    for text in (
        "letters that pass\n3.12 %",
        "MNIST\n98.70 %",
        "threshold\n0.2500",
        "calibration error",
        "mean\n93.81 %",
    ):
        expect(facts).to_contain_text(text, use_inner_text=True)
    assert [["4.10 %", "–"]] == cells(panel.get_by_role("table", name="What is no digit"))
    expect(panel.locator(".about").last).not_to_contain_text("rejection")


def test_hardest_digit_onto_the_pad(digits: Digits, tiny_mnist: Path) -> None:
    """A hardest test digit is put on the pad exactly as it is in MNIST, with its true label; clear takes it off."""
    panel = digits.open("Evidence")
    tile = panel.get_by_role("list", name="Convolutional net").get_by_role("button").first
    expect(tile).to_be_visible()
    name = tile.get_attribute("aria-label") or ""
    found = re.fullmatch(r"Put on the pad: MNIST test digit (\d+): its writer meant a (\d)", name)
    assert found
    tile.click()
    digits.expect_answer()
    test = mnist.read(tiny_mnist, "test")
    index = int(found[1])
    assert int(test.labels[index]) == int(found[2])
    np.testing.assert_allclose(digits.inspect()["frame"], test.frames[index] / 255, atol=1e-6)
    expect(digits.page.locator("#origin")).to_have_text(name.removeprefix("Put on the pad: "))
    digits.page.reload()
    digits.expect_answer()
    expect(digits.page.locator("#origin")).to_contain_text("its writer meant a")
    digits.button("Clear").click()
    digits.expect_blank()
    digits.button("Undo").click()
    digits.expect_answer()


def test_random_digit_onto_the_pad(digits: Digits) -> None:
    """A random test digit comes with its true label, and can be drawn over."""
    panel = digits.open("Evidence")
    panel.get_by_role("button", name="A random test digit onto the pad").click()
    digits.expect_answer()
    expect(digits.page.locator("#origin")).to_have_text(re.compile(r"^MNIST test digit \d+: its writer meant a \d$"))
    before = digits.inspect()["frame"]
    digits.draw(((0.2, 0.9), (0.8, 0.9)))
    digits.expect_answer()
    assert before != digits.inspect()["frame"]


def test_look_at_the_data(digits: Digits, tiny_mnist: Path) -> None:
    """Any digit is shown as a picture and as its 28 × 28 numbers, and can be put on the pad."""
    panel = digits.open("The data")
    expect(panel.get_by_text(re.compile(r"^MNIST test digit 0: its writer meant a \d"))).to_be_visible()
    panel.get_by_label("Part").select_option(label="Training, 30 digits")
    panel.get_by_role("spinbutton", name="Number").fill("17")
    panel.get_by_role("spinbutton", name="Number").press("Enter")
    digit = mnist.read(tiny_mnist, "train")
    title = f"MNIST training digit 17: its writer meant a {digit.labels[17]}"
    expect(panel.get_by_role("img", name=title)).to_be_visible()
    shown = [[int(cell) for cell in row] for row in cells(panel.locator(".pixels"))]
    assert digit.frames[17].tolist() == shown
    panel.get_by_role("button", name="Next digit").click()
    expect(panel.get_by_role("spinbutton", name="Number")).to_have_value("18")
    panel.get_by_role("button", name="Onto the pad").click()
    digits.expect_answer()
    np.testing.assert_allclose(digits.inspect()["frame"], digit.frames[18] / 255, atol=1e-6)


def test_without_data_the_page_says_how_to_get_it(
    open_page: Callable[..., Digits], models_dir: Path, tmp_path: Path
) -> None:
    """Where MNIST is missing, both panels say what to do, and all else works."""
    with serving(DIGITS_MODELS=str(models_dir), DIGITS_DATA=str(tmp_path), DIGITS_DEVICE="cpu") as url:
        digits = open_page(url)
        for title in ("Evidence", "The data"):
            panel = digits.open(title)
            expect(panel.get_by_text(re.compile("DIGITS_DATA"))).to_be_visible()
        expect(digits.open("Evidence").get_by_role("table", name="Convolutional net", exact=True)).to_be_visible()
