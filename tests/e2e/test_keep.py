"""What comes onto the pad from outside, and what leaves the page, as a person would do it."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import expect

from app.recognition import ink
from tests.e2e.drawings import OTHER, STROKE, WRITTEN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Digits

pytestmark = pytest.mark.browser

CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}


def photo(kind: str) -> bytes:
    """Return a picture of a 7 on paper as a phone would take it: uneven light, blur, not square."""
    light = np.linspace(150, 235, 600)[:, None] + np.linspace(0, 15, 800)[None, :]  # (600, 800)
    paper = Image.fromarray(light.astype(np.uint8)).convert("RGB")
    ImageDraw.Draw(paper).line([(300, 170), (500, 165), (390, 470)], fill=(40, 40, 90), width=26, joint="curve")
    buffer = io.BytesIO()
    paper.filter(ImageFilter.GaussianBlur(2)).save(buffer, format=kind)
    return buffer.getvalue()


def accept(digits: Digits) -> None:
    """Take the picture as it was cut out."""
    dialog = digits.page.get_by_role("dialog", name="Cut out the digit")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Use this").click()
    expect(dialog).to_have_count(0)


@pytest.mark.weights
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_choosing_a_photo(open_page: Callable[..., Digits], committed_server: str, kind: str) -> None:
    """A photo of paper in any format is cut out, sent as a PNG, read, and still there after a reload."""
    digits = open_page(committed_server)
    digits.choose("seven", f"image/{kind.lower()}", photo(kind))
    accept(digits)
    expect(digits.card("cnn")).to_have_attribute("data-digit", "7")
    expect(digits.page.locator("#origin")).to_have_text("seven")
    digits.page.reload()
    expect(digits.card("cnn")).to_have_attribute("data-digit", "7")


SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><rect width="200" height="200" fill="#fff"/>
<path d="M60 40H140L95 160" fill="none" stroke="#000" stroke-width="16"/></svg>"""


@pytest.mark.weights
def test_choosing_a_drawing_without_pixels(open_page: Callable[..., Digits], committed_server: str) -> None:
    """An SVG, which the service itself would refuse, is turned into a PNG as well."""
    digits = open_page(committed_server)
    digits.choose("seven.svg", "image/svg+xml", SVG)
    accept(digits)
    expect(digits.card("cnn")).to_have_attribute("data-digit", "7")


PASTE = """([kind, bytes]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(bytes), c => c.charCodeAt(0))], "pasted", { type: "image/jpeg" }));
    const at = kind === "paste" ? document.body : document.querySelector("#pad");
    const event = kind === "paste" ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true })
        : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
    at.dispatchEvent(event); }"""


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_pasting_and_dropping(digits: Digits, kind: str) -> None:
    """A picture from the clipboard, or dropped, is put on the pad; undo brings back what was there."""
    digits.draw(STROKE)
    digits.expect_answer()
    before = digits.inspect()["frame"]
    digits.page.evaluate(PASTE, [kind, base64.b64encode(photo("JPEG")).decode()])
    accept(digits)
    digits.expect_answer()
    assert before != digits.inspect()["frame"]
    digits.button("Undo").click()
    digits.expect_answer()
    assert before == digits.inspect()["frame"]


def test_crop_by_key_and_slider(digits: Digits) -> None:
    """Zoom and arrow keys choose what is cut out."""
    digits.page.evaluate(PASTE, ["paste", base64.b64encode(photo("JPEG")).decode()])
    dialog = digits.page.get_by_role("dialog", name="Cut out the digit")
    dialog.get_by_label("Zoom").last.fill("2")
    view = dialog.get_by_role("application")
    whole = view.evaluate("canvas => canvas.toDataURL()")
    view.focus()
    for key in ("ArrowLeft", "ArrowUp"):
        digits.page.keyboard.press(key)
    assert whole != view.evaluate("canvas => canvas.toDataURL()")
    dialog.get_by_role("button", name="Turn by 90°").click()
    accept(digits)
    digits.expect_answer()


def test_what_is_no_picture_is_refused_kindly(open_page: Callable[..., Digits], live_server: str) -> None:
    """A file that is no picture changes nothing, and the page says so, in its width, until something is drawn."""
    digits = open_page(live_server, viewport={"width": 390, "height": 844})
    digits.draw(STROKE)
    digits.expect_answer()
    ink_before = digits.ink()
    name = f"PXL_{'2026' * 12}.heic"
    digits.choose(name, "image/heic", b"not a picture")
    notice = digits.page.get_by_role("alert")
    expect(notice).to_have_text(f"{name} is no picture that this browser can read.")
    expect(digits.page.locator("#agreement")).to_be_empty()
    assert digits.ink() == ink_before
    assert digits.page.evaluate("document.documentElement.scrollWidth") == 390
    digits.draw(OTHER)
    expect(notice).to_be_empty()
    expect(digits.page.locator("#agreement")).not_to_be_empty()


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
