"""Opening hours by machine: the page's verbs, with its refusals at their place in the call, once per key."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from cheyi.foundation.models import AuditEntry, User
from cheyi.project.accounts import make_token

AT = "/api/v1/opening-hours"
LONG = {"opens": "09:00", "closes": "20:00"}
WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
WORKING = {name: [LONG] for name in WORKDAYS}
USUAL = {name: [{"opens": "08:30", "closes": "18:00"}] for name in (*WORKDAYS, "saturday", "sunday")}


@pytest.fixture
def token(town):
    return token_of(town, "store_manager")


def token_of(town, role):
    user = User.objects.get(pk=town.person(role).user_id)
    return make_token(user, store=town.store, name="calendar", now=datetime.now(UTC))


def asked(token):
    return Client().get(AT, headers={"Authorization": f"Bearer {token}"})


def call(token, verb, body, key="k1", language="en"):
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Accept-Language": language}
    return Client().post(f"{AT}/{verb}", json.dumps(body), content_type="application/json", headers=headers)


def ahead(days):
    return ((datetime.now(UTC) + timedelta(hours=8)).date() + timedelta(days=days)).isoformat()


def test_the_week_is_asked_for_and_replaced_and_a_weekday_left_out_is_closed(town, token):
    assert asked(token_of(town, "advisor")).json() == {"week": USUAL, "special_days": []}
    answer = call(token, "set-week", {**WORKING, "saturday": [{**LONG, "closes": "00:00"}]})
    week = {**WORKING, "saturday": [{"opens": "09:00", "closes": "00:00"}], "sunday": []}
    assert (answer.status_code, answer.json()) == (200, {"week": week, "special_days": []})
    assert asked(token).json()["week"] == week


def test_the_same_key_has_one_effect_and_the_answer_names_its_undo(token):
    first, again = (call(token, "set-week", {"monday": [LONG]}) for _ in range(2))
    assert (again.json(), again["X-Replayed"]) == (first.json(), "1")
    assert AuditEntry.objects.filter(code="foundation.calendar.week_set").count() == 1
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "back"}
    address = f"/api/v1/undo/{first['X-Undo']}"
    assert Client().post(address, "{}", content_type="application/json", headers=headers).status_code == 200
    assert asked(token).json()["week"] == USUAL


def test_a_special_day_is_set_and_taken_back(token):
    closed = call(token, "set-day", {"day": ahead(2), "reason": "Spring festival"}, "k1").json()
    assert closed["special_days"] == [{"day": ahead(2), "spans": [], "reason": "Spring festival"}]
    opened = call(token, "set-day", {"day": ahead(1), "spans": [LONG]}, "k2").json()
    assert opened["special_days"] == [{"day": ahead(1), "spans": [LONG], "reason": ""}, *closed["special_days"]]
    assert call(token, "clear-day", {"day": ahead(1)}, "k3").json()["special_days"] == closed["special_days"]


@pytest.mark.parametrize(
    ("verb", "body", "code", "fields"),
    [
        ("set-week", {}, "foundation.calendar.never", {}),
        (
            "set-week",
            {"monday": [LONG, {"opens": "12:00", "closes": "11:00"}]},
            "foundation.calendar.ends_first",
            {"monday.1": "12:00 to 11:00 ends before it begins. Correct one of the two times"},
        ),
        (
            "set-week",
            {"sunday": [{"opens": "19:00", "closes": "21:00"}, LONG]},
            "foundation.calendar.overlap",
            {"sunday.0": "09:00-20:00 and 19:00-21:00 overlap. Correct one of them"},
        ),
        (
            "set-day",
            {"day": "2026-06-14"},
            "foundation.calendar.day_past",
            {"day": "2026-06-14 is over. Choose today or a later day"},
        ),
        (
            "clear-day",
            {"day": "2026-06-14"},
            "foundation.calendar.day_past",
            {"day": "2026-06-14 is over. Choose today or a later day"},
        ),
        (
            "set-day",
            {"day": "2026-06-14", "spans": [{"opens": "8:30", "closes": "24:00"}]},
            "foundation.form.invalid",
            {"spans.0.opens": "must be a time like 08:30", "spans.0.closes": "must be a time like 08:30"},
        ),
        ("set-week", {"mon": []}, "foundation.form.invalid", {"mon": "is not known here"}),
    ],
)
def test_a_refusal_names_its_place_in_the_call_and_changes_nothing(token, verb, body, code, fields):
    answer = call(token, verb, body)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert (answer.json()["code"], answer.json()["fields"]) == (code, fields)
    assert asked(token).json() == {"week": USUAL, "special_days": []}


def test_who_may_not_is_refused(town):
    answer = call(token_of(town, "advisor"), "set-week", {"monday": [LONG]})
    assert (answer.status_code, answer.json()["code"]) == (403, "foundation.access.no_right")
