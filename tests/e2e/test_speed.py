"""How fast the page is, for a person: to load, to draw, to answer."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from tests.e2e.drawings import OTHER, STROKE, WRITTEN
from tests.e2e.page import LAST

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.page import Digits

pytestmark = [pytest.mark.browser, pytest.mark.alone]

STROKES: Final = 40
ROUNDS: Final = 3  # at most: one of them must be fast enough, as other programs only ever slow a page down
PAUSE: Final = 2000  # ms, and each time as much more
SLOWLY: Final = 50_000  # bytes a second

WATCH: Final = """() => {
    window.last = ["", 0]; window.waits = []; window.shifts = [];
    for (const kind of ["pointermove", "pointerup"])
        document.addEventListener(kind, (event) => { window.last = [kind, event.timeStamp]; }, true);
    let pending = false;
    new MutationObserver(() => {
        const now = document.body.classList.contains("is-pending");
        if (pending && !now) { const [kind, from] = window.last; // settled in a frame, after which the next task comes
            setTimeout(() => window.waits.push([kind, from, performance.now() - from])); }
        pending = now;
    }).observe(document.body, { attributes: true });
    const name = (node) => node?.id ? `#${node.id}` : node?.className || node?.nodeName || "gone";
    const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
    const moved = ({ node, previousRect, currentRect }) =>
        `${name(node)}: ${place(previousRect)} -> ${place(currentRect)}`;
    new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((entry) =>
        `${entry.value.toFixed(4)} after ${Math.round(entry.startTime)} ms: ${entry.sources.map(moved).join(", ")}`)))
        .observe({ type: "layout-shift", buffered: true });
}"""
TICK: Final = """() => {
    window.ticks = [];
    const tick = (time) => { window.ticks?.push(time); if (window.ticks) requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
}"""

# The least that a page can do, by the same events and in the same frames.
BARE: Final = """({ url, png }) => {
    const body = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
    const options = { method: "POST", body, headers: { "Content-Type": "image/png" } };
    document.body.innerHTML = `<canvas id="pad" width="400" height="400"></canvas>
        <div id="bare"></div><button>Clear</button>`;
    const [pad, shown] = ["pad", "bare"].map((id) => document.getElementById(id));
    let flight = null;
    const ask = async () => {
        document.body.classList.add("is-pending");
        flight?.abort();
        const mine = flight = new AbortController();
        const answer = await (await fetch(url, { ...options, signal: mine.signal })).json();
        flight = null;
        requestAnimationFrame(() => {
            shown.textContent = answer.networks.cnn.digit;
            document.body.classList.toggle("is-pending", flight !== null);
        });
    };
    const answered = () => ask().catch(() => {}); // or another question was asked meanwhile
    pad.addEventListener("pointermove", ({ buttons }) => { if (buttons && !flight) answered(); });
    pad.addEventListener("pointerup", answered);
}"""


def percentile(values: list[float], share: float) -> float:
    """Return the value that this share of all do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def calmest(digits: Digits, measure: Callable[[Digits], float], enough: float) -> float:
    """Return the least of some measurements, as many as it takes to find one that is low enough.

    Between them there is time for what else keeps the machine busy to pass.
    """
    found = [measure(digits)]
    while min(found) > enough and len(found) < ROUNDS:
        digits.page.wait_for_timeout(PAUSE * len(found))
        found.append(measure(digits))
    return min(found)


def settling(digits: Digits) -> float:
    """Draw some strokes; return the time that 95 % of them took from the last pointer event to settled bars, in ms.

    Strokes whose last answer had come before the pen was lifted are left out: they would only flatter.
    """
    digits.page.evaluate("window.waits = []")
    for index in range(STROKES):
        digits.draw(STROKE if index % 2 else OTHER)
        expect(digits.page.locator("body:not(.is-pending)")).to_have_count(1)
        if index % 8 == 7:
            digits.button("Clear").click()
    waits: list[tuple[str, float, float]] = digits.page.evaluate("window.waits")
    return percentile([wait for kind, _, wait in waits if kind == "pointerup"], 0.95)


def between_frames(digits: Digits) -> float:
    """Draw a while; return the time that 95 % of the frames came within, in ms."""
    digits.page.evaluate(TICK)
    for stroke in WRITTEN[3] * 3:
        digits.draw([*stroke, *reversed(stroke)])
    frames = digits.page.evaluate("() => { const { ticks } = window; window.ticks = null; return ticks; }")
    return percentile([after - before for before, after in itertools.pairwise(frames)], 0.95)


def bare(digits: Digits) -> Digits:
    """Strip a page to what asks about one PNG, whatever is drawn, and writes one figure."""
    digits.draw(STROKE)
    digits.expect_answer()
    digits.page.evaluate(BARE, digits.page.evaluate(LAST))
    digits.page.evaluate(WATCH)
    return digits


def shifts(digits: Digits) -> str:
    """Return what moved on the page since WATCH, a line for each time."""
    digits.wait_for_frame()
    return "\n".join(digits.page.evaluate("window.shifts"))


@pytest.mark.weights
@pytest.mark.parametrize("panel", [None, "Feed-forward net", "Convolutional net"])
def test_answers_settle_at_once(open_page: Callable[..., Digits], committed_server: str, panel: str | None) -> None:
    """From the last pointer event to both networks' settled bars: at most 50 ms at p95, whatever panel is open.

    Where even a page that does nothing but ask takes more than 25 ms, the machine is slow: at most twice that page's,
    and never more than 75 ms.
    """
    digits = open_page(committed_server)
    if panel:
        digits.open(panel)
        digits.pad.scroll_into_view_if_needed()
    digits.page.evaluate(WATCH)
    best = calmest(digits, settling, 50)
    print(f"p95 from pointer to settled bars, {panel}: {best:.1f} ms")
    if best > 50:
        least = calmest(bare(open_page(committed_server)), settling, 25)
        print(f"p95 of a page that only asks: {least:.1f} ms")
        assert best <= min(2 * least, 75)


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (1440, 1100), (1080, 1920), (2560, 1440)])
def test_first_load_is_small(open_page: Callable[..., Digits], live_server: str, width: int, height: int) -> None:
    """Everything the first visit transfers, headers included, is at most 150 KB, however much of the page is seen."""
    digits = open_page(live_server, viewport={"width": width, "height": height})
    digits.page.wait_for_load_state("networkidle")
    script = """performance.getEntries().filter(entry => "transferSize" in entry)
        .reduce((sum, entry) => sum + entry.transferSize, 0)"""
    size = int(digits.page.evaluate(script))
    print(f"first load: {size / 1000:.1f} KB")
    assert 50_000 < size <= 150_000


