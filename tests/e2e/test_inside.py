"""What the panels that show how the networks think share: their answer, their scales, what a reload keeps."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from app.recognition import weights
from tests.e2e.drawings import OTHER, STROKE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Route

    from tests.e2e.page import Digits

pytestmark = pytest.mark.browser


def test_one_question_feeds_everything(digits: Digits) -> None:
    """Cards and panels come from the same answer of POST /inspect, and nothing else is asked while one draws."""
    digits.open("Feed-forward net")
    before = len(digits.asked)
    digits.draw(STROKE)
    digits.expect_answer()
    assert len(digits.asked) > before
    assert {"/inspect"} == {re.sub(r"^.*?://[^/]+|\?.*", "", url) for url in digits.asked}
    answer = digits.inspect(layers_of=["ff", "cnn"])
    for name in ("ff", "cnn"):
        assert digits.bars(name) == pytest.approx(answer["networks"][name]["probabilities"], abs=6e-5)
        assert answer["networks"][name]["layers"]


@pytest.mark.parametrize(("width", "height"), [(1440, 1100), (2560, 1440)])
@pytest.mark.parametrize("way", ["draw", "scroll", "link", "click"])
def test_a_panel_in_sight_comes_when_asked_for(
    open_page: Callable[..., Digits], live_server: str, width: int, height: int, way: str
) -> None:
    """On a tall screen the panel invites; the first stroke brings it, and so do scrolling, the link and its tab."""
    digits = open_page(live_server, viewport={"width": width, "height": height})
    invitation = digits.page.locator("#panel-ff").get_by_text("Draw a digit, or press the tab above")
    expect(invitation).to_be_in_viewport()
    digits.page.wait_for_load_state("networkidle")
    expect(invitation).to_be_visible()
    if way == "draw":
        digits.draw(STROKE)
    elif way == "scroll":
        digits.page.mouse.wheel(0, 40)
    elif way == "link":
        digits.page.get_by_role("link", name="Look inside").click()
    else:
        digits.page.get_by_role("tab", name="Feed-forward net", exact=True).click()
    expect(digits.page.locator("#panel-ff .contributions")).to_be_visible()
    expect(invitation).to_have_count(0)


def test_tabs_bring_their_panel_before_it_is_entered(digits: Digits) -> None:
    """The first Tab onto the open panel's tab brings the panel, the next one leads into it."""
    digits.page.get_by_role("link", name="API").first.focus()
    tab = digits.page.get_by_role("tab", name="Feed-forward net", exact=True)
    for _ in range(20):
        digits.page.keyboard.press("Tab")
        if tab.evaluate("tab => tab === document.activeElement"):
            break
    expect(tab).to_be_focused()
    expect(digits.page.locator("#panel-ff .contributions")).to_be_visible()
    digits.page.keyboard.press("Tab")
    assert digits.page.locator(":focus").evaluate("element => element.closest('#panel-ff') !== null")


def test_a_panel_that_does_not_come(digits: Digits) -> None:
    """Browsers keep a script that failed as failed: the panel is asked for once, and says that a reload brings it."""
    digits.forgive("Failed to load resource")
    digits.forgive("dynamically imported module")
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    digits.page.route("**/panels/break.js", refuse)
    digits.page.get_by_role("tab", name="Break it", exact=True).click()
    panel = digits.page.get_by_role("tabpanel", name="Break it", exact=True)
    again = panel.get_by_role("button", name="Load the page again")
    expect(again).to_be_visible()
    digits.draw(STROKE)
    digits.expect_answer()
    assert 1 == len(asked)
    digits.page.unroute("**/panels/break.js")
    again.click()
    expect(panel.get_by_role("button", name="Turn left")).to_be_visible()
    digits.expect_answer()


@pytest.mark.parametrize(("width", "language"), [(360, "en"), (390, "en"), (430, "en"), (390, "de")])
def test_tabs_on_a_phone(open_page: Callable[..., Digits], live_server: str, width: int, language: str) -> None:
    """A shadow tells at which end there are more tabs; a link to the last panel shows its tab whole."""
    digits = open_page(f"{live_server}/?lang={language}", viewport={"width": width, "height": 844})
    row, tabs = digits.page.get_by_role("tablist"), digits.page.get_by_role("tab")
    assert (False, True) == shaded(row)
    digits.page.goto(f"{live_server}/?lang={language}#panel=keep")
    expect(tabs.last).to_have_attribute("aria-selected", "true")
    (start, stop), (left, end) = ends(row), ends(tabs.last)
    assert start <= left < end <= stop + 1
    assert (True, False) == shaded(row)


