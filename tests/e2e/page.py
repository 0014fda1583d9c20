"""The page of one test, driven as a person would drive it."""

from __future__ import annotations

import base64
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Locator, Page, Request

REMEMBER: Final = """(() => { const ask = fetch; window.fetch = (url, options) => {
    if (options?.method === "POST") window.asked = { url: String(url), body: options.body };
    return ask(url, options); } })()"""  # Playwright gives bodies as text, which these are not
LAST: Final = """() => ({ url: window.asked.url, png: btoa(String.fromCharCode(
    ...window.asked.body)) })"""
CLIPBOARD: Final = {"permissions": ["clipboard-read", "clipboard-write"]}  # options of a page that may use it
ANSWERED: Final = re.compile("^(digit|unsure)$")
PATIENCE: Final = 15_000  # ms; the machine may be busy
expect.set_options(timeout=PATIENCE)


@dataclass
class Digits:
    """The page of one test, and everything it complained about."""

    page: Page
    server: str
    complaints: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)  # address of each question

    @property
    def pad(self) -> Locator:
        """Return the drawing pad."""
        return self.page.locator("#pad")

    def card(self, name: str) -> Locator:
        """Return what network `name` says."""
        return self.page.locator(f'[data-model="{name}"]')

    def button(self, name: str) -> Locator:
        """Return a button by its accessible name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def open(self, title: str) -> Locator:
        """Open a panel by its tab; return it once its content is there."""
        self.page.get_by_role("tab", name=title, exact=True).click()
        panel = self.page.get_by_role("tabpanel", name=title, exact=True)
        expect(panel).to_be_visible()
        expect(panel.locator(".panel-wait")).to_have_count(0)
        return panel

    def inspect(self, **changes: str | list[str]) -> dict[str, Any]:
        """Ask the server the page's newest question again, with these parameters instead; return its answer."""
        last = self.page.evaluate(LAST)
        parts, body = urlsplit(last["url"]), base64.b64decode(last["png"])
        query = {**parse_qs(parts.query), **changes}
        answer = httpx.post(parts._replace(query=urlencode(query, doseq=True)).geturl(), content=body)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    def bars(self, name: str) -> list[float]:
        """Return the ten probabilities that a card shows."""
        meters = self.card(name).get_by_role("meter").all()
        return [float(meter.get_attribute("aria-valuenow") or "nan") for meter in meters]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the pad, 0 … 1, is on the screen."""
        box = self.pad.bounding_box()
        assert box is not None
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def draw(self, *strokes: Sequence[tuple[float, float]]) -> None:
        """Draw with the mouse."""
        for first, *rest in strokes:  # points in units of the pad's side
            self.page.mouse.move(*self.at(*first))
            self.page.mouse.down()
            for point in rest:
                self.page.mouse.move(*self.at(*point), steps=4)
            self.page.mouse.up()
        self.wait_for_frame()

    def choose(self, name: str, media_type: str, data: bytes) -> None:
        """Choose a file as a picture."""
        with self.page.expect_file_chooser() as chooser:
            self.button("Use a picture").click()
        chooser.value.set_files({"name": name, "mimeType": media_type, "buffer": data})

    def wait_for_frame(self) -> None:
        """Wait until what was done is shown: the open panel shows it a frame after the rest of the page."""
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds that is not on the page."""
        deadline = time.monotonic() + PATIENCE / 1000
        while not holds():
            assert time.monotonic() < deadline
            self.page.wait_for_timeout(20)

    def forgive(self, text: str) -> None:
        """Expect the browser's own complaints about a failure that the test asks for."""
        self.forgiven.append(text)

    def unforgiven(self) -> list[str]:
        """Return what the page complained about beyond that."""
        return [complaint for complaint in self.complaints if not any(text in complaint for text in self.forgiven)]

    def expect_answer(self) -> None:
        """Wait until both networks have named a digit."""
        self.wait_for_frame()
        for name in ("ff", "cnn"):
            expect(self.card(name)).to_have_attribute("data-verdict", ANSWERED)
        expect(self.page.locator("body:not(.is-pending)")).to_have_count(1)
        self.wait_for_frame()

    def expect_blank(self) -> None:
        """Wait until neither network names a digit."""
        self.wait_for_frame()
        for name in ("ff", "cnn"):
            expect(self.card(name)).to_have_attribute("data-digit", "")
            expect(self.card(name)).to_have_attribute("data-verdict", "blank")

    def ink(self) -> int:
        """Return how many pixels of the pad are inked."""
        self.wait_for_frame()
        script = """pad => pad.getContext("2d").getImageData(0, 0, pad.width, pad.height).data
            .filter((value, index) => index % 4 === 3 && value > 0).length"""
        return int(self.pad.evaluate(script))


def figures(row: Locator) -> list[float]:
    """Return the numbers of a table's row."""
    return [float(text.strip("<> %")) for text in row.locator("td.figure").all_inner_texts()]


def cells(table: Locator) -> list[list[str]]:
    """Return the texts of a table's cells, row by row, without its heads."""
    return [row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()]


def watch(digits: Digits) -> None:
    """Note what the page writes to the console, throws, and asks for."""
    page = digits.page

    def note(request: Request) -> None:
        digits.hosts.add(urlsplit(request.url).netloc)
        if request.method == "POST":
            digits.asked.append(request.url)

    page.on("console", lambda message: digits.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: digits.complaints.append(str(error)))
    page.on("request", note)
