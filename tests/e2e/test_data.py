"""The data behind the evidence, looked at as a person would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import expect

from app.recognition import mnist
from tests.e2e.page import cells
from tests.e2e.shelf import framed
from tests.processes import serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Route

    from tests.e2e.page import Digits

pytestmark = pytest.mark.browser


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
    np.testing.assert_allclose(digits.inspect()["frame"], framed(digit.frames[18]), atol=1e-6)


@pytest.mark.parametrize("number", ["99999", "-5", ""])
def test_no_such_digit(digits: Digits, tiny_mnist: Path, number: str) -> None:
    """A number that there is not becomes the nearest that there is, everywhere in the panel and on the pad."""
    panel = digits.open("The data")
    expect(panel.get_by_text(re.compile(r"^MNIST test digit 0: "))).to_be_visible()
    field = panel.get_by_role("spinbutton", name="Number")
    panel.get_by_role("button", name="Next digit").click()
    expect(panel.get_by_text(re.compile(r"^MNIST test digit 1: "))).to_be_visible()
    field.fill(number)
    field.press("Enter")
    test = mnist.read(tiny_mnist, "test")
    index = len(test) - 1 if number == "99999" else 0
    title = f"MNIST test digit {index}: its writer meant a {test.labels[index]}"
    expect(panel.get_by_role("img", name=title)).to_be_visible()
    expect(field).to_have_value(str(index))
    panel.get_by_role("button", name="Onto the pad").click()
    digits.expect_answer()
    np.testing.assert_allclose(digits.inspect()["frame"], framed(test.frames[index]), atol=1e-6)


def test_late_answer_leaves_what_is_typed(digits: Digits) -> None:
    """A digit that comes while a number is typed shows, and the number stays."""
    panel = digits.open("The data")
    expect(panel.get_by_text(re.compile(r"^MNIST test digit 0: "))).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    digits.page.route("**/data/mnist/train/0", hold)
    with digits.page.expect_request("**/data/mnist/train/0"):
        panel.get_by_label("Part").select_option(label="Training, 30 digits")
    field = panel.get_by_role("spinbutton", name="Number")
    field.fill("17")
    held[0].continue_()
    expect(panel.get_by_text(re.compile(r"^MNIST training digit 0: "))).to_be_visible()
    field.press("Enter")
    expect(panel.get_by_text(re.compile(r"^MNIST training digit 17: "))).to_be_visible()


def test_reload_keeps_the_digit(digits: Digits) -> None:
    """After a reload the data show the same digit."""
    panel = digits.open("The data")
    panel.get_by_label("Part").select_option(label="Training, 30 digits")
    expect(panel.get_by_text(re.compile(r"^MNIST training digit 0: "))).to_be_visible()
    panel.get_by_role("button", name="Previous digit").click()
    expect(panel.get_by_text(re.compile(r"^MNIST training digit 29: "))).to_be_visible()
    digits.page.reload()
    panel = digits.open("The data")
    expect(panel.get_by_text(re.compile(r"^MNIST training digit 29: "))).to_be_visible()
    expect(panel.get_by_role("spinbutton", name="Number")).to_have_value("29")


def test_one_digit_that_does_not_come(digits: Digits) -> None:
    """Where one digit does not come, the one before stays, and Try again brings it."""
    digits.forgive("Failed to load resource")
    panel = digits.open("The data")
    expect(panel.get_by_text(re.compile(r"^MNIST test digit 0: "))).to_be_visible()
    digits.page.route("**/data/mnist/test/1", lambda route: route.abort())
    panel.get_by_role("button", name="Next digit").click()
    again = panel.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    digits.page.unroute("**/data/mnist/test/1")
    again.click()
    expect(panel.get_by_text(re.compile(r"^MNIST test digit 1: "))).to_be_visible()
    expect(again).to_have_count(0)


@pytest.mark.parametrize("width", [768, 1440])
def test_numbers_have_the_digits_shape(open_page: Callable[..., Digits], live_server: str, width: int) -> None:
    """The numbers stand in squares, tinted by size, and all of them are in sight."""
    digits = open_page(live_server, viewport={"width": width, "height": 900})
    table = digits.open("The data").locator(".pixels")
    expect(table).to_be_visible()
    script = "all => all.map(one => one.getBoundingClientRect()).map(({ width, height }) => [width, height])"
    sizes = np.array(table.locator("td").evaluate_all(script))
    body = np.array(table.locator("tbody td").evaluate_all(script))
    assert body[:, 0].max() - body[:, 0].min() < 0.6
    assert np.abs(body[:, 0] / body[:, 1] - 1).max() < 0.15
    assert len(sizes) > len(body)
    assert table.evaluate("table => table.parentElement.scrollWidth <= table.parentElement.clientWidth")
    colours = table.locator("tbody td").evaluate_all("all => all.map(one => getComputedStyle(one).backgroundColor)")
    assert len(set(colours)) > 1


def test_without_data_the_page_says_how_to_get_it(
    open_page: Callable[..., Digits], models_dir: Path, tmp_path: Path
) -> None:
    """Where MNIST is missing, both panels say what to do, and all else works."""
    with serving(DIGITS_MODELS=str(models_dir), DIGITS_DATA=str(tmp_path), DIGITS_DEVICE="cpu") as url:
        digits = open_page(url)
        for title in ("Evidence", "The data"):
            panel = digits.open(title)
            expect(panel.get_by_text(re.compile("DIGITS_DATA"))).to_be_visible()
        expect(digits.open("Evidence").get_by_role("grid", name="Convolutional net", exact=True)).to_be_visible()
