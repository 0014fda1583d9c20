"""Drawing on the pad with mouse, keyboard, finger and pen, and what is kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.drawings import OTHER, STROKE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import CDPSession

    from tests.e2e.page import Digits

pytestmark = pytest.mark.browser


def test_buttons_walk_the_history(digits: Digits) -> None:
    """Undo, redo and clear change the drawing and the answers; clear can be undone."""
    digits.draw(STROKE)
    one = digits.ink()
    digits.draw(OTHER)
    two = digits.ink()
    assert two > one > 0
    digits.button("Undo").click()
    assert one == digits.ink()
    digits.button("Redo").click()
    assert two == digits.ink()
    expect(digits.button("Redo")).to_be_disabled()
    digits.button("Clear").click()
    assert 0 == digits.ink()
    digits.expect_blank()
    expect(digits.button("Clear")).to_be_disabled()
    digits.button("Undo").click()
    assert two == digits.ink()
    digits.expect_answer()


def test_keys_walk_the_history(digits: Digits) -> None:
    """Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y undo and redo; a new stroke clears redo."""
    digits.draw(STROKE)
    one = digits.ink()
    digits.page.keyboard.press("Control+z")
    assert 0 == digits.ink()
    digits.expect_blank()
    digits.page.keyboard.press("Control+Shift+z")
    assert one == digits.ink()
    digits.page.keyboard.press("Control+z")
    digits.page.keyboard.press("Control+y")
    assert one == digits.ink()
    digits.page.keyboard.press("Control+z")
    digits.draw(OTHER)
    expect(digits.button("Redo")).to_be_disabled()


def test_tap_makes_a_dot(digits: Digits) -> None:
    """A click without moving leaves ink, and the networks are asked about it."""
    digits.page.mouse.click(*digits.at(0.5, 0.5))
    assert digits.ink() > 0
    digits.expect_answer()


def test_stroke_survives_leaving_the_pad(digits: Digits) -> None:
    """A stroke that leaves the pad and comes back is one stroke."""
    digits.draw(((0.8, 0.3), (1.4, 0.5), (0.8, 0.7)))
    digits.expect_answer()
    digits.button("Undo").click()
    assert 0 == digits.ink()


def test_reload_keeps_the_drawing(digits: Digits) -> None:
    """After a reload the drawing is there, is answered, and can still be undone stroke by stroke."""
    digits.draw(STROKE, OTHER)
    before = digits.ink()
    digits.page.reload()
    digits.expect_answer()
    assert before == digits.ink()
    digits.button("Undo").click()
    assert 0 < digits.ink() < before


def test_link_shows_the_same_drawing(open_page: Callable[..., Digits], live_server: str) -> None:
    """A copied link brings the drawing to another browser, and does not bring it back after it was cleared."""
    digits = open_page(live_server, permissions=["clipboard-read", "clipboard-write"])
    digits.draw(STROKE, OTHER)
    digits.button("Copy a link to this drawing").click()
    expect(digits.button("Link copied")).to_be_visible()
    expect(digits.page.get_by_role("status").filter(has_text="Link copied")).to_have_count(1)  # said as well
    link = digits.page.evaluate("navigator.clipboard.readText()")
    other = open_page(link)
    other.expect_answer()
    assert other.ink() == pytest.approx(digits.ink(), rel=0.02)
    other.button("Clear").click()
    other.page.reload()
    other.expect_blank()


def test_pen_width_redraws_and_is_kept(digits: Digits) -> None:
    """A wider pen widens what is drawn, and is still set after a reload."""
    digits.draw(STROKE)
    before = digits.ink()
    digits.page.get_by_label("Pen width").fill("12")
    assert digits.ink() > before
    digits.page.reload()
    expect(digits.page.get_by_label("Pen width")).to_have_value("12")


def test_keyboard_draws_a_one(digits: Digits) -> None:
    """With the keyboard alone a person reaches the pad, draws a line and hears where the pen is."""
    digits.pad.focus()
    for key in ["ArrowUp"] * 4 + ["Space"] + ["ArrowDown"] * 8:
        digits.page.keyboard.press(key)
    expect(digits.page.locator("#pad-status")).to_have_text("Pen down, column 7, row 11.")
    expect(digits.page.locator("#cursor")).to_be_visible()
    digits.page.keyboard.press("Enter")
    expect(digits.page.locator("#pad-status")).to_contain_text("Pen up")
    digits.expect_answer()
    inked = digits.ink()
    digits.page.keyboard.press("ArrowLeft")
    assert inked == digits.ink()


def touch(session: CDPSession, kind: str, *points: tuple[int, tuple[float, float]]) -> None:
    """Send a touch event with these fingers on the glass: (finger, place)."""
    fingers = [{"id": finger, "x": x, "y": y} for finger, (x, y) in points]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})


def test_one_finger_draws(open_page: Callable[..., Digits], live_server: str) -> None:
    """A finger draws without scrolling the page; a second finger adds nothing."""
    digits = open_page(live_server, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    session = digits.page.context.new_cdp_session(digits.page)
    touch(session, "touchStart", (0, digits.at(0.2, 0.2)))
    touch(session, "touchMove", (0, digits.at(0.2, 0.8)))
    alone = digits.ink()
    assert alone > 0
    touch(session, "touchStart", (0, digits.at(0.2, 0.8)), (1, digits.at(0.8, 0.2)))
    touch(session, "touchMove", (0, digits.at(0.2, 0.8)), (1, digits.at(0.8, 0.8)))
    touch(session, "touchEnd")
    assert alone == digits.ink()
    digits.expect_answer()
    assert 0 == digits.page.evaluate("scrollY")


def test_tap_right_after_a_quick_stroke(open_page: Callable[..., Digits], live_server: str) -> None:
    """A stroke that ends at full speed is no fling of the page, which would swallow the next tap."""
    digits = open_page(live_server, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    session = digits.page.context.new_cdp_session(digits.page)
    seven = [
        *((0.25 + step / 18, 0.2) for step in range(10)),
        *((0.75 - step / 28, 0.2 + step / 13) for step in range(8)),
    ]
    for _ in range(4):  # Chromium takes not every one for a fling
        touch(session, "touchStart", (0, digits.at(*seven[0])))
        for place in seven[1:]:
            touch(session, "touchMove", (0, digits.at(*place)))
        undo = digits.button("Undo").bounding_box()
        assert undo
        touch(session, "touchEnd")
        digits.page.touchscreen.tap(undo["x"] + undo["width"] / 2, undo["y"] + undo["height"] / 2)
        expect(digits.button("Redo")).to_be_enabled()


def test_palm_is_ignored_once_a_pen_was_seen(digits: Digits) -> None:
    """After the first stroke of a pen, touch no longer draws."""
    tap = """(pad, [type, x, y]) => { for (const name of ["pointerdown", "pointerup"]) pad.dispatchEvent(
        new PointerEvent(name, { pointerId: 9, pointerType: type, clientX: x, clientY: y, bubbles: true })) }"""
    digits.pad.evaluate(tap, ["pen", *digits.at(0.3, 0.3)])
    dot = digits.ink()
    assert dot > 0
    digits.pad.evaluate(tap, ["touch", *digits.at(0.7, 0.7)])
    assert dot == digits.ink()
