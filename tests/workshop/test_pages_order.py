"""The order page: what it shows in which state, and that each of its verbs does what it says."""

import re
from datetime import UTC, datetime, timedelta
from itertools import count
from urllib.parse import unquote

import pytest

from cheyi.foundation.models import AuditEntry
from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted
from tests.foundation.org import NOW
from tests.workshop.shop import q, yuan
from tests.workshop.test_pages_reception import at_desk, on_duty
from tests.workshop.test_queries import long_order

_keys = count(1)
PARTIAL = {"HX-Request": "true"}


@pytest.fixture
def advisor(shop):
    return at_desk(shop.advisor)


def page(client, order):
    answer = client.get(f"/workshop/orders/{order.pk}")
    assert answer.status_code == 200
    return answer.content.decode()


def send(client, order, verb, **form):
    """What the page does when a verb is used: a partial request with its own key."""
    return client.post(f"/workshop/orders/{order.pk}/{verb}", form | {"_key": f"k{next(_keys)}"}, headers=PARTIAL)


def send_line(client, line, verb, **form):
    address = f"/workshop/lines/{line.kind}/{line.pk}/{verb}"
    return client.post(address, form | {"_key": f"k{next(_keys)}"}, headers=PARTIAL)


def test_a_page_of_sixty_lines_takes_seven_statements_with_sign_in(shop, advisor, django_assert_num_queries):
    order = long_order(shop)
    page(advisor, order)
    with django_assert_num_queries(7):
        text = page(advisor, order)
    assert text.count('class="job"') == 20
    assert text.count('class="job-part"') == 40


def test_a_verb_tells_the_open_page_to_read_itself_again(shop, advisor):
    order = shop.opened("MA001")
    answer = send(advisor, order, "confirm-mileage", mileage="20,500")
    assert (answer.status_code, answer.headers["HX-Trigger"], answer.content) == (200, "cheyi:changed", b"")
    assert (shop.fresh(order).mileage_in, shop.fresh(order).mileage_confirmed) == (20_500, True)


def test_the_one_primary_button_is_the_next_verb(shop, advisor):
    wang = shop.technician()
    on_duty(shop, wang)
    order = shop.opened("DT004")
    assert primary_of(page(advisor, order)) == "dispatch"
    assert send(advisor, order, "dispatch").status_code == 200
    assert shop.fresh(order).state == "dispatched"
    assert primary_of(page(advisor, order)) is None
    assert "接下来：技师开工" in page(advisor, order)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    actions.finish_job(shop.labour(order), self_checked=True, by=wang, now=NOW)
    order = shop.fresh(order)
    assert order.state == "ready"
    assert "data-primary" not in page(advisor, order)
    assert "接下来：收银收款" in page(advisor, order)
    assert primary_of(page(at_desk(shop.cashier), order)) == "settle"
    assert "接下来" not in page(at_desk(shop.cashier), order)


def test_while_the_customer_has_to_answer_the_one_button_is_to_ask_him(shop, advisor):
    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    actions.report_finding(order, item="", note="蓄电池只剩六成", op=shop.op("EL001"), by=wang, now=NOW)
    assert primary_of(page(advisor, order)) == "ask/link"
    assert "接下来：客户答复" in page(at_desk(wang), order)
    actions.finish_job(shop.labour(order), self_checked=True, by=wang, now=NOW)
    assert shop.fresh(order).state == "ready"
    assert primary_of(page(advisor, order)) == "ask/link"
    assert "接下来：客户答复" in page(at_desk(wang), order)


def test_a_job_with_its_parts_is_one_question_to_the_customer(shop, advisor):
    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    actions.report_finding(order, item="", note="机油该换了", op=shop.op("MA001"), by=wang, now=NOW)
    assert order.parts.filter(state="pending").count() == 2
    text = page(advisor, order)
    assert re.search(r'<h2>待客户确认</h2><span class="tag ask">\s*1\s*</span>', text)
    assert "客户答复</" in text
    assert "客户答复 ×" not in text
    assert "全部同意" not in text


def test_what_the_program_did_by_itself_says_so_in_the_history(shop, advisor):
    order = shop.pay(shop.ready("DT004"))
    assert order.state == "settled"
    text = advisor.get(f"/workshop/orders/{order.pk}/history").content.decode()
    assert "SYSTEM" not in text
    assert "自动" in text


