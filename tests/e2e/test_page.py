"""The page in a real browser, driven as a person would."""

from __future__ import annotations

import math
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, expect

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import CDPSession, Locator, Page, Route

    from tests.e2e.conftest import Digits

    Stroke = Sequence[tuple[float, float]]

pytestmark = pytest.mark.browser

STROKE = ((0.3, 0.3), (0.7, 0.7))
OTHER = ((0.7, 0.3), (0.3, 0.7))
RING = tuple(
    (0.5 + 0.2 * math.sin(turn / 12 * math.tau), 0.5 - 0.3 * math.cos(turn / 12 * math.tau)) for turn in range(13)
)
WRITTEN: dict[int, tuple[Stroke, ...]] = {
    0: (RING,),
    1: (((0.52, 0.2), (0.5, 0.5), (0.48, 0.82)),),
    2: (((0.33, 0.33), (0.42, 0.2), (0.58, 0.2), (0.65, 0.34), (0.55, 0.52), (0.33, 0.8), (0.5, 0.79), (0.7, 0.8)),),
    3: (
        (
            (0.35, 0.25), (0.5, 0.18), (0.62, 0.28), (0.58, 0.42), (0.46, 0.48),
            (0.6, 0.53), (0.66, 0.68), (0.5, 0.82), (0.33, 0.74),
        ),
    ),
    7: (((0.3, 0.26), (0.5, 0.26), (0.68, 0.25), (0.6, 0.45), (0.48, 0.82)),),
}  # fmt: skip


