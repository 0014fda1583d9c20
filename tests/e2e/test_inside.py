"""The panels that show how the networks think, used as a person would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from playwright.sync_api import expect

from app.recognition import weights
from app.settings import ROOT
from tests.e2e.test_page import OTHER, STROKE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Route

    from tests.e2e.conftest import Digits

pytestmark = pytest.mark.browser


def figures(row: Locator) -> list[float]:
    """Return the numbers of a table's row."""
    return [float(text.replace(" %", "")) for text in row.locator("td.figure").all_inner_texts()]


def test_one_question_feeds_everything(digits: Digits) -> None:
    """Cards and panels come from the same answer of POST /inspect, and nothing else is asked while one draws."""
    digits.open("Feed-forward net")
    before = len(digits.asked)
    digits.draw(STROKE)
    digits.expect_answer()
    assert len(digits.asked) > before
    assert {"/inspect"} == {re.sub(r"^.*?://[^/]+|\?.*", "", url) for url in digits.asked}
    answer = digits.inspect(layers_of=["ff", "cnn"])
    for name in ("ff", "cnn"):
        assert digits.bars(name) == pytest.approx(answer["networks"][name]["probabilities"], abs=6e-5)
        assert answer["networks"][name]["layers"]


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


def test_legends_agree_and_say_what_is_clipped(digits: Digits, models_dir: Path) -> None:
    """The same weights have the same scale in every panel; an end beyond which there are numbers says so."""
    digits.draw(STROKE)
    digits.expect_answer()
    own = weights.read(models_dir, "ff").network.state_dict()["layers.1.weight"].numpy()
    legend = digits.open("Feed-forward net").get_by_role("img", name=re.compile("^Weights: colours"))
    expect(legend).to_contain_text(re.compile(r"≥ \d"))
    most = float(legend.inner_text().split("≥")[1])
    assert 0.005 < np.mean(np.abs(own) > most) < 0.015
    cnn = digits.open("Convolutional net")
    for kind in (r"^Kernels: colours", r"^Maps, after ReLU: colours from 0 to"):
        expect(cnn.get_by_role("img", name=re.compile(kind))).to_have_count(3)
    expect(cnn.get_by_role("img", name=re.compile("^Logits: colours"))).to_be_visible()
    expect(cnn.get_by_role("img", name=re.compile("^Values, after ReLU: colours from 0"))).to_be_visible()


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


@pytest.mark.parametrize("way", ["hover", "focus"])
def test_tracing(digits: Digits, way: str) -> None:
    """Pointing at a unit or a digit, or tabbing to it, follows it through the net and says its sum."""
    panel = digits.open("Feed-forward net")
    digits.draw(STROKE)
    digits.expect_answer()
    trace = panel.locator(".trace")
    getattr(panel.get_by_role("button", name="Unit 2", exact=True), way)()
    expect(trace).to_contain_text(re.compile(r"Unit 2 sums weight × input over all pixels: -?\d+\.\d\d"))
    assert 1 + 2 + 3 + 1 + 10 == panel.locator(".whole :is(td, th).is-traced").count()
    getattr(panel.get_by_role("button", name="7", exact=True), way)()
    expect(trace).to_contain_text(re.compile(r"^For the 7: .* = -?\d+\.\d\d\. Softmax"))
    expect(panel.locator("tr.is-traced")).to_have_count(1)


def test_tracing_from_any_cell(digits: Digits) -> None:
    """A picture or a number is followed as well as its unit's name is; a click keeps it; the input stays as it is."""
    panel = digits.open("Feed-forward net")
    digits.draw(STROKE)
    digits.expect_answer()
    trace = panel.locator(".trace")
    for picture in ("Weights, Unit 3", "Weight × input, Unit 3"):
        panel.get_by_role("img", name=picture, exact=True).hover()
        expect(trace).to_contain_text("Unit 3 sums weight × input")
        digits.page.mouse.move(0, 0)
        expect(trace).to_contain_text("Point at a unit")
    panel.locator(".step-sum td").nth(4).hover()
    expect(trace).to_contain_text("Unit 5 sums weight × input")
    source = panel.get_by_role("img", name="The input: 784 pixels")
    assert "1" == source.evaluate("canvas => getComputedStyle(canvas).opacity")
    panel.locator("[data-digit='6'] td").nth(1).click()
    digits.page.mouse.move(0, 0)
    expect(trace).to_have_text(re.compile(r"^Unit 2 hands on .* for the 6, -?\d\.\d{3}, it adds -?\d+\.\d\d to"))
    panel.locator("[data-digit='6'] .total").hover()
    expect(trace).to_contain_text("For the 6:")


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


