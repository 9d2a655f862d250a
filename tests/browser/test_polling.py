"""Screens that follow along, when the network brings answers late and out of order."""

from __future__ import annotations

import re

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


def test_the_manager_s_page_follows_the_clock_and_leaves_focus_and_an_open_fold_alone(person):
    manager = person("store_manager")
    page = manager.page
    manager.goes("/workshop/today")
    page.locator("#takings-figures > summary").click()
    page.locator("#figure-opened").focus()

    def an_hour_later(route):
        answer = route.fetch()
        assert answer.status == 200
        route.fulfill(response=answer, body=re.sub(r"(数据到 )\d\d:\d\d", r"\g<1>23:59", answer.text()))

    page.route("**/workshop/today/rows", an_hour_later)
    page.evaluate(LOOK)
    expect(page.locator("#today")).to_contain_text("数据到 23:59")
    expect(page.locator("#takings-figures table")).to_be_visible()
    expect(page.locator("#figure-opened")).to_be_focused()
