"""What a reload, a link and the Back button bring back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.drawings import OTHER, RING, STROKE
from tests.e2e.page import CLIPBOARD, Digits

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.browser


def test_reload_keeps_the_history(digits: Digits) -> None:
    """What was cleared, undone or moved can be had back after a reload as before it."""
    digits.draw(STROKE, OTHER)
    both = digits.ink()
    digits.button("Undo").click()
    one = digits.ink()
    digits.page.reload()
    digits.button("Redo").click()
    assert both == digits.ink()
    digits.button("Clear").click()
    digits.page.reload()
    digits.button("Undo").click()
    assert both == digits.ink()
    digits.button("Undo").click()
    assert one == digits.ink()


def test_reload_keeps_the_pen_of_a_link(open_page: Callable[..., Digits], live_server: str) -> None:
    """The pen that a link brings stays with the drawing, before and after it is drawn on."""
    digits = open_page(live_server, **CLIPBOARD)
    digits.draw(STROKE)
    thin = digits.ink()
    digits.page.get_by_label("Pen width").fill("12")
    digits.wait_for_frame()
    thick = digits.ink()
    assert thick > 1.3 * thin
    digits.button("Copy a link to this drawing").click()
    link = digits.page.evaluate("navigator.clipboard.readText()")
    other = open_page(link)
    for _ in range(2):
        assert thick == pytest.approx(other.ink(), rel=0.02)
        other.page.reload()
    other.draw(OTHER)
    drawn = other.ink()
    other.page.reload()
    assert drawn == other.ink()


def open_link_over_own(digits: Digits) -> tuple[str, int]:
    """Open a link to one drawing where another was drawn; return the link, and the ink of the own drawing."""
    digits.draw(STROKE)
    digits.button("Copy a link to this drawing").click()
    link = digits.page.evaluate("navigator.clipboard.readText()")
    digits.button("Clear").click()
    digits.draw(RING)
    own = digits.ink()
    digits.page.goto("about:blank")
    digits.page.goto(link)
    return link, own


def open_page_beside(digits: Digits, server: str) -> Digits:
    """Open the plain page in the same browser, with the same storage."""
    other = Digits(digits.page.context.new_page(), server)
    other.page.goto(server)
    return other


def test_link_leaves_ones_own_drawing_alone(open_page: Callable[..., Digits], live_server: str) -> None:
    """Who opens a link finds the own drawing again, by Undo or without the link, which holds until it is drawn on."""
    digits = open_page(live_server, **CLIPBOARD)
    link, own = open_link_over_own(digits)
    for _ in range(2):
        digits.expect_answer()
        assert digits.ink() != own
        assert link == digits.page.url
        digits.page.reload()
    digits.open("Break it").get_by_label("Raw input").check()
    assert digits.page.url.startswith(link + "&raw=1")
    plain = open_page_beside(digits, live_server)
    assert own == plain.ink()
    expect(plain.page.get_by_role("button", name="raw input – back to normal")).to_have_count(0)
    digits.button("Undo").click()
    assert own == digits.ink()
    digits.button("Redo").click()
    digits.pad.scroll_into_view_if_needed()  # the panel is far below
    digits.draw(OTHER)
    assert "ink" not in digits.page.url
    digits.button("Undo").click()
    digits.button("Undo").click()
    assert own == digits.ink()
    digits.page.reload()
    digits.expect_answer()
    assert own == digits.ink()


def test_drawing_on_a_link_leaves_ones_own_in_the_history(open_page: Callable[..., Digits], live_server: str) -> None:
    """Who draws on a linked drawing and reloads comes back to the own one by Undo."""
    digits = open_page(live_server, **CLIPBOARD)
    _, own = open_link_over_own(digits)
    digits.draw(OTHER)
    digits.page.reload()
    digits.button("Undo").click()
    digits.button("Undo").click()
    assert own == digits.ink()


FORBIDDEN = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } })"


@pytest.mark.parametrize("forbidden", [False, True])
def test_back_from_a_link(open_page: Callable[..., Digits], live_server: str, forbidden: bool) -> None:
    """Of a link that was only looked at, nothing stays once the page's address is without it."""
    digits = open_page(live_server)
    if forbidden:  # storage: one's own drawing is on the page alone
        digits.page.add_init_script(FORBIDDEN)
        digits.page.reload()
    digits.draw(RING)
    own = digits.ink()
    digits.page.evaluate("location.hash = '#ink=AAIpKdbW&raw=1'")
    altered = digits.page.get_by_role("button", name="raw input – back to normal")
    expect(altered).to_be_visible()
    assert digits.ink() != own
    digits.page.go_back()
    expect(altered).to_be_hidden()
    assert own == digits.ink()


def test_a_link_that_was_cut_short(open_page: Callable[..., Digits], live_server: str) -> None:
    """Where a link's drawing cannot be read the page says so, until something is drawn."""
    digits = open_page(f"{live_server}/#ink=AAIpKdb")
    notice = digits.page.get_by_role("alert")
    expect(notice).to_have_text("This link is incomplete: the drawing in it cannot be read.")
    digits.draw(STROKE)
    expect(notice).to_be_empty()
    digits.page.reload()
    digits.expect_answer()
    expect(notice).to_be_empty()


def test_nonsense_in_a_link_is_left_out(open_page: Callable[..., Digits], live_server: str) -> None:
    """A link that switches off a unit that there is not shows the networks as they are."""
    digits = open_page(f"{live_server}/#ink=AAIpKdbW&off=ff.9.9,cnn.2.8,ff.2.1")
    digits.expect_answer()
    expect(digits.page.get_by_role("button", name="1 unit off – back to normal")).to_be_visible()


def test_hiding_panels_in_an_open_page(digits: Digits) -> None:
    """What a teacher's link hides is hidden in a page that is open already, and shown again without it."""
    digits.draw(STROKE)
    for fragment, tabs in (("#hide=ff,evidence", 5), ("#hide=ff,cnn,film,break,evidence,data,keep", 0), ("#", 7)):
        digits.page.evaluate("fragment => { location.hash = fragment; }", fragment)
        expect(digits.page.get_by_role("tab")).to_have_count(tabs)
        expect(digits.page.get_by_role("link", name="Look inside")).to_have_count(min(tabs, 1))
        digits.expect_answer()
