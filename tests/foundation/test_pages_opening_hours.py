"""The page of the opening hours: the week as a whole, special days, refusals beside their field, undo."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client

from cheyi.foundation.calendar import opening_hours, set_day, set_week, special_days, week_of
from cheyi.foundation.models import AuditEntry, CalendarException, CalendarSpan
from cheyi.foundation.scope import within
from cheyi.kernel import OpenSpan
from tests.customers.visits import browser, send

PAGE, WEEK, DAY = "/opening-hours", "/opening-hours/week", "/opening-hours/day"
MORNING, AFTERNOON = OpenSpan(time(8), time(12)), OpenSpan(time(13, 30), time(18))
LONG = OpenSpan(time(9), time(20))


@pytest.fixture
def owner(town) -> Client:
    return browser(town.person("store_manager"))


def now():
    return datetime.now(UTC)


def ahead(days: int) -> date:
    return (now() + timedelta(hours=8)).date() + timedelta(days=days)


def form(*closed: int, **changed: str) -> dict[str, str]:
    """A week open from nine to eight, but for the closed days; ``opens_0_1`` names a field that says otherwise."""
    week = {f"opens-{day}-0": "09:00" for day in range(7)} | {f"closes-{day}-0": "20:00" for day in range(7)}
    shut = {f"closed-{day}": "on" for day in closed}
    return week | shut | {name.replace("_", "-"): text for name, text in changed.items()}


def kept(town):
    with within(town.store):
        return week_of(town.store)


def days(town):
    with within(town.store):
        return [(one.day, one.spans, one.reason) for one in special_days(town.store)]


def undo(client, town):
    entry = AuditEntry.objects.filter(store_id=town.store.pk).exclude(inverse=None).latest("pk")
    return send(client, f"/undo/{entry.uid}", htmx=True)


def test_a_new_store_s_page_shows_half_past_eight_to_six_on_each_day(owner):
    text = owner.get(PAGE).content.decode()
    assert "<h1>营业时间</h1>" in text
    assert re.findall(r'name="opens-(\d)-0"[^>]*value="08:30"', text) == list("0123456")
    assert re.findall(r'name="closes-(\d)-0"[^>]*value="18:00"', text) == list("0123456")
    assert "近期没有特殊日" in text


def test_the_week_is_saved_as_a_whole_and_undone_as_a_whole(owner, town):
    with within(town.store):
        set_week(town.store, week={0: [MORNING, AFTERNOON]}, by=town.person("store_manager"), now=now())
    answer = send(
        owner, WEEK, htmx=True, **form(6, opens_5_0="10:00", closes_5_0="12:00", opens_5_1="13:00", closes_5_1="00:00")
    )
    assert (answer.status_code, answer["HX-Redirect"]) == (200, PAGE)
    saturday = (OpenSpan(time(10), time(12)), OpenSpan(time(13), time(0)))
    assert kept(town) == {**dict.fromkeys(range(5), (LONG,)), 5: saturday}
    assert undo(owner, town).status_code == 200
    assert kept(town) == {0: (MORNING, AFTERNOON)}


def test_times_are_read_as_people_type_them(owner, town):
    answer = send(owner, WEEK, **form(*range(1, 7), opens_0_0="８：３０", closes_0_0=" ２４：００"))
    assert (answer.status_code, kept(town)) == (303, {0: (OpenSpan(time(8, 30), time(0)),)})


def test_what_came_with_the_store_is_nobody_s_again_after_undo(owner, town):
    with within(town.store):
        CalendarSpan.objects.create(store=town.store, weekday=0, opens="08:30", closes="18:00", created_at=now())
    send(owner, WEEK, **form())
    assert undo(owner, town).status_code == 200
    with within(town.store):
        assert list(CalendarSpan.objects.values_list("weekday", "created_by_id")) == [(0, None)]


def test_a_store_that_had_set_nothing_counts_as_usual_again_after_undo(owner, town):
    usual = kept(town)
    send(owner, WEEK, **form())
    undo(owner, town)
    assert kept(town) == usual
    with within(town.store):
        assert not CalendarSpan.objects.exists()


def test_undo_does_not_take_back_what_somebody_set_meanwhile(owner, town):
    send(owner, WEEK, **form())
    entry = AuditEntry.objects.get(code="foundation.calendar.week_set")
    send(owner, WEEK, **form(6))
    answer = send(owner, f"/undo/{entry.uid}", htmx=True)
    assert (answer.status_code, answer["X-Problem"]) == (422, "foundation.undo.impossible")
    assert kept(town) == dict.fromkeys(range(6), (LONG,))


@pytest.mark.parametrize(
    ("typed", "code", "field", "said"),
    [
        ({"closes_3_0": "08:00"}, "ends_first", "closes-3-0", "09:00–08:00 的结束要晚于开始。改其中一个"),
        ({"closes_3_0": "09:00"}, "ends_first", "closes-3-0", "09:00–09:00 的结束要晚于开始。改其中一个"),
        ({"opens_2_1": "19:00", "closes_2_1": "21:00"}, "overlap", "opens-2-1", "09:00-20:00 与 19:00-21:00 重叠"),
        ({"opens_2_1": "08:00", "closes_2_1": "10:00"}, "overlap", "opens-2-0", "08:00-10:00 与 09:00-20:00 重叠"),
        ({"opens_4_0": "24:00"}, "bad_time", "opens-4-0", "“24:00”不是时间。像 08:30 这样写"),
        ({"opens_4_0": "25:00"}, "bad_time", "opens-4-0", "“25:00”不是时间。像 08:30 这样写"),
        ({"closes_4_0": "half past"}, "bad_time", "closes-4-0", "“half past”不是时间。像 08:30 这样写"),
        ({"closes_1_0": ""}, "half_span", "closes-1-0", "缺一个时间。两个都填，或都留空"),
        ({"opens_1_0": "", "closes_1_0": ""}, "no_hours", "opens-1-0", "填上时段，或勾“休息”"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_nothing_changes(owner, town, typed, code, field, said):
    before = kept(town)
    answer = send(owner, WEEK, htmx=True, **form(**typed))
    assert (answer.status_code, answer["X-Problem"]) == (422, f"foundation.calendar.{code}")
    text = answer.content.decode()
    assert f'data-field="{field}"' in text
    assert said in text
    assert kept(town) == before


def test_a_week_without_any_hours_is_refused(owner, town):
    answer = send(owner, WEEK, htmx=True, **form(*range(7)))
    assert (answer.status_code, answer["X-Problem"]) == (422, "foundation.calendar.never")


def test_times_may_be_typed_loosely(owner, town):
    loose = {"opens_0_0": "8:30", "closes_0_0": "12：00", "opens_0_1": "1330", "closes_0_1": "18.00"}
    send(owner, WEEK, **form(*range(1, 7), **loose, opens_0_2="1900", closes_0_2="24:00"))
    assert 'value="24:00"' in owner.get(PAGE).content.decode()
    evening = OpenSpan(time(19), time(0))
    assert kept(town) == {0: (OpenSpan(time(8, 30), time(12)), OpenSpan(time(13, 30), time(18)), evening)}


def test_a_span_is_added_and_taken_off_and_monday_copied_while_what_was_typed_stays(owner):
    typed = form(6, closes_0_0="xx")
    more = owner.get(WEEK, {**typed, "add": "0"}, headers={"HX-Request": "true"}).content.decode()
    assert re.findall(r'name="((?:opens|closes)-0-\d)"[^>]*value="([^"]*)"', more) == [
        ("opens-0-0", "09:00"),
        ("closes-0-0", "xx"),
        ("opens-0-1", ""),
        ("closes-0-1", ""),
    ]
    assert re.findall(r'name="([^"]*)"[^>]* autofocus', more) == ["opens-0-1"]
    assert re.findall(r'name="closed-(\d)"[^>]* checked', more) == ["6"]
    two = {**typed, "opens-0-1": "21:00", "closes-0-1": "23:00"}
    less = owner.get(WEEK, {**two, "drop": "0-0"}).content.decode()
    assert re.findall(r'name="((?:opens|closes)-0-\d)"[^>]*value="([^"]*)"', less) == [
        ("opens-0-0", "21:00"),
        ("closes-0-0", "23:00"),
    ]
    same = owner.get(WEEK, {**two, "same": "0"}).content.decode()
    assert re.findall(r'name="opens-(\d)-1"[^>]*value="21:00"', same) == list("0123456")
    assert not re.findall(r'name="closed-(\d)"[^>]* checked', same)


def test_four_spans_leave_no_room_for_more(owner):
    full = form() | {f"opens-0-{n}": f"1{n}:00" for n in range(4)} | {f"closes-0-{n}": f"1{n}:30" for n in range(4)}
    text = owner.get(WEEK, {**full, "add": "0"}).content.decode()
    assert 'id="add-0"' not in text
    assert 'id="add-1"' in text
    assert 'name="opens-0-4"' not in text


def test_a_special_day_closes_or_opens_otherwise_and_is_shown_until_it_is_over(owner, town):
    send(owner, DAY, **{"day": ahead(2).isoformat(), "closed-day": "on", "reason": "中秋"})
    other = {"day": ahead(1).isoformat(), "opens-day-0": "10:00", "closes-day-0": "14:00", "reason": ""}
    assert send(owner, DAY, **other)["Location"] == PAGE
    assert days(town) == [(ahead(1), (OpenSpan(time(10), time(14)),), ""), (ahead(2), (), "中秋")]
    with within(town.store):
        CalendarException.objects.create(store=town.store, dated_on=ahead(-1), reason="昨天", created_at=now())
        text = owner.get(PAGE).content.decode()
        assert "中秋" in text
        assert "10:00–14:00" in text
        assert "昨天" not in text
        assert opening_hours(town.store).on(ahead(2)) == []


def test_a_special_day_is_removed_and_each_step_can_be_undone(owner, town):
    day = {"day": ahead(3).isoformat()}
    send(owner, DAY, **day, **{"closed-day": "on", "reason": "盘点"})
    send(owner, DAY, **day, **{"opens-day-0": "09:00", "closes-day-0": "12:00", "reason": ""})
    changed = AuditEntry.objects.filter(code="foundation.calendar.day_set").latest("pk")
    send(owner, "/opening-hours/day/remove", **day)
    assert days(town) == []
    assert undo(owner, town).status_code == 200
    assert days(town) == [(ahead(3), (OpenSpan(time(9), time(12)),), "")]
    assert send(owner, f"/undo/{changed.uid}", htmx=True).status_code == 200
    assert days(town) == [(ahead(3), (), "盘点")]
    first = AuditEntry.objects.filter(code="foundation.calendar.day_set").earliest("pk")
    assert send(owner, f"/undo/{first.uid}", htmx=True).status_code == 200
    assert days(town) == []


@pytest.mark.parametrize(
    ("typed", "code"), [("", "no_day"), ("2026-02-30", "bad_day"), ("next week", "bad_day"), ("2026-06-14", "day_past")]
)
def test_a_day_that_is_none_or_over_is_refused_beside_its_field(owner, town, typed, code):
    answer = send(owner, DAY, htmx=True, day=typed, **{"closed-day": "on"})
    assert (answer.status_code, answer["X-Problem"]) == (422, f"foundation.calendar.{code}")
    assert 'data-field="day"' in answer.content.decode()
    assert days(town) == []


def test_other_hours_of_a_special_day_are_refused_beside_their_field(owner, town):
    typed = {"day": ahead(1).isoformat(), "opens-day-0": "14:00", "closes-day-0": "10:00"}
    answer = send(owner, DAY, htmx=True, **typed)
    assert (answer["X-Problem"], days(town)) == ("foundation.calendar.ends_first", [])
    assert 'data-field="closes-day-0"' in answer.content.decode()


def test_removing_a_day_twice_is_harmless_and_leaves_one_record(owner, town):
    with within(town.store):
        set_day(town.store, day=ahead(1), spans=[], by=town.person("store_manager"), now=now())
    for _ in range(2):
        assert send(owner, "/opening-hours/day/remove", day=ahead(1).isoformat()).status_code == 303
    assert AuditEntry.objects.filter(code="foundation.calendar.day_cleared").count() == 1


def test_the_page_stays_within_its_queries(owner, town, django_assert_max_num_queries):
    with within(town.store):
        for number in range(5):
            set_day(town.store, day=ahead(number), spans=[], by=town.person("store_manager"), now=now())
    with django_assert_max_num_queries(5):
        owner.get(PAGE)


@pytest.mark.parametrize("role", ["store_manager", "administrator"])
def test_who_may_finds_the_page_from_the_start(town, role):
    assert f'href="{PAGE}"' in browser(town.person(role)).get("/start").content.decode()


@pytest.mark.parametrize("role", ["advisor", "service_manager", "headquarters"])
def test_others_are_refused(town, role):
    client = browser(town.person(role))
    assert client.get(PAGE).status_code == 403
    assert send(client, WEEK, **form()).status_code == 403
    assert f'href="{PAGE}"' not in client.get("/start").content.decode()


def test_a_sister_store_keeps_its_own_hours(owner, town):
    send(owner, WEEK, **form(6))
    with within(town.sister):
        assert week_of(town.sister)[6] == (OpenSpan(time(8, 30), time(18)),)
