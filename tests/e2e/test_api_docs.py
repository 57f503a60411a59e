"""The readable API docs, under the site's content security policy."""

from typing import Any

from playwright.sync_api import Page, expect


def test_docs_show_the_operations_without_a_fault(stack: Any, page: Page) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)

    page.goto("/api/docs")

    expect(page.get_by_text("/api/streaming/sessions/{stream_id}/join").first).to_be_visible()
    assert faults == []