def test_what_was_found_is_said_once_where_words_and_thing_are_the_same(shop, advisor):
    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    actions.report_finding(order, item="", note="胎压偏低", op=None, by=wang, now=NOW)
    assert re.sub(r"<[^>]+>", "", page(advisor, order)).count("胎压偏低") == 1


def primary_of(text):
    found = re.search(r'(?:hx-post|hx-get|href)="/workshop/orders/\d+/([a-z/-]+)"[^>]*data-primary', text)
    return found and found[1]


def test_what_is_overdue_says_so_beside_its_state(shop, advisor):
    order = shop.opened("DT004", to=shop.technician(), promised_at=NOW + timedelta(minutes=5))
    text = page(advisor, order)
    head = text[text.index('class="page-head"') : text.index('class="gap"', text.index('class="page-head"'))]
    assert "待开工" in head
    assert "超时" in head
    assert head.index("待开工") < head.index("超时")


def test_a_lack_leads_to_where_this_viewer_mends_it_or_names_who_does(shop, advisor):
    order = shop.opened("MA001", mileage=None)
    text = page(advisor, order)
    card = text[text.index('id="missing"') : text.index("</ul>", text.index('id="missing"'))]
    for piece in re.findall(r"/ask/([a-z-]+)", card):
        assert advisor.get(f"/workshop/orders/{order.pk}/ask/{piece}").status_code == 200
    assert set(re.findall(r"/ask/([a-z-]+)", card)) == {"technician", "mileage"}
    assert "技师" in card
    assert "配件库管" in card


@pytest.mark.parametrize(
    "piece",
    [
        "technician",
        "promise",
        "mileage",
        "words",
        "walk-around",
        "customer",
        "self-check",
        "team-check",
        "link",
        "fee",
        "come-back",
        "hold",
        "resume-anyway",
        "responsibility",
        "cancel",
        "stop-work",
        "reopen",
        "skip-check",
        "skip-walk-around",
    ],
)
def test_every_question_can_be_asked(shop, advisor, piece):
    order = shop.opened("MA001")
    answer = advisor.get(f"/workshop/orders/{order.pk}/ask/{piece}", headers=PARTIAL)
    assert answer.status_code == 200
    assert "<h2>" in answer.content.decode()


def test_an_unknown_question_is_not_there(shop, advisor):
    assert advisor.get(f"/workshop/orders/{shop.opened('MA001').pk}/ask/nothing").status_code == 404


def test_a_job_is_added_at_the_counter_and_proposed_once_work_goes_on(shop, advisor):
    wang = shop.technician()
    order = shop.opened("DT004")
    send(advisor, order, "add", take="job:CH001")
    assert shop.labour(order, 1).state == "approved"
    actions.dispatch(shop.fresh(order), technician=shop.employee(wang), by=shop.foreman, now=NOW)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    send(advisor, order, "add", take="job:EL001")
    assert shop.labour(order, 2).state == "pending"
    assert "蓄电池" in page(advisor, order)


def test_a_part_is_found_and_added_by_itself(shop, advisor):
    order = shop.opened("DT004")
    hits = advisor.get(f"/workshop/orders/{order.pk}/jobs", {"q": "PAD-F01"}).content.decode()
    assert f"part:{shop.pads.pk}" in hits
    send(advisor, order, "add", take=f"part:{shop.pads.pk}")
    line = order.parts.get()
    assert (line.part_no, line.quantity, line.labour_line_id) == ("PAD-F01", q(1), None)


def test_the_customer_s_answer_by_phone_takes_a_job_with_its_parts(shop, advisor):
    order = shop.opened("DT004")
    actions.add_extra(order, jobs=[JobWanted("CH001"), JobWanted("EL001")], by=shop.advisor, now=NOW)
    pads, battery = shop.labour(order, 1), shop.labour(order, 2)
    text = page(advisor, order)
    assert "¥740.00" in text[text.index('id="approval"') :]  # 1.0 h × 320 + 420
    send(advisor, order, "answer", yes=f"labour/{pads.pk}", via="phone")
    send(advisor, order, "answer", no=f"labour/{battery.pk}", via="counter")
    assert (shop.labour(order, 1).state, shop.labour(order, 1).decided_via) == ("approved", "phone")
    assert order.parts.get().state == "reserved"
    assert (shop.labour(order, 2).state, shop.labour(order, 2).decided_via) == ("declined", "counter")