@pytest.mark.parametrize(("width", "height"), [(320, 640), (1280, 900), (1080, 1920), (2560, 1440)])
def test_nothing_shifts(open_page: Callable[..., Digits], live_server: str, width: int, height: int) -> None:
    """Loading, drawing, answers and clearing move nothing on the page."""
    digits = open_page(live_server, viewport={"width": width, "height": height})
    digits.page.evaluate(WATCH)
    digits.draw(STROKE)
    digits.expect_answer()
    digits.button("Clear").click()
    digits.draw(OTHER)
    digits.expect_answer()
    digits.page.wait_for_timeout(600)
    assert "" == shifts(digits)


@pytest.mark.parametrize(("width", "height"), [(768, 1024), (1280, 900), (2560, 1440)])
def test_a_page_that_comes_in_pieces_moves_nothing(
    open_page: Callable[..., Digits], live_server: str, width: int, height: int
) -> None:
    """However slowly the page comes, none of it is shown before the rest can stand beside it."""
    digits = open_page(live_server, viewport={"width": width, "height": height})
    session = digits.page.context.new_cdp_session(digits.page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": SLOWLY, "uploadThroughput": -1}
    session.send("Network.emulateNetworkConditions", slow)
    digits.page.reload()  # what the page is styled with is here already
    digits.page.evaluate(WATCH)
    digits.draw(STROKE)
    digits.expect_answer()
    assert "" == shifts(digits)


@pytest.mark.weights
def test_drawing_keeps_the_frame_rate(open_page: Callable[..., Digits], committed_server: str) -> None:
    """While one draws, with a panel open, the page's own work leaves room for 60 frames a second."""
    digits = open_page(committed_server)
    digits.open("Feed-forward net")
    digits.pad.scroll_into_view_if_needed()
    best = calmest(digits, between_frames, 1000 / 60 + 1)
    print(f"p95 between frames: {best:.1f} ms")
    assert best <= 1000 / 60 + 1
