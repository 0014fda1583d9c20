"""What leaves the page, and comes back by a link, as a person would do it."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from app.recognition import ink
from tests.e2e.drawings import OTHER, STROKE, WRITTEN
from tests.e2e.page import CLIPBOARD
from tests.e2e.photos import accept, photo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.page import Digits

pytestmark = pytest.mark.browser


def test_link_holds_drawing_and_settings(open_page: Callable[..., Digits], live_server: str) -> None:
    """A link reopens the same drawing and settings; panels that a teacher hides stay hidden, even reloaded."""
    digits = open_page(live_server, **CLIPBOARD)
    digits.draw(STROKE, OTHER)
    panel = digits.open("Break it")
    panel.get_by_role("button", name="Feed-forward, hidden unit 3", exact=True).click()
    panel = digits.open("Pass it on")
    for hidden in ("Training", "Evidence", "Feed-forward net"):
        panel.get_by_label(hidden, exact=True).uncheck()
    panel.get_by_role("button", name="Copy link").click()
    expect(panel.get_by_role("status")).to_have_text("Link copied")
    link = digits.page.evaluate("navigator.clipboard.readText()")
    digits.page.reload()
    for hidden in ("Training", "Evidence", "Feed-forward net"):
        expect(panel.get_by_label(hidden, exact=True)).not_to_be_checked()
    assert link == panel.get_by_label("Link", exact=True).input_value()
    digits.expect_answer()
    other = open_page(link)
    other.expect_answer()
    for name in ("ff", "cnn"):
        assert other.bars(name) == pytest.approx(digits.bars(name), abs=0.02)
    expect(other.page.get_by_role("button", name="1 unit off – back to normal")).to_be_visible()
    for _ in range(2):
        expect(other.page.get_by_role("tab")).to_have_count(4)
        expect(other.page.get_by_role("tab", name="Training")).to_have_count(0)
        other.page.reload()
    other.expect_answer()


@pytest.mark.parametrize("leads", ["Look inside", "Deutsch"])
def test_links_at_the_top_keep_what_is_hidden(open_page: Callable[..., Digits], live_server: str, leads: str) -> None:
    """Neither the way to the panels nor another language shows what a teacher's link keeps back."""
    digits = open_page(f"{live_server}/#hide=ff,evidence&raw=1")
    digits.page.get_by_role("link", name=leads).click()
    for _ in range(2):
        expect(digits.page.get_by_role("tab")).to_have_count(5)
        digits.page.reload()
    expect(digits.page.locator("#inside")).to_be_in_viewport() if leads == "Look inside" else None


@pytest.mark.weights
def test_link_holds_a_picture(open_page: Callable[..., Digits], committed_server: str) -> None:
    """A photo with strokes over it comes out of a link as what it was: read alike, named alike, as movable."""
    digits = open_page(committed_server, **CLIPBOARD)
    digits.choose("a photo", "image/jpeg", photo("JPEG"))
    accept(digits)
    expect(digits.card("cnn")).to_have_attribute("data-digit", "7")
    digits.draw(((0.3, 0.5), (0.6, 0.5)))
    digits.expect_answer()
    digits.button("Copy a link to this drawing").click()
    other = open_page(digits.page.evaluate("navigator.clipboard.readText()"))
    other.expect_answer()
    expect(other.page.locator("#origin")).to_have_text("a photo – with your strokes")
    assert digits.card("cnn").get_attribute("data-digit") == other.card("cnn").get_attribute("data-digit")
    ours, theirs = (np.array(page.inspect()["frame"]) for page in (digits, other))
    assert np.abs(ours - theirs).mean() < 0.03


