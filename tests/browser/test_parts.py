"""The keeper's desk: a scan hands out the line that wants the part, a look-alike is stopped, shortages cost one click."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

KEPT = ("reserved", "picked")


def wanted(program, *states):
    """The open lines of the home store in these states as a scanner finds them: their ids and their parts' numbers."""
    return program.base.rows(
        "select l.id, p.part_no from parts_requestline l join parts_part p on p.id = l.part_id"
        " join foundation_store s on s.id = l.store_id join parts_partsrequest r on r.id = l.request_id"
        f" where s.code = 'HZ01' and l.state in ({', '.join(map(repr, states))})"
        " order by (l.promised_at is null), l.promised_at, l.id"
    )


def test_a_hand_scanner_issues_the_right_row_and_goes_on_with_the_next(person, program):
    keeper = person("parts_keeper")
    page = keeper.page
    line, number = wanted(program, *KEPT)[0]
    expect(page.locator(f"#line-{line}")).to_have_count(1)
    expect(page.locator("#scan-q")).to_be_focused()
    keeper.types(number.lower())  # a scanner types and ends with Enter
    keeper.presses("Enter")
    expect(page.locator(f"#line-{line}")).to_have_count(0)
    expect(page.locator("#toast")).to_contain_text(number)
    expect(page.locator("#scan-q")).to_be_focused()
    expect(page.locator("#scan-q")).to_have_value("")
    page.locator("#toast [data-undo]").click()
    expect(page.locator(f"#line-{line}")).to_have_count(1)


def test_a_number_that_nobody_wants_is_said_beside_the_field(person):
    keeper = person("parts_keeper")
    expect(keeper.page.locator("#scan-q")).to_be_focused()
    keeper.types("XX-0000")
    keeper.presses("Enter")
    expect(keeper.page.locator("#scan-q-error")).to_contain_text("XX-0000")
    expect(keeper.page.locator("#scan-q")).to_be_focused()


def test_a_short_part_is_settled_with_one_click(person, program):
    keeper = person("parts_keeper")
    line, _ = wanted(program, "backordered")[0]
    button = keeper.page.locator(f"#shortage-{line} button[value=transfer]")
    keeper.begins()
    button.click()
    expect(keeper.page.locator(f"#shortage-{line} button[value=transfer][aria-pressed=true]")).to_be_visible()
    assert keeper.effort == 1, keeper.events


def test_the_rows_are_walked_with_j_and_k_and_opened_with_enter(person):
    keeper = person("parts_keeper")
    page = keeper.page
    keeper.presses("Escape")
    page.locator("h1").click()  # leave the field
    keeper.presses("j", "j", "k")
    expect(page.locator("[data-row][aria-selected=true]")).to_have_count(1)


@pytest.fixture
def rear_pads(person, program, cars):
    """The line and the number of rear pads that are kept for an order; the demo has no lack of them."""
    advisor, car = person("advisor"), next(cars)
    advisor.goes(f"/workshop/reception/cars/{car.vehicle_id}")
    advisor.presses("i")
    advisor.types("hscp")
    advisor.presses("Enter")
    expect(advisor.page.locator("#lines tr.job")).to_contain_text("后刹车片")
    advisor.presses("Control+Enter")
    advisor.page.wait_for_url("**/workshop/orders/*")
    return next(row for row in wanted(program, *KEPT) if row[1] == "BP-HAN-R")


def test_a_short_number_is_said_beside_the_scan_field_until_the_next_act(person, program, rear_pads):
    row, _number = rear_pads
    there = {number for _line, number in wanted(program, *KEPT)}
    short = next(number for _line, number in wanted(program, "backordered") if number not in there)
    page = person("parts_keeper").page
    scan, said = page.locator("#scan-q"), page.locator("#scan-q-error")
    scan.fill(short.lower())
    scan.press("Enter")
    expect(said).to_contain_text(f"本店没有 {short}")
    expect(scan).to_be_focused()
    assert scan.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)") == short.lower()
    expect(page.locator("#notice")).to_be_empty()
    page.locator(f"#number-{row}").fill("bp-han-t")
    page.locator(f"#number-{row}").press("Enter")
    stopped = page.locator(f"#number-{row}-error")
    expect(stopped.locator(".wrong")).to_have_text("T")
    expect(page.locator(f"#number-{row}")).to_be_focused()
    expect(said).to_be_hidden()


def test_a_look_alike_is_stopped_and_shown_beside_the_right_number(person, program, rear_pads):
    line, number = rear_pads
    keeper = person("parts_keeper")
    page = keeper.page
    issued = "select count(*) from parts_move where kind = 'issue'"
    before = program.base.rows(issued)
    expect(page.locator("#scan-q")).to_be_focused()
    keeper.types("bp-han-t")  # the label of another part
    keeper.presses("Enter")
    stopped = page.locator("#scan-q-error")
    expect(stopped.locator(".mono")).to_have_text(["BP-HAN-T", number])
    expect(stopped.locator(".wrong")).to_have_text("T")
    expect(stopped.locator(".right")).to_have_text(number[-1])
    expect(page.locator("#scan-q")).to_be_focused()
    expect(page.locator(f"#line-{line}")).to_have_count(1)
    assert program.base.rows(issued) == before
    keeper.types(number)  # the right one is scanned, without clearing the field
    keeper.presses("Enter")
    expect(page.locator(f"#line-{line}")).to_have_count(0)
    page.locator("#toast [data-undo]").click()
    expect(page.locator(f"#line-{line}")).to_have_count(1)


def test_goods_are_received_with_the_scanner_alone(person):
    keeper = person("parts_keeper")
    page = keeper.page
    keeper.goes("/parts/receive")
    expect(page.locator(".nothing")).to_be_visible()
    expect(page.locator("#receive-q")).to_be_focused()
    for number, rows in (("BP-HAN-F", 1), ("OIL-5W30", 2), ("bp-han-f", 2)):
        keeper.types(number)
        keeper.presses("Enter")
        expect(page.locator("#receive-rows tr")).to_have_count(rows)
        expect(page.locator("#receive-rows input:focus")).to_have_count(1)
        keeper.presses("Enter")  # the quantity is right: on with the next
        expect(page.locator("#receive-q")).to_be_focused()
    expect(page.locator("#receive-rows [name=quantity]").first).to_have_value("2")
    page.locator("[data-remove]").last.click()
    expect(page.locator("#receive-rows tr")).to_have_count(1)