def test_all_pending_lines_are_agreed_to_at_once(shop, advisor):
    order = shop.opened("DT004")
    actions.add_extra(order, jobs=[JobWanted("CH001"), JobWanted("EL001")], by=shop.advisor, now=NOW)
    send(advisor, order, "answer", yes="all")
    assert {line.state for line in order.labour.all()} == {"approved"}


def test_a_price_is_changed_in_its_strip_with_a_reason_that_stays(shop, advisor):
    order = shop.opened("DT004")
    line = shop.labour(order)
    strip = advisor.get(f"/workshop/lines/labour/{line.pk}/strip", headers=PARTIAL).content.decode()
    assert 'name="price"' in strip
    assert send_line(advisor, line, "price", price="280", hours="1", reason="old_customer").status_code == 200
    changed = shop.labour(order)
    assert (changed.net, changed.sold_hours.parts) == (yuan(280), 100)
    entry = AuditEntry.objects.filter(code="workshop.line.price_changed").get()
    assert entry.facts["reason"] == "老客户"
    bad = send_line(advisor, line, "price", price="two", reason="old_customer")
    assert bad.status_code == 422
    assert shop.labour(order).net == yuan(280)


def test_a_discount_beyond_the_limit_waits_for_a_manager_who_agrees_on_the_same_page(shop, advisor):
    order = shop.opened("DT004")
    line = shop.labour(order)
    send_line(advisor, line, "discount", percent="15", reason="complaint")
    assert (shop.labour(order).discount_waits, shop.labour(order).net) == (True, yuan(136))
    assert send_line(advisor, line, "approve-discount").status_code == 403
    manager = at_desk(shop.manager)
    assert "approve-discount" in manager.get(f"/workshop/lines/labour/{line.pk}/strip").content.decode()
    send_line(manager, line, "approve-discount")
    assert shop.labour(order).discount_waits is False


def test_payers_share_a_line_and_a_part_s_quantity_changes(shop, advisor):
    order = shop.opened("CH001")
    line, part = shop.labour(order), order.parts.get()
    send_line(advisor, line, "payers", payer="customer", second="internal", share="30")
    assert shop.labour(order).shares == [["customer", 7000], ["internal", 3000]]
    answer = advisor.post(f"/workshop/lines/part/{part.pk}/quantity", {"quantity": "2", "_key": "q"}, headers=PARTIAL)
    assert answer.status_code == 200
    assert order.parts.get().quantity == q(2)


def test_a_line_is_taken_off_and_the_history_puts_it_back(shop, advisor):
    order = shop.opened("MA001", "DT004")
    send_line(advisor, shop.labour(order, 1), "remove")
    assert shop.labour(order, 1).state == "cancelled"
    rows = advisor.get(f"/workshop/orders/{order.pk}/history").content.decode()
    entry = AuditEntry.objects.filter(code="workshop.line.removed").get()
    assert str(entry.uid) in rows
    advisor.post(f"/undo/{entry.uid}", {"_key": "undo"})
    assert shop.labour(order, 1).state == "approved"
    assert str(entry.uid) not in advisor.get(f"/workshop/orders/{order.pk}/history").content.decode()


def test_the_history_names_who_and_why_and_hides_amounts_from_whom_sees_no_prices(shop, advisor):
    order = shop.opened("DT004", to=shop.technician())
    actions.change_price(shop.labour(order), unit_price=yuan(200), reason="老客户", by=shop.advisor, now=NOW)
    rows = advisor.get(f"/workshop/orders/{order.pk}/history").content.decode()
    assert "¥160.00 → ¥100.00" in rows
    assert shop.advisor.name in rows
    foreman = at_desk(shop.foreman).get(f"/workshop/orders/{order.pk}/history").content.decode()
    assert "老客户" in foreman
    assert "→" not in foreman


def test_the_promise_changes_with_its_reason(shop, advisor):
    order = shop.opened("DT004")
    year = shop.store.local(datetime.now(UTC)) + timedelta(days=400)
    later = year.replace(hour=16, minute=30, second=0, microsecond=0)
    told = send(
        advisor, order, "change-promise", promised_at=later.strftime("%Y-%m-%dT%H:%M"), reason="缺件", told="on"
    )
    assert f"{later:%Y-%m-%d} 16:30" in unquote(told.headers["X-Toast"])
    change = order.promises.get()
    assert (change.reason, change.told_customer, change.new_at) == ("缺件", True, later)
    assert send(advisor, order, "change-promise", promised_at="later").status_code == 422


