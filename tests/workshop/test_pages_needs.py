"""What the advisor's first page says of answers, findings and parts that wait for him."""

import json
import re
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.foundation.models import AuditEntry, Todo
from cheyi.foundation.models.people import Employee
from cheyi.kernel import Refused
from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted, PartWanted
from cheyi.workshop.models import Finding
from cheyi.workshop.queries.landing import landing
from cheyi.workshop.queries.needs import cars_in_need
from tests.foundation.org import NOW
from tests.workshop.shop import after, everything, q
from tests.workshop.test_pages_reception import at_desk


def needs(viewer, language="zh-hans"):
    """Each row of the card, as (order address, words); None where there is no card."""
    client = at_desk(viewer)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    text = client.get("/workshop/reception").content.decode()
    card = re.search(r'<section[^>]* id="needs">.*?</section>', text, re.DOTALL)
    rows = re.findall(
        r'<a [^>]*href="([^"]+)".*?<div class="clip fill wraps">(.*?)</div>', card[0] if card else "", re.DOTALL
    )
    return [(address, re.sub(r"<[^>]+>", "", words)) for address, words in rows] if card else None


@pytest.fixture
def wang(shop):
    return shop.technician()


@pytest.fixture
def order(shop, wang):
    row = shop.opened("DT004", to=wang)
    actions.start_job(shop.labour(row), by=wang, now=NOW)
    return shop.fresh(row)


def address(order):
    return f"/workshop/orders/{order.pk}"


def test_a_quiet_day_shows_no_card(shop, order):
    assert needs(shop.advisor) is None
    assert "要你处理" not in at_desk(shop.advisor).get("/workshop/reception").content.decode()


def test_a_finding_without_a_job_waits_for_its_price_until_somebody_proposes_one(shop, wang, order):
    actions.report_finding(order, item="", note="轮胎偏磨", by=wang, now=after(minutes=1))
    assert needs(shop.advisor) == [(address(order), "轮胎偏磨，待报价")]
    assert needs(shop.advisor, "en") == [(address(order), "轮胎偏磨, to price")]
    actions.report_finding(order, item="", note="刮水片老化", by=wang, now=after(minutes=2))
    assert needs(shop.advisor) == [(address(order), "轮胎偏磨等 2 处，待报价")]
    actions.add_extra(order, jobs=[JobWanted("CH001")], by=shop.advisor, now=after(minutes=3))
    assert needs(shop.advisor) is None


def test_a_finding_that_proposes_a_job_hides_no_other_one(shop, wang, order):
    actions.report_finding(order, item="", note="轮胎偏磨", by=wang, now=after(minutes=1))
    actions.report_finding(order, item="", note="蓄电池", op=shop.op("EL001"), by=wang, now=after(minutes=2))
    assert needs(shop.advisor) == [(address(order), "轮胎偏磨，待报价")]


def post(viewer, place, key):
    return at_desk(viewer).post(place, {"_key": key}, headers={"HX-Request": "true"})


def test_a_finding_that_needs_no_work_is_noted_seen_by_who_reported_it_and_asked_again_by_undo(shop, wang, order):
    found = actions.report_finding(order, item="", note="轮胎偏磨", by=wang, now=after(minutes=1))
    job = f"/workshop/jobs/{shop.labour(order).pk}"
    assert f"/workshop/findings/{found.pk}/note" in at_desk(shop.advisor).get(address(order)).content.decode()
    answer = post(shop.advisor, f"/workshop/findings/{found.pk}/note", "k1")
    [said] = json.loads(unquote(answer.headers["X-Toast"]))
    assert (answer.status_code, said["text"], needs(shop.advisor)) == (200, "知道了：轮胎偏磨", None)
    told = at_desk(wang).get(job).content.decode()
    assert re.search(rf"{shop.advisor.name} (\S+ )?\S+ 已知道", told)
    assert "/note" not in at_desk(shop.advisor).get(address(order)).content.decode()
    assert post(shop.advisor, f"/undo/{said['undo']}", "k2").status_code == 200
    assert needs(shop.advisor) == [(address(order), "轮胎偏磨，待报价")]
    assert "已知道" not in at_desk(wang).get(job).content.decode()


