"""A refused booking on the screens and by machine: what is typed stays, what is free is offered, who may over-books."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.test import Client

from cheyi.foundation import calendar
from cheyi.foundation.models import User
from cheyi.project.accounts import make_token
from cheyi.workshop import actions
from cheyi.workshop.models import Appointment
from tests.workshop.test_pages_reception import at_desk

_keys = count(1)
TICK = 'name="over_book"'


@pytest.fixture
def shop(shop):
    """One technician in a garage that is open around the clock: the pages read the present hour at the edge."""
    shop.never_closes()
    shop.technician()
    return shop


@pytest.fixture
def at():
    """A whole hour of tomorrow, which holds one small service of one technician."""
    return (datetime.now(UTC) + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)


def car(shop):
    return shop.car(f"沪A8100{len(shop.cars)}", vin="", owner=False)


def booked(shop, at, **words):
    said = {"wanted_at": at, "vehicle": car(shop), "op_codes": ["MA001"], "by": shop.advisor, "now": datetime.now(UTC)}
    return actions.book(**said | words)


def send(client, address, **form):
    form["_key"] = f"s{next(_keys)}"
    return client.post(f"/workshop/appointments/{address}", form, headers={"HX-Request": "true"})


def typed(shop, at):
    return shop.store.local(at).strftime("%Y-%m-%dT%H:%M")


def ask(client, shop, at, **form):
    return send(client, f"cars/{car(shop).pk}/book", job=["MA001"], wanted_at=typed(shop, at), **form)


def test_a_full_hour_is_refused_beside_its_time_with_what_is_free(shop, at):
    booked(shop, at)
    answer = ask(at_desk(shop.advisor), shop, at)
    text = answer.content.decode()
    assert (answer.status_code, answer.headers["X-Problem"]) == (422, "workshop.appointment.full")
    assert 'data-field="wanted_at"' in text
    assert f"{shop.store.local(at):%m-%d %H:%M} 排不下，空的有 " in text
    assert Appointment.objects.count() == 1


def test_a_closed_day_is_refused_beside_its_time(shop, at):
    day = shop.store.local(at).date()
    calendar.set_day(shop.store, day=day, spans=(), by=shop.manager, now=datetime.now(UTC))
    answer = ask(at_desk(shop.advisor), shop, at)
    assert (answer.status_code, 'data-field="wanted_at"' in answer.content.decode()) == (422, True)
    assert f"{day:%m-%d} 不营业，换一天" in answer.content.decode()


@pytest.mark.parametrize(("role", "shown"), [("advisor", 0), ("care_agent", 0), ("receptionist", 0), ("foreman", 1)])
def test_the_tick_is_shown_to_who_may_over_book(shop, at, role, shown):
    row = booked(shop, at)
    client = at_desk(shop.town.person(role))
    form = client.get("/workshop/appointments/new", {"vehicle": row.vehicle_id}).content.decode()
    dialog = client.get(f"/workshop/appointments/{row.pk}/ask/move").content.decode()
    assert (form.count(TICK), dialog.count(TICK)) == (shown, shown)


@pytest.mark.parametrize(("role", "marked"), [("advisor", []), ("foreman", [True])])
def test_the_tick_counts_for_who_may_over_book_and_the_day_marks_it(shop, at, role, marked):
    booked(shop, at)
    client = at_desk(shop.town.person(role))
    ask(client, shop, at, over_book="on")
    assert list(Appointment.objects.order_by("pk").values_list("over_booked", flat=True)[1:]) == marked
    day = client.get("/workshop/appointments", {"on": shop.store.business_date(at).isoformat()}).content.decode()
    assert day.count('<span class="tag part">超约</span>') == len(marked)


def test_a_booking_is_moved_beyond_what_the_hour_holds_by_the_foreman_only(shop, at):
    booked(shop, at)
    row = booked(shop, at + timedelta(hours=1))
    form = {"wanted_at": typed(shop, at), "over_book": "on"}
    assert send(at_desk(shop.advisor), f"{row.pk}/reschedule", **form).status_code == 422
    assert shop.fresh(row).wanted_at == at + timedelta(hours=1)
    assert send(at_desk(shop.foreman), f"{row.pk}/reschedule", **form).status_code == 200
    assert (shop.fresh(row).wanted_at, shop.fresh(row).over_booked) == (at, True)


def test_a_wish_for_a_full_hour_is_confirmed_by_the_foreman_only(shop, at):
    wish = booked(shop, at, ask=True, channel="wechat")
    booked(shop, at)
    refused = send(at_desk(shop.advisor), f"{wish.pk}/confirm")
    assert (refused.status_code, refused.headers["X-Problem"]) == (422, "workshop.appointment.full")
    send(at_desk(shop.foreman), f"{wish.pk}/confirm")
    assert (shop.fresh(wish).state, shop.fresh(wish).over_booked) == ("confirmed", True)


def test_the_slots_of_the_dialog_lie_near_the_time_that_was_typed(shop, at):
    row = booked(shop, at)
    client = at_desk(shop.advisor)
    far = at + timedelta(days=3)
    for near, slot in (("", at), (typed(shop, far), far), ("no time", at)):
        text = client.get(f"/workshop/appointments/{row.pk}/ask/move", {"near": near}).content.decode()
        assert f'value="{shop.store.local(slot).isoformat()}"' in text


@pytest.mark.parametrize("when", ["9999-12-31T10:00", "9999-12-30T23:00+23:00", "0001-01-01T00:00", "2026-13-01T10:00"])
def test_a_time_that_no_calendar_holds_is_asked_for_again(shop, at, when):
    row = booked(shop, at)
    client = at_desk(shop.foreman)
    for address in (f"cars/{car(shop).pk}/book", f"{row.pk}/reschedule"):
        assert send(client, address, wanted_at=when).headers["X-Problem"] == "workshop.appointment.no_time"
    for address in ("slots", f"{row.pk}/ask/move"):
        assert client.get(f"/workshop/appointments/{address}", {"near": when}).status_code == 200
    assert client.get("/workshop/appointments", {"on": when[:10]}).status_code == 200


def test_a_full_hour_is_offered_no_more_and_what_is_offered_instead_can_be_booked(shop, at):
    booked(shop, at)
    client = at_desk(shop.advisor)
    text = client.get("/workshop/appointments/slots", {"job": "MA001", "near": typed(shop, at)}).content.decode()
    offered = [piece.split('"')[0] for piece in text.split('name="slot" value="')[1:]]
    assert (len(offered), shop.store.local(at).isoformat() in offered) == (3, False)
    for slot in offered:
        assert send(client, f"cars/{car(shop).pk}/book", job=["MA001"], slot=slot).status_code == 200


def call(shop, viewer, address, **body):
    token = make_token(User.objects.get(pk=viewer.user_id), store=shop.store, name="desk", now=datetime.now(UTC))
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"k{next(_keys)}"}
    told = json.dumps(body)
    return Client().post(f"/api/v1/appointments/{address}", told, content_type="application/json", headers=headers)


def test_machines_over_book_with_the_right_of_their_token(shop, at):
    booked(shop, at)
    wish = {"wanted_at": at.isoformat(), "op_codes": ["MA001"]}
    refused = call(shop, shop.advisor, "book", vehicle_id=car(shop).pk, over_book=True, **wish)
    assert (refused.status_code, refused.json()["code"], list(refused.json()["fields"])) == (
        422,
        "workshop.appointment.full",
        ["wanted_at"],
    )
    assert call(shop, shop.foreman, "book", vehicle_id=car(shop).pk, **wish).status_code == 422
    taken = call(shop, shop.foreman, "book", vehicle_id=car(shop).pk, over_book=True, **wish)
    assert (taken.status_code, taken.json()["over_booked"]) == (200, True)
    row = booked(shop, at + timedelta(hours=2))
    moved = call(shop, shop.foreman, f"{row.pk}/reschedule", wanted_at=at.isoformat(), over_book=True)
    assert (moved.status_code, moved.json()["over_booked"]) == (200, True)
    back = call(shop, shop.advisor, f"{row.pk}/reschedule", wanted_at=(at + timedelta(hours=2)).isoformat())
    assert (back.status_code, back.json()["over_booked"]) == (200, False)
    odd = call(shop, shop.foreman, f"{row.pk}/reschedule", wanted_at=at.isoformat(), over_book="perhaps")
    assert (odd.status_code, list(odd.json()["fields"])) == (422, ["over_book"])