def smaller(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Return the same strokes a third of the size, in the upper left corner."""
    return [[(0.05 + x / 3, 0.05 + y / 3) for x, y in stroke] for stroke in strokes]


@pytest.mark.weights
@pytest.mark.parametrize("digit", WRITTEN)
@pytest.mark.parametrize("size", ["large", "small"])
def test_reads_what_is_drawn(open_page: Callable[..., Digits], committed_server: str, digit: int, size: str) -> None:
    """The convolutional net reads a plainly drawn digit, large or small."""
    digits = open_page(committed_server)
    digits.draw(*(WRITTEN[digit] if size == "large" else smaller(WRITTEN[digit])))
    expect(digits.card("cnn")).to_have_attribute("data-digit", str(digit))
    expect(digits.card("cnn")).to_have_attribute("data-verdict", "digit")


def test_empty_page_invites(digits: Digits) -> None:
    """Before anything is drawn, no digit is named and no button works that has nothing to do."""
    digits.expect_blank()
    expect(digits.page.locator("#agreement")).to_have_text("Draw a digit")
    for name in ("Undo", "Redo", "Clear"):
        expect(digits.button(name)).to_be_disabled()


def test_ten_probabilities_sum_to_one(digits: Digits) -> None:
    """Each network shows ten named meters whose values are a distribution, the likeliest being its digit."""
    digits.draw(STROKE)
    digits.expect_answer()
    for name in ("ff", "cnn"):
        values = []
        for digit in range(10):
            meter = digits.card(name).get_by_role("meter", name=f"Probability of {digit}", exact=True)
            values.append(float(meter.get_attribute("aria-valuenow") or "nan"))
        assert sum(values) == pytest.approx(1, abs=0.001)
        assert str(values.index(max(values))) == digits.card(name).get_attribute("data-digit")


def test_buttons_walk_the_history(digits: Digits) -> None:
    """Undo, redo and clear change the drawing and the answers; clear can be undone."""
    digits.draw(STROKE)
    one = digits.ink()
    digits.draw(OTHER)
    two = digits.ink()
    assert two > one > 0
    digits.button("Undo").click()
    assert digits.ink() == one
    digits.button("Redo").click()
    assert digits.ink() == two
    expect(digits.button("Redo")).to_be_disabled()
    digits.button("Clear").click()
    assert digits.ink() == 0
    digits.expect_blank()
    expect(digits.button("Clear")).to_be_disabled()
    digits.button("Undo").click()
    assert digits.ink() == two
    digits.expect_answer()


def test_keys_walk_the_history(digits: Digits) -> None:
    """Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y undo and redo; a new stroke clears redo."""
    digits.draw(STROKE)
    one = digits.ink()
    digits.page.keyboard.press("Control+z")
    assert digits.ink() == 0
    digits.expect_blank()
    digits.page.keyboard.press("Control+Shift+z")
    assert digits.ink() == one
    digits.page.keyboard.press("Control+z")
    digits.page.keyboard.press("Control+y")
    assert digits.ink() == one
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
    assert digits.ink() == 0


def test_reload_keeps_the_drawing(digits: Digits) -> None:
    """After a reload the drawing is there, is answered, and can still be undone stroke by stroke."""
    digits.draw(STROKE, OTHER)
    before = digits.ink()
    digits.page.reload()
    digits.expect_answer()
    assert digits.ink() == before
    digits.button("Undo").click()
    assert 0 < digits.ink() < before


def test_link_shows_the_same_drawing(open_page: Callable[..., Digits], live_server: str) -> None:
    """A copied link brings the drawing to another browser, and does not bring it back after it was cleared."""
    digits = open_page(live_server, permissions=["clipboard-read", "clipboard-write"])
    digits.draw(STROKE, OTHER)
    digits.button("Copy a link to this drawing").click()
    expect(digits.button("Link copied")).to_be_visible()
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
    assert digits.ink() == inked


def test_settled_answer_is_announced(digits: Digits) -> None:
    """The polite live region says both answers once the drawing rests, and nothing while it grows."""
    region = digits.page.locator("[aria-live=polite]")
    digits.page.mouse.move(*digits.at(0.3, 0.3))
    digits.page.mouse.down()
    digits.page.mouse.move(*digits.at(0.6, 0.6), steps=5)
    digits.expect_answer()
    expect(region).to_have_text("")
    digits.page.mouse.up()
    expect(region).to_have_text(re.compile(r"Feed-forward net: .*\d percent\. Convolutional net: .*\d percent\."))


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
    assert digits.ink() == alone
    digits.expect_answer()
    assert digits.page.evaluate("scrollY") == 0


def test_palm_is_ignored_once_a_pen_was_seen(digits: Digits) -> None:
    """After the first stroke of a pen, touch no longer draws."""
    tap = """(pad, [type, x, y]) => { for (const name of ["pointerdown", "pointerup"]) pad.dispatchEvent(
        new PointerEvent(name, { pointerId: 9, pointerType: type, clientX: x, clientY: y, bubbles: true })) }"""
    digits.pad.evaluate(tap, ["pen", *digits.at(0.3, 0.3)])
    dot = digits.ink()
    assert dot > 0
    digits.pad.evaluate(tap, ["touch", *digits.at(0.7, 0.7)])
    assert digits.ink() == dot


def answer(digit: int) -> dict[str, Any]:
    """Return what the server would say of a plain `digit`."""
    said = {
        "digit": digit,
        "confidence": 1,
        "probabilities": [float(d == digit) for d in range(10)],
        "verdict": "digit",
    }
    return {"frame": [[0] * 28] * 28, "networks": {"ff": said, "cnn": said}}


def test_stale_answer_is_never_shown(digits: Digits) -> None:
    """An answer that comes after the drawing was cleared and drawn anew is dropped."""
    digits.page.evaluate("""() => {
        window.seen = [];
        const card = document.querySelector('[data-model="cnn"]');
        new MutationObserver(() => window.seen.push(card.dataset.digit)).observe(card, { attributes: true });
    }""")
    held: list[Route] = []
    slow = True

    def respond(route: Route) -> None:
        if slow:
            held.append(route)
        else:
            route.fulfill(json=answer(8))

    digits.page.route("**/inspect**", respond)
    digits.draw(STROKE)
    digits.page.wait_for_timeout(200)
    slow = False
    digits.button("Clear").click()
    digits.draw(OTHER)
    expect(digits.card("cnn")).to_have_attribute("data-digit", "8")
    assert len(held) > 0
    for route in held:
        with suppress(Error):  # the page has given it up already, which is as good
            route.fulfill(json=answer(3))
    digits.page.wait_for_timeout(200)
    assert set(digits.page.evaluate("window.seen")) <= {"", "8"}


def lit(frame: Locator, channel: int) -> int:
    """Return the frame's highest value in one of red, green, blue and alpha."""
    script = """(canvas, channel) => Math.max(...canvas.getContext("2d").getImageData(0, 0, 28, 28).data
        .filter((_, index) => index % 4 === channel))"""
    return int(frame.evaluate(script, channel))


def test_unreachable_server_keeps_the_drawing(digits: Digits) -> None:
    """Without a server the page says so and keeps the drawing; drawing on asks again."""
    digits.forgive("ERR_FAILED")
    notice = digits.page.get_by_role("alert")
    cards = digits.page.locator(".cards")
    before = cards.bounding_box()
    digits.page.route("**/inspect**", lambda route: route.abort())
    digits.draw(STROKE)
    expect(notice).to_contain_text("The server cannot be reached. Your drawing is kept")
    assert cards.bounding_box() == before
    assert notice.evaluate("notice => notice.closest('.pad')") is None
    assert lit(digits.page.locator("#frame"), channel=3) == 0
    assert digits.ink() > 0
    digits.expect_blank()
    expect(digits.card("cnn")).to_contain_text("no answer")
    digits.page.unroute("**/inspect**")
    digits.draw(OTHER)
    digits.expect_answer()
    expect(notice).to_be_empty()


def test_problem_is_told_in_the_servers_words(digits: Digits) -> None:
    """A problem document's detail is what the person reads."""
    digits.forgive("503")
    problem = {"type": "about:blank", "title": "Busy", "status": 503, "detail": "Too many drawings at once."}
    digits.page.route(
        "**/inspect**",
        lambda route: route.fulfill(status=503, json=problem, content_type="application/problem+json"),
    )
    digits.draw(STROKE)
    expect(digits.page.get_by_role("alert")).to_contain_text("Too many drawings at once.")


def test_networks_that_disagree_are_called_out(digits: Digits) -> None:
    """Where the two networks name different digits, the page says so."""
    split = answer(4)
    split["networks"]["cnn"] = answer(9)["networks"]["cnn"]
    digits.page.route("**/inspect**", lambda route: route.fulfill(json=split))
    digits.draw(STROKE)
    expect(digits.page.locator("#agreement")).to_have_text("They disagree: 4 or 9?")


def test_frame_is_shown(digits: Digits) -> None:
    """The 28×28 picture the networks got is drawn, and described for those who cannot see it."""
    digits.draw(STROKE)
    digits.expect_answer()
    frame = digits.page.get_by_role("img", name=re.compile(r"28 by 28 pixels: ink in rows \d+ to \d+"))
    assert lit(frame, channel=0) > 200
    digits.page.get_by_role("button", name="Numbers: What the networks saw").click()
    table = digits.page.get_by_role("dialog", name="What the networks saw").get_by_role("table")
    expect(table.locator("tbody tr")).to_have_count(28)
    shown = [[float(cell) for cell in row.locator("td").all_inner_texts()] for row in table.locator("tbody tr").all()]
    assert digits.inspect()["frame"] == [pytest.approx(row, abs=0.0051) for row in shown]


@pytest.mark.parametrize("unsure", [False, True])
def test_all_answers_fit_a_phone(open_page: Callable[..., Digits], live_server: str, unsure: bool) -> None:
    """On a phone held upright the pad, the frame and both cards are seen without scrolling."""
    digits = open_page(live_server, viewport={"width": 390, "height": 844})
    said = answer(4)
    if unsure:
        for name in ("ff", "cnn"):
            said["networks"][name] = {**said["networks"][name], "verdict": "unsure"}
    digits.page.route("**/inspect**", lambda route: route.fulfill(json=said))
    digits.draw(STROKE)
    digits.expect_answer()
    for name in ("#pad", "#frame", "[data-model=ff]", "[data-model=cnn]"):
        expect(digits.page.locator(name)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(("width", "height"), [(320, 568), (360, 640), (375, 667), (844, 390), (1440, 900)])
def test_controls_are_as_wide_as_the_pad(
    open_page: Callable[..., Digits], live_server: str, width: int, height: int
) -> None:
    """No button and no slider sticks out at either side of the pad."""
    digits = open_page(live_server, viewport={"width": width, "height": height})
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


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


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
    assert overflow(digits.page) == 0
    assert digits.page.evaluate(boxes) == before