def test_a_finding_is_noted_once_and_not_when_a_job_is_proposed_for_it(shop, wang, order):
    found = actions.report_finding(order, item="", note="轮胎偏磨", by=wang, now=after(minutes=1))
    proposed = actions.report_finding(order, item="", op=shop.op("EL001"), by=wang, now=after(minutes=2))
    actions.note_finding(found, by=shop.advisor, now=after(minutes=3))
    before = everything(Finding, AuditEntry)
    for one, code in ((found, "noted_already"), (proposed, "has_job")):
        with pytest.raises(Refused) as refusal:
            actions.note_finding(one, by=shop.advisor, now=after(minutes=4))
        assert refusal.value.code == f"workshop.finding.{code}"
    with pytest.raises(Refused) as refusal:
        actions.raise_again(proposed, by=shop.advisor, now=after(minutes=5))
    assert refusal.value.code == "workshop.finding.not_noted"
    assert everything(Finding, AuditEntry) == before


def test_what_the_owner_has_agreed_to_waits_to_be_given(shop, wang, order):
    found = actions.report_finding(order, item="", op=shop.op("EL001"), by=wang, now=after(minutes=1))
    assert needs(shop.advisor) is None
    actions.approve([found.line], via="link", answered_by="方志强", by=shop.advisor, now=after(minutes=2))
    assert needs(shop.advisor) == [(address(order), "车主同意 1 项，待派工")]
    assert needs(shop.advisor, "en") == [(address(order), "The owner agreed to 1 job, to dispatch")]
    actions.pause_job(shop.labour(order), reason="wait_tool", by=wang, now=after(minutes=3))
    actions.start_job(shop.fresh(found.line), by=wang, now=after(minutes=4))
    assert needs(shop.advisor) is None


def test_an_order_that_is_held_for_an_answer_goes_on_by_itself_when_the_owner_has_given_it(shop, wang, order):
    found = actions.report_finding(order, item="", op=shop.op("EL001"), by=wang, now=after(minutes=1))
    actions.hold(order, reason="wait_approval", by=shop.advisor, now=after(minutes=2))
    assert needs(shop.advisor) is None
    actions.decline([found.line], answered_by="方志强", by=shop.advisor, now=after(minutes=3))
    assert (needs(shop.advisor), shop.fresh(order).state) == (None, "working")


def test_an_order_that_is_held_for_an_answer_though_nothing_is_asked_may_go_on(shop, wang, order):
    actions.hold(order, reason="wait_approval", by=shop.advisor, now=after(minutes=2))
    assert needs(shop.advisor) == [(address(order), "车主已答复，可继续")]
    assert needs(shop.advisor, "en") == [(address(order), "The owner has answered, go on")]


def test_a_car_that_is_short_of_parts_says_how_many(shop, wang):
    lamp = shop.part("LMP-001", "大灯总成", "900")
    wanted = JobWanted("EL002", parts=[PartWanted(q(1), lamp.pk)])
    order = actions.open_order(vehicle=shop.car(), jobs=[wanted], by=shop.advisor, now=NOW)
    assert needs(shop.advisor) == [(address(order), "缺 1 件配件")]
    assert needs(shop.advisor, "en") == [(address(order), "Waits for 1 part")]


def test_my_cars_come_first_then_those_of_the_store(shop, wang, order):
    other = shop.opened("CH001", car=shop.car("沪A80002", owner=order.customer, vin="LSVAA4187E2180002"), to=wang)
    for row in (order, other):
        actions.report_finding(row, item="", note="轮胎偏磨", by=wang, now=after(minutes=1))
    somebody = Employee.objects.exclude(pk=shop.advisor.employee_id).first()
    type(order).objects.filter(pk=order.pk).update(advisor=somebody, promised_at=NOW)
    assert [(one.order_id, one.is_mine) for one in cars_in_need(shop.advisor, store=shop.store)] == [
        (other.pk, True),
        (order.pk, False),
    ]
    assert [way for way, _ in needs(shop.advisor)] == [address(other), address(order)]


def test_a_day_on_which_nobody_is_booked_costs_six_queries_and_a_todo_of_mine_stands_once(shop, wang, order):
    actions.report_finding(order, item="", note="轮胎偏磨", by=wang, now=after(minutes=1))
    Todo.objects.create(
        store=shop.store,
        kind="x.y",
        role="advisor",
        assignee_id=shop.advisor.employee_id,
        due_at=NOW,
        created_at=NOW,
        source_id=1,
    )
    with CaptureQueriesContext(connection) as asked:
        view = landing(shop.advisor, store=shop.store, now=NOW)
    assert (len(asked), len(view.in_need), len(view.todos)) == (6, 1, 1)
