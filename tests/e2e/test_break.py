"""The panel that moves, scales and turns the drawing and switches units off, used as a person would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.drawings import STROKE
from tests.e2e.page import Digits, figures
from tests.e2e.screens import SCREENS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

pytestmark = pytest.mark.browser


def grip(panel: Locator, name: str) -> tuple[float, float]:
    """Return the middle of a handle on the screen."""
    box = panel.get_by_role("button", name=name, exact=True).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize(("name", "by"), [("Move the drawing", (-30, 20)), ("Scale the drawing", (-40, -40))])
def test_handles_in_the_raw(digits: Digits, name: str, by: tuple[int, int]) -> None:
    """Moving and scaling by handle changes what the networks see in the raw; undo brings everything back."""
    digits.draw(STROKE)
    digits.expect_answer()
    panel = digits.open("Break it")
    panel.get_by_label("Raw input").check()
    digits.expect_answer()
    before = digits.inspect()
    ink = digits.ink()
    x, y = grip(panel, name)
    digits.page.mouse.move(x, y)
    digits.page.mouse.down()
    digits.page.mouse.move(x + by[0], y + by[1], steps=5)
    digits.page.mouse.up()
    digits.expect_answer()
    after = digits.inspect()
    assert "normalize=false" in digits.asked[-1]
    assert before["frame"] != after["frame"]
    digits.button("Undo").click()
    digits.expect_answer()
    assert digits.inspect()["frame"] == before["frame"]
    assert ink == digits.ink()


def test_handle_stays_under_the_pointer(digits: Digits) -> None:
    """While it is turned the drawing's box turns with it, and its handle goes where the pointer goes."""
    digits.draw(STROKE)
    panel = digits.open("Break it")
    panel.locator(".bench").scroll_into_view_if_needed()
    x, y = grip(panel, "Turn the drawing")
    box = panel.locator(".grip-box").bounding_box()
    assert box is not None
    centre = complex(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    digits.page.mouse.move(x, y)
    digits.page.mouse.down()
    for degrees in (10, 25, 40):
        to = centre + (complex(x, y) - centre) * np.exp(1j * np.radians(degrees))
        digits.page.mouse.move(to.real, to.imag)
        digits.wait_for_frame()
        assert abs(complex(*grip(panel, "Turn the drawing")) - to) < 3
    digits.page.mouse.up()
    digits.button("Undo").click()
    digits.wait_for_frame()
    after = panel.locator(".grip-box").bounding_box()
    assert after is not None
    assert (after["width"], after["height"]) == pytest.approx((box["width"], box["height"]), abs=1)


def test_bench_is_tidy(digits: Digits) -> None:
    """A handle at the pad's edge covers no heading, and the buttons stand in two rows of four."""
    digits.draw(((0.2, 0.0), (0.99, 0.0), (0.6, 0.9)))
    panel = digits.open("Break it")
    title = panel.get_by_role("heading", name="Move, scale, turn").bounding_box()
    handle = panel.get_by_role("button", name="Turn the drawing").bounding_box()
    assert title is not None
    assert handle is not None
    assert handle["y"] >= title["y"] + title["height"]
    tops = panel.locator(".nudges button").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert [4, 4] == [tops.count(top) for top in sorted(set(tops))]


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_answers_stay_beside_the_switches(
    open_page: Callable[..., Digits], live_server: str, width: int, height: int
) -> None:
    """Whichever unit one switches, both answers are in sight, and the thin lines are explained while there are any."""
    digits = open_page(live_server, viewport={"width": width, "height": height})
    digits.draw(STROKE)
    digits.expect_answer()
    panel = digits.open("Break it")
    lines = panel.get_by_text("Thin lines: with every unit on.")
    expect(lines).to_be_hidden()
    for group in ("Feed-forward, hidden unit 4", "Convolutional, stage 2, map 4", "Convolutional, hidden unit 16"):
        toggle = panel.get_by_role("button", name=group, exact=True)
        toggle.click()
        expect(toggle).to_have_attribute("aria-pressed", "false")
        expect(lines).to_be_in_viewport(ratio=1)
        for answers in panel.locator(".mini-bars").all():
            expect(answers).to_be_in_viewport(ratio=1)
    for title in ("Convolutional, stage 2: maps", "Convolutional, stage 3: maps"):
        expect(panel.get_by_role("group", name=title).get_by_role("button")).to_have_count(8)
    panel.get_by_role("button", name="All on").click()
    expect(lines).to_be_hidden()


def test_broken_on_one_screen(open_page: Callable[..., Digits], live_server: str) -> None:
    """On a laptop's screen everything that can be moved or switched stands beside both answers."""
    digits = open_page(live_server, viewport={"width": 1440, "height": 900})
    digits.draw(STROKE)
    panel = digits.open("Break it")
    digits.page.locator("#inside").evaluate("section => section.scrollIntoView()")
    expect(panel.locator(".unit-switch")).to_have_count(8 + 3 * 8 + 16)
    for part in (".bench-pad", ".nudges button", ".break-frame", "#raw", ".unit-switch", ".mini-bars"):
        for one in (panel.locator(part).first, panel.locator(part).last):
            expect(one).to_be_in_viewport(ratio=1)


def test_framing_undoes_moving_but_not_turning(digits: Digits) -> None:
    """Framed, a moved drawing looks the same; a turned one does not."""
    digits.draw(STROKE)
    digits.expect_answer()
    panel = digits.open("Break it")
    before = np.array(digits.inspect()["frame"])
    for _ in range(3):
        panel.get_by_role("button", name="Move left", exact=True).click()
    digits.expect_answer()
    moved = np.array(digits.inspect()["frame"])
    assert np.abs(moved - before).max() < 0.1
    panel.get_by_role("button", name="Turn the drawing", exact=True).focus()
    for _ in range(4):
        digits.page.keyboard.press("ArrowRight")
    digits.expect_answer()
    assert np.abs(np.array(digits.inspect()["frame"]) - before).max() > 0.5


def test_switching_units_off(digits: Digits) -> None:
    """A unit that is off changes its own network alone, the panels show it, and one button brings all back."""
    digits.draw(STROKE)
    digits.expect_answer()
    panel = digits.open("Break it")
    ff, cnn = digits.bars("ff"), digits.bars("cnn")
    layer = digits.inspect(layers_of="ff")["networks"]["ff"]["layers"][2]["values"]
    unit = int(np.argmax(layer))
    toggle = panel.get_by_role("button", name=f"Feed-forward, hidden unit {unit + 1}", exact=True)
    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "false")
    digits.expect_answer()
    found = digits.inspect()["networks"]["ff"]
    assert digits.bars("ff") == pytest.approx(found["probabilities"], abs=6e-5)
    assert digits.bars("ff") != pytest.approx(ff, abs=1e-3)
    assert ff == pytest.approx(found["intact"], abs=6e-5)
    assert cnn == pytest.approx(digits.bars("cnn"), abs=6e-5)
    expect(panel.locator(".mini.accent-ff .is-compared")).to_have_count(10)
    whole = digits.open("Feed-forward net")
    head = whole.get_by_role("button", name=f"Unit {unit + 1}, switched off", exact=True)
    expect(head).to_have_text(f"{unit + 1}off")
    assert "line-through" in head.evaluate("head => getComputedStyle(head).textDecorationLine")
    assert 1 + 2 + 3 + 1 + 10 == whole.locator(".is-off:is(td, th)").count()
    rows = whole.locator(".contributions tr").all()[1:]
    assert all(figures(row)[unit] == 0 for row in rows)
    head.hover()
    before = sum(figures(whole.locator(f".step-{row}"))[unit] for row in ("sum", "bias"))
    expect(whole.locator(".trace")).to_contain_text(
        f"that is {before:.2f}. But the unit is switched off, so it hands on 0.00."
    )
    digits.page.get_by_role("button", name="1 unit off – back to normal").click()
    digits.expect_answer()
    assert ff == pytest.approx(digits.bars("ff"), abs=6e-5)
