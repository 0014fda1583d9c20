"""The panel that shows how the feed-forward net thinks, used as a person would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import expect

from app.recognition import weights
from tests.e2e.drawings import OTHER, STROKE
from tests.e2e.page import Digits, figures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Route

pytestmark = pytest.mark.browser


def test_contributions_add_up_exactly(digits: Digits) -> None:
    """In each of the ten rows the eight units' parts and the bias, as shown, add up to the net's logit."""
    panel = digits.open("Feed-forward net")
    digits.draw(STROKE)
    digits.expect_answer()
    layers = digits.inspect()["networks"]["ff"]["layers"]
    rows = panel.locator(".contributions tr").all()[1:]
    assert 10 == len(rows)
    expect(rows[0].locator(".total")).not_to_have_text("–")
    for digit, row in enumerate(rows):
        *parts, logit, _ = figures(row)
        assert 9 == len(parts)
        assert round(sum(parts), 6) == logit
        assert logit == pytest.approx(layers[3]["values"][digit], abs=0.0051)


def test_probabilities_add_up(digits: Digits) -> None:
    """The column of probabilities adds up to 100 % but for rounding, where what is nearly none says that it is more."""
    panel = digits.open("Feed-forward net")
    said = [0.0, 0.9992, 0.0003, 0.0005, 0, 0, 0, 0, 0, 0]

    def respond(route: Route) -> None:
        answer = route.fetch().json()
        answer["networks"]["ff"]["probabilities"] = said
        route.fulfill(json=answer)

    digits.page.route("**/inspect**", respond)
    digits.draw(STROKE)
    digits.expect_answer()
    cells = panel.locator(".contributions td.probability")
    expect(cells).to_have_text(["0.0 %", "99.9 %", "<0.1 %", "0.1 %", *["0.0 %"] * 6])


def test_each_unit_adds_up(digits: Digits, models_dir: Path) -> None:
    """Each unit's sum of weight × input and its bias are what ReLU was given, by the very weights."""
    panel = digits.open("Feed-forward net")
    digits.draw(STROKE)
    digits.expect_answer()
    expect(panel.locator(".step-sum td").first).not_to_have_text("–")
    sums, biases, values = (figures(panel.locator(f".step-{row}")) for row in ("sum", "bias", "value"))
    layers = digits.inspect()["networks"]["ff"]["layers"]
    state = weights.read(models_dir, "ff").network.state_dict()
    expected = state["layers.1.weight"].numpy() @ np.array(layers[0]["values"], np.float32)
    assert sums == pytest.approx(expected.tolist(), abs=0.011)
    for unit in range(8):
        before = round(sums[unit] + biases[unit], 6)
        assert before == pytest.approx(layers[1]["values"][unit], abs=0.0051)
        assert values[unit] == pytest.approx(max(0, before), abs=0.0051)


def test_other_weights_are_noticed(digits: Digits) -> None:
    """Where the server has begun to serve other weights, the page asks for those before it shows their sums."""
    digits.open("Feed-forward net")
    digits.draw(STROKE)
    digits.expect_answer()
    asked: list[str] = []
    digits.page.on("request", lambda request: asked.append(request.url) if "weights" in request.url else None)
    digits.draw(OTHER)
    digits.expect_answer()
    assert [] == asked

    def renewed(route: Route) -> None:
        answer = route.fetch().json()
        answer["networks"]["ff"]["model"]["version"] = "another"
        route.fulfill(json=answer)

    digits.page.route("**/inspect**", renewed)
    with digits.page.expect_request("**/models/ff/weights"):
        digits.draw(STROKE)
    digits.expect_answer()


def test_weight_pictures_have_their_colours(digits: Digits, models_dir: Path) -> None:
    """Positive weights have the colour of plus, negative ones that of minus, and a legend says which is which."""
    panel = digits.open("Feed-forward net")
    picture = panel.get_by_role("img", name="Weights, Unit 3", exact=True)
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("width", 28)
    script = "canvas => Array.from(canvas.getContext('2d').getImageData(0, 0, 28, 28).data)"
    pixels = np.reshape(picture.evaluate(script), (784, 4)).astype(int)
    own = weights.read(models_dir, "ff").network.state_dict()["layers.1.weight"][2].numpy()
    strong = np.abs(own) > 0.02
    greener = pixels[:, 1] - pixels[:, 0] > 0
    assert (greener == (own > 0))[strong].all()
    for caption in ("Weights", "Weight × input", "Adds to digit"):
        expect(panel.get_by_role("img", name=re.compile(f"^{caption}: colours from .* to "))).to_be_visible()


