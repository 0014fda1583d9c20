"""The panel that shows how both networks learnt, used as a person would."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any, Final

import pytest
from playwright.sync_api import expect

from app.recognition import weights
from app.settings import ROOT
from tests.e2e.drawings import STROKE
from tests.e2e.screens import SCREENS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Route

    from tests.e2e.page import Digits

pytestmark = pytest.mark.browser

NOTE: Final = """element => { window.noted = []; new MutationObserver(() => {
    window.noted.push([performance.now(), element.dataset.images ?? element.textContent]);
}).observe(element, { attributeFilter: ["data-images"], childList: true }); }"""


def test_training_is_a_film(digits: Digits) -> None:
    """The slider moves both networks and every picture of them through training, and back to what is served."""
    panel = digits.open("Training")
    digits.draw(STROKE)
    digits.expect_answer()
    served = digits.bars("cnn")
    picture = panel.get_by_role("img", name="Feed-forward net, weights of unit 1")
    last = picture.evaluate("canvas => canvas.toDataURL()")
    slider = panel.get_by_label("Moment of training")
    slider.fill("0")
    expect(panel.locator(".film-moment")).to_have_text(re.compile(r"After 0 images\. Untrained: .* almost as likely"))
    expect(digits.page.get_by_role("button", name="After 0 images – back to normal")).to_be_visible()
    digits.expect_answer()
    early = digits.inspect()
    assert 0 == early["checkpoint"]
    assert digits.bars("cnn") == pytest.approx(early["networks"]["cnn"]["probabilities"], abs=6e-5)
    assert digits.bars("cnn") != pytest.approx(served, abs=1e-3)
    expect(picture).not_to_have_js_property("toDataURL()", last)
    assert picture.evaluate("canvas => canvas.toDataURL()") != last
    slider.fill("2")
    expect(panel.locator(".film-moment")).to_have_text(re.compile(r"After 100 images\. This is what is served"))
    digits.expect_answer()
    assert served == pytest.approx(digits.bars("cnn"), abs=6e-5)


@pytest.mark.weights
def test_networks_that_still_learn_have_no_finished_accuracy(
    open_page: Callable[..., Digits], committed_server: str
) -> None:
    """At a moment of training each network has its own count of images; cards do not claim what was measured later."""
    digits = open_page(committed_server)
    digits.draw(STROKE)
    slider = digits.open("Training").get_by_label("Moment of training")
    accuracy = digits.card("ff").locator(".card-accuracy")
    expect(accuracy).to_be_visible()
    height = "card => card.getBoundingClientRect().height"
    before = digits.card("ff").evaluate(height)
    slider.fill("20")
    counts = [weights.read_history(ROOT / "models", name).images[20] for name in ("ff", "cnn")]
    seen = "After {:,} images (feed-forward) and {:,} (convolutional)".format(*counts)
    expect(digits.page.locator(".film-moment")).to_have_text(f"{seen}.")
    digits.expect_answer()
    expect(accuracy).to_be_hidden()
    expect(digits.card("cnn").locator(".card-accuracy")).to_be_hidden()
    assert before == digits.card("ff").evaluate(height)
    digits.button(f"{seen} – back to normal").click()
    expect(accuracy).to_be_visible()
    panel = digits.open("Break it")
    panel.get_by_label("Raw input").check()
    expect(accuracy).to_be_hidden()
    panel.get_by_label("Raw input").uncheck()
    panel.get_by_role("button", name="Feed-forward, hidden unit 3", exact=True).click()
    expect(accuracy).to_be_hidden()


@pytest.mark.weights
def test_cost_curves_and_play(open_page: Callable[..., Digits], committed_server: str) -> None:
    """Play runs from untrained to done; the curves have the line of guessing, and their marker moves along."""
    digits = open_page(committed_server)
    digits.draw(STROKE)
    panel = digits.open("Training")
    for name in ("Feed-forward net", "Convolutional net"):
        expect(panel.get_by_role("img", name=re.compile(f"^{name}: cost while it learnt"))).to_be_visible()
    for part in ("training", "validation", "base"):
        expect(panel.locator(f".chart-{part}")).to_have_count(2)
    expect(panel.locator(".chart text", has_text="ln 10")).to_have_count(2)
    marker = panel.locator(".chart-now").first
    marker.evaluate(NOTE)
    panel.get_by_role("button", name="Play").click()
    expect(marker).to_have_attribute("data-images", re.compile(r"^\d{5,6}$"))
    panel.get_by_role("button", name="Pause").click()
    noted = [int(images) for _, images in digits.page.evaluate("window.noted")]
    assert noted == sorted(noted)
    assert 0 == noted[0]
    held = marker.get_attribute("data-images")
    digits.page.wait_for_timeout(900)
    assert held == marker.get_attribute("data-images")


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_answers_beside_the_slider(open_page: Callable[..., Digits], live_server: str, width: int, height: int) -> None:
    """On any screen who drags the slider sees both networks' answers."""
    digits = open_page(live_server, viewport={"width": width, "height": height})
    digits.draw(STROKE)
    panel = digits.open("Training")
    slider = panel.get_by_label("Moment of training")
    slider.evaluate("slider => slider.scrollIntoView({ block: 'start' })")
    expect(slider).to_be_in_viewport(ratio=1)
    for answers in panel.locator(".mini-bars").all():
        expect(answers).to_be_in_viewport(ratio=1)


def facts_with(moments: int) -> dict[str, Any]:
    """Return the committed facts, with as many moments measured."""
    known = {name: weights.read_facts(ROOT / "models", name) for name in ("ff", "cnn")}
    costs = [
        {"images": 50 * at, "training_cost": 2.3 / (1 + at), "validation_cost": 2.2 / (1 + at)} for at in range(moments)
    ]
    return {name: {**facts, "moments": costs} for name, facts in known.items()}


