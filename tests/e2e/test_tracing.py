"""Following a unit or a digit through the feed-forward net: by pointer, finger and key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.drawings import STROKE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.page import Digits

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("way", ["hover", "focus"])
def test_tracing(digits: Digits, way: str) -> None:
    """Pointing at a unit or a digit, or tabbing to it, follows it through the net and says its sum."""
    panel = digits.open("Feed-forward net")
    digits.draw(STROKE)
    digits.expect_answer()
    trace = panel.locator(".trace")
    getattr(panel.get_by_role("button", name="Unit 2", exact=True), way)()
    expect(trace).to_contain_text(re.compile(r"Unit 2 sums weight × input over all pixels: -?\d+\.\d\d"))
    assert 1 + 2 + 3 + 1 + 10 == panel.locator(".whole :is(td, th).is-traced").count()
    getattr(panel.get_by_role("button", name="7", exact=True), way)()
    expect(trace).to_contain_text(re.compile(r"^For the 7: .* = -?\d+\.\d\d\. Softmax"))
    expect(panel.locator("tr.is-traced")).to_have_count(1)


def test_tracing_from_any_cell(digits: Digits) -> None:
    """A picture or a number is followed as well as its unit's name is; a click keeps it; the input stays as it is."""
    panel = digits.open("Feed-forward net")
    digits.draw(STROKE)
    digits.expect_answer()
    trace = panel.locator(".trace")
    for picture in ("Weights, Unit 3", "Weight × input, Unit 3"):
        panel.get_by_role("img", name=picture, exact=True).hover()
        expect(trace).to_contain_text("Unit 3 sums weight × input")
        digits.page.mouse.move(0, 0)
        expect(trace).to_contain_text("Point at a unit")
    panel.locator(".step-sum td").nth(4).hover()
    expect(trace).to_contain_text("Unit 5 sums weight × input")
    source = panel.get_by_role("img", name="The input: 784 pixels")
    assert "1" == source.evaluate("canvas => getComputedStyle(canvas).opacity")
    panel.locator("[data-digit='6'] td").nth(1).click()
    digits.page.mouse.move(0, 0)
    expect(trace).to_have_text(re.compile(r"^Unit 2 hands on .* for the 6, -?\d\.\d{4}, it adds -?\d+\.\d{3} to"))
    panel.locator("[data-digit='6'] .total").hover()
    expect(trace).to_contain_text("For the 6:")


def test_every_number_by_keyboard(digits: Digits) -> None:
    """One stop of the Tab key leads into the table, the arrow keys to every number; focus follows, Enter keeps it."""
    panel = digits.open("Feed-forward net")
    digits.draw(STROKE)
    digits.expect_answer()
    trace, press = panel.locator(".trace"), digits.page.keyboard.press
    expect(panel.locator(".contributions .total").first).not_to_have_text("–")
    expect(panel.locator(".whole :is(.tracer, .figure)[tabindex='0']")).to_have_count(1)
    panel.get_by_role("button", name="Unit 1", exact=True).focus()
    for key in ["ArrowRight"] * 2 + ["ArrowDown"] * 5:
        press(key)
    cell = panel.locator("[data-digit='1'] td").nth(2)
    expect(cell).to_be_focused()
    expect(trace).to_contain_text(re.compile(r"^Unit 3 .* for the 1"))
    expect(panel.locator(".whole :is(.tracer, .figure)[tabindex='0']")).to_have_count(1)
    press("Enter")
    expect(cell).to_have_attribute("aria-selected", "true")
    digits.pad.focus()
    expect(trace).to_contain_text(re.compile(r"^Unit 3 .* for the 1"))
    cell.focus()
    press("Enter")
    expect(cell).to_have_attribute("aria-selected", "false")
    press("Home")
    expect(panel.get_by_role("button", name="1", exact=True)).to_be_focused()
    expect(trace).to_contain_text("For the 1:")


@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 844), (844, 390)])
def test_the_words_stay_beside_what_is_tapped(
    open_page: Callable[..., Digits], live_server: str, width: int, height: int
) -> None:
    """On a phone the words are in sight, below the answers' line, wherever in the table one taps; nothing jumps."""
    options = {"viewport": {"width": width, "height": height}, "has_touch": True, "is_mobile": True}
    digits = open_page(f"{live_server}/?lang=de", **options)
    digits.draw(STROKE)
    digits.expect_answer()
    panel = digits.open("Vorwärtsnetz")
    expect(panel.locator(".contributions .total").first).not_to_have_text("–")
    trace, row = panel.locator(".trace"), panel.locator("[data-digit='9']")
    row.scroll_into_view_if_needed()
    before = row.bounding_box()
    for part, words in ((row.get_by_role("button"), "Für die 9:"), (row.locator("td").first, "Einheit 1")):
        part.tap()
        expect(trace).to_contain_text(words)
        expect(trace).to_be_in_viewport(ratio=1)
        expect(digits.page.locator("#sticky")).to_be_in_viewport()
        uncovered = (
            "trace => { const { left, top, width } = trace.getBoundingClientRect(); return [1, width - 2].every("
        )
        assert trace.evaluate(f"{uncovered}(x) => document.elementFromPoint(left + x, top + 2) === trace) }}")
        assert before == row.bounding_box()
    shadows = row.locator("td").evaluate_all("cells => cells.map(cell => getComputedStyle(cell).boxShadow)")
    assert 1 == len(set(shadows[1:])), "the outline of a row that is followed goes round all of it"


@pytest.mark.parametrize("width", [320, 390])
def test_the_cell_in_focus_is_not_covered(open_page: Callable[..., Digits], live_server: str, width: int) -> None:
    """Neither the words nor the columns that stay in sight cover the number that the keys lead to."""
    digits = open_page(live_server, viewport={"width": width, "height": 640})
    digits.draw(STROKE)
    digits.expect_answer()
    panel = digits.open("Feed-forward net")
    expect(panel.locator(".contributions .total").first).not_to_have_text("–")
    uncovered = """cell => { const { left, right, top, bottom } = cell.getBoundingClientRect();
        return [left + 2, right - 2].every((x) => [top + 2, bottom - 2].every((y) =>
            cell.contains(document.elementFromPoint(x, y)))) }"""
    panel.get_by_role("button", name="9", exact=True).focus()
    for key in ["ArrowRight"] * 8 + ["ArrowUp"] * 12 + ["ArrowLeft"] * 7 + ["ArrowDown"] * 8:
        digits.page.keyboard.press(key)
        digits.wait_for_frame()
        assert digits.page.locator(":focus").evaluate(uncovered), digits.page.locator(":focus").inner_text()
