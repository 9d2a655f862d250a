"""At the head of a technician's row: away, back; what was typed is read by the store's clock, refusals stand beside it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest

from cheyi.foundation.models import Absence, AuditEntry
from cheyi.workshop import actions
from cheyi.workshop.models import JobClock
from tests.customers.visits import send
from tests.workshop.test_pages_reception import at_desk

AWAY = "/workshop/board/people/{}/away"


@pytest.fixture
def foreman(shop):
    shop.stands_at_midday()
    return at_desk(shop.foreman)


@pytest.fixture
def wang(shop):
    return shop.technician("王建国")


def note(client, who, **typed):
    return send(client, AWAY.format(who.employee_id), htmx=True, **{"why": "sick", **typed})


def kept(shop):
    """From when to when, by the store's clock, days counted from today; None for about now."""
    rows = []
    for row in Absence.objects.order_by("starts_at"):
        starts, ends = shop.store.local(row.starts_at), shop.store.local(row.ends_at)
        soon = abs(row.starts_at - datetime.now(UTC)) < timedelta(minutes=5)
        begins = None if soon else ((starts.date() - shop.today()).days, f"{starts:%H:%M}")
        rows.append((begins, ((ends.date() - shop.today()).days, f"{ends:%H:%M}"), row.why))
    return rows


@pytest.mark.parametrize(
    ("typed", "begins", "ends"),
    [
        ({}, None, (1, "00:00")),
        ({"until": "16：30"}, None, (0, "16:30")),
        ({"until": "1630"}, None, (0, "16:30")),
        ({"from": "15:00"}, (0, "15:00"), (1, "00:00")),
        ({"from": "15.00", "until": "17:00"}, (0, "15:00"), (0, "17:00")),
        ({"until_day": 2}, None, (2, "00:00")),
        ({"until_day": 2, "until": "13:00"}, None, (2, "13:00")),
        ({"from_day": 3}, (3, "00:00"), (4, "00:00")),
        ({"from_day": 3, "from": "12:00", "until_day": 5}, (3, "12:00"), (5, "00:00")),
        ({"from_day": 3, "until": "12:00"}, (3, "00:00"), (3, "12:00")),
    ],
)
def test_from_and_until_are_read_as_people_mean_them(shop, foreman, wang, typed, begins, ends):
    form = {name: shop.today(text).isoformat() if isinstance(text, int) else text for name, text in typed.items()}
    answer = note(foreman, wang, **form)
    assert (answer.status_code, answer["HX-Trigger"]) == (200, "cheyi:changed")
    assert kept(shop) == [(begins, ends, "sick")]


