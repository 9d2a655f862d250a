"""Screens that follow along, when the network brings answers late and out of order."""

from __future__ import annotations

from playwright.sync_api import expect

LOOK = "document.dispatchEvent(new Event('visibilitychange'))"
WRITE = "htmx.ajax('POST', '/written-here', { source: document.body, swap: 'none' })"
OLD = '<p id="as-it-was">as it was</p>'


def test_an_answer_asked_before_a_write_and_heard_after_it_is_not_shown(person):
    page = person("foreman").page
    asked = []

    def hold(route):
        asked.append(route)

    page.route("**/workshop/board/rows*", hold)
    page.route("**/written-here", lambda route: route.fulfill(status=200, body=""))

    def look():
        before = len(asked)
        page.evaluate(LOOK)
        while len(asked) == before:
            page.wait_for_timeout(20)
        return asked[-1]

    def answer(route):
        with page.expect_response("**/workshop/board/rows*"):
            route.fulfill(status=200, content_type="text/html", body=OLD)

    overtaken = look()
    page.evaluate(WRITE)
    answer(overtaken)
    page.wait_for_timeout(300)
    expect(page.locator("#as-it-was")).to_have_count(0)
    answer(look())
    expect(page.locator("#as-it-was")).to_have_count(1)
