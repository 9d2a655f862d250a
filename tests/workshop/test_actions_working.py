"""On the floor: clocks, pauses, holds, and the order following its jobs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cheyi.foundation.acts import undo
from cheyi.foundation.models import AuditEntry, Message
from cheyi.kernel import Hours, Refused
from cheyi.workshop import actions
from cheyi.workshop.models import ClockedHours, JobClock, OrderSpell, QCRecord
from tests.foundation.org import NOW
from tests.workshop.shop import after, q


def test_the_first_clock_starts_the_order(shop):
    wang = shop.technician()
    order = shop.opened("MA001", "CH001", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    order = shop.fresh(order)
    assert (order.state, order.started_at) == ("working", NOW)
    assert [shop.labour(order, place).state for place in (0, 1)] == ["working", "assigned"]
    assert shop.told() == ["opened", "started"]


def test_nobody_is_clocked_in_twice(shop):
    wang = shop.technician()
    order = shop.opened("MA001", "CH001", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    for line in (shop.labour(order), shop.labour(order, 1)):
        with pytest.raises(Refused) as refusal:
            actions.start_job(line, by=wang, now=NOW)
        assert refusal.value.code == "workshop.line.already_clocked"
        assert refusal.value.facts["job"] == "小保养（机油机滤）"
    assert JobClock.objects.count() == 1


def test_an_express_job_may_start_before_it_is_dispatched(shop):
    order = shop.opened("MA001")
    wang = shop.technician()
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    assert shop.fresh(order).state == "working"
    assert shop.labour(order).assignments.get().technician_id == wang.employee_id


def test_a_standard_job_waits_for_the_dispatch(shop):
    order = shop.opened("EN001")
    with pytest.raises(Refused) as refusal:
        actions.start_job(shop.labour(order), by=shop.technician(), now=NOW)
    assert refusal.value.code == "workshop.order.dispatch_first"


def test_a_colleagues_job_is_not_started(shop):
    order = shop.opened("MA001", to=shop.technician())
    with pytest.raises(Refused) as refusal:
        actions.start_job(shop.labour(order), by=shop.technician("刘洋", mechanics=3), now=NOW)
    assert refusal.value.code == "workshop.line.not_yours"


def test_pause_and_go_on_add_up_the_clocked_time(shop):
    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    line = shop.labour(order)
    actions.start_job(line, by=wang, now=NOW)
    actions.pause_job(line, reason="wait_parts", by=wang, now=after(minutes=20))
    assert (shop.labour(order).state, shop.labour(order).pause_reason) == ("paused", "wait_parts")
    actions.start_job(line, by=wang, now=after(minutes=60))
    actions.finish_job(line, self_checked=True, by=wang, now=after(minutes=85))
    row = ClockedHours.objects.get()
    assert (row.sold_hours, row.actual_hours) == (Hours.of("0.50"), Hours.of("0.75"))


def test_starting_is_undone_and_the_message_with_it(shop):
    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    assert shop.told() == ["opened", "started"]
    undo(AuditEntry.objects.get(code="workshop.line.started").uid, by=wang, now=after(seconds=5))
    assert shop.labour(order).state == "paused"
    assert Message.objects.get(template="workshop.message.started").state == "withdrawn"
    shop.run_jobs(now=after(minutes=1))
    assert Message.objects.get(template="workshop.message.started").sent_at is None


def test_a_start_undone_before_the_worker_came_tells_nobody(shop):
    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    undo(AuditEntry.objects.get(code="workshop.line.started").uid, by=wang, now=after(seconds=2))
    assert shop.told() == ["opened"]


def test_the_last_job_of_an_express_order_makes_it_ready(shop):
    wang = shop.technician()
    order = shop.opened("MA001", to=wang)
    shop.hand_out(order)
    order = shop.work(order, wang)
    assert (order.state, order.checks) == ("ready", ["self_check"])
    assert [line.state for line in shop.parts_of(order)] == ["used", "used"]
    assert shop.labour(order).state == "passed"
    assert QCRecord.objects.get().level == "self"
    assert [spell.state for spell in OrderSpell.objects.filter(order=order).order_by("pk")] == [
        "open",
        "dispatched",
        "working",
        "qc",
        "wash",
        "ready",
    ]


def test_without_the_self_check_an_express_order_waits_for_it(shop):
    wang = shop.technician()
    order = shop.work(shop.opened("DT004", to=wang), wang, self_checked=False)
    assert order.state == "qc"
    with pytest.raises(Refused) as refusal:
        actions.pass_check(order, by=wang, now=after(hours=1))
    assert refusal.value.code == "workshop.check.item_open"
    order = actions.pass_check(order, answers=shop.ticked("self"), by=wang, now=after(hours=1))
    assert order.state == "ready"


def test_a_part_that_was_not_handed_out_keeps_the_order_at_work(shop):
    wang = shop.technician()
    order = shop.work(shop.opened("MA001", to=wang), wang)
    assert (order.state, shop.labour(order).state) == ("working", "done")
    with pytest.raises(Refused) as refusal:
        actions.finish(order, by=wang, now=after(hours=1))
    assert (refusal.value.code, refusal.value.facts["count"]) == ("workshop.order.part_issue_missing", 2)
    shop.hand_out(order, now=after(hours=1))
    assert actions.finish(order, self_checked=True, by=wang, now=after(hours=1)).state == "ready"


def test_what_was_brought_back_is_not_paid(shop):
    from cheyi.parts import actions as parts
    from cheyi.parts.models import RequestLine

    wang = shop.technician()
    order = shop.opened("MA001", to=wang)
    shop.hand_out(order)
    oil = RequestLine.objects.get(part=shop.oil)
    parts.take_back(oil, quantity=q("0.5"), condition="good", by=shop.keeper, now=NOW)
    order = shop.work(order, wang)
    line = shop.parts_of(order)[0]
    assert (order.state, str(line.quantity), line.gross, line.state) == (
        "ready",
        "3.5",
        line.unit_price.times(q("3.5")),
        "used",
    )
    assert line.cost == line.issued_value


def test_a_hold_stops_the_clocks_and_counts_its_reason(shop):
    wang = shop.technician()
    order = shop.opened("MA001", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    order = actions.hold(order, reason="wait_tool", note="拉马借出", by=wang, now=after(minutes=10))
    assert (order.state, order.hold_reason, shop.labour(order).state) == ("hold", "wait_tool", "paused")
    assert JobClock.objects.get().stopped_at == after(minutes=10)
    order = actions.resume(order, by=shop.foreman, now=after(minutes=40))
    assert (order.state, order.hold_reason) == ("working", "")
    held = OrderSpell.objects.get(state="hold")
    assert (held.hold_reason, held.ended_at - held.began_at) == ("wait_tool", timedelta(minutes=30))


def test_a_job_started_on_hold_takes_the_order_along_when_nothing_is_missing_any_more(shop):
    wang = shop.technician()
    order = shop.opened("CH001", "DT004", to=wang)
    actions.start_job(shop.labour(order, 1), by=wang, now=NOW)
    actions.hold(order, reason="wait_tool", by=wang, now=after(minutes=1))
    actions.start_job(shop.labour(order, 1), by=wang, now=after(minutes=9))
    assert (shop.fresh(order).state, shop.labour(order, 1).state) == ("working", "working")
    actions.add_extra(order, jobs=[actions.JobWanted("DT001")], by=shop.advisor, now=after(minutes=10))
    actions.hold(order, reason="wait_approval", by=wang, now=after(minutes=11))
    with pytest.raises(Refused) as refusal:
        actions.start_job(shop.labour(order, 1), by=wang, now=after(minutes=12))
    assert (refusal.value.code, refusal.value.facts["count"]) == ("workshop.order.answer_still_missing", 1)
    assert (shop.fresh(order).state, shop.labour(order, 1).state) == ("hold", "paused")


def test_an_order_that_waits_for_parts_goes_on_when_they_come(shop):
    wang = shop.technician()
    rare = shop.part("RARE-1", "稀有件", "99")
    order = actions.open_order(
        vehicle=shop.car(),
        jobs=[actions.JobWanted("DT004", parts=[actions.PartWanted(q(1), rare.pk)])],
        dispatch_to=shop.employee(wang),
        by=shop.advisor,
        now=NOW,
    )
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    actions.hold(order, reason="wait_parts", by=wang, now=after(minutes=1))
    with pytest.raises(Refused) as refusal:
        actions.resume(order, by=wang, now=after(minutes=2))
    assert refusal.value.code == "workshop.order.parts_still_missing"
    shop.stock(rare, 1)
    assert (shop.fresh(order).state, shop.parts_of(order)[0].state) == ("working", "reserved")


def test_a_job_called_done_too_early_is_reopened(shop):
    wang = shop.technician()
    order = shop.work(shop.opened("DT004", to=wang), wang)
    assert order.state == "ready"
    undo(AuditEntry.objects.get(code="workshop.line.finished").uid, by=wang, now=after(hours=1))
    order = shop.fresh(order)
    assert (order.state, shop.labour(order).state) == ("working", "working")


def test_a_clock_of_more_than_twelve_hours_is_flagged(shop):
    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    actions.finish_job(shop.labour(order), by=wang, now=after(hours=13))
    clock = JobClock.objects.get()
    assert clock.flagged


def test_the_foreman_clocks_in_for_a_technician(shop):
    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    actions.start_job(shop.labour(order), technician=shop.employee(wang), by=shop.foreman, now=NOW)
    assert JobClock.objects.get().technician_id == wang.employee_id
