"""Who works when: days set, a week as the last one, a usual week; each undone, nothing half done."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from cheyi.foundation.acts import undo
from cheyi.foundation.models import AuditEntry, Employee, WorkShift
from cheyi.foundation.rosters import DayShift, RosterDay, copy_week, roster, set_days, set_usual_week, shift_of
from cheyi.foundation.scope import within
from cheyi.kernel import OpenSpan, Refused
from tests.foundation.org import NOW, found_town

MONDAY = date(2026, 6, 15)
OFF = RosterDay(off=True)
EARLY = RosterDay((shift_of(time(8, 30), time(18), (time(12), time(13))),))
LATE = RosterDay((shift_of(time(13), time(0)),))


@pytest.fixture
def town(db):
    town = found_town()
    with within(town.store):
        yield town


@pytest.fixture
def people(town):
    return [town.person("technician", name).employee_id for name in ("王建国", "刘洋")]


@pytest.fixture
def foreman(town):
    return town.person("foreman")


def day(number):
    return MONDAY + timedelta(days=number)


def week(town, people, *, first=MONDAY, days=7):
    """What stands, by the place of the person and the day counted from the Monday of today."""
    found = roster(town.store, people, first, days)
    return {(people.index(person), (on - MONDAY).days): str(said) for (person, on), said in sorted(found.items())}


def put(town, foreman, days, **words):
    set_days(days, store=town.store, by=foreman, now=words.pop("now", NOW))


def latest():
    return AuditEntry.objects.exclude(inverse=None).latest("pk")


def test_a_day_is_set_set_anew_made_free_and_taken_off(town, people, foreman):
    key = (people[0], MONDAY)
    seen = []
    for said in (EARLY, LATE, OFF, RosterDay()):
        put(town, foreman, {key: said})
        seen.append(week(town, people))
    assert seen == [
        {(0, 0): "08:30-18:00 12:00-13:00"},
        {(0, 0): "13:00-00:00"},
        {(0, 0): "off"},
        {},
    ]


def test_rows_are_moments_by_the_store_s_clock(town, people, foreman):
    put(town, foreman, {(people[0], MONDAY): EARLY, (people[1], MONDAY): LATE})
    early, late = WorkShift.objects.order_by("employee_id")
    local = town.store.local
    shown = [f"{local(at):%d %H:%M}" for at in (early.starts_at, early.break_starts_at, early.ends_at, late.ends_at)]
    assert shown == ["15 08:30", "15 12:00", "15 18:00", "16 00:00"]


def test_each_step_is_undone_in_turn(town, people, foreman):
    put(town, foreman, {(people[0], MONDAY): EARLY})
    first = latest()
    put(town, foreman, {(people[0], MONDAY): LATE, (people[1], day(1)): OFF})
    with pytest.raises(Refused, match=r"foundation\.undo\.impossible"):
        undo(first.uid, by=foreman, now=NOW)
    undo(latest().uid, by=foreman, now=NOW)
    assert week(town, people) == {(0, 0): "08:30-18:00 12:00-13:00"}
    undo(first.uid, by=foreman, now=NOW)
    assert week(town, people) == {}


def test_two_shifts_on_a_day_are_kept_in_order_and_come_back_by_undo(town, people, foreman):
    both = RosterDay((shift_of(time(18), time(22)), shift_of(time(8), time(12))))
    put(town, foreman, {(people[0], MONDAY): both})
    put(town, foreman, {(people[0], MONDAY): OFF})
    undo(latest().uid, by=foreman, now=NOW)
    assert week(town, people) == {(0, 0): "08:00-12:00,18:00-22:00"}


@pytest.mark.parametrize(
    ("times", "rest", "code", "field"),
    [
        ((time(18), time(8)), None, "ends_first", "ends"),
        ((time(8), time(8)), None, "ends_first", "ends"),
        ((time(8), time(18)), (time(13), time(12)), "ends_first", "rest_ends"),
        ((time(8), time(18)), (time(7), time(9)), "break_outside", "rest_starts"),
        ((time(8), time(18)), (time(17), time(19)), "break_outside", "rest_starts"),
        ((time(8), time(18)), (time(17), time(0)), "break_outside", "rest_starts"),
    ],
)
def test_hours_that_make_no_sense_are_refused_beside_their_field(times, rest, code, field):
    with pytest.raises(Refused, match=rf"foundation\.roster\.{code}") as refused:
        shift_of(*times, rest, fields=("starts", "ends", "rest_starts", "rest_ends"))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("key", "said", "code"),
    [
        (-1, EARLY, "day_past"),
        (367, EARLY, "too_far"),
        (0, RosterDay((shift_of(time(8), time(12)), shift_of(time(11), time(15)))), "overlap"),
        (0, RosterDay((shift_of(time(8), time(0)), shift_of(time(20), time(22)))), "overlap"),
    ],
)
def test_a_refusal_changes_nothing(town, people, foreman, key, said, code):
    put(town, foreman, {(people[0], MONDAY): EARLY})
    before = AuditEntry.objects.count()
    with pytest.raises(Refused, match=rf"foundation\.roster\.{code}"):
        put(town, foreman, {(people[0], MONDAY): OFF, (people[1], day(key)): said})
    assert (week(town, people), AuditEntry.objects.count()) == ({(0, 0): "08:30-18:00 12:00-13:00"}, before)


def test_who_left_is_not_planned(town, people, foreman):
    Employee.objects.filter(pk=people[1]).update(status="left")
    with pytest.raises(Refused, match=r"foundation\.roster\.not_here"):
        put(town, foreman, {(one, MONDAY): EARLY for one in people})
    assert week(town, people) == {}


def test_a_week_is_filled_as_the_one_before_where_it_is_empty(town, people, foreman):
    put(town, foreman, {(people[0], day(n)): EARLY for n in range(5)} | {(people[0], day(5)): OFF})
    put(town, foreman, {(people[0], day(7)): LATE})
    monday = MONDAY + timedelta(days=7)
    assert copy_week(town.store, people=people, monday=monday, by=foreman, now=NOW) == 5
    assert week(town, people, first=monday) == {
        (0, 7): "13:00-00:00",
        **{(0, 7 + n): "08:30-18:00 12:00-13:00" for n in range(1, 5)},
        (0, 12): "off",
    }
    with pytest.raises(Refused, match=r"foundation\.roster\.nothing_to_copy"):
        copy_week(town.store, people=people, monday=monday, by=foreman, now=NOW)
    undo(latest().uid, by=foreman, now=NOW)
    assert week(town, people, first=monday) == {(0, 7): "13:00-00:00"}


def test_of_a_week_that_has_begun_only_what_is_to_come_is_filled(town, people, foreman):
    put(town, foreman, {(people[0], day(n)): EARLY for n in range(7)})
    later = NOW + timedelta(days=11)
    copy_week(town.store, people=people, monday=day(7), by=foreman, now=later)
    assert sorted(week(town, people, first=day(7))) == [(0, n) for n in (11, 12, 13)]


def test_a_usual_week_is_planned_for_some_weeks_with_its_free_days_and_undone_at_once(town, people, foreman):
    put(town, foreman, {(people[1], day(1)): LATE})
    words = {"week": dict.fromkeys(range(5), EARLY), "first": day(2), "weeks": 2}
    set_usual_week(town.store, people=people, **words, by=foreman, now=NOW)
    found = week(town, people, days=21)
    work = [n for n in range(2, 14) if n % 7 < 5]
    assert {key for key, said in found.items() if said.startswith("08:30")} == {(p, n) for p in (0, 1) for n in work}
    assert {key for key, said in found.items() if said == "off"} == {(p, n) for p in (0, 1) for n in (5, 6, 12, 13)}
    assert found[(1, 1)] == "13:00-00:00"
    undo(latest().uid, by=foreman, now=NOW)
    assert week(town, people, days=21) == {(1, 1): "13:00-00:00"}


@pytest.mark.parametrize("weeks", [0, -1, 13, 10**9])
def test_a_usual_week_for_no_or_too_many_weeks_is_refused(town, people, foreman, weeks):
    with pytest.raises(Refused, match=r"foundation\.roster\.weeks"):
        set_usual_week(town.store, people=people, week={0: EARLY}, first=MONDAY, weeks=weeks, by=foreman, now=NOW)
    assert week(town, people, days=30) == {}


def test_a_shift_that_goes_on_after_midnight_is_shown_until_then(town, people):
    starts = town.store.local(NOW).replace(hour=22, minute=0)
    WorkShift.objects.create(
        store=town.store, employee_id=people[0], starts_at=starts, ends_at=starts + timedelta(hours=8), created_at=NOW
    )
    assert week(town, people) == {(0, 0): "22:00-00:00"}
    assert DayShift(OpenSpan(time(22), time(0))).hours == ("22:00", "24:00")


def test_a_sister_store_has_its_own_roster(town, people, foreman):
    put(town, foreman, {(people[0], MONDAY): EARLY})
    with within(town.sister):
        assert roster(town.sister, people, MONDAY, 7) == {}