def test_weights_that_do_not_come_are_asked_for_again(digits: Digits) -> None:
    """The panel says that the weights did not arrive, and has them after the next stroke."""
    digits.forgive("503")
    digits.page.route("**/models/ff/weights", lambda route: route.fulfill(status=503))
    panel = digits.open("Feed-forward net")
    alert = panel.get_by_role("alert")
    expect(alert).to_contain_text("did not arrive")
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


def test_numbers_behind_pictures(digits: Digits) -> None:
    """Every row of pictures has its numbers in a table."""
    panel = digits.open("Feed-forward net")
    panel.get_by_role("button", name="Numbers: Weights", exact=True).click()
    dialog = digits.page.get_by_role("dialog", name="Weights")
    expect(dialog.locator("tbody tr")).to_have_count(28)
    expect(dialog.locator("tbody tr").first.locator("td")).to_have_count(28)
    dialog.get_by_label("Which picture").select_option(label="Weights: Unit 8")
    expect(dialog.locator("caption")).to_have_text("Weights: Unit 8")
    digits.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def terms(panel: Locator) -> tuple[list[float], float, float]:
    """Return the parts of the sum that is shown, its bias and its total."""
    texts = panel.locator(".terms .figure").all_inner_texts()
    *parts, bias, total = map(float, texts)
    return parts, bias, total


