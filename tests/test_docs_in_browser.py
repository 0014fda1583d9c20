"""/docs in a real browser, under the service's own policy."""

from __future__ import annotations

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
NEEDED = os.environ.get("DIGITS_REQUIRE_BROWSER") == "1"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None and not NEEDED, reason="there is no Chromium")
def test_docs_work_under_the_policy(live_server: str) -> None:
    """Swagger UI shows the routes; the browser refuses nothing and asks nobody else."""
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS) as browser:
        page = browser.new_page()
        complaints: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{live_server}/docs")
        page.locator("#operations-recognition-predict_predict_post .opblock-summary-control").click()
        page.get_by_role("button", name="Try it out").click()
        page.get_by_role("button", name="Execute").wait_for()
        assert [] == [said for said in complaints if "Content Security Policy" in said or "Error:" in said]
        assert [] == [url for url in asked if not url.startswith((live_server, "data:", "blob:"))]
