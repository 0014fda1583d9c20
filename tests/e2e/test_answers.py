"""What the page says about a drawing, and what it says where there is no answer."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from playwright.sync_api import Error, expect

from app.recognition.png import write
from tests.e2e.drawings import OTHER, STROKE, WRITTEN, Stroke

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Locator, Route

    from tests.e2e.page import Digits

pytestmark = pytest.mark.browser


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


def test_ten_probabilities_sum_to_one(digits: Digits) -> None:
    """Each network shows ten named meters whose values are a distribution, the likeliest being its digit."""
    digits.draw(STROKE)
    digits.expect_answer()
    for name in ("ff", "cnn"):
        values = []
        for digit in range(10):
            meter = digits.card(name).get_by_role("meter", name=f"Probability of {digit}", exact=True)
            values.append(float(meter.get_attribute("aria-valuenow") or "nan"))
        assert 1 == pytest.approx(sum(values), abs=0.001)
        assert str(values.index(max(values))) == digits.card(name).get_attribute("data-digit")


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
    digits.button("Clear").click()
    expect(region).to_have_text("The pad is empty.")


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
    digits.until(lambda: held)
    slow = False
    digits.button("Clear").click()
    digits.draw(OTHER)
    expect(digits.card("cnn")).to_have_attribute("data-digit", "8")
    for route in held:
        with suppress(Error):  # the page has given it up already, which is as good
            route.fulfill(json=answer(3))
    digits.page.wait_for_timeout(200)
    assert set(digits.page.evaluate("window.seen")) <= {"", "8"}


def test_an_answer_to_another_drawing_is_taken_away(digits: Digits) -> None:
    """Where the server is slow, what was said of the drawing before does not stay beside the new one."""
    digits.draw(STROKE, OTHER)
    digits.expect_answer()
    held: list[Route] = []
    digits.page.route("**/inspect**", lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks what it calls)
    digits.button("Undo").click()
    digits.expect_blank()
    expect(digits.page.locator("#agreement")).to_have_text("Reading …")
    held[-1].continue_()
    digits.expect_answer()


def test_a_stroke_that_went_on_is_taken_away(digits: Digits) -> None:
    """Where the server is slow, what was said of a stroke's beginning does not stay once the pen is lifted."""
    digits.page.mouse.move(*digits.at(0.3, 0.3))
    digits.page.mouse.down()
    digits.page.mouse.move(*digits.at(0.6, 0.6), steps=5)
    digits.expect_answer()
    held: list[Route] = []
    digits.page.route("**/inspect**", lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks what it calls)
    digits.page.mouse.move(*digits.at(0.3, 0.7), steps=5)
    digits.page.mouse.up()
    digits.expect_blank()
    expect(digits.page.locator("#agreement")).to_have_text("Reading …")


def test_other_weights_have_no_accuracy(digits: Digits) -> None:
    """Once others are served than the page came with, their version is shown, not the accuracy of those before."""
    digits.draw(STROKE)
    digits.expect_answer()
    accuracy = digits.card("cnn").locator(".card-accuracy")
    expect(accuracy).to_be_visible()

    def renewed(route: Route) -> None:
        found = route.fetch().json()
        found["networks"]["cnn"]["model"]["version"] = "another"
        route.fulfill(json=found)

    digits.page.route("**/inspect**", renewed)
    digits.draw(OTHER)
    expect(digits.card("cnn")).to_contain_text("another")
    expect(accuracy).to_be_hidden()
    expect(digits.card("ff").locator(".card-accuracy")).to_be_visible()
    with digits.page.expect_request("**/models"):
        digits.open("Evidence")
    with digits.page.expect_request("**/models"):
        digits.page.unroute("**/inspect**")
        digits.draw(STROKE)


