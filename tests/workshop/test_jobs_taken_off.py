"""Jobs that are taken off an order: the order goes on without them, and the technician reads what became of them."""

import re

import pytest

from cheyi.foundation.acts import undo
from cheyi.foundation.models import AuditEntry
from cheyi.workshop import actions
from cheyi.workshop.models import LabourLine, OrderSpell, QCRecord
from tests.foundation.org import NOW
from tests.workshop.shop import after
from tests.workshop.test_pages_phone import page


@pytest.fixture
def wang(shop):
    return shop.technician()


def half_done(shop, wang, *codes, ticked=True):
    """An order of which only the first job is done."""
    order = shop.opened(*codes, to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    actions.finish_job(shop.labour(order), self_checked=ticked, by=wang, now=after(minutes=30))
    assert shop.fresh(order).state == "working"
    return order


def take_off(shop, order, place=1, **words):
    actions.remove_line(shop.labour(order, place), by=shop.advisor, **{"now": after(hours=1), **words})
    return shop.fresh(order)


def test_an_order_goes_on_when_its_last_open_job_is_taken_off(shop, wang):
    order = take_off(shop, half_done(shop, wang, "DT004", "MA001"))
    assert (order.state, order.checks, order.finished_at) == ("ready", ["self_check"], after(hours=1))
    assert [shop.labour(order, place).state for place in (0, 1)] == ["passed", "cancelled"]
    spells = OrderSpell.objects.filter(order=order).order_by("pk")
    assert [spell.state for spell in spells] == ["open", "dispatched", "working", "qc", "wash", "ready"]
    assert shop.told(now=after(hours=1)) == ["opened", "started", "ready"]


def test_the_self_check_is_that_of_the_technician_who_ticked_it(shop, wang):
    take_off(shop, half_done(shop, wang, "DT004", "MA001"))
    check = QCRecord.objects.get()
    assert (check.level, check.inspector_name, check.inspector_id) == ("self", wang.name, wang.employee_id)
    assert check.checked_at == after(minutes=30)


def test_without_the_tick_of_the_last_job_the_order_waits_for_the_self_check(shop, wang):
    order = take_off(shop, half_done(shop, wang, "DT004", "MA001", ticked=False))
    assert (order.state, order.checks, QCRecord.objects.count()) == ("qc", [], 0)


def test_an_order_with_a_final_check_goes_to_its_check(shop, wang):
    order = take_off(shop, half_done(shop, wang, "EN001", "EL001"))
    assert (order.flow_profile.code, order.state) == ("standard", "qc")


def test_an_order_with_another_job_to_do_stays_at_work(shop, wang):
    order = take_off(shop, half_done(shop, wang, "DT004", "EL001", "CH002"))
    assert (order.state, shop.labour(order).state) == ("working", "done")


def test_an_order_whose_jobs_nobody_began_stays_where_it_is(shop, wang):
    order = take_off(shop, shop.opened("DT004", "EL001", to=wang), place=0)
    assert order.state == "dispatched"
    assert take_off(shop, order, place=1).state == "dispatched"


def test_a_part_that_alone_held_the_order_back_lets_it_go_on_too(shop, wang):
    order = half_done(shop, wang, "MA001")
    seen = []
    for part in shop.parts_of(order):
        actions.remove_line(part, by=shop.advisor, now=after(hours=1))
        seen.append(shop.fresh(order).state)
    assert seen == ["working", "ready"]


def test_a_job_put_back_takes_the_order_back_to_work(shop, wang):
    order = take_off(shop, half_done(shop, wang, "DT004", "MA001"))
    row = AuditEntry.objects.get(code="workshop.line.removed")
    undo(row.uid, by=shop.advisor, now=after(hours=1, seconds=5))
    order = shop.fresh(order)
    assert (order.state, shop.labour(order, 1).state) == ("working", "approved")


def test_a_proposal_put_back_leaves_a_done_order_where_it_is(shop, wang):
    order = half_done(shop, wang, "DT004", "MA001")
    finding = actions.report_finding(order, item="底盘漏油", op=shop.op("CH002"), by=wang, now=after(minutes=40))
    order = take_off(shop, order)
    actions.remove_line(finding.line, by=shop.advisor, now=after(hours=2))
    undo(AuditEntry.objects.filter(code="workshop.line.removed").latest("pk").uid, by=shop.advisor, now=after(hours=2))
    assert (shop.fresh(order).state, shop.fresh(finding.line).state) == ("ready", "pending")


@pytest.fixture
def proposed(shop, wang):
    """An order at work with a job that the technician has proposed."""
    order = shop.opened("DT004", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    finding = actions.report_finding(order, item="", note="蓄电池只剩六成", op=shop.op("EL001"), by=wang, now=NOW)
    return order, finding.line


def read(shop, wang, order):
    """What the technician reads beside a finding, and the card of the job itself."""
    text = page(wang, f"/workshop/jobs/{shop.labour(order).pk}")
    return re.findall(
        r'<div class="line found">.*?<span class="tag [a-z]*">(?:<svg.*?</svg>)?([^<]*)</span></div>', text
    )


def test_the_technician_reads_who_took_off_what_the_owner_had_agreed_to(shop, wang, proposed):
    order, line = proposed
    actions.approve([line], answered_by="方志强", by=shop.advisor, now=after(minutes=5))
    assert read(shop, wang, order) == ["同意做"]
    actions.remove_line(shop.fresh(line), reason="录入错误", by=shop.advisor, now=after(minutes=9))
    assert read(shop, wang, order) == [f"{shop.advisor.name} 已移除"]
    row = AuditEntry.objects.get(code="workshop.line.removed")
    undo(row.uid, by=shop.advisor, now=after(minutes=9, seconds=5))
    assert read(shop, wang, order) == ["同意做"]


def test_a_job_that_the_owner_declined_reads_so(shop, wang, proposed):
    order, line = proposed
    actions.decline([line], answered_by="方志强", by=shop.advisor, now=after(minutes=5))
    assert read(shop, wang, order) == ["暂不做"]


def test_work_that_the_customer_gave_up_reads_taken_off_without_a_name(shop, wang, proposed):
    order, line = proposed
    LabourLine.objects.filter(pk=line.pk).update(state="cancelled")
    assert read(shop, wang, order) == ["已移除"]


def test_the_page_of_a_job_that_was_taken_off_says_who_did_it_and_offers_no_start(shop, wang):
    order = shop.opened("DT004", "MA001", to=wang)
    gone = shop.labour(order, 1)
    actions.remove_line(gone, by=shop.advisor, now=after(minutes=5))
    text = page(wang, f"/workshop/jobs/{gone.pk}")
    assert f"{shop.advisor.name} 从工单移除了这一项" in text
    assert "start" not in text.partition('class="phone-act"')[2]