def shaded(row: Locator) -> tuple[bool, bool]:
    """Tell whether a row's left and right ends are darker than its middle, above its words."""
    levels = np.asarray(Image.open(io.BytesIO(row.screenshot())).convert("L"), np.int16)[3]
    middle = int(np.median(levels))
    return int(levels[1]) < middle - 20, int(levels[-2]) < middle - 20


def ends(element: Locator) -> tuple[float, float]:
    """Return where an element begins and ends, px from the left."""
    box = element.bounding_box()
    assert box is not None
    return box["x"], box["x"] + box["width"]


def test_forced_colours_tell_the_open_tab(open_page: Callable[..., Digits], live_server: str) -> None:
    """Where the system forces its colours, the open tab alone is underlined."""
    digits = open_page(live_server, forced_colors="active")
    script = "tabs => tabs.map(tab => getComputedStyle(tab).borderBottomColor)"
    own, *others = digits.page.get_by_role("tab").evaluate_all(script)
    assert 6 == len(others)
    assert 1 == len(set(others))
    assert {digits.page.evaluate("getComputedStyle(document.body).backgroundColor")} == set(others)
    assert own not in others


def test_legends_agree_and_say_what_is_clipped(digits: Digits, models_dir: Path) -> None:
    """The same weights have the same scale in every panel; an end beyond which there are numbers says so."""
    digits.draw(STROKE)
    digits.expect_answer()
    own = weights.read(models_dir, "ff").network.state_dict()["layers.1.weight"].numpy()
    legend = digits.open("Feed-forward net").get_by_role("img", name=re.compile("^Weights: colours"))
    expect(legend).to_contain_text(re.compile(r"≥ \d"))
    most = float(legend.inner_text().split("≥")[1])
    assert 0.005 < np.mean(np.abs(own) > most) < 0.015
    cnn = digits.open("Convolutional net")
    for kind in (r"^Kernels: colours", r"^Maps, after ReLU: colours from 0 to"):
        expect(cnn.get_by_role("img", name=re.compile(kind))).to_have_count(3)
    expect(cnn.get_by_role("img", name=re.compile("^Logits: colours"))).to_be_visible()
    expect(cnn.get_by_role("img", name=re.compile("^Values, after ReLU: colours from 0"))).to_be_visible()


def test_reload_keeps_what_is_looked_at(digits: Digits) -> None:
    """After a reload the trace pinned in one network and the cell chosen in the other are explained as before."""
    digits.draw(STROKE, OTHER)
    digits.expect_answer()
    digits.open("Feed-forward net").locator("[data-digit='6'] td").nth(1).click()
    digits.page.mouse.move(0, 0)
    cells = digits.open("Convolutional net").locator(".stage-1 canvas.cells").nth(3)
    cells.click(position={"x": 5, "y": 5})
    digits.page.mouse.move(0, 0)
    explained = digits.page.locator("#panel-cnn .origin").inner_text()
    assert "stage 2, map 4" in explained.lower()
    digits.page.reload()
    digits.expect_answer()
    expect(digits.open("Convolutional net").locator(".origin")).to_have_text(explained, use_inner_text=True)
    expect(digits.open("Feed-forward net").locator(".trace")).to_contain_text(
        re.compile("^Unit 2 hands on .* for the 6")
    )


def test_reload_keeps_the_settings(digits: Digits) -> None:
    """After a reload the same panel is open, and the same units are off."""
    digits.draw(STROKE, OTHER)
    panel = digits.open("Break it")
    panel.get_by_role("button", name="Convolutional, stage 2, map 4", exact=True).click()
    panel.get_by_label("Raw input").check()
    digits.expect_answer()
    before = digits.bars("cnn")
    digits.page.reload()
    digits.expect_answer()
    assert before == pytest.approx(digits.bars("cnn"), abs=6e-5)
    panel = digits.open("Break it")
    expect(panel.get_by_label("Raw input")).to_be_checked()
    expect(panel.get_by_role("button", name="Convolutional, stage 2, map 4", exact=True)).to_have_attribute(
        "aria-pressed", "false"
    )