def test_biases_do_not_wobble(digits: Digits, models_dir: Path) -> None:
    """A bias is a constant: it reads the same whatever is drawn, as the weights have it."""
    panel = digits.open("Feed-forward net")
    state = weights.read(models_dir, "ff").network.state_dict()
    for stroke in (STROKE, OTHER):
        digits.draw(stroke)
        digits.expect_answer()
        expect(panel.locator(".step-bias td").first).not_to_have_text("–")
        assert figures(panel.locator(".step-bias")) == [round(float(bias), 2) for bias in state["layers.1.bias"]]
        for bias, row in zip(state["layers.3.bias"], panel.locator(".contributions tr").all()[1:], strict=True):
            assert figures(row)[8] == round(float(bias), 2)


def test_weights_that_do_not_come_are_asked_for_again(digits: Digits) -> None:
    """The panel says that the weights did not arrive, and has them after the next stroke."""
    digits.forgive("503")
    digits.page.route("**/models/ff/weights", lambda route: route.fulfill(status=503))
    panel = digits.open("Feed-forward net")
    alert = panel.get_by_role("alert")
    expect(alert).to_contain_text("did not arrive")
    expect(panel.locator(".contributions")).to_be_hidden()  # no numbers of other weights
    digits.page.unroute("**/models/ff/weights")
    digits.draw(STROKE)
    digits.expect_answer()
    expect(alert).to_be_hidden()
    expect(panel.locator(".contributions .total").first).not_to_have_text("–")


def test_the_whole_net_fits_one_screen(digits: Digits) -> None:
    """From the units' names to the row of the 9, everything is on a screen of 1280 × 900 at once."""
    panel = digits.open("Feed-forward net")
    digits.draw(STROKE)
    digits.expect_answer()
    panel.locator(".whole").evaluate("table => table.scrollIntoView({ block: 'end' })")
    for part in (panel.locator(".trace"), panel.get_by_role("button", name="Unit 8", exact=True)):
        expect(part).to_be_in_viewport(ratio=1)
    for picture in panel.locator(".whole canvas").all():
        expect(picture).to_be_in_viewport(ratio=1)
    expect(panel.locator(".contributions tr").last.locator("td").last).to_be_in_viewport(ratio=0.99)


def test_the_page_leads_to_the_whole_net(open_page: Callable[..., Digits], live_server: str) -> None:
    """The link "Look inside" lands with the whole net on a screen of 1440 × 900, in either language."""
    for locale, link in (("en", "Look inside"), ("de", "Hineinsehen")):
        digits = open_page(live_server, viewport={"width": 1440, "height": 900}, locale=locale)
        digits.draw(STROKE)
        digits.expect_answer()
        digits.page.get_by_role("link", name=link).click()
        last = digits.page.locator("#panel-ff .contributions tr").last
        expect(last.locator(".total")).not_to_have_text("–")
        expect(last.locator(".total")).to_be_in_viewport(ratio=1)
        expect(digits.page.locator("#panel-ff .trace")).to_be_in_viewport(ratio=1)


def test_narrow_table_keeps_its_answers_in_sight(open_page: Callable[..., Digits], live_server: str) -> None:
    """At 320 px the units move sideways, which is said, under logit and probability that stay; no word is broken."""
    digits = open_page(live_server, viewport={"width": 320, "height": 640}, locale="de")
    digits.draw(STROKE)
    digits.expect_answer()
    panel = digits.open("Vorwärtsnetz")
    expect(panel.get_by_text("Schiebe die Tabelle seitwärts")).to_be_visible()
    row = panel.locator("[data-digit='3']")
    for place in (0, 500):
        panel.locator(".scroll").evaluate("(scroll, left) => { scroll.scrollLeft = left; }", place)
        row.locator(".total").scroll_into_view_if_needed()
        for part in (".total", ".probability"):
            expect(row.locator(part)).to_be_in_viewport(ratio=0.99)
    cut = "heads => heads.filter(head => head.scrollWidth > head.clientWidth).map(head => head.textContent)"
    assert [] == panel.locator(".whole th").evaluate_all(cut)


def test_numbers_behind_pictures(digits: Digits) -> None:
    """Every row of pictures has its numbers in a table."""
    panel = digits.open("Feed-forward net")
    panel.get_by_role("button", name="Numbers: Weights", exact=True).click()
    dialog = digits.page.get_by_role("dialog", name="Weights")
    expect(dialog.locator("tbody tr")).to_have_count(28)
    expect(dialog.locator("tbody tr").first.locator("td")).to_have_count(28)
    dialog.get_by_label("Which picture").select_option(label="Weights: Unit 8")
    expect(dialog.locator("caption")).to_have_text("Weights: Unit 8")
    colours = {}
    for cell in dialog.locator("tbody td").all()[:200]:
        text, colour = cell.evaluate("cell => [cell.textContent, getComputedStyle(cell).backgroundColor]")
        red, green, _ = map(float, re.findall(r"[\d.]+", colour)[:3])
        colours[text] = (float(text), green - red)
    assert {True, False} == {value > 0 for value, _ in colours.values() if abs(value) > 0.01}
    assert all((value > 0) == (greener > 0) for value, greener in colours.values() if abs(value) > 0.01)
    digits.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
