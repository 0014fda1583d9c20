"""The page as a whole in a real browser: how it begins, what it loads, and how it fits the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.e2e.drawings import STROKE
from tests.e2e.screens import overflow

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.page import Digits

pytestmark = pytest.mark.browser


def test_empty_page_invites(digits: Digits) -> None:
    """Before anything is drawn, no digit is named and no button works that has nothing to do."""
    digits.expect_blank()
    expect(digits.page.locator("#agreement")).to_have_text("Draw a digit")
    for name in ("Undo", "Redo", "Clear"):
        expect(digits.button(name)).to_be_disabled()


@pytest.mark.parametrize("locale", ["en", "de"])
@pytest.mark.parametrize(("width", "height"), [(320, 568), (320, 640), (360, 640), (375, 667), (844, 390), (1440, 900)])
def test_controls_are_as_wide_as_the_pad(
    open_page: Callable[..., Digits], live_server: str, width: int, height: int, locale: str
) -> None:
    """No button and no slider sticks out at either side of the pad, in either language."""
    digits = open_page(live_server, viewport={"width": width, "height": height}, locale=locale)
    pad = digits.page.locator(".pad").bounding_box()
    assert pad is not None
    for part in digits.page.locator("#controls button, #controls input").all():
        box = part.bounding_box()
        assert box is not None
        assert pad["x"] <= box["x"]
        assert box["x"] + box["width"] <= pad["x"] + pad["width"] + 0.1


def test_only_its_own_server_is_asked(digits: Digits) -> None:
    """The page loads nothing from elsewhere, and little in all."""
    digits.draw(STROKE)
    digits.expect_answer()
    assert {urlsplit(digits.server).netloc} == digits.hosts
    sizes = "performance.getEntriesByType('resource').reduce((sum, entry) => sum + entry.encodedBodySize, 0)"
    assert digits.page.evaluate(sizes) < 150_000


@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 844), (844, 390), (1280, 800), (2560, 1440)])
def test_nothing_overflows_or_moves(
    open_page: Callable[..., Digits], live_server: str, width: int, height: int
) -> None:
    """From phone to wall, nothing sticks out at the side, and answers do not move the layout."""
    digits = open_page(live_server, viewport={"width": width, "height": height})
    boxes = (
        "[...document.querySelectorAll('#pad, .card, .bar, #frame, .how')].map(e => e.getBoundingClientRect().toJSON())"
    )
    before = digits.page.evaluate(boxes)
    digits.draw(STROKE)
    digits.expect_answer()
    assert 0 == overflow(digits.page)
    assert before == digits.page.evaluate(boxes)
