"""A real browser, and the page in it."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any, Final

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.e2e.page import PATIENCE, REMEMBER, Digits, watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext

QUIET: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield one Chromium for a module's tests; Playwright's event loop must be gone before asynchronous ones run."""
    chromium = os.environ.get("DIGITS_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        reason = "Chromium is missing: `apt-get install chromium`, or name one in DIGITS_CHROMIUM."
        if os.environ.get("DIGITS_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Digits]]:
    """Return a function that opens the page; at the end, nothing may have been complained about."""
    contexts: list[BrowserContext] = []
    opened: list[Digits] = []

    def open_page(server: str, **options: Any) -> Digits:  # noqa: ANN401  # Playwright's own
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(4 * PATIENCE)  # to load the page, or to reach a button
        contexts.append(context)
        digits = Digits(context.new_page(), server)
        opened.append(digits)
        watch(digits)
        digits.page.add_init_script(REMEMBER)
        digits.page.goto(server)
        expect(digits.pad).to_be_visible()
        return digits

    yield open_page
    for context in contexts:
        context.close()
    assert [digits.unforgiven() for digits in opened] == [[] for _ in opened]


@pytest.fixture
def digits(open_page: Callable[..., Digits], live_server: str) -> Digits:
    """Return the page on the tiny weights."""
    return open_page(live_server)
