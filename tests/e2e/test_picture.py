"""Pictures that are not drawn, but chosen, pasted or dropped, as a person would do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.drawings import OTHER, STROKE
from tests.e2e.photos import accept, photo, put

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.page import Digits

pytestmark = pytest.mark.browser


@pytest.mark.weights
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_choosing_a_photo(open_page: Callable[..., Digits], committed_server: str, kind: str) -> None:
    """A photo of paper in any format is cut out, sent as a PNG, read, and still there after a reload."""
    digits = open_page(committed_server)
    digits.choose("seven", f"image/{kind.lower()}", photo(kind))
    accept(digits)
    expect(digits.card("cnn")).to_have_attribute("data-digit", "7")
    expect(digits.page.locator("#origin")).to_have_text("seven")
    digits.page.reload()
    expect(digits.card("cnn")).to_have_attribute("data-digit", "7")


SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><rect width="200" height="200" fill="#fff"/>
<path d="M60 40H140L95 160" fill="none" stroke="#000" stroke-width="16"/></svg>"""


@pytest.mark.weights
def test_choosing_a_drawing_without_pixels(open_page: Callable[..., Digits], committed_server: str) -> None:
    """An SVG, which the service itself would refuse, is turned into a PNG as well."""
    digits = open_page(committed_server)
    digits.choose("seven.svg", "image/svg+xml", SVG)
    accept(digits)
    expect(digits.card("cnn")).to_have_attribute("data-digit", "7")


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_pasting_and_dropping(digits: Digits, kind: str) -> None:
    """A picture from the clipboard, or dropped, is put on the pad; undo brings back what was there."""
    digits.draw(STROKE)
    digits.expect_answer()
    before = digits.inspect()["frame"]
    put(digits, kind)
    accept(digits)
    digits.expect_answer()
    assert before != digits.inspect()["frame"]
    digits.button("Undo").click()
    digits.expect_answer()
    assert before == digits.inspect()["frame"]


def test_what_is_no_picture_is_refused_kindly(open_page: Callable[..., Digits], live_server: str) -> None:
    """A file that is no picture changes nothing, and the page says so, in its width, until something is drawn."""
    digits = open_page(live_server, viewport={"width": 390, "height": 844})
    digits.draw(STROKE)
    digits.expect_answer()
    ink_before = digits.ink()
    name = f"PXL_{'2026' * 12}.heic"
    digits.choose(name, "image/heic", b"not a picture")
    notice = digits.page.get_by_role("alert")
    expect(notice).to_have_text(f"{name} is no picture that this browser can read.")
    expect(digits.page.locator("#agreement")).to_be_empty()
    assert ink_before == digits.ink()
    assert 390 == digits.page.evaluate("document.documentElement.scrollWidth")
    digits.draw(OTHER)
    expect(notice).to_be_empty()
    expect(digits.page.locator("#agreement")).not_to_be_empty()
