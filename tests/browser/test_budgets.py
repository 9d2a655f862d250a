"""Task budgets (ux/guide.md 8): keys and pointer presses from the landing page to the stored result are counted."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

DESK = "**/workshop/reception/cars/*"
ORDER = "**/workshop/orders/*"
PHONE = (390, 844)


def opened_and_dispatched(page, *, plate, jobs):
    """The order page says what was stored."""
    page.wait_for_url(ORDER)
    expect(page.locator(".page-head .plate")).to_have_text(f"{plate[:2]}·{plate[2:]}")
    expect(page.locator(".page-head .tag.wait")).to_have_text("待开工")
    expect(page.locator("tr.job")).to_have_count(jobs)


def test_an_order_of_three_jobs_is_opened_and_dispatched_with_nine_keys_from_the_owner_s_initials(
    person, car_of_initials
):
    advisor, car = person("advisor"), car_of_initials
    advisor.begins()
    advisor.presses("/")
    advisor.types(car.initials)
    advisor.presses("Enter")
    advisor.page.wait_for_url(DESK)
    advisor.presses("1", "2", "3", "Control+Enter")
    opened_and_dispatched(advisor.page, plate=car.plate, jobs=3)
    assert advisor.effort <= 9, advisor.events


def test_an_order_of_three_jobs_is_opened_and_dispatched_with_ten_keys_from_the_plate_s_tail(person, cars):
    advisor, car = person("advisor"), next(cars)
    advisor.begins()
    advisor.presses("/")
    advisor.types(car.tail)
    advisor.presses("Enter")
    advisor.page.wait_for_url(DESK)
    advisor.presses("1", "2", "3", "Control+Enter")
    opened_and_dispatched(advisor.page, plate=car.plate, jobs=3)
    assert advisor.effort <= 10, advisor.events


def test_an_order_is_opened_and_dispatched_from_a_booking_s_row_with_one_click_and_one_chord(person):
    advisor = person("advisor")
    page = advisor.page
    advisor.goes("/workshop/appointments")
    row = page.locator(".line.booked:has(.plate:not(.nev)):has(a.btn-soft)").first
    plate = row.locator(".plate").inner_text()
    advisor.begins()
    row.locator("a.btn-soft").click()
    page.wait_for_url(DESK)
    advisor.presses("Control+Enter")
    page.wait_for_url(ORDER)
    expect(page.locator(".page-head .plate")).to_have_text(plate)
    expect(page.locator(".page-head .tag.wait")).to_have_text("待开工")
    assert advisor.effort == 2, advisor.events


def test_a_booking_s_slot_is_taken_with_one_key(person, cars):
    advisor, car = person("advisor"), next(cars)
    page = advisor.page
    advisor.goes(f"/workshop/appointments/new?vehicle={car.vehicle_id}")
    expect(page.locator("#slots .slot")).to_have_count(3)
    advisor.begins()
    advisor.presses("2")
    page.wait_for_url("**/workshop/appointments")
    expect(page.locator("#toast")).to_contain_text("已约")
    assert advisor.effort == 1, advisor.events


def test_after_a_refusal_the_booking_stays_as_typed_and_the_slot_offered_near_it_is_taken_with_one_key(person, cars):
    advisor, car = person("advisor"), next(cars)
    page = advisor.page
    advisor.goes(f"/workshop/appointments/new?vehicle={car.vehicle_id}")
    expect(page.locator("#slots .slot")).to_have_count(3)
    day = page.evaluate("() => new Date(Date.now() + 6 * 864e5).toISOString().slice(0, 10)")
    words, wanted = page.locator("[name=request_text]"), page.locator("#id_wanted_at")
    words.fill("刹车异响")
    wanted.fill(f"{day}T03:00")
    advisor.presses("Control+Enter")
    expect(page.locator("#id_wanted_at-error")).to_have_text(f"{day[5:]} 营业 08:30–18:00，换个时间")
    expect(page.locator("#slots .slot").first).to_have_attribute("value", re.compile(f"^{day}T08:30"))
    expect(words).to_have_value("刹车异响")
    expect(wanted).to_have_value(f"{day}T03:00")
    page.locator("h1").click()
    advisor.begins()
    advisor.presses("1")
    page.wait_for_url("**/workshop/appointments")
    expect(page.locator("#toast")).to_contain_text(f"已约 {day[5:]} 08:30")
    assert advisor.effort == 1, advisor.events


def test_on_the_order_page_a_job_is_added_with_five_keys_and_dispatched_with_one_chord(person, cars):
    advisor, car = person("advisor"), next(cars)
    page = advisor.page
    advisor.goes(f"/workshop/reception/cars/{car.vehicle_id}")
    advisor.presses("1")
    expect(page.locator("#lines tr.job")).to_have_count(1)
    page.locator("button[value=open]").click()
    page.wait_for_url(ORDER)
    advisor.begins()
    advisor.presses("i")
    advisor.types("fdj")
    advisor.presses("Enter")
    expect(page.locator("tr.job")).to_have_count(2)
    assert advisor.effort <= 5, advisor.events
    advisor.begins()
    advisor.presses("Control+Enter")
    expect(page.locator(".page-head .tag.wait")).to_have_text("待开工")
    assert advisor.effort == 1, advisor.events
    advisor.presses("Escape", "z")  # the job input has kept the focus for the next job
    expect(page.locator(".page-head .tag.wait")).to_have_text("待派工")


def test_a_price_is_changed_in_place_by_keys_alone(person, cars):
    advisor, car = person("advisor"), next(cars)
    page = advisor.page
    advisor.goes(f"/workshop/reception/cars/{car.vehicle_id}")
    advisor.presses("1")
    expect(page.locator("#lines tr.job")).to_have_count(1)
    page.locator("button[value=open]").click()
    page.wait_for_url(ORDER)
    advisor.begins()
    advisor.presses("j", "Enter")
    price = page.locator("tr.strip input[name=price]")
    expect(price).to_be_visible()
    advisor.presses("Tab")  # from the hours to the price, whose text is chosen
    expect(price).to_be_focused()
    advisor.types("299")
    advisor.presses("Enter")
    expect(page.locator("tr.strip")).to_have_count(0)
    expect(page.locator("tr.job").first).to_contain_text("¥299.00")
    assert advisor.effort == 7, advisor.events


def test_an_order_for_a_new_car_asks_three_fields_and_six_more_keys(person):
    advisor, plate, phone = person("advisor"), "浙A89731", "19900008731"
    advisor.begins()
    advisor.presses("n")
    expect(advisor.page.locator("[name=plate]")).to_be_focused()
    advisor.types(plate)
    advisor.presses("Tab", "Tab")
    advisor.types(phone)
    advisor.presses("Tab")
    advisor.types("钱新")
    advisor.presses("Control+Enter")
    advisor.page.wait_for_url(DESK)
    advisor.presses("1", "Control+Enter")
    opened_and_dispatched(advisor.page, plate=plate, jobs=1)
    typed = sum(sign.isascii() for sign in plate + phone)
    assert advisor.effort - typed <= 7, advisor.events


def test_a_suggested_job_costs_one_key_and_a_searched_one_five(person, cars):
    advisor, car = person("advisor"), next(cars)
    page = advisor.page
    advisor.goes(f"/workshop/reception/cars/{car.vehicle_id}")
    advisor.begins()
    advisor.presses("1")
    expect(page.locator("#lines tr.job")).to_have_count(1)
    assert advisor.effort == 1, advisor.events
    advisor.begins()
    advisor.presses("i")
    advisor.types("fdj")  # 发电机: never among the suggestions
    advisor.presses("Enter")
    expect(page.locator("#lines tr.job")).to_have_count(2)
    assert advisor.effort <= 5, advisor.events


def test_the_foreman_accepts_one_suggestion_with_one_chord_and_all_others_with_another(person):
    foreman = person("foreman")
    page = foreman.page
    first = page.locator(".waiting-job:has([data-primary])").get_attribute("id")
    foreman.begins()
    foreman.presses("Control+Enter")
    expect(page.locator("#toast")).to_contain_text("已派给")
    expect(page.locator(f"#{first}")).to_have_count(0)
    assert foreman.effort == 1, foreman.events
    foreman.begins()
    foreman.presses("Shift+A")
    expect(page.locator(".waiting-job .proposal")).to_have_count(0)
    assert foreman.effort == 1, foreman.events


# The first block, of a job not begun, that somebody else may do too: where it stands, whose it is, the other one's key.
SOMEBODY_ELSE = """async () => {
  for (const [at, row] of [...document.querySelectorAll("[data-row]")].entries()) {
    const line = row.id.split("-")[1];
    if (!row.dataset.places || !/ · (建议|已派) · /.test(row.title)) continue;
    const page = new DOMParser().parseFromString(await (await fetch(row.dataset.places)).text(), "text/html");
    for (const [place, form] of [...page.querySelectorAll("form:has([name=to])")].slice(0, 9).entries()) {
      const lane = row.closest(".lane").dataset.lane, to = form.elements.to.value;
      if (to !== lane && !form.querySelector("[aria-describedby]"))
        return { at, lane, line, to, key: String(place + 1), name: form.querySelector("b").innerText };
    }
  }
}"""
HOLDER = "select technician_id from workshop_assignment where line_id = :line and ended_at is null"


def test_a_job_is_given_to_somebody_else_with_four_keys(person, program):
    foreman = person("foreman")
    page = foreman.page
    chosen = page.evaluate(SOMEBODY_ELSE)
    planned = page.locator(f".block[data-move][id^='block-{chosen['line']}-']")
    foreman.presses(*"j" * chosen["at"])  # looking is not counted: the row before the one to be moved is chosen
    foreman.begins()
    foreman.presses("j")
    expect(page.locator("[data-row]:focus")).to_have_attribute("id", re.compile(f"^block-{chosen['line']}-"))
    foreman.presses("m")
    place = page.locator(f"#layer[open] form:has([name=to][value='{chosen['to']}'])")
    expect(place.locator(f"[data-key='{chosen['key']}']")).to_be_visible()
    foreman.presses(chosen["key"])
    expect(page.locator("#toast")).to_contain_text(f"派给{chosen['name']}")
    # it stands in his lane; or nowhere, for who has a full day begins it tomorrow
    expect(page.locator(f"#lane-{chosen['lane']}").locator(planned)).to_have_count(0)
    expect(planned).to_have_count(page.locator(f"#lane-{chosen['to']}").locator(planned).count())
    assert program.base.rows(HOLDER, line=int(chosen["line"])) == [(int(chosen["to"]),)]
    assert foreman.effort <= 4, foreman.events


def test_a_block_is_dragged_to_somebody_else_and_marks_no_text_on_its_way(person, program):
    page = person("foreman").page
    chosen = page.evaluate(SOMEBODY_ELSE)
    block = page.locator("[data-row]").nth(chosen["at"])
    lane = page.locator(f"#lane-{chosen['to']}")
    lane.scroll_into_view_if_needed()
    begin, end = block.bounding_box(), lane.bounding_box()
    x = begin["x"] + min(begin["width"] / 2, 8)
    page.mouse.move(x, begin["y"] + 20)
    page.mouse.down()
    page.mouse.move(x, end["y"] + 20, steps=8)
    expect(page.locator(".drag-sign")).to_contain_text(chosen["name"])
    page.mouse.up()
    expect(page.locator("#toast")).to_contain_text(f"派给{chosen['name']}")
    assert page.evaluate("String(getSelection())") == ""
    assert program.base.rows(HOLDER, line=int(chosen["line"])) == [(int(chosen["to"]),)]


def test_a_block_on_the_board_opens_its_order_with_enter(person):
    foreman = person("foreman")
    foreman.presses("j")
    order = foreman.page.locator("[data-row]:focus").get_attribute("data-href")
    foreman.begins()
    foreman.presses("Enter")
    foreman.page.wait_for_url(f"**{order}")
    assert foreman.effort == 1, foreman.events


# The line of the last block after which the day goes on: one that ends with the day cannot go later.
WITH_ROOM = """() => [...document.querySelectorAll(".block[data-move]:not(.suggested)")].filter((block) => {
  const slots = Number(/slots-(\\d+)/.exec(block.closest(".lane").className)[1]);
  return Number(block.dataset.at) + Number(block.dataset.for) + 3 <= slots;
}).at(-1).id.split("-")[1]"""


def test_a_job_goes_a_quarter_of_an_hour_later_with_one_key_and_back_with_z(person):
    foreman = person("foreman")
    page = foreman.page
    line = page.evaluate(WITH_ROOM)
    block = page.locator(f".block[data-move][id^='block-{line}-']").last
    before = int(block.get_attribute("data-at"))
    block.focus()
    foreman.begins()
    foreman.presses("ArrowRight")
    expect(page.locator("#toast")).to_contain_text("派给")
    assert foreman.effort == 1, foreman.events
    moved = page.locator(f".block[id^='block-{line}-']").last
    assert int(moved.get_attribute("data-at")) >= before


def test_a_car_passes_its_check_with_five_keys_and_the_km_of_its_road_test(person):
    inspector = person("inspector")
    page = inspector.page
    plate = page.locator("a[data-key='1'] .plate").inner_text()
    inspector.begins()
    inspector.presses("1")
    page.wait_for_url("**/check")
    inspector.presses("a", "Space", "Space")
    road = page.locator("#road-test-km")
    if road.get_attribute("aria-required"):
        road.fill("3")
    inspector.presses("Control+Enter")
    page.wait_for_url("**/workshop/checks")
    expect(page.locator("#toast")).to_contain_text(plate)
    assert inspector.effort <= 5, inspector.events


@pytest.mark.parametrize("way", ["first", "by digit"])
def test_payment_is_taken_and_the_car_handed_over_with_one_key_and_one_chord(person, way):
    cashier = person("cashier")
    page = cashier.page
    plate = page.locator("a[data-key='1'] .plate").inner_text()
    cashier.begins()
    cashier.presses("1")
    page.wait_for_url("**/settle")
    if way == "by digit":
        cashier.presses("1")
        expect(page.locator("input[value=wechat]")).to_be_checked()
    cashier.presses("Control+Enter")
    page.wait_for_url("**/workshop/counter")
    expect(page.locator("#toast")).to_contain_text(f"{plate} 已交车")
    expect(page.locator("a.line .plate", has_text=plate)).to_have_count(0)
    assert cashier.effort <= (3 if way == "by digit" else 2), cashier.events


def test_what_several_ways_of_paying_take_and_leave_open_is_said_while_it_is_typed(person):
    cashier = person("cashier")
    page = cashier.page
    cashier.presses("1")
    page.wait_for_url("**/settle")
    due = int(page.locator("form[data-settle]").get_attribute("data-due"))
    button = page.locator("form[data-settle] .btn-primary").text_content()
    rest = page.locator("[data-rest]")
    page.locator("[data-several] summary").click()
    expect(rest).to_be_hidden()
    takes = page.locator("form[data-settle] .btn-primary span")
    expect(takes).to_have_text("收款")
    page.locator("#amount-wechat").fill("10")
    page.locator("#amount-cash").fill("10.50")
    expect(rest).to_have_text(f"还差 ¥{(due - 2050) / 100:,.2f}")
    expect(takes).to_have_text("收款 ¥20.50")
    page.locator("#amount-cash").fill("abc")
    cashier.presses("Control+Enter")
    expect(page.locator("#amount-cash-error")).to_contain_text("不是金额")
    expect(page.locator("#amount-cash")).to_be_focused()
    expect(page.locator("#amount-cash")).to_have_value("abc")
    page.locator("#amount-cash").fill(f"{(due - 1000) / 100:.2f}")
    expect(rest).to_be_hidden()
    expect(page.locator("form[data-settle] .btn-primary")).to_have_text(button)


def test_a_technician_finishes_a_job_and_starts_the_next_with_one_tap_each(person, cars):
    technician = person("technician", size=PHONE)
    page = technician.page
    advisor, name = person("advisor"), page.locator(".phone-top b").first.inner_text()
    for car in (next(cars), next(cars)):
        gives_a_job(advisor, car, to=name)
    technician.goes("/workshop/my-jobs")
    running = page.locator(".job-now")
    if running.count():
        tap(technician, ".job-now .btn-primary")
        expect(running).to_have_count(0)
    job = page.locator(".next b").first.inner_text()
    tap(technician, ".next form .btn")
    expect(running.locator("h1")).to_have_text(job)
    tap(technician, ".job-now .btn-primary")
    expect(running).to_have_count(0)


def gives_a_job(advisor, car, *, to):
    """An order of one job for this technician, opened on the reception page."""
    advisor.goes(f"/workshop/reception/cars/{car.vehicle_id}")
    advisor.presses("1")
    advisor.page.locator("[name=technician]").select_option(label=to)
    advisor.presses("Control+Enter")
    advisor.page.wait_for_url(ORDER)


def tap(technician, selector):
    """One tap that leads to a page anew."""
    technician.begins()
    with technician.page.expect_navigation():
        technician.page.locator(selector).first.tap()
    assert technician.effort == 1, technician.events