def test_pointing_at_a_cell_shows_where_it_came_from(digits: Digits) -> None:
    """The maps shrink from 28 to 4; a cell's patch, its parts and their sum are the network's."""
    panel = digits.open("Convolutional net")
    digits.draw(STROKE)
    digits.expect_answer()
    layers = digits.inspect()["networks"]["cnn"]["layers"]
    for stage, (side, patch) in enumerate(((14, 6), (7, 16), (4, 28))):
        canvas = panel.get_by_role("application", name=re.compile(f"Stage {stage + 1}, map 3, {side} by {side}"))
        expect(canvas).to_have_js_property("width", side)
        box = canvas.bounding_box()
        assert box is not None
        row, column = side // 2, side // 2 - 1
        at = {"x": (column + 0.5) * box["width"] / side, "y": (row + 0.5) * box["height"] / side}
        canvas.hover(position={"x": at["x"], "y": at["y"]})
        expect(panel.locator(".origin h3")).to_have_text(
            f"Stage {stage + 1}, map 3, row {row + 1}, column {column + 1}"
        )
        sums = np.reshape(layers[3 * stage]["values"], layers[3 * stage]["shape"])[2]
        block = sums[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
        parts, bias, total = terms(panel)
        assert (1 if stage == 0 else 8) == len(parts)
        assert round(sum(parts) + bias, 6) == total
        assert total == pytest.approx(block.max(), abs=0.0051)
        if stage < 2:
            expect(panel.locator(".origin-words [role=log]")).to_contain_text(f"It looks at {patch} × {patch} pixels")
        expect(panel.locator(".patch")).to_be_visible()


def test_maps_by_keyboard(digits: Digits) -> None:
    """The arrow keys lead from cell to cell, over to the next map and down to the outputs, with sums on the way."""
    panel = digits.open("Convolutional net")
    digits.draw(STROKE)
    digits.expect_answer()
    panel.locator("canvas.cells[tabindex='0']").focus()
    title = panel.locator(".origin h3")
    expect(title).to_have_text("Stage 1, map 1, row 8, column 8")
    for _ in range(7):
        digits.page.keyboard.press("ArrowRight")
    expect(title).to_have_text("Stage 1, map 2, row 8, column 1")
    for _ in range(7 + 7 + 4):
        digits.page.keyboard.press("ArrowDown")
    expect(title).to_have_text("Hidden unit 1")
    parts, bias, total = terms(panel)
    assert 8 == len(parts)
    assert round(sum(parts) + bias, 6) == total
    digits.page.keyboard.press("ArrowDown")
    expect(title).to_have_text("Output for the 0")
    parts, bias, total = terms(panel)
    assert round(sum(parts) + bias, 6) == total
    logits = digits.inspect()["networks"]["cnn"]["layers"][12]["values"]
    assert total == pytest.approx(logits[0], abs=0.0051)


def test_a_map_that_is_off_says_so(digits: Digits) -> None:
    """A map or a unit that is switched off is marked, alone, and its sum is not said to be what ReLU handed on."""
    digits.draw(STROKE)
    digits.expect_answer()
    units = digits.open("Break it")
    for name in ("Convolutional, stage 2, map 2", "Convolutional, hidden unit 1"):
        units.get_by_role("button", name=name, exact=True).click()
    digits.expect_answer()
    panel = digits.open("Convolutional net")
    expect(panel.locator(".stage-1 .is-off")).to_have_text("2 · off")
    expect(panel.locator(".values-3 .is-off")).to_have_text(re.compile(r"^1.*off$"))
    expect(panel.locator(".is-off")).to_have_count(2)
    words = panel.locator(".origin-words [role=log]")
    panel.get_by_role("application", name=re.compile("Stage 2, map 2,")).hover()
    expect(words).to_contain_text("But this map is switched off, so it hands on 0.00.")
    panel.locator(".values-3 .is-off").click()
    expect(words).to_contain_text("But this unit is switched off, so it hands on 0.00.")
    panel.get_by_role("application", name=re.compile("Stage 2, map 3,")).hover()
    expect(words).to_contain_text("ReLU hands on")


def test_outputs_have_probabilities_and_silent_maps_a_word(digits: Digits) -> None:
    """Under the outputs stand logits and probabilities, hidden values are numbered, a map of nothing but 0 says so."""
    panel = digits.open("Convolutional net")
    digits.draw(STROKE)
    digits.expect_answer()
    answer = digits.inspect()["networks"]["cnn"]
    outputs = panel.locator(".values-4 li")
    expect(outputs).to_have_count(10)
    expect(outputs.first).to_contain_text("%")
    for digit, item in enumerate(outputs.all()):
        name, logit, percent = item.locator(":scope > *").all_inner_texts()
        assert str(digit) == name
        assert float(logit) == pytest.approx(answer["layers"][12]["values"][digit], abs=0.051)
        assert float(percent.removesuffix(" %")) == pytest.approx(100 * answer["probabilities"][digit], abs=1)
    assert [str(unit + 1) for unit in range(16)] == panel.locator(".values-3 li b").all_inner_texts()
    for stage in range(3):
        given = answer["layers"][3 * stage + 2]
        maps = np.reshape(given["values"], given["shape"])
        silent = [f"{number + 1} · silent" if not one.any() else str(number + 1) for number, one in enumerate(maps)]
        assert silent == panel.locator(f".stage-{stage} .map-mark").all_inner_texts()


def test_maps_for_fingers(open_page: Callable[..., Digits], live_server: str) -> None:
    """On a small touch screen a tapped map is shown large, and what a cell came from right below, its sum first."""
    digits = open_page(live_server, viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    digits.draw(STROKE)
    digits.expect_answer()
    panel = digits.open("Convolutional net")
    for stage, side in enumerate((14, 7, 4)):
        canvas = panel.get_by_role("application", name=re.compile(f"Stage {stage + 1}, map 6, "))
        canvas.tap()
        expect(panel.locator(f".stage-{stage} .is-chosen")).to_be_visible()
        box = canvas.bounding_box()
        assert box is not None
        cell = box["width"] / side
        assert cell > 18
        canvas.tap(position={"x": 2.5 * cell, "y": 1.5 * cell})
        expect(panel.locator(".origin h3")).to_have_text(f"Stage {stage + 1}, map 6, row 2, column 3")
        expect(panel.locator(".brief")).to_have_text(re.compile(r"^-?\d+\.\d\d \+ bias -?\d+\.\d\d = -?\d+\.\d\d$"))
        expect(panel.locator(".brief")).to_be_in_viewport(ratio=0.9)
        card = panel.locator(".origin")
        assert card.evaluate("card => card.scrollHeight <= card.clientHeight && card.scrollWidth <= card.clientWidth")
        below = card.bounding_box()
        assert below is not None
        assert 0 <= below["y"] - (box["y"] + box["height"]) < 400
    assert 320 == digits.page.evaluate("document.documentElement.scrollWidth")


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
    expect(panel.locator(".film-moment")).to_have_text(re.compile(r"After 0 images\. Untrained"))
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
    assert digits.bars("cnn") == pytest.approx(served, abs=6e-5)


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
    panel.get_by_role("button", name="Play").click()
    expect(marker).to_have_attribute("data-images", re.compile(r"^\d{1,4}$"))  # it began early …
    expect(marker).to_have_attribute("data-images", re.compile(r"^\d{5,6}$"))  # … and moves on
    panel.get_by_role("button", name="Pause").click()
    held = marker.get_attribute("data-images")
    digits.page.wait_for_timeout(900)
    assert held == marker.get_attribute("data-images")


SCREENS = [(320, 640), (768, 1024), (1440, 900)]


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
    for words in ("Cost", "Images seen", "ln 10", "100 k"):
        text = chart.locator("text", has_text=words)
        expect(text).to_be_visible()
        box = text.bounding_box()
        assert box is not None
        assert box["height"] >= 12
        assert box["x"] + box["width"] <= 320
    assert chart.locator("text").evaluate_all("all => all.filter(one => one.textContent === '1').length") == 1
    assert chart.locator("text").count() > 8


@pytest.mark.weights
@pytest.mark.parametrize("way", ["button", "tab"])
def test_charts_come_once_the_server_is_back(open_page: Callable[..., Digits], committed_server: str, way: str) -> None:
    """Where the facts did not come, the film says so; Try again, or opening it anew, brings the charts."""
    digits = open_page(committed_server)
    digits.forgive("Failed to load resource")
    digits.page.route("**/models", lambda route: route.abort())
    panel = digits.open("Training")
    again = panel.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    expect(panel.locator(".chart").first).to_be_hidden()
    digits.page.unroute("**/models")
    if way == "button":
        again.click()
    else:
        digits.open("Break it")
        digits.open("Training")
    expect(panel.locator(".chart").first).to_be_visible()
    expect(again).to_have_count(0)


def test_film_is_calm_for_those_who_want_it(open_page: Callable[..., Digits], live_server: str) -> None:
    """With reduced motion nothing moves by itself, and the film steps slowly."""
    digits = open_page(live_server, reduced_motion="reduce")
    panel = digits.open("Training")
    digits.draw(STROKE)
    assert "0s" == digits.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--quick').trim()")
    panel.get_by_role("button", name="Play").click()
    expect(panel.locator(".film-moment")).to_have_text(re.compile("After 0 images"))
    digits.page.wait_for_timeout(700)
    expect(panel.locator(".film-moment")).to_have_text(re.compile("After 0 images"))


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
    digits.page.wait_for_timeout(100)
    slider.fill("1")
    digits.expect_answer()
    second = digits.inspect(checkpoint="1")["networks"]["ff"]["probabilities"]
    assert 1 == len(waiting)
    assert digits.bars("ff") == pytest.approx(second, abs=6e-5)


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
    assert digits.ink() == ink


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
    assert found["intact"] == pytest.approx(ff, abs=6e-5)
    assert digits.bars("cnn") == pytest.approx(cnn, abs=6e-5)
    expect(panel.locator(".mini-ff .is-compared")).to_have_count(10)
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
    assert digits.bars("ff") == pytest.approx(ff, abs=6e-5)


def test_reload_keeps_what_is_looked_at(digits: Digits) -> None:
    """After a reload the trace pinned in one network and the cell chosen in the other are explained as before."""
    digits.draw(STROKE, OTHER)
    digits.expect_answer()
    digits.open("Feed-forward net").locator("[data-digit='6'] td").nth(1).click()
    digits.page.mouse.move(0, 0)
    cells = digits.open("Convolutional net").locator(".stage-1 canvas.cells").nth(3)
    cells.click(position={"x": 5, "y": 5})
    digits.page.mouse.move(0, 0)
    explained = digits.page.locator("#panel-cnn .origin").inner_text()
    assert "stage 2, map 4" in explained.lower()
    digits.page.reload()
    digits.expect_answer()
    expect(digits.open("Convolutional net").locator(".origin")).to_have_text(explained, use_inner_text=True)
    expect(digits.open("Feed-forward net").locator(".trace")).to_contain_text(
        re.compile("^Unit 2 hands on .* for the 6")
    )


def test_reload_keeps_the_settings(digits: Digits) -> None:
    """After a reload the same panel is open, and the same units are off."""
    digits.draw(STROKE, OTHER)
    panel = digits.open("Break it")
    panel.get_by_role("button", name="Convolutional, stage 2, map 4", exact=True).click()
    panel.get_by_label("Raw input").check()
    digits.expect_answer()
    before = digits.bars("cnn")
    digits.page.reload()
    digits.expect_answer()
    assert digits.bars("cnn") == pytest.approx(before, abs=6e-5)
    panel = digits.open("Break it")
    expect(panel.get_by_label("Raw input")).to_be_checked()
    expect(panel.get_by_role("button", name="Convolutional, stage 2, map 4", exact=True)).to_have_attribute(
        "aria-pressed", "false"
    )
