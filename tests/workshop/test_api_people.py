"""Who is here and where they work, by machine: the same verbs, refusals and undo as the pages have."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from cheyi.foundation.models import Absence
from cheyi.workshop import actions
from cheyi.workshop.models import Bay
from tests.customers.visits import browser
from tests.foundation.org import NOW

_keys = count(1)


def call(client, where, /, **body):
    headers = {"Idempotency-Key": f"p{next(_keys)}"}
    return client.post(f"/api/v1{where}", json.dumps(body), content_type="application/json", headers=headers)


@pytest.fixture
def foreman(shop):
    return browser(shop.foreman)


@pytest.fixture
def wang(shop):
    return shop.technician("王建国").employee_id


def soon(**ahead):
    """A moment after the real present, which machines are asked at."""
    return (datetime.now(UTC) + timedelta(**ahead)).isoformat()


def test_somebody_is_noted_as_away_asked_for_and_back(shop, foreman, wang):
    noted = call(foreman, f"/technicians/{wang}/note-absence", ends_at=soon(hours=5), why="sick", words="发烧")
    assert noted.status_code == 200, noted.content
    row = Absence.objects.get()
    assert (noted.json()["id"], noted.json()["employee_id"], noted.json()["words"]) == (row.pk, wang, "发烧")
    assert [one["id"] for one in foreman.get("/api/v1/absences").json()["absences"]] == [row.pk]
    back = call(foreman, f"/absences/{row.pk}/end")
    assert (back.status_code, back.json()) == (200, {"absences": []})
    undone = call(foreman, f"/undo/{back.headers['X-Undo']}")
    assert undone.status_code == 200, undone.content
    assert [one["id"] for one in foreman.get("/api/v1/absences").json()["absences"]] == [row.pk]


def test_a_clock_that_runs_is_named_and_stopped_when_it_is_named_back(shop, foreman, wang):
    line = shop.labour(shop.opened("MA001", to=shop.technician("王建国")))
    actions.start_job(line, by=shop.technician("王建国"), now=NOW)
    body = {"ends_at": soon(hours=5), "why": "other"}
    refused = call(foreman, f"/technicians/{wang}/note-absence", **body)
    assert (refused.status_code, refused.json()["code"]) == (422, "workshop.absence.clock_runs")
    done = call(foreman, f"/technicians/{wang}/note-absence", **body, stop=[line.pk])
    assert (done.status_code, shop.fresh(line).state) == (200, "paused")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"why": "sick"}, {"ends_at"}),
        ({"ends_at": "2026-06-15T10:00:00+08:00", "why": "party"}, {"why"}),
        ({"ends_at": "2026-06-15T10:00:00+08:00", "why": "sick", "stop": [0]}, {"stop.0"}),
        ({"ends_at": "2026-06-15T10:00:00+08:00", "why": "sick", "words": "x" * 61}, {"words"}),
    ],
)
def test_a_call_that_does_not_fit_names_its_fields(shop, foreman, wang, body, fields):
    answer = call(foreman, f"/technicians/{wang}/note-absence", **body)
    assert (answer.status_code, set(answer.json()["fields"])) == (422, fields)
    assert not Absence.objects.exists()


def test_the_roster_is_read_and_written_by_day_and_by_week(shop, foreman, wang):
    today = shop.store.local(datetime.now(UTC)).date()
    day = call(
        foreman,
        f"/technicians/{wang}/set-day",
        day=today.isoformat(),
        shifts=[{"starts": "08:30", "ends": "18:00", "rest_starts": "12:00", "rest_ends": "13:00"}],
    )
    assert day.status_code == 200, day.content
    shift = {"starts": "08:30", "ends": "18:00", "rest_starts": "12:00", "rest_ends": "13:00"}
    assert day.json()["days"] == [{"employee_id": wang, "day": today.isoformat(), "shifts": [shift], "off": False}]
    assert foreman.get(f"/api/v1/roster?week={today}").json() == day.json()
    week = {
        "shifts": [{"starts": "09:00", "ends": "17:00"}],
        "weekdays": [0, 1],
        "first": today.isoformat(),
        "weeks": 1,
    }
    usual = call(foreman, f"/technicians/{wang}/set-usual-week", **week)
    assert (usual.status_code, len(usual.json()["days"])) == (200, 7 - today.weekday())
    nothing = call(foreman, "/roster/copy-week", week=today.isoformat())
    assert nothing.json()["code"] == "foundation.roster.nothing_to_copy"
    copied = call(foreman, "/roster/copy-week", week=(today + timedelta(days=7)).isoformat())
    assert (copied.status_code, len(copied.json()["days"])) == (200, 7 - today.weekday())


@pytest.mark.parametrize(
    ("shift", "code", "field"),
    [
        ({"starts": "18:00", "ends": "08:00"}, "ends_first", "shifts.0.ends"),
        ({"starts": "08:00", "ends": "18:00", "rest_starts": "12:00"}, "half_span", "shifts.0.rest_ends"),
        (
            {"starts": "08:00", "ends": "18:00", "rest_starts": "19:00", "rest_ends": "20:00"},
            "break_outside",
            "shifts.0.rest_starts",
        ),
    ],
)
def test_hours_that_make_no_sense_are_refused_at_their_place(shop, foreman, wang, shift, code, field):
    answer = call(foreman, f"/technicians/{wang}/set-day", day=soon(days=2)[:10], shifts=[shift])
    assert (answer.json()["code"], list(answer.json()["fields"])) == (f"foundation.roster.{code}", [field])


def test_a_bay_is_added_changed_and_listed_with_its_orders(shop, foreman):
    made = call(foreman, "/bays/add", code="H1", kind="ev", ev_safe=True)
    assert made.status_code == 200, made.content
    bay = made.json()["id"]
    changed = call(foreman, f"/bays/{bay}/change", code="H1", kind="ev", ev_safe=True, active=False)
    assert (changed.status_code, Bay.objects.get(pk=bay).active) == (200, False)
    listed = foreman.get("/api/v1/bays").json()
    assert [(one["code"], one["active"], one["orders"]) for one in listed["bays"]] == [
        ("E1", True, []),
        ("G1", True, []),
        ("H1", False, []),
    ]
    assert call(foreman, f"/undo/{changed.headers['X-Undo']}").status_code == 200
    assert Bay.objects.get(pk=bay).active


def test_a_profile_is_written_as_a_whole(shop, foreman, wang):
    answer = call(foreman, f"/technicians/{wang}/put", skills={"mechanics": 5})
    assert (answer.status_code, answer.json()["skills"]) == (200, {"mechanics": 5})
    half = call(foreman, f"/technicians/{wang}/put", skills={"mechanics": 5}, high_voltage_no="HV1")
    assert (half.json()["code"], list(half.json()["fields"])) == (
        "workshop.technician.half_certificate",
        ["high_voltage_until"],
    )


@pytest.mark.parametrize("role", ["advisor", "technician", "parts_keeper"])
def test_who_may_not_is_refused(shop, wang, role):
    client = browser(shop.town.person(role))
    for where, body in (
        (f"/technicians/{wang}/note-absence", {"ends_at": soon(hours=1), "why": "sick"}),
        (f"/technicians/{wang}/set-day", {"day": soon()[:10]}),
        ("/bays/add", {"code": "X9"}),
    ):
        assert call(client, where, **body).status_code == 403
