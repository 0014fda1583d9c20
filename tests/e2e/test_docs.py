"""/docs in a real browser, under the service's own policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_docs_work_under_the_policy(browser: Browser, live_server: str) -> None:
    """Swagger UI shows the routes; the browser refuses nothing and asks nobody else."""
    with browser.new_page() as page:
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
