"""The page of the roster: the grid of a week, a day, a usual week, as last week; what it means for the plan."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest

from cheyi.foundation.models import Absence, AuditEntry, WorkShift
from cheyi.foundation.rosters import roster
from cheyi.workshop.planning import standing
from cheyi.workshop.queries.board import stamp
from cheyi.workshop.queries.roster import monday_of
from tests.customers.visits import send
from tests.workshop.test_pages_reception import at_desk

PAGE = "/workshop/roster"


@pytest.fixture
def foreman(shop):
    shop.stands_at_midday()
    return at_desk(shop.foreman)


@pytest.fixture
def two(shop):
    return shop.technician("王建国").employee_id, shop.technician("刘洋").employee_id


def set_day(client, person, day, **typed):
    words = {"starts": "08:30", "ends": "18:00", "act": "set", **typed}
    return send(client, f"{PAGE}/people/{person}/day", htmx=True, day=day.isoformat(), **words)


def kept(shop, people, days=30):
    """Who works when, days counted from today."""
    first = shop.today()
    found = roster(shop.store, people, first, days)
    return {(people.index(who), (day - first).days): str(said) for (who, day), said in found.items()}


def present(shop):
    """Whom the plan counts as here today."""
    now, day = datetime.now(UTC), shop.today()
    people = standing(shop.store, now).shop.technicians
    return [
        one.id
        for one in people
        if any(s.span.start.astimezone(shop.store.local(now).tzinfo).date() == day for s in one.shifts)
    ]


def test_a_store_without_a_roster_shows_the_opening_hours_and_says_so(
    shop, foreman, two, django_assert_max_num_queries
):
    with django_assert_max_num_queries(7):
        text = foreman.get(PAGE).content.decode()
    assert text.count("08:30–18:00</span>") == 14
    assert "没排班的日子按营业时间算" in text
    assert present(shop) == list(two)


def test_a_day_is_planned_and_then_counts_for_everybody(shop, foreman, two):
    before = stamp(shop.store, datetime.now(UTC))
    answer = set_day(foreman, two[0], shop.today(), rest_starts="12：00", rest_ends="1300")
    assert (answer.status_code, answer["HX-Trigger"]) == (200, "cheyi:changed")
    assert f"王建国 {shop.today()}：08:30–18:00" in unquote(answer.headers["X-Toast"])
    assert kept(shop, two) == {(0, 0): "08:30-18:00 12:00-13:00"}
    assert present(shop) == [two[0]]
    assert stamp(shop.store, datetime.now(UTC)) != before
    set_day(foreman, two[0], shop.today(), act="off")
    assert (kept(shop, two), present(shop)) == ({(0, 0): "off"}, [])
    set_day(foreman, two[0], shop.today(), act="clear")
    assert (kept(shop, two), present(shop)) == ({}, list(two))
    entry = AuditEntry.objects.exclude(inverse=None).latest("pk")
    assert send(foreman, f"/undo/{entry.uid}", htmx=True).status_code == 200
    assert kept(shop, two) == {(0, 0): "off"}


@pytest.mark.parametrize(
    ("typed", "code", "field"),
    [
        ({"ends": "07:00"}, "foundation.roster.ends_first", "ends"),
        ({"ends": "08:30"}, "foundation.roster.ends_first", "ends"),
        ({"starts": "25:00"}, "foundation.calendar.bad_time", "starts"),
        ({"starts": "-1"}, "foundation.calendar.bad_time", "starts"),
        ({"ends": "🎉"}, "foundation.calendar.bad_time", "ends"),
        ({"ends": ""}, "foundation.roster.half_span", "ends"),
        ({"starts": "", "ends": ""}, "foundation.roster.no_hours", "starts"),
        ({"rest_starts": "12:00"}, "foundation.roster.half_span", "rest_ends"),
        ({"rest_starts": "07:00", "rest_ends": "09:00"}, "foundation.roster.break_outside", "rest_starts"),
        ({"rest_starts": "13:00", "rest_ends": "12:00"}, "foundation.roster.ends_first", "rest_ends"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_nothing_changes(shop, foreman, two, typed, code, field):
    answer = set_day(foreman, two[0], shop.today(), **typed)
    assert (answer.status_code, answer["X-Problem"]) == (422, code)
    assert f'data-field="{field}"' in answer.content.decode()
    assert kept(shop, two) == {}


@pytest.mark.parametrize(("days", "code"), [(-1, "foundation.roster.day_past"), (400, "foundation.roster.too_far")])
def test_a_day_that_is_over_or_more_than_a_year_ahead_is_refused(shop, foreman, two, days, code):
    assert set_day(foreman, two[0], shop.today(days))["X-Problem"] == code
    asked = foreman.get(f"{PAGE}/people/{two[0]}/day?day={shop.today(days)}", headers={"HX-Request": "true"})
    assert (asked.status_code, asked["X-Problem"]) == (422, code)


def test_the_form_begins_with_the_hours_of_the_day_before(shop, foreman, two):
    set_day(foreman, two[0], shop.today(), starts="07:45", ends="24:00")
    text = foreman.get(f"{PAGE}/people/{two[0]}/day?day={shop.today(1)}").content.decode()
    assert re.findall(r'name="(?:starts|ends)"[^>]*value="([^"]*)"', text) == ["07:45", "24:00"]


def test_a_usual_week_for_all_is_one_form_and_one_undo(shop, foreman, two):
    text = foreman.get(f"{PAGE}/people/{two[0]}/week").content.decode()
    first = re.search(r'name="first" value="([^"]*)"', text)[1]
    assert first == shop.today().isoformat()
    form = {"first": first, "starts": "08:00", "ends": "17:00", "weekday": ["0", "1", "2", "3", "4"], "weeks": "2"}
    answer = send(foreman, f"{PAGE}/people/{two[0]}/week", htmx=True, **form, all="on")
    assert answer.status_code == 200, answer.content.decode()
    days = 14 - shop.today().weekday()
    assert len(kept(shop, two)) == 2 * days
    assert set(kept(shop, two).values()) == {"08:00-17:00", "off"}
    entry = AuditEntry.objects.exclude(inverse=None).latest("pk")
    assert send(foreman, f"/undo/{entry.uid}", htmx=True).status_code == 200
    assert kept(shop, two) == {}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"weekday": []}, "foundation.roster.no_days"),
        ({"weekday": ["7", "x"]}, "foundation.roster.no_days"),
        ({"weeks": "0"}, "foundation.roster.weeks"),
        ({"weeks": "-1"}, "foundation.roster.weeks"),
        ({"weeks": "1000000000"}, "foundation.roster.weeks"),
        ({"weeks": "🎉"}, "foundation.roster.weeks"),
        ({"first": "never"}, "foundation.calendar.bad_day"),
        ({"ends": "07:00"}, "foundation.roster.ends_first"),
    ],
)
def test_a_usual_week_that_makes_no_sense_is_refused(shop, foreman, two, typed, code):
    form = {
        "first": shop.today().isoformat(),
        "starts": "08:00",
        "ends": "17:00",
        "weekday": ["0"],
        "weeks": "2",
    } | typed
    assert send(foreman, f"{PAGE}/people/{two[0]}/week", htmx=True, **form)["X-Problem"] == code
    assert kept(shop, two) == {}


def test_next_week_is_filled_as_this_one(shop, foreman, two):
    for number in range(7 - shop.today().weekday()):
        set_day(foreman, two[1], shop.today(number))
    monday = monday_of(shop.today()) + timedelta(days=7)
    answer = send(foreman, f"{PAGE}/copy", htmx=True, week=monday.isoformat())
    assert answer.status_code == 200
    assert WorkShift.objects.count() == 2 * (7 - shop.today().weekday())
    text = foreman.get(f"{PAGE}?week={monday}").content.decode()
    assert text.count("08:30–18:00</span>") >= 1
    again = send(foreman, f"{PAGE}/copy", htmx=True, week=monday.isoformat())
    assert again["X-Problem"] == "foundation.roster.nothing_to_copy"


@pytest.mark.parametrize("week", ["", "never", "9999-12-31", "0001-01-01", "2026-02-30"])
def test_an_address_that_names_no_week_near_ours_shows_this_one(shop, foreman, two, week):
    text = foreman.get(f"{PAGE}?week={week}").content.decode()
    assert f'name="week" value="{monday_of(shop.today())}"' in text


def test_who_is_away_is_marked_in_his_cell(shop, foreman, two):
    starts = shop.store.local(datetime.now(UTC)).replace(hour=0, minute=0, second=0, microsecond=0)
    Absence.objects.create(
        store=shop.store,
        employee_id=two[0],
        starts_at=starts,
        ends_at=starts + timedelta(days=1),
        why="training",
        created_at=starts,
    )
    assert foreman.get(PAGE).content.decode().count("培训") == 1


@pytest.mark.parametrize("role", ["advisor", "technician", "inspector"])
def test_others_are_refused(shop, two, role):
    client = at_desk(shop.town.person(role))
    assert client.get(PAGE).status_code == 403
    assert set_day(client, two[0], shop.today()).status_code == 403
