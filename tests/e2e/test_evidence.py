"""The evidence, looked at as a person would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import expect

from app.recognition import mnist, weights
from app.settings import ROOT
from tests.e2e.page import cells
from tests.e2e.shelf import framed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Route

    from tests.e2e.page import Digits

pytestmark = pytest.mark.browser


@pytest.mark.weights
def test_accuracy_and_confusion(open_page: Callable[..., Digits], committed_server: str) -> None:
    """Accuracy, accuracy per digit, confusion matrices and pen digits are those of the facts, beside guessing."""
    digits = open_page(committed_server)
    panel = digits.open("Evidence")
    expect(panel).to_contain_text("pays ln 10 = 2.303 per picture")
    known = [weights.read_facts(ROOT / "models", name) for name in ("ff", "cnn")]
    right = cells(panel.get_by_role("table", name=re.compile("10,000 test digits")))
    want = [[f"{facts['test']['accuracy']:.2%}".replace("%", " %"), f"{facts['test']['nll']:.3f}"] for facts in known]
    assert [["10.00 %", "2.303"], *want] == right
    recalls = cells(panel.get_by_role("table", name="Accuracy per digit"))
    for digit, row in enumerate(recalls):
        assert [f"{facts['test']['recall'][digit]:.2%}".replace("%", " %") for facts in known] == row
    for facts, name in zip(known, ("Feed-forward net", "Convolutional net"), strict=True):
        found = cells(panel.get_by_role("grid", name=name, exact=True))
        assert facts["test"]["confusion"] == [[int(cell.replace("·", "0")) for cell in row] for row in found]
    pens = panel.get_by_role("table", name=re.compile("^Other people"))
    expect(pens.locator("tbody tr")).to_have_count(len(known[0]["pen_digits"]))


@pytest.mark.weights
def test_small_tables_stand_beside_each_other(open_page: Callable[..., Digits], committed_server: str) -> None:
    """Where there is room, what is short does not leave half of the screen empty."""
    digits = open_page(committed_server, viewport={"width": 1440, "height": 900})
    panel = digits.open("Evidence")
    expect(panel.get_by_role("heading", name="What is no digit")).to_be_visible()
    script = "all => all.map((one) => [one.getBoundingClientRect().x, one.getBoundingClientRect().y])"
    guessing, per_digit, _, _, pens, no_digits, _ = panel.locator("h3").evaluate_all(script)
    for left, right in ((guessing, per_digit), (pens, no_digits)):
        assert left[0] < right[0]
        assert left[1] == right[1]


@pytest.mark.weights
def test_bars_tell_the_digits_apart(open_page: Callable[..., Digits], committed_server: str) -> None:
    """Each network's bars begin where its own digits differ, and its column says where."""
    digits = open_page(committed_server)
    table = digits.open("Evidence").get_by_role("table", name="Accuracy per digit")
    expect(table.get_by_role("columnheader").last).to_have_text(re.compile(r"^Convolutional net, bars from 9\d %$"))
    for name in ("ff", "cnn"):
        script = "all => all.map(cell => Number(cell.style.getPropertyValue('--share')))"
        shares = table.locator(f".accent-{name}").evaluate_all(script)
        assert 10 == len(shares)
        assert min(shares) > 0
        assert max(shares) - min(shares) > 0.2


@pytest.mark.weights
def test_confusions_are_explained(open_page: Callable[..., Digits], committed_server: str) -> None:
    """The cell under the pointer or the finger, or reached by key, says in a sentence what it counts."""
    digits = open_page(committed_server, has_touch=True)
    counts = weights.read_facts(ROOT / "models", "ff")["test"]["confusion"]
    grid = digits.open("Evidence").get_by_role("grid", name="Feed-forward net", exact=True)
    words = digits.page.locator(".confused").first
    cell = grid.locator("tbody tr").nth(4).locator("td").nth(9)
    cell.hover()
    expect(words).to_have_text(f"4 misread as 9: {counts[4][9]} ×")
    grid.locator("tbody tr").nth(2).locator("td").nth(2).tap()
    expect(words).to_have_text(f"2 read as 2: {counts[2][2]} ×")
    expect(grid.locator("td[tabindex='0']")).to_have_count(1)
    grid.locator("td[tabindex='0']").focus()
    for key in ("ArrowDown", "End", "ArrowUp"):
        digits.page.keyboard.press(key)
    row, column = (int(at) for at in re.findall(r"\d", words.inner_text())[:2])
    assert 9 == column
    expect(words).to_have_text(f"{row} misread as 9: {counts[row][9]} ×")
    expect(digits.page.get_by_role("gridcell", name=words.inner_text()).first).to_be_focused()


@pytest.mark.parametrize("title", ["Evidence", "The data"])
@pytest.mark.parametrize("way", ["button", "tab"])
def test_panels_recover(digits: Digits, title: str, way: str) -> None:
    """Where the server did not answer, the panel says so; Try again, or opening it anew, brings what it shows."""
    digits.forgive("Failed to load resource")
    paths = ("**/models", "**/data/mnist")
    for path in paths:
        digits.page.route(path, lambda route: route.abort())
    panel = digits.open(title)
    again = panel.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    for path in paths:
        digits.page.unroute(path)
    if way == "button":
        again.focus()
        digits.page.keyboard.press("Enter")
    else:
        digits.open("Break it")
        digits.open(title)
    there = "A random test digit onto the pad" if title == "Evidence" else "Onto the pad"
    expect(panel.get_by_role("button", name=there)).to_be_visible()
    expect(again).to_have_count(0)
    if way == "button":
        assert digits.page.locator(":focus").evaluate("element => element.closest('[role=tabpanel]') !== null")


