"""The panel that shows how the convolutional net thinks, used as a person would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import expect

from app.recognition import weights
from app.settings import ROOT
from tests.e2e.drawings import STROKE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.e2e.page import Digits

pytestmark = pytest.mark.browser


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
            words = panel.locator(".origin-words [role=log]")
            expect(words).to_contain_text(f"It looks at {patch} × {patch} pixels")
            expect(words).to_contain_text("Of the sums of 4 neighbouring 5 × 5 patches")
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
        assert float(percent.strip("<> %")) == pytest.approx(100 * answer["probabilities"][digit], abs=0.1)
    assert [str(unit + 1) for unit in range(16)] == panel.locator(".values-3 li b").all_inner_texts()
    for stage in range(3):
        given = answer["layers"][3 * stage + 2]
        maps = np.reshape(given["values"], given["shape"])
        silent = [f"{number + 1} · silent" if not one.any() else str(number + 1) for number, one in enumerate(maps)]
        assert silent == panel.locator(f".stage-{stage} .map-mark").all_inner_texts()


@pytest.mark.weights
@pytest.mark.parametrize("judge", [True, False])
def test_outputs_say_whether_it_is_a_digit_at_all(
    open_page: Callable[..., Digits], committed_server: str, *, judge: bool
) -> None:
    """Where the network learnt to tell, its outputs say what they tell, as their logits have it; else nothing."""
    digits = open_page(committed_server)
    facts = {name: weights.read_facts(ROOT / "models", name) for name in ("ff", "cnn")}
    facts["cnn"]["judge"] = judge
    digits.page.route("**/models", lambda route: route.fulfill(json=facts))
    panel = digits.open("Convolutional net")
    digits.draw(((0.5, 0.2), (0.3, 0.8)), ((0.5, 0.2), (0.7, 0.8)), ((0.38, 0.58), (0.62, 0.58)))
    digits.expect_answer()
    expect(panel.locator(".values-4 li").first).to_contain_text("%")
    words = panel.locator(".at-all")
    if not judge:
        expect(words).to_be_hidden()
        return
    answer = digits.inspect()["networks"]["cnn"]
    powers = np.exp(answer["layers"][12]["values"]).sum()
    assert answer["evidence"] == pytest.approx(powers / (1 + powers), abs=0.001)
    expect(words).to_have_text(
        re.compile(f"^A digit at all: {100 * answer['evidence']:.1f} %. .* how high the ten logits")
    )


def test_numbers_of_kernels_say_which_map_they_look_at(digits: Digits) -> None:
    """From stage 2 on a map's eight kernels are set apart, and named after the map that each looks at."""
    panel = digits.open("Convolutional net")
    digits.draw(STROKE)
    digits.expect_answer()
    panel.get_by_role("button", name=re.compile("Numbers: Stage 2")).click()
    dialog = digits.page.get_by_role("dialog")
    dialog.get_by_label("Which picture").select_option(label="Stage 2, kernels of map 1")
    heads = dialog.locator("tbody th[scope=rowgroup]")
    expect(heads).to_have_text([f"from map {number + 1}" for number in range(8)])
    assert [str(row + 1) for row in range(5)] * 8 == dialog.locator("tbody th[scope=row]").all_inner_texts()


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
