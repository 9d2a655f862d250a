"""What a booked time must pass: the store is open then, and the hour has room, or somebody who may over-books it."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.foundation import calendar
from cheyi.foundation.models import AuditEntry
from cheyi.kernel import OpenSpan, Refused
from cheyi.workshop import actions
from cheyi.workshop.models import Appointment
from tests.foundation.org import NOW
from tests.workshop.shop import after, everything

SLOT = after(hours=3, minutes=30)
MOST_STATEMENTS = 27
SPLIT = (OpenSpan(time(8, 30), time(12)), OpenSpan(time(13, 30), time(18)))
TUESDAY = date(2026, 6, 16)


@pytest.fixture
def one_man_shop(shop):
    """One technician and one bay for cars that burn fuel: two small services never fit into one hour."""
    shop.technician()
    return shop


def another_car(shop):
    number = len(shop.cars) + 1
    return shop.car(f"沪A8{number:04d}", vin="", owner=False)


def booked(shop, wanted_at=SLOT, **words):
    said = {"vehicle": another_car(shop), "customer": None, "op_codes": ["MA001"], "by": shop.advisor}
    if words.get("ask"):
        said["channel"] = "wechat"
    return actions.book(wanted_at=wanted_at, now=NOW, **said | words)


def refused(act, *given, **words):
    with pytest.raises(Refused) as refusal:
        act(*given, **words)
    return refusal.value.code.removeprefix("workshop.appointment."), refusal.value.field, dict(refusal.value.facts)


def audited(code):
    return AuditEntry.objects.filter(code=f"workshop.appointment.{code}").latest("pk").facts


def close(shop, day=TUESDAY, spans=()):
    calendar.set_day(shop.store, day=day, spans=spans, by=shop.manager, now=NOW)


@pytest.mark.parametrize("ask", [False, True])
@pytest.mark.parametrize(
    ("wanted_at", "answer"),
    [
        (after(hours=18), ("closed_then", {"on": "06-16", "hours": "08:30–12:00、13:30–18:00"})),
        (after(days=1, hours=3), ("closed_then", {"on": "06-16", "hours": "08:30–12:00、13:30–18:00"})),
        (after(days=1, hours=9), ("closed_then", {"on": "06-16", "hours": "08:30–12:00、13:30–18:00"})),
        (after(days=2), ("closed_day", {"on": "06-17"})),
        (after(days=210), ("closed_then", {"on": "2027-01-11", "hours": "10:00–11:00"})),
    ],
)
def test_a_booking_while_the_store_is_closed_is_refused_with_the_hours_of_that_day(shop, wanted_at, answer, ask):
    close(shop, spans=SPLIT)
    close(shop, date(2026, 6, 17))
    close(shop, date(2027, 1, 11), (OpenSpan(time(10), time(11)),))
    code, facts = answer
    assert refused(booked, shop, wanted_at, ask=ask) == (code, "wanted_at", facts)
    assert Appointment.objects.count() == 0


def test_the_first_and_the_last_minute_of_opening_can_be_booked(shop):
    close(shop, spans=SPLIT)
    for start in (after(hours=23, minutes=30), after(days=1, hours=2, minutes=59), after(days=1, hours=4, minutes=30)):
        assert booked(shop, start).wanted_at == start


def test_a_booking_is_not_moved_to_a_closed_day_but_one_that_stands_may_arrive(shop):
    row = booked(shop, after(days=1))
    wish = booked(shop, after(days=1), ask=True)
    close(shop)
    before = everything(Appointment)
    assert refused(actions.reschedule, row, wanted_at=after(days=1, hours=1), by=shop.advisor, now=NOW) == (
        "closed_day",
        "wanted_at",
        {"on": "06-16"},
    )
    assert refused(actions.confirm, wish, by=shop.foreman, now=NOW)[0] == "closed_day"
    assert everything(Appointment) == before
    assert actions.arrive(row, by=shop.advisor, now=after(days=1)).state == "arrived"


def test_a_full_hour_is_refused_with_what_is_free_instead(one_man_shop):
    booked(one_man_shop)
    before = everything(Appointment)
    assert refused(booked, one_man_shop) == (
        "full",
        "wanted_at",
        {"at": "12:30", "slots": "10:30、11:30、13:30"},
    )
    assert everything(Appointment) == before


def test_where_the_whole_week_is_full_the_refusal_names_who_may_over_book(one_man_shop):
    for day in range(8):
        close(one_man_shop, date(2026, 6, 15 + day), (OpenSpan(time(12), time(13)),))
        booked(one_man_shop, after(days=day, hours=3))
    assert refused(booked, one_man_shop, after(hours=3)) == ("full_all_week", "wanted_at", {"at": "12:00"})


def test_where_nobody_is_known_or_able_a_booking_is_not_refused(shop):
    assert [booked(shop).over_booked for _ in range(3)] == [False] * 3
    shop.technician()
    assert refused(booked, shop)[0] == "full"
    assert booked(shop, op_codes=["EV003"]).over_booked is False


def test_the_foreman_over_books_which_stands_in_the_audit_and_an_advisor_cannot(one_man_shop):
    booked(one_man_shop, over_book=True, by=one_man_shop.foreman)
    assert "over_booked" not in audited("confirmed")  # there was room
    assert refused(booked, one_man_shop, over_book=True)[0] == "full"
    row = booked(one_man_shop, over_book=True, by=one_man_shop.foreman)
    assert (one_man_shop.fresh(row).over_booked, audited("confirmed")["over_booked"]) == (True, True)
    assert refused(booked, one_man_shop, by=one_man_shop.foreman)[0] == "full"


def test_of_two_wishes_for_the_last_room_one_is_confirmed_and_the_other_only_by_the_foreman(one_man_shop):
    first, second = booked(one_man_shop, ask=True), booked(one_man_shop, ask=True)
    assert actions.confirm(first, by=one_man_shop.advisor, now=NOW).over_booked is False
    before = everything(Appointment)
    assert refused(actions.confirm, second, by=one_man_shop.advisor, now=NOW)[:2] == ("full", "wanted_at")
    assert everything(Appointment) == before
    row = actions.confirm(second, by=one_man_shop.foreman, now=NOW)
    assert (row.state, row.over_booked, audited("confirmed")) == ("confirmed", True, {"over_booked": True})


def test_a_booking_is_moved_where_there_is_room_without_counting_itself(one_man_shop):
    standing, row = booked(one_man_shop), booked(one_man_shop, after(hours=4, minutes=30))
    assert (
        refused(actions.reschedule, row, wanted_at=SLOT, over_book=True, by=one_man_shop.advisor, now=NOW)[0] == "full"
    )
    assert (one_man_shop.fresh(row).wanted_at, one_man_shop.fresh(row).rescheduled) == (after(hours=4, minutes=30), 0)
    near = after(hours=4, minutes=20)
    assert actions.reschedule(row, wanted_at=near, by=one_man_shop.advisor, now=NOW).wanted_at == near
    row = actions.reschedule(row, wanted_at=SLOT, over_book=True, by=one_man_shop.foreman, now=NOW)
    assert (row.over_booked, audited("rescheduled")["over_booked"]) == (True, True)
    actions.cancel_appointment(standing, reason="客户放弃", by=one_man_shop.advisor, now=NOW)
    row = actions.reschedule(row, wanted_at=SLOT, by=one_man_shop.advisor, now=NOW)
    assert (row.over_booked, "over_booked" in audited("rescheduled")) == (False, False)


def test_a_customer_over_books_nothing_whoever_moves_it_for_him(one_man_shop):
    booked(one_man_shop)
    row = booked(one_man_shop, after(hours=4, minutes=30))
    words = {"wanted_at": SLOT, "by_customer": True, "over_book": True, "by": one_man_shop.foreman, "now": NOW}
    assert refused(actions.reschedule, row, **words)[0] == "full"


def test_what_is_over_is_neither_confirmed_nor_moved_however_full_the_hour_is(one_man_shop):
    row = booked(one_man_shop)
    actions.cancel_appointment(row, reason="客户放弃", by=one_man_shop.advisor, now=NOW)
    booked(one_man_shop)
    assert refused(actions.confirm, row, by=one_man_shop.advisor, now=NOW)[0] == "not_now"
    assert refused(actions.reschedule, row, wanted_at=SLOT, by=one_man_shop.advisor, now=NOW)[0] == "not_now"


def test_a_booking_takes_as_many_statements_beside_ten_others_as_beside_one(one_man_shop):
    counts = []
    for number in range(1, 11):
        booked(one_man_shop, after(days=3, hours=number % 9), over_book=True, by=one_man_shop.foreman)
        if number in (1, 10):
            words = {"vehicle": another_car(one_man_shop), "op_codes": ["MA001"], "by": one_man_shop.foreman}
            with CaptureQueriesContext(connection) as asked:
                actions.book(wanted_at=after(days=3, hours=number % 9, minutes=29), over_book=True, now=NOW, **words)
            counts.append(len(asked))
    assert counts[0] == counts[1] <= MOST_STATEMENTS