def test_a_picture_without_ink_is_called_that(digits: Digits) -> None:
    """An all-white picture is answered: there is no ink in it."""
    digits.choose("white.png", "image/png", write(np.full((40, 40), 255, np.uint8)))
    digits.page.get_by_role("button", name="Use this").click()
    expect(digits.page.locator("#agreement")).to_have_text("There is no ink in this picture.")
    expect(digits.card("cnn")).to_contain_text("no ink found")
    digits.expect_blank()


def lit(frame: Locator, channel: int) -> int:
    """Return the frame's highest value in one of red, green, blue and alpha."""
    script = """(canvas, channel) => Math.max(...canvas.getContext("2d").getImageData(0, 0, 28, 28).data
        .filter((_, index) => index % 4 === channel))"""
    return int(frame.evaluate(script, channel))


def test_unreachable_server_keeps_the_drawing(digits: Digits) -> None:
    """Without a server the page says so and keeps the drawing, and asks again by itself."""
    digits.forgive("ERR_FAILED")
    notice = digits.page.get_by_role("alert")
    cards = digits.page.locator(".cards")
    before = cards.bounding_box()
    digits.page.route("**/inspect**", lambda route: route.abort())
    digits.draw(STROKE)
    expect(notice).to_contain_text("The server cannot be reached. Your drawing is kept")
    assert before == cards.bounding_box()
    assert notice.evaluate("notice => notice.closest('.pad')") is None
    assert 0 == lit(digits.page.locator("#frame"), channel=3)
    assert digits.ink() > 0
    digits.expect_blank()
    expect(digits.card("cnn")).to_contain_text("no answer")
    inked = digits.ink()
    digits.choose("notes.txt", "text/plain", b"no picture")  # a complaint, which what is worse takes the place of
    expect(notice).to_contain_text("The server cannot be reached.")
    digits.page.unroute("**/inspect**")
    digits.expect_answer()
    assert inked == digits.ink()
    expect(notice).to_have_text("notes.txt is no picture that this browser can read.")


def test_a_pen_held_through_an_outage(digits: Digits) -> None:
    """What was not asked again while the pen was down is asked once it is lifted."""
    digits.forgive("ERR_FAILED")
    digits.page.route("**/inspect**", lambda route: route.abort())
    digits.page.mouse.move(*digits.at(0.3, 0.3))
    digits.page.mouse.down()
    digits.page.mouse.move(*digits.at(0.6, 0.6), steps=4)
    expect(digits.page.get_by_role("alert")).to_contain_text("The server cannot be reached.")
    digits.page.wait_for_timeout(2500)  # longer than till the first try
    digits.page.unroute("**/inspect**")
    digits.page.mouse.up()
    digits.expect_answer()


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


def test_what_is_no_digit_is_said_to_be_none(digits: Digits) -> None:
    """However high one of the ten probabilities is, card and live region say that the drawing looks like no digit."""
    said = answer(4)
    for name in ("ff", "cnn"):
        said["networks"][name] = {**said["networks"][name], "verdict": "unsure", "evidence": 0.03}
    digits.page.route("**/inspect**", lambda route: route.fulfill(json=said))
    digits.draw(STROKE)
    expect(digits.card("cnn").locator(".card-verdict")).to_have_text("100 % but looks like no digit")
    expect(digits.page.locator("#announcement")).to_contain_text(
        "Convolutional net: looks like no digit; if it is one, 4, 100 percent."
    )


@pytest.mark.weights
def test_how_it_is_told_that_something_is_no_digit(
    open_page: Callable[..., Digits], live_server: str, committed_server: str
) -> None:
    """The page explains it where one of the networks learnt it, and says nothing of it where none did."""
    for server, count in ((committed_server, 1), (live_server, 0)):
        how = open_page(server).page.locator("#how")
        expect(how).to_contain_text("spreads 100 % over the ten digits, whatever is drawn")
        expect(how.get_by_text(re.compile("how high the convolutional net.s ten outputs are together"))).to_have_count(
            count
        )


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
