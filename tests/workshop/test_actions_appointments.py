"""Bookings from the wish to the order, and what the clock does with those that nobody keeps."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cheyi.foundation.acts import undo
from cheyi.foundation.models import AuditEntry
from cheyi.foundation.scope import using
from cheyi.kernel import Refused
from cheyi.workshop import actions, jobs
from cheyi.workshop.models import Appointment
from tests.foundation.org import NOW
from tests.workshop.shop import after, everything


def booked(shop, **words):
    return actions.book(
        **{"vehicle": shop.car(), "wanted_at": after(hours=3), "op_codes": ["MA001"], "by": shop.advisor, "now": NOW}
        | words
    )


def test_a_booking_by_staff_is_confirmed_and_brings_the_owner(shop):
    row = booked(shop)
    assert (row.no, row.state, row.customer.name, row.op_codes) == (
        "APSH012606150001",
        "confirmed",
        "方志强",
        ["MA001"],
    )


def test_a_wish_is_confirmed_by_staff(shop):
    row = booked(shop, ask=True, channel="wechat")
    assert row.state == "requested"
    assert actions.confirm(row, by=shop.advisor, now=NOW).state == "confirmed"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"wanted_at": NOW}, "in_the_past"),
        ({"channel": "pigeon"}, "unknown_channel"),
        ({"vehicle": None}, "nobody"),
    ],
)
def test_a_booking_that_cannot_be_is_refused(shop, words, code):
    with pytest.raises(Refused) as refusal:
        booked(shop, **words)
    assert refusal.value.code == f"workshop.appointment.{code}"
    assert Appointment.objects.count() == 0


def test_a_car_is_booked_once_a_day(shop):
    first = booked(shop)
    before = everything(Appointment)
    with pytest.raises(Refused) as refusal:
        booked(shop, wanted_at=after(hours=5))
    assert (refusal.value.code, refusal.value.facts["no"]) == ("workshop.appointment.already_booked", first.no)
    assert everything(Appointment) == before
    assert booked(shop, wanted_at=after(days=1, hours=3)).state == "confirmed"


def test_a_customer_moves_his_booking_three_times_at_most(shop):
    row = booked(shop)
    for day in (1, 2, 3):
        row = actions.reschedule(row, wanted_at=after(days=day), by_customer=True, by=shop.advisor, now=NOW)
    with pytest.raises(Refused) as refusal:
        actions.reschedule(row, wanted_at=after(days=4), by_customer=True, by=shop.advisor, now=NOW)
    assert refusal.value.code == "workshop.appointment.moved_too_often"
    assert actions.reschedule(row, wanted_at=after(days=4), by=shop.advisor, now=NOW).wanted_at == after(days=4)


def test_a_booked_car_becomes_an_order_in_one_act(shop):
    row = booked(shop)
    order = shop.opened("MA001", appointment=row)
    row = shop.fresh(row)
    assert (row.state, row.arrived_at, order.appointment_id) == ("converted", NOW, row.pk)


def test_the_clock_marks_who_did_not_come_and_he_may_still_arrive(shop):
    row = booked(shop)
    with pytest.raises(Refused) as refusal:
        actions.mark_no_show(row, by=shop.advisor, now=after(hours=3, minutes=59))
    assert refusal.value.code == "workshop.appointment.too_early"
    with using(None):
        jobs.mark_missed(now=after(hours=4))
    assert shop.fresh(row).state == "no_show"
    with pytest.raises(Refused) as refusal:
        actions.arrive(row, by=shop.advisor, now=after(days=1))
    assert refusal.value.code == "workshop.appointment.other_day"
    assert actions.arrive(row, by=shop.advisor, now=after(hours=5)).state == "arrived"


def test_a_booking_is_undone_by_cancelling(shop):
    row = booked(shop)
    undo(AuditEntry.objects.get(code="workshop.appointment.confirmed").uid, by=shop.advisor, now=NOW)
    assert shop.fresh(row).state == "cancelled"


def test_the_clock_closes_what_was_handed_over_fifteen_days_ago(shop):
    other = shop.customer(name="顾晓雯", mobile="19955556666")
    known = shop.handed_over(shop.pay(shop.ready("DT004")))
    unknown = shop.handed_over(shop.pay(shop.ready("DT004", car=shop.car("沪A80009", vin="", owner=other))))
    with using(None):
        jobs.close_old(now=after(days=14, hours=23))
    assert shop.fresh(known).state == "delivered"
    with using(None):
        jobs.close_old(now=NOW + timedelta(days=15, hours=1))
    assert (shop.fresh(known).state, shop.fresh(unknown).state) == ("closed", "delivered")


def test_a_wish_that_nobody_confirmed_becomes_an_order_when_its_car_is_received(shop):
    row = booked(shop, ask=True, channel="wechat")
    order = shop.opened("MA001", appointment=row)
    assert (shop.fresh(row).state, order.appointment_id) == ("converted", row.pk)
