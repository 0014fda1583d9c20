"""Photos that come onto the page, and the dialog that cuts a digit out of them."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.e2e.page import Digits

PASTE = """([kind, bytes]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(bytes), c => c.charCodeAt(0))], "pasted", { type: "image/jpeg" }));
    const at = kind === "paste" ? document.body : document.querySelector("#pad");
    const event = kind === "paste" ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true })
        : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
    at.dispatchEvent(event); }"""


def photo(kind: str) -> bytes:
    """Return a picture of a 7 on paper as a phone would take it: uneven light, blur, not square."""
    light = np.linspace(150, 235, 600)[:, None] + np.linspace(0, 15, 800)[None, :]  # (600, 800)
    paper = Image.fromarray(light.astype(np.uint8)).convert("RGB")
    ImageDraw.Draw(paper).line([(300, 170), (500, 165), (390, 470)], fill=(40, 40, 90), width=26, joint="curve")
    buffer = io.BytesIO()
    paper.filter(ImageFilter.GaussianBlur(2)).save(buffer, format=kind)
    return buffer.getvalue()


def put(digits: Digits, kind: str = "paste") -> None:
    """Paste or drop a photo."""
    digits.page.evaluate(PASTE, [kind, base64.b64encode(photo("JPEG")).decode()])


def paste(digits: Digits, kind: str = "paste", title: str = "Cut out the digit") -> Locator:
    """Do the same; return the dialog that opens."""
    put(digits, kind)
    dialog = digits.page.get_by_role("dialog", name=title)
    expect(dialog).to_be_visible()
    return dialog


def accept(digits: Digits) -> None:
    """Take the picture as it was cut out."""
    dialog = digits.page.get_by_role("dialog", name="Cut out the digit")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Use this").click()
    expect(dialog).to_have_count(0)