@pytest.mark.weights
@pytest.mark.parametrize("moments", [0, 9])
def test_costs_are_only_what_was_measured(
    open_page: Callable[..., Digits], committed_server: str, moments: int
) -> None:
    """The curves go through every measured moment; without those nothing is drawn before the first epoch's end."""
    digits = open_page(committed_server)
    facts = facts_with(moments)
    digits.page.route("**/models", lambda route: route.fulfill(json=facts))
    panel = digits.open("Training")
    for part in ("training", "validation"):
        path = panel.locator(f".chart-{part}").first.get_attribute("d") or ""
        starts, lines = path.count("M"), path.count("L")
        assert (starts, lines) == ((1, moments - 1) if moments else (2, len(facts["ff"]["epochs"]) - 2))
    panel.locator(".cost summary").first.click()
    rows = panel.locator(".cost").first.locator("tbody tr")
    expect(rows).to_have_count(moments or len(facts["ff"]["epochs"]))


@pytest.mark.weights
def test_charts_can_be_read_on_a_phone(open_page: Callable[..., Digits], committed_server: str) -> None:
    """The axes have names, and no word of a chart is smaller than the page's other small print."""
    digits = open_page(committed_server, viewport={"width": 320, "height": 640})
    chart = digits.open("Training").locator(".chart").first
    for words in ("Cost, logarithmic", "Images seen", "ln 10", "100 k"):
        text = chart.locator("text", has_text=words)
        expect(text).to_be_visible()
        box = text.bounding_box()
        assert box is not None
        assert box["height"] >= 12
        assert box["x"] + box["width"] <= 320
    assert 1 == chart.locator("text").evaluate_all("all => all.filter(one => one.textContent === '1').length")
    assert chart.locator("text").count() > 8


@pytest.mark.weights
@pytest.mark.parametrize("width", [390, 1280])
def test_charts_can_be_compared(open_page: Callable[..., Digits], committed_server: str, width: int) -> None:
    """Each chart says in sight whose it is, and both have the same axes."""
    digits = open_page(committed_server, viewport={"width": width, "height": 844})
    facts = {name: weights.read_facts(ROOT / "models", name) for name in ("ff", "cnn")}
    for at in facts["cnn"]["moments"]:
        at["images"] *= 4  # far more than the other network saw
    digits.page.route("**/models", lambda route: route.fulfill(json=facts))
    panel = digits.open("Training")
    axes = []
    for chart, name in zip(panel.locator(".cost").all(), ("Feed-forward net", "Convolutional net"), strict=True):
        expect(chart.get_by_text(name, exact=True)).to_be_visible()
        expect(chart.locator(".chart text").first).to_be_visible()
        axes.append(
            chart.locator("svg text").evaluate_all(
                "all => all.map((one) => [one.textContent, one.x.baseVal[0].value, one.y.baseVal[0].value])"
            )
        )
    assert axes[0] == axes[1]
    assert any(text == "10 M" for text, _, _ in axes[0])


@pytest.mark.weights
@pytest.mark.parametrize("way", ["button", "tab"])
def test_charts_come_once_the_server_is_back(open_page: Callable[..., Digits], committed_server: str, way: str) -> None:
    """Where the facts did not come, the film says so; Try again, or opening it anew, puts the charts in their place."""
    digits = open_page(committed_server)
    digits.forgive("Failed to load resource")
    digits.page.route("**/models", lambda route: route.abort())
    panel = digits.open("Training")
    again = panel.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    expect(panel.locator(".chart").first).to_be_hidden()
    pictures = panel.locator(".film-weights").first
    before = pictures.evaluate("element => element.offsetTop")
    digits.page.unroute("**/models")
    if way == "button":
        again.click()
    else:
        digits.open("Break it")
        digits.open("Training")
    expect(panel.locator(".chart").first).to_be_visible()
    expect(again).to_have_count(0)
    assert before == pictures.evaluate("element => element.offsetTop")


def test_film_is_calm_for_those_who_want_it(open_page: Callable[..., Digits], live_server: str) -> None:
    """With reduced motion nothing moves by itself, and the film steps slowly."""
    digits = open_page(live_server, reduced_motion="reduce")
    panel = digits.open("Training")
    digits.draw(STROKE)
    assert "0s" == digits.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--quick').trim()")
    panel.locator(".film-moment").evaluate(NOTE)
    panel.get_by_role("button", name="Play").click()
    digits.until(lambda: len(digits.page.evaluate("window.noted")) >= 3)
    times, texts = zip(*digits.page.evaluate("window.noted.slice(0, 3)"), strict=True)
    assert ["0", "50", "100"] == [text.split()[1] for text in texts]
    assert all(after - before > 1000 for before, after in itertools.pairwise(times))


def held(route: Route, waiting: list[Route]) -> None:
    """Keep an answer back."""
    waiting.append(route)


def test_stale_moment_is_never_shown(digits: Digits) -> None:
    """An answer about another moment of training that comes late is dropped."""
    panel = digits.open("Training")
    digits.draw(STROKE)
    digits.expect_answer()
    waiting: list[Any] = []
    digits.page.route("**/inspect?*checkpoint=0*", lambda route: held(route, waiting))
    slider = panel.get_by_label("Moment of training")
    slider.fill("0")
    digits.until(lambda: waiting)
    slider.fill("1")
    digits.expect_answer()
    second = digits.inspect(checkpoint="1")["networks"]["ff"]["probabilities"]
    assert 1 == len(waiting)
    assert second == pytest.approx(digits.bars("ff"), abs=6e-5)
