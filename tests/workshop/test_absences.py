"""A technician is not here: the plan gives him nothing, his work is proposed to others, his clock is asked about."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cheyi.foundation.acts import undo
from cheyi.foundation.models import Absence, AuditEntry
from cheyi.kernel import Refused
from cheyi.workshop import actions
from cheyi.workshop.actions import Placement
from cheyi.workshop.models import Assignment, JobClock, LabourLine
from cheyi.workshop.queries.board import board, stamp
from tests.workshop.shop import NOW, after, everything


@pytest.fixture
def two(shop):
    """Wang has a job that is not begun; Liu could do it too. The store keeps no roster."""
    wang, liu = shop.technician("王建国"), shop.technician("刘洋")
    order = shop.opened("MA001", to=wang)
    return wang, liu, order


def away(shop, who, *, hours=15, now=NOW, **words):
    words = {"why": "sick", "ends_at": now + timedelta(hours=hours), **words}
    return actions.note_absence(shop.employee(who), store=shop.store, by=shop.foreman, now=now, **words)


def proposals(shop, now=NOW):
    return [(one.was, one.person.name if one.person else "", one.stays) for one in board(shop.store, now).waiting]


def spans():
    rows = Absence.objects.order_by("starts_at")
    return [
        ((row.starts_at - NOW) // timedelta(hours=1), (row.ends_at - NOW) // timedelta(hours=1), row.why)
        for row in rows
    ]


def lane(shop, name, now=NOW):
    (found,) = [one for one in board(shop.store, now).lanes if one.name == name]
    return found


def test_his_work_is_proposed_to_somebody_else_and_stays_his_until_that_is_accepted(shop, two):
    wang, liu, order = two
    assert proposals(shop) == []
    away(shop, wang)
    assert proposals(shop) == [("王建国", "刘洋", False)]
    assert lane(shop, "王建国").share == 0
    assert lane(shop, "王建国").away.why == "sick"
    assert Assignment.objects.get(line__order=order, ended_at=None).technician_id == wang.employee_id
    line = shop.labour(order)
    actions.assign(order, placements=[Placement(line.pk, liu.employee_id)], by=shop.foreman, now=NOW)
    assert proposals(shop) == []


def test_the_board_notices(shop, two):
    before = stamp(shop.store, NOW)
    row = away(shop, two[0])
    noted = stamp(shop.store, NOW)
    actions.end_absence(row, by=shop.foreman, now=after(minutes=1))
    assert len({before, noted, stamp(shop.store, NOW)}) == 3


def test_undo_gives_him_his_work_back(shop, two):
    away(shop, two[0])
    entry = AuditEntry.objects.get(code="foundation.absence.noted")
    undo(entry.uid, by=shop.foreman, now=after(minutes=1))
    assert (proposals(shop), spans()) == ([], [])
    with pytest.raises(Refused, match=r"foundation\.undo\.done_already"):
        undo(entry.uid, by=shop.foreman, now=after(minutes=1))


def test_where_nobody_else_can_it_stays_his_for_when_he_is_back(shop):
    wang = shop.technician("王建国")
    shop.opened("MA001", to=wang)
    away(shop, wang)
    assert proposals(shop) == [("王建国", "王建国", True)]
    (one,) = board(shop.store, NOW).waiting
    assert (one.is_proposed, shop.store.local(one.start).strftime("%d %H:%M")) == (False, "16 08:30")


def test_where_nobody_can_in_the_whole_week_nobody_fits(shop):
    wang = shop.technician("王建国")
    shop.opened("MA001", to=wang)
    away(shop, wang, hours=24 * 20)
    assert proposals(shop) == [("王建国", "", False)]


def test_a_promise_that_breaks_says_so(shop):
    wang = shop.technician("王建国")
    order = shop.opened("MA001", to=wang, promised_at=after(hours=6))
    assert board(shop.store, NOW).threats == ()
    away(shop, wang)
    assert [one.order.pk for one in board(shop.store, NOW).threats] == [order.pk]


def test_a_short_way_leaves_him_what_he_can_still_do_today(shop, two):
    away(shop, two[0], hours=2)
    assert proposals(shop) == []
    (block,) = lane(shop, "王建国").blocks
    assert shop.store.local(block.begins).strftime("%H:%M") == "11:00"


def test_who_goes_later_works_until_then(shop, two):
    away(shop, two[0], starts_at=after(hours=5))
    found = lane(shop, "王建国")
    assert (proposals(shop), len(found.blocks), found.away.span.start) == ([], 1, after(hours=5))


# --- the clock that runs ------------------------------------------------------------------------------------------------


def test_a_clock_that_runs_is_asked_about_and_nothing_is_done(shop, two):
    wang, _liu, order = two
    line = shop.labour(order)
    actions.start_job(line, by=wang, now=NOW)
    before = everything(Absence, JobClock, LabourLine)
    with pytest.raises(Refused, match=r"workshop\.absence\.clock_runs") as refused:
        away(shop, wang, now=after(minutes=30))
    assert refused.value.facts["line"] == line.pk
    with pytest.raises(Refused, match=r"workshop\.absence\.clock_runs"):
        away(shop, wang, now=after(minutes=30), stop=[line.pk + 1])
    assert everything(Absence, JobClock, LabourLine) == before


def test_what_he_began_is_paused_kept_with_its_time_and_proposed_to_others(shop, two):
    wang, _liu, order = two
    line = shop.labour(order)
    actions.start_job(line, by=wang, now=NOW)
    away(shop, wang, now=after(minutes=12), stop=[line.pk])
    clock = JobClock.objects.get()
    assert (clock.stopped_at, clock.stop_reason) == (after(minutes=12), "away")
    line = shop.fresh(line)
    assert (line.state, line.pause_reason, shop.fresh(order).state) == ("paused", "away", "working")
    assert proposals(shop, after(minutes=12)) == [("王建国", "刘洋", False)]


def test_undo_lets_the_clock_run_again_unless_the_job_is_somebody_elses(shop, two):
    wang, liu, order = two
    line = shop.labour(order)
    actions.start_job(line, by=wang, now=NOW)
    away(shop, wang, now=after(minutes=10), stop=[line.pk])
    undo(AuditEntry.objects.get(code="foundation.absence.noted").uid, by=shop.foreman, now=after(minutes=11))
    assert (shop.fresh(line).state, JobClock.objects.filter(stopped_at=None).count()) == ("working", 1)
    away(shop, wang, now=after(minutes=20), stop=[line.pk])
    placed = [Placement(line.pk, liu.employee_id)]
    actions.assign(order, placements=placed, by=shop.foreman, now=after(minutes=21))
    entry = AuditEntry.objects.filter(code="foundation.absence.noted").latest("pk")
    undo(entry.uid, by=shop.foreman, now=after(minutes=22))
    assert (shop.fresh(line).state, spans()) == ("paused", [])


def test_who_goes_later_goes_on_with_his_clock(shop, two):
    wang, _liu, order = two
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    away(shop, wang, now=after(minutes=5), starts_at=after(hours=2))
    assert JobClock.objects.filter(stopped_at=None).count() == 1


# --- from when to when ---------------------------------------------------------------------------------------------------


def test_he_is_back_earlier(shop, two):
    row = away(shop, two[0])
    actions.end_absence(row, by=shop.foreman, now=after(hours=1))
    assert (spans(), proposals(shop, after(hours=1))) == ([(0, 1, "sick")], [])
    with pytest.raises(Refused, match=r"foundation\.absence\.over"):
        actions.end_absence(row, by=shop.foreman, now=after(hours=2))
    entry = AuditEntry.objects.get(code="foundation.absence.ended")
    undo(entry.uid, by=shop.foreman, now=after(hours=1))
    assert spans() == [(0, 15, "sick")]


def test_a_leave_to_come_is_struck_out_and_comes_back_by_undo(shop, two):
    row = away(shop, two[0], starts_at=after(hours=24), hours=48, why="training")
    actions.end_absence(row, by=shop.foreman, now=NOW)
    assert spans() == []
    undo(AuditEntry.objects.get(code="foundation.absence.ended").uid, by=shop.foreman, now=NOW)
    assert spans() == [(24, 48, "training")]


def test_noting_anew_says_until_when_anew_and_undo_knows_what_was(shop, two):
    away(shop, two[0], hours=15)
    away(shop, two[0], starts_at=after(hours=30), hours=60, why="training")
    away(shop, two[0], now=after(hours=1), hours=40, why="personal")
    assert spans() == [(0, 1, "sick"), (1, 41, "personal"), (41, 60, "training")]
    entry = AuditEntry.objects.filter(code="foundation.absence.noted").latest("pk")
    undo(entry.uid, by=shop.foreman, now=after(hours=2))
    assert spans() == [(0, 15, "sick"), (30, 60, "training")]


def test_undo_is_refused_when_it_was_noted_anew_meanwhile(shop, two):
    away(shop, two[0])
    first = AuditEntry.objects.get(code="foundation.absence.noted")
    away(shop, two[0], now=after(hours=1), hours=2)
    before = everything(Absence)
    with pytest.raises(Refused, match=r"foundation\.undo\.impossible"):
        undo(first.uid, by=shop.foreman, now=after(hours=1))
    assert everything(Absence) == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"hours": 0}, "ends_first"),
        ({"hours": -1}, "ends_first"),
        ({"starts_at": after(hours=3), "hours": 3}, "ends_first"),
        ({"hours": 24 * 367}, "too_far"),
        ({"why": "holiday 🎉"}, "unknown_why"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_changes(shop, two, words, code):
    wang, _liu, order = two
    line = shop.labour(order)
    actions.start_job(line, by=wang, now=after(minutes=-5))
    before = everything(Absence, JobClock, LabourLine, AuditEntry)
    with pytest.raises(Refused, match=rf"foundation\.absence\.{code}"):
        away(shop, wang, stop=[line.pk], **words)
    assert everything(Absence, JobClock, LabourLine, AuditEntry) == before


def test_an_absence_begins_now_where_the_beginning_is_over(shop, two):
    away(shop, two[0], starts_at=after(hours=-3), hours=2)
    assert spans() == [(0, 2, "sick")]