def test_words_are_written_down_unless_somebody_else_did_meanwhile(shop, advisor):
    order = shop.opened("DT004")
    send(
        advisor,
        order,
        "describe",
        version=order.version,
        request_text="冷车异响",
        wash_wanted_shown="1",
        wash_wanted="on",
    )
    fresh = shop.fresh(order)
    assert (fresh.request_text, fresh.wash_wanted, fresh.waits_in_store) == ("冷车异响", True, False)
    late = send(advisor, order, "describe", version=order.version, request_text="别的")
    assert late.status_code == 422
    assert shop.fresh(order).request_text == "冷车异响"


def test_the_walk_around_is_recorded_or_left_out_with_a_reason(shop, advisor):
    order = shop.opened("DT004")
    send(advisor, order, "inspect", skip_reason="客户赶时间")
    assert shop.fresh(order).walk_around == "skipped"
    send(advisor, order, "inspect", panel=["roof"], mark="划痕", energy="62%", valuables="on")
    seen = order.inspections.latest("pk")
    assert (seen.marks, seen.energy, seen.valuables_reminded) == ([{"panel": "roof", "mark": "划痕"}], "62%", True)
    assert shop.fresh(order).walk_around == "done"


def test_hold_and_resume_from_the_page(shop, advisor):
    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    send(advisor, order, "hold", reason="wait_insurer")
    assert (shop.fresh(order).state, shop.fresh(order).hold_reason) == ("hold", "wait_insurer")
    assert primary_of(page(advisor, order)) == "resume"
    send(advisor, order, "resume")
    assert shop.fresh(order).state == "working"
    assert send(advisor, order, "hold", reason="lunch").status_code == 422


def test_a_reason_is_asked_before_an_order_is_cancelled(shop, advisor):
    order = shop.opened("DT004")
    assert send(advisor, order, "cancel").status_code == 422
    assert shop.fresh(order).state == "open"
    send(advisor, order, "cancel", reason="客户放弃")
    assert (shop.fresh(order).state, shop.fresh(order).cancel_reason) == ("cancelled", "客户放弃")
    assert "data-primary" not in page(advisor, order)


def test_the_customer_s_page_has_a_code_to_scan_and_can_get_a_new_address(shop, advisor):
    order = shop.opened("DT004")
    asked = advisor.get(f"/workshop/orders/{order.pk}/ask/link").content.decode()
    old = re.search(r'value="(http[^"]+/workshop/p/[^"]+)"', asked)[1]
    assert '<path d="M' in asked
    send(advisor, order, "renew-link")
    assert old not in advisor.get(f"/workshop/orders/{order.pk}/ask/link").content.decode()


def test_the_foreman_clocks_for_a_technician(shop):
    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    line, foreman = shop.labour(order), at_desk(shop.foreman)
    who = {"technician": wang.employee_id}
    address = f"/workshop/lines/labour/{line.pk}/clock"
    foreman.post(address, {"verb": "start", **who, "_key": "c1"}, headers=PARTIAL)
    assert shop.fresh(order).state == "working"
    foreman.post(address, {"verb": "finish", **who, "_key": "c2"}, headers=PARTIAL)
    assert shop.labour(order).state in {"done", "passed"}
    assert foreman.post(address, {"verb": "explode", **who, "_key": "c3"}, headers=PARTIAL).status_code == 422


def test_a_technician_s_page_shows_no_prices_no_person_and_no_verbs_of_others(shop):
    wang = shop.technician()
    order = shop.opened("MA001", to=wang)
    text = page(at_desk(wang), order)
    assert "¥" not in text[text.index('id="order"') :]
    assert "方志强" not in text
    assert "/ask/cancel" not in text
    strip = at_desk(wang).get(f"/workshop/lines/labour/{shop.labour(order).pk}/strip").content.decode()
    assert 'name="price"' not in strip


def test_a_car_that_is_being_received_becomes_an_order_with_what_was_added_meanwhile(shop, advisor):
    draft = actions.receive(vehicle=shop.car(), request_text="冷车异响", by=shop.advisor, now=NOW)
    assert primary_of(page(advisor, draft)) == "open"
    send(advisor, draft, "add", take="job:CH001")
    assert send(advisor, draft, "open").status_code == 200
    order = shop.fresh(draft)
    assert (order.state, order.request_text, bool(order.no)) == ("open", "冷车异响", True)
    assert (shop.labour(order).state, order.parts.get().state) == ("approved", "reserved")
    assert send(advisor, draft, "open").status_code == 422