def test_a_failure_in_sight_waits_for_its_reader(digits: Digits) -> None:
    """However late the browser says that the failed panel is in sight, it is not asked anew under the reader's hand."""
    digits.forgive("Failed to load resource")
    digits.page.evaluate("""() => {
        const Prompt = globalThis.IntersectionObserver;
        const { promise, resolve } = Promise.withResolvers();
        globalThis.told = promise;
        globalThis.IntersectionObserver = class extends Prompt {
            constructor(callback, options) {
                super((entries) => setTimeout(() => { callback(entries); setTimeout(resolve, 200); }, 500), options);
            }
        };
    }""")
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    digits.page.route("**/models", refuse)
    panel = digits.open("Evidence")
    expect(panel.get_by_role("button", name="Try again")).to_be_visible()
    digits.page.evaluate("() => globalThis.told")
    assert [f"{digits.server}/models"] == asked


@pytest.mark.weights
def test_about_the_networks(open_page: Callable[..., Digits], committed_server: str) -> None:
    """What is known of a network is told, whatever its facts hold; what is not there is not shown."""
    digits = open_page(committed_server)
    known = weights.read_facts(ROOT / "models", "ff")
    rejection = {"threshold": 0.25, "digits_pass": {"MNIST": 0.987}, "letters_pass": 0.0312}
    letters = {"letters": {"count": 520, "passed": 0.041}}
    more = {
        "ff": {**known, "non_digits": letters, "rejection": rejection, "seeds": {"mean": 0.9381, "deviation": 0.0012}},
        "cnn": {},
    }
    digits.page.route("**/models", lambda route: route.fulfill(json=more))
    panel = digits.open("Evidence")
    panel.get_by_text("Facts: Feed-forward net").click()
    facts = panel.locator(".about").first
    for text in (
        "letters pass\n3.12 %",
        "MNIST\n98.70 %",
        "threshold\n0.2500",
        "calibration error",
        "mean\n93.81 %",
    ):
        expect(facts).to_contain_text(text, use_inner_text=True)
    assert [["4.10 %", "–"]] == cells(panel.get_by_role("table", name="What is no digit"))
    expect(panel.locator(".about").last).not_to_contain_text("rejection")


@pytest.mark.weights
def test_facts_say_what_was_learnt_from(open_page: Callable[..., Digits], committed_server: str) -> None:
    """Epochs, what one consists of, and the framing's ranges are told; a network that judges another has its name."""
    digits = open_page(committed_server)
    known = weights.read_facts(ROOT / "models", "ff")
    panel = digits.open("Evidence")
    panel.get_by_text("Facts: Feed-forward net").click()
    facts = panel.locator(".about").first
    for text in (
        f"epochs\n{known['training']['epochs']}",
        "width of strokes, px\n{} … {}".format(*known["framing"]["stroke"]),
        f"pictures per epoch\n{known['data']['training']['count']:,}",
        "MNIST training digits (2 × 55,000)",
        "told from what is no digit by\nConvolutional net",
    ):
        expect(facts).to_contain_text(text.replace(" × ", "\u00a0×\u00a0"), use_inner_text=True)


def test_hardest_digit_onto_the_pad(digits: Digits, tiny_mnist: Path) -> None:
    """A hardest test digit is put on the pad exactly as it is in MNIST, with its true label; clear takes it off."""
    panel = digits.open("Evidence")
    listed = panel.get_by_role("list", name="Convolutional net").get_by_role("listitem").first
    tile = listed.get_by_role("button")
    expect(tile).to_be_visible()
    name = tile.get_attribute("aria-label") or ""
    found = re.fullmatch(r"Put on the pad: (MNIST test digit (\d+): its writer meant a (\d)), read as (\d)", name)
    assert found
    expect(listed).to_have_text(f"{found[3]} → {found[4]}")
    tile.click()
    digits.expect_answer()
    test = mnist.read(tiny_mnist, "test")
    index = int(found[2])
    assert int(test.labels[index]) == int(found[3])
    np.testing.assert_allclose(digits.inspect()["frame"], framed(test.frames[index]), atol=1e-6)
    expect(digits.page.locator("#origin")).to_have_text(found[1])
    digits.page.reload()
    digits.expect_answer()
    expect(digits.page.locator("#origin")).to_contain_text("its writer meant a")
    digits.button("Clear").click()
    digits.expect_blank()
    digits.button("Undo").click()
    digits.expect_answer()


def test_random_digit_onto_the_pad(digits: Digits) -> None:
    """A random test digit comes with its true label, and can be drawn over."""
    panel = digits.open("Evidence")
    panel.get_by_role("button", name="A random test digit onto the pad").click()
    digits.expect_answer()
    expect(digits.page.locator("#origin")).to_have_text(re.compile(r"^MNIST test digit \d+: its writer meant a \d$"))
    before = digits.inspect()["frame"]
    digits.draw(((0.2, 0.9), (0.8, 0.9)))
    digits.expect_answer()
    assert before != digits.inspect()["frame"]