@pytest.mark.parametrize(
    ("typed", "code", "field"),
    [
        ({"until": "25:00"}, "foundation.calendar.bad_time", "until"),
        ({"until": "🎉"}, "foundation.calendar.bad_time", "until"),
        ({"from": "-1"}, "foundation.calendar.bad_time", "from"),
        ({"until_day": "2026-02-30"}, "foundation.calendar.bad_day", "until_day"),
        ({"until_day": "1000000000"}, "foundation.calendar.bad_day", "until_day"),
        ({"until_day": -1}, "foundation.absence.ends_first", "until"),
        ({"from_day": -1}, "workshop.absence.begins_past", "from_day"),
        ({"from": "18:00", "until": "17:00"}, "foundation.absence.ends_first", "until"),
        ({"until_day": 400}, "foundation.absence.too_far", "until"),
        ({"until_day": "9999-12-31"}, "foundation.absence.too_far", "until"),
        ({"until_day": "0001-01-01"}, "foundation.absence.ends_first", "until"),
        ({"why": ""}, "foundation.absence.unknown_why", "why"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_nothing_changes(shop, foreman, wang, typed, code, field):
    form = {name: shop.today(text).isoformat() if isinstance(text, int) else text for name, text in typed.items()}
    answer = note(foreman, wang, **form)
    assert (answer.status_code, answer["X-Problem"]) == (422, code)
    assert f'data-field="{field}"' in answer.content.decode()
    assert kept(shop) == []


def test_the_question_names_what_runs_and_says_that_it_stops(shop, foreman, wang, django_assert_max_num_queries):
    order = shop.opened("MA001", "DT004", to=wang)
    line = shop.labour(order)
    actions.start_job(line, by=wang, now=datetime.now(UTC))
    with django_assert_max_num_queries(9):
        text = foreman.get(AWAY.format(wang.employee_id)).content.decode()
    assert f"正在做沪A80001的{line.name}。记下后停表，项目暂停。" in text
    assert "手上还有1项" in text
    stop = re.findall(r'name="stop" value="(\d+)"', text)
    assert stop == [str(line.pk)]
    assert note(foreman, wang)["X-Problem"] == "workshop.absence.clock_runs"
    answer = note(foreman, wang, stop=stop[0])
    assert answer.status_code == 200
    assert JobClock.objects.get().stop_reason == "away"
    assert "王建国：今天不在" in unquote(answer.headers["X-Toast"])


def test_the_row_says_so_and_he_comes_back_with_one_button(shop, foreman, wang):
    shop.opened("MA001", to=wang)
    note(foreman, wang, until="17:00")
    text = foreman.get("/workshop/board").content.decode()
    assert "不在，17:00回" in text
    end = re.search(
        r'action="(/workshop/board/absences/\d+/end)"', foreman.get(AWAY.format(wang.employee_id)).content.decode()
    )
    answer = send(foreman, end[1], htmx=True)
    assert (answer.status_code, "王建国在岗" in unquote(answer.headers["X-Toast"])) == (200, True)
    assert "不在，17:00回" not in foreman.get("/workshop/board").content.decode()
    again = send(foreman, end[1], htmx=True)
    assert again["X-Problem"] == "foundation.absence.over" or again.status_code == 404


def test_what_the_board_proposes_instead_is_accepted_and_undone(shop, foreman, wang):
    liu = shop.technician("刘洋")
    order = shop.opened("MA001", to=wang)
    note(foreman, wang)
    text = foreman.get("/workshop/board").content.decode()
    assert "王建国不在" in text
    assert "刘洋" in text
    answer = send(foreman, f"/workshop/board/orders/{order.pk}/accept", htmx=True)
    line = shop.labour(order)
    assert (answer.status_code, "派给刘洋" in unquote(answer.headers["X-Toast"])) == (200, True)
    assert line.assignments.get(ended_at=None).technician_id == liu.employee_id
    entry = AuditEntry.objects.filter(code="workshop.order.assigned").latest("pk")
    assert send(foreman, f"/undo/{entry.uid}", htmx=True).status_code == 200
    assert line.assignments.get(ended_at=None).technician_id == wang.employee_id
    assert "王建国不在" in foreman.get("/workshop/board").content.decode()


def test_an_advisor_sees_who_is_away_but_notes_nothing(shop, foreman, wang):
    note(foreman, wang)
    advisor = at_desk(shop.advisor)
    text = advisor.get("/workshop/board").content.decode()
    assert ("今天不在" in text, "data-away" in text) == (True, False)
    assert note(advisor, wang).status_code == 403
    assert send(advisor, f"/workshop/board/absences/{Absence.objects.get().pk}/end").status_code == 403


def test_a_double_click_notes_once(shop, foreman, wang):
    for _ in range(2):
        key = {"HTTP_IDEMPOTENCY_KEY": "away-1", "HTTP_HX_REQUEST": "true"}
        answer = foreman.post(AWAY.format(wang.employee_id), {"why": "sick"}, **key)
        assert answer.status_code == 200
    assert Absence.objects.count() == 1


def test_what_was_noted_by_the_store_s_clock_is_undone(shop, foreman, wang):
    note(foreman, wang, until="17:00")
    note(foreman, wang)
    for left in ([(None, (0, "17:00"), "sick")], []):
        entry = AuditEntry.objects.filter(code="foundation.absence.noted", reversed_by=None).latest("pk")
        answer = send(foreman, f"/undo/{entry.uid}", htmx=True)
        assert (answer.status_code, kept(shop)) == (200, left)
