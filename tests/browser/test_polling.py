"""Screens that follow along, when the network brings answers late and out of order."""

from __future__ import annotations

from playwright.sync_api import expect


def test_an_old_answer_that_comes_after_a_write_does_not_bring_back_what_was_shown_before(person):
    page = person("foreman").page
    held = []

    def hold(route):
        """The first look is answered by the server at once, and reaches the page only when the test lets it."""
        if held:
            route.fallback()
        else:
            held.append((route, route.fetch()))

    page.route("**/workshop/board/rows*", hold)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    while not held:
        page.wait_for_timeout(50)
    first = page.locator(".waiting-job:has([data-primary])").get_attribute("id")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toast")).to_contain_text("已派给")
    expect(page.locator(f"#{first}")).to_have_count(0)
    came_back = f"new MutationObserver(() => window.cameBack ||= !!document.getElementById('{first}'))"
    page.evaluate(f"{came_back}.observe(document.body, {{ childList: true, subtree: true, attributes: true }})")
    route, answer = held[0]
    with page.expect_response("**/workshop/board/rows*"):
        route.fulfill(response=answer)
    page.wait_for_timeout(500)
    assert page.evaluate("window.cameBack ?? false") is False
