"""The page for everyone: by keyboard alone, for screen readers, in two languages, on any screen."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Final

import pytest
from playwright.sync_api import expect

from app.settings import ROOT
from tests.e2e.drawings import STROKE
from tests.e2e.photos import put
from tests.e2e.screens import overflow
from tests.processes import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.e2e.page import Digits

pytestmark = pytest.mark.browser

PANELS: Final = (
    "Feed-forward net", "Convolutional net", "Training", "Break it", "Evidence", "The data", "Pass it on",
)  # fmt: skip
FILLED: Final = {  # what is there once a panel has all that it asks for
    "ff": ".contributions",
    "cnn": ".cells",
    "film": ".chart",
    "break": ".unit-switch",
    "evidence": ".tile",
    "data": ".pixels",
    "keep": ".choices",
}
AXE: Final = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the script of axe-core, which tells what keeps people out."""
    if not AXE.is_file():
        reason = "axe-core is missing: npm ci"
        if os.environ.get("DIGITS_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return AXE.read_text()


@pytest.fixture(scope="module")
def full_server(tiny_mnist: Path) -> Iterator[str]:
    """Yield the base URL of a server with the committed weights and with data: panels have all that they can show."""
    with serving(DIGITS_DATA=str(tiny_mnist), DIGITS_DEVICE="cpu") as url:
        yield url


def violations(digits: Digits, axe: str, within: str = "html") -> list[str]:
    """Return what axe finds wrong with this part of the page as it is now."""
    if not digits.page.evaluate("'axe' in window"):
        digits.page.evaluate(axe)
    found: dict[str, Any] = digits.page.evaluate(
        """([part, tags]) => axe.run(document.querySelector(part),
            { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] })""",
        [within, RULES],
    )
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.weights
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(
    open_page: Callable[..., Digits], full_server: str, axe: str, scheme: str, width: int
) -> None:
    """The page has no violation, empty or drawn on, nor has any panel once it is open, in either theme and any width.

    What a panel does to the rest of the page is the same in all of them: one looks at both together.
    """
    within = "html" if (scheme, width) == ("light", 1280) else "#inside"
    digits = open_page(full_server, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert [] == violations(digits, axe)
    digits.draw(STROKE)
    digits.expect_answer()
    assert [] == violations(digits, axe)
    for title in PANELS:
        panel = digits.open(title)
        digits.page.wait_for_load_state("networkidle")
        if title == "Break it":
            panel.get_by_role("button", name="Feed-forward, hidden unit 1", exact=True).click()
            digits.expect_answer()
        panel.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
        assert [] == violations(digits, axe, within), title


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("dialog", ["weights", "frame", "crop"])
def test_axe_finds_nothing_in_dialogs(
    open_page: Callable[..., Digits], live_server: str, axe: str, scheme: str, dialog: str
) -> None:
    """The tables of numbers and the crop of a picture have no violation either, in both themes."""
    digits = open_page(live_server, color_scheme=scheme)
    digits.draw(STROKE)
    digits.expect_answer()
    if dialog == "crop":
        put(digits)
    elif dialog == "frame":
        digits.button("Numbers: What the networks saw").click()
    else:
        digits.open("Feed-forward net").get_by_role("button", name="Numbers: Weights", exact=True).click()
    expect(digits.page.get_by_role("dialog")).to_be_visible()
    assert [] == violations(digits, axe)


def test_everything_by_keyboard(digits: Digits) -> None:
    """With the keyboard alone a person draws, opens every panel and reaches what is in it, and sees where they are."""
    press = digits.page.keyboard.press
    digits.pad.focus()
    for key in ["ArrowUp"] * 4 + ["Space"] + ["ArrowDown"] * 8 + ["Space"]:
        press(key)
    digits.expect_answer()
    tab = digits.page.get_by_role("tab", name="Feed-forward net", exact=True)
    for _ in range(20):
        press("Tab")
        if tab.evaluate("tab => tab === document.activeElement"):
            break
    expect(tab).to_be_focused()
    for title in PANELS[1:]:
        press("ArrowRight")
        panel = digits.page.get_by_role("tabpanel", name=title, exact=True)
        expect(panel).to_be_visible()
        expect(panel.locator(".panel-wait")).to_have_count(0)
        controls = panel.locator("button, input, select, canvas[tabindex='0']")
        expect(controls.first).to_be_visible()
        press("Tab")
        inside = "element => element.closest('[role=tabpanel]') !== null"
        assert digits.page.locator(":focus").evaluate(inside)
        assert "none" != digits.page.locator(":focus").evaluate("element => getComputedStyle(element).outlineStyle")
        digits.page.get_by_role("tab", name=title, exact=True).focus()
    press("Home")
    expect(tab).to_be_focused()


def test_two_languages(open_page: Callable[..., Digits], live_server: str) -> None:
    """A German browser gets a German page throughout, with German numbers; the link beside changes it."""
    digits = open_page(live_server, locale="de-DE")
    digits.draw(STROKE)
    digits.expect_answer()
    for name in ("Rückgängig", "Wiederholen", "Leeren"):
        expect(digits.button(name)).to_be_visible()
    expect(digits.page.locator("#agreement")).to_have_text(re.compile("Beide|uneins|Vielleicht"))
    panel = digits.open("Vorwärtsnetz")
    expect(panel.locator(".contributions .total").first).to_have_text(re.compile(r"^-?\d+,\d\d$"))
    for title in ("Faltungsnetz", "Training", "Stören", "Belege", "Die Daten", "Weitergeben"):
        expect(digits.open(title)).not_to_contain_text(re.compile(r"\b(the|with|your)\b"))
    digits.page.get_by_role("link", name="English").click()
    expect(digits.button("Undo")).to_be_visible()
    digits.expect_answer()
    assert digits.ink() > 0


@pytest.mark.weights
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("width", [320, 768, 2560])
def test_no_panel_overflows(open_page: Callable[..., Digits], full_server: str, width: int, language: str) -> None:
    """At no width, in no language does a panel make the page wider than the screen."""
    digits = open_page(f"{full_server}/?lang={language}", viewport={"width": width, "height": 900})
    digits.draw(STROKE)
    digits.expect_answer()
    for name in FILLED:
        digits.page.locator(f"#tab-{name}").click()
        expect(digits.page.locator(f"#panel-{name} {FILLED[name]}").first).to_be_visible()
        digits.page.wait_for_load_state("networkidle")
        assert 0 == overflow(digits.page), name


def test_handles_by_finger(open_page: Callable[..., Digits], live_server: str) -> None:
    """A finger moves the drawing by its handle, and points at a map's cell, without scrolling the page."""
    digits = open_page(live_server, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    digits.draw(STROKE)
    digits.expect_answer()
    panel = digits.open("Break it")
    panel.get_by_label("Raw input").check()
    digits.expect_answer()
    before = digits.inspect()["frame"]
    handle = panel.get_by_role("button", name="Move the drawing", exact=True)
    handle.evaluate("handle => handle.scrollIntoView({ block: 'center' })")  # clear of the answers, which stay in sight
    box = handle.bounding_box()
    assert box is not None
    at = digits.page.evaluate("scrollY")
    session = digits.page.context.new_cdp_session(digits.page)
    x, y = box["x"] + 5, box["y"] + 5
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 11):
        point = {"x": x + 3 * step, "y": y + 3 * step}
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        digits.page.wait_for_timeout(16)
    digits.page.wait_for_timeout(100)  # it comes to rest: Chromium takes the tap after a fling to stop the fling only
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    digits.expect_answer()
    assert before != digits.inspect()["frame"]
    assert at == digits.page.evaluate("scrollY")
    cells = digits.open("Convolutional net").locator("canvas.cells").first
    cells.tap()
    expect(digits.page.locator(".origin h3")).to_have_text(re.compile("Stage 1, map 1, row"))
