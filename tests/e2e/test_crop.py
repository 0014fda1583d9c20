"""The dialog that cuts a digit out of a picture, used as a person would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.photos import accept, paste, put

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.e2e.page import Digits

pytestmark = pytest.mark.browser


def middle(locator: Locator) -> tuple[float, float]:
    """Return where the middle of something is on the screen."""
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_another_picture_takes_its_place(digits: Digits, kind: str) -> None:
    """A picture that comes while one is being cut out replaces it: there is one dialog, and closing it closes all."""
    dialog = paste(digits)
    dialog.evaluate("dialog => dialog.dataset.first = ''")
    paste(digits, kind)
    expect(digits.page.locator("dialog[data-first]")).to_have_count(0)
    expect(digits.page.locator("dialog")).to_have_count(1)
    digits.page.keyboard.press("Escape")
    expect(digits.page.locator("dialog")).to_have_count(0)


def test_undo_stays_out(digits: Digits) -> None:
    """While a picture is being cut out, Ctrl+Z leaves the drawing behind the dialog alone."""
    digits.draw([(0.3, 0.2), (0.7, 0.8)])
    ink = digits.ink()
    paste(digits)
    digits.page.keyboard.press("Control+z")
    digits.page.keyboard.press("Escape")
    expect(digits.page.locator("dialog")).to_have_count(0)
    assert ink == digits.ink()
    digits.page.keyboard.press("Control+z")
    assert 0 == digits.ink()


def test_keys_say_where_they_lead(digits: Digits) -> None:
    """The keyboard begins on the picture; each key says where the square is, and the slider how near."""
    dialog = paste(digits)
    view = dialog.get_by_role("application")
    expect(view).to_be_focused()
    digits.page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("status")).to_contain_text(
        re.compile("53 % of the picture.s width and 50 % of its height")
    )
    zoom = dialog.get_by_role("slider", name="Zoom")
    expect(zoom).to_have_attribute("aria-valuetext", "1.0 times")
    zoom.fill("2.5")
    expect(zoom).to_have_attribute("aria-valuetext", "2.5 times")


def test_crop_by_key_and_slider(digits: Digits) -> None:
    """Zoom and arrow keys choose what is cut out."""
    dialog = paste(digits)
    dialog.get_by_label("Zoom").last.fill("2")
    view = dialog.get_by_role("application")
    whole = view.evaluate("canvas => canvas.toDataURL()")
    view.focus()
    for key in ("ArrowLeft", "ArrowUp"):
        digits.page.keyboard.press(key)
    assert whole != view.evaluate("canvas => canvas.toDataURL()")
    dialog.get_by_role("button", name="Turn by 90°").click()
    accept(digits)
    digits.expect_answer()


def test_wheel_and_drag(digits: Digits) -> None:
    """The wheel zooms at the pointer; dragging moves the picture."""
    dialog = paste(digits)
    view = dialog.get_by_role("application")
    whole = view.evaluate("canvas => canvas.toDataURL()")
    x, y = middle(view)
    digits.page.mouse.move(x, y)
    digits.page.mouse.wheel(0, -100)
    expect(dialog.get_by_role("slider")).to_have_attribute("aria-valuetext", "1.1 times")
    near = view.evaluate("canvas => canvas.toDataURL()")
    assert whole != near
    digits.page.mouse.down()
    digits.page.mouse.move(x + 40, y + 10, steps=3)
    digits.page.mouse.up()
    assert near != view.evaluate("canvas => canvas.toDataURL()")
    expect(dialog.get_by_role("slider")).to_have_attribute("aria-valuetext", "1.1 times")


def test_two_fingers_zoom(open_page: Callable[..., Digits], live_server: str) -> None:
    """Two fingers that move apart zoom in."""
    digits = open_page(live_server, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    dialog = paste(digits)
    x, y = middle(dialog.get_by_role("application"))
    session = digits.page.context.new_cdp_session(digits.page)
    for kind, apart in (("touchStart", 20), ("touchMove", 40), ("touchMove", 60), ("touchEnd", None)):
        points = [] if apart is None else [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(dialog.get_by_role("slider")).to_have_attribute("aria-valuetext", re.compile(r"^(2\.9|3\.0|3\.1) times$"))


@pytest.mark.parametrize(("width", "height"), [(320, 640), (1440, 900)])
def test_the_dialog_is_filled_and_fits(
    open_page: Callable[..., Digits], live_server: str, width: int, height: int
) -> None:
    """The picture takes most of the dialog, everything is in sight, and nothing touches its edge, in German as well."""
    digits = open_page(f"{live_server}/?lang=de", viewport={"width": width, "height": height})
    put(digits)
    dialog = digits.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    outer = dialog.bounding_box()
    assert outer is not None
    for part in (dialog.get_by_role("application"), *dialog.get_by_role("button").all()):
        expect(part).to_be_in_viewport(ratio=1)
        box = part.bounding_box()
        assert box is not None
        assert box["x"] - outer["x"] >= 8
        assert outer["x"] + outer["width"] - box["x"] - box["width"] >= 8
    for part in (dialog.get_by_role("application"), dialog.get_by_role("slider")):
        box = part.bounding_box()
        assert box is not None
        assert box["width"] > 0.4 * outer["width"]


@pytest.mark.parametrize(("width", "height"), [(320, 568), (844, 390), (640, 320)])
def test_its_buttons_stay_in_sight(open_page: Callable[..., Digits], live_server: str, width: int, height: int) -> None:
    """However low the window, the buttons are in sight and nothing covers them, wherever the dialog is scrolled to."""
    digits = open_page(f"{live_server}/?lang=de", viewport={"width": width, "height": height})
    dialog = paste(digits, title="Die Ziffer ausschneiden")
    for place in (0, 1000):
        dialog.evaluate("(dialog, top) => { dialog.scrollTop = top; }", place)
        for name in ("Um 90° drehen", "Dieses nehmen"):
            button = dialog.get_by_role("button", name=name)
            expect(button).to_be_in_viewport(ratio=1)
            x, y = middle(button)
            assert button.evaluate("(button, [x, y]) => document.elementFromPoint(x, y) === button", [x, y])
    dialog.get_by_role("button", name="Dieses nehmen").click()
    digits.expect_answer()


def test_a_part_that_does_not_load_is_no_bad_picture(digits: Digits) -> None:
    """Where the crop itself cannot be loaded, the page does not blame the picture."""
    digits.forgive("Failed to load resource")
    digits.page.route("**/insides/crop.js", lambda route: route.abort())
    put(digits)
    expect(digits.page.get_by_role("alert")).to_contain_text("Load the page again")