def test_downloads(digits: Digits) -> None:
    """The drawing is saved as a PNG that is read alike, the frame as the very one that the networks saw."""
    digits.draw(*WRITTEN[3])
    panel = digits.open("Pass it on")
    digits.expect_answer()
    frame = np.array(digits.inspect()["frame"])
    files = {}
    for name in ("Drawing as PNG", "Frame as PNG"):
        with digits.page.expect_download() as download:
            panel.get_by_role("button", name=name).click()
        files[name] = download.value.path().read_bytes()
    saved = np.asarray(Image.open(io.BytesIO(files["Frame as PNG"])).convert("L"))
    np.testing.assert_allclose(frame * 255, saved, atol=0.51)
    again = ink.frame(ink.read_png(files["Drawing as PNG"]))
    assert again is not None
    assert np.abs(again - frame).mean() < 0.02


def run(command: list[str], folder: Path) -> str:
    """Run a command; return what it printed."""
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.parametrize("way", ["curl", "Python"])
def test_copied_requests_run(open_page: Callable[..., Digits], live_server: str, tmp_path: Path, way: str) -> None:
    """The request for a terminal or for Python is the page's own, settings included, and gets the same answer."""
    if way == "curl" and shutil.which("curl") is None:
        pytest.skip("curl is missing")
    digits = open_page(live_server, **CLIPBOARD)
    digits.draw(STROKE)
    digits.open("Break it").get_by_label("Raw input").check()
    digits.expect_answer()
    panel = digits.open("Pass it on")
    panel.get_by_role("button", name=f"Copy as {way}").click()
    expect(panel.get_by_role("status")).to_have_text("Copied.")
    text = digits.page.evaluate("navigator.clipboard.readText()")
    assert "normalize=false" in text
    digits.expect_answer()
    shown = {name: digits.card(name).get_attribute("data-digit") for name in ("ff", "cnn")}
    if way == "curl":
        answer: dict[str, Any] = json.loads(run(["bash", "-c", text], tmp_path))
        assert shown == {name: str(network["digit"]) for name, network in answer["networks"].items()}
        for name, network in answer["networks"].items():
            assert digits.bars(name) == pytest.approx(network["probabilities"], abs=6e-5)
    else:
        lines = run([sys.executable, "-c", text], tmp_path).splitlines()
        assert shown == {name: digit for name, digit, _ in map(str.split, lines)}


def test_without_a_clipboard_the_text_is_there(digits: Digits) -> None:
    """Where the browser does not let the page copy, the text stands below, selected."""
    digits.page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    digits.page.reload()
    digits.draw(STROKE)
    panel = digits.open("Pass it on")
    panel.get_by_role("button", name="Copy as curl").click()
    expect(panel.get_by_role("status")).to_contain_text("copy the text below")
    expect(panel.get_by_label("Copied text")).to_have_value(re.compile("^base64 -d"))


def test_without_a_clipboard_the_link_is_in_the_address(digits: Digits) -> None:
    """There it stays for as long as it shows what is on the pad; a reload brings back what was drawn since."""
    digits.page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    digits.page.reload()
    digits.draw(STROKE)
    digits.button("Copy a link to this drawing").click()
    expect(digits.page.locator("#share")).to_have_text("The link is in the address bar")
    linked = digits.ink()
    assert "#ink=" in digits.page.url
    digits.page.reload()
    assert linked == pytest.approx(digits.ink(), rel=0.02)  # a link rounds
    digits.button("Clear").click()
    assert "#" not in digits.page.url
    digits.draw(STROKE, OTHER)
    drawn = digits.ink()
    digits.page.reload()
    assert drawn == digits.ink() > linked


def test_what_is_hidden_stays_so_in_links(open_page: Callable[..., Digits], live_server: str) -> None:
    """Who passes on a page with hidden panels passes them on hidden, whatever was chosen before, unless chosen anew."""
    digits = open_page(live_server)
    digits.open("Pass it on").get_by_label("Training", exact=True).uncheck()
    digits.page.goto("about:blank")
    digits.page.goto(f"{live_server}/#hide=film")
    panel = digits.open("Pass it on")
    link = panel.get_by_label("Link", exact=True)
    expect(panel.get_by_label("Training", exact=True)).not_to_be_checked()
    expect(link).to_have_value(re.compile("hide=film"))
    panel.get_by_label("Training", exact=True).check()
    expect(link).not_to_have_value(re.compile("hide"))
