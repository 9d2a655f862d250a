"""The bookings' screens: the day, booking a slot, moving and giving it back, and the order that follows."""

from datetime import UTC, datetime, timedelta
from itertools import count
from urllib.parse import unquote

import pytest

from cheyi.foundation.ui.filters import said_moment
from cheyi.workshop import actions
from cheyi.workshop.models import Appointment, WorkOrder
from cheyi.workshop.queries.booking import booked_day, offers
from tests.foundation.org import NOW
from tests.workshop.shop import after
from tests.workshop.test_pages_reception import at_desk, on_duty

_keys = count(1)
PARTIAL = {"HX-Request": "true"}


@pytest.fixture
def shop(shop):
    """The garage, open around the clock: the pages read the present hour at the edge."""
    shop.never_closes()
    return shop


@pytest.fixture
def advisor(shop):
    return at_desk(shop.advisor)


def send(client, address, **form):
    return client.post(f"/workshop/appointments/{address}", form | {"_key": f"a{next(_keys)}"}, headers=PARTIAL)


def soon(shop, **ahead):
    """A time of the running present, which the pages read at the edge, on the full minute."""
    return (datetime.now(UTC) + timedelta(**ahead)).replace(second=0, microsecond=0)


def booked(shop, **words):
    now = datetime.now(UTC)
    return actions.book(
        **{"vehicle": shop.car(), "wanted_at": soon(shop, minutes=30), "op_codes": ["MA001"], "by": shop.advisor}
        | {"now": now}
        | words
    )


def test_the_day_lists_who_comes_for_what(shop, advisor):
    row = booked(shop, request_text="冷车异响")
    day = shop.store.business_date(row.wanted_at)
    text = advisor.get("/workshop/appointments", {"on": day.isoformat()}).content.decode()
    for piece in ("沪A·80001", "方志强", "小保养", "冷车异响", "已确认"):
        assert piece in text
    assert advisor.get("/workshop/appointments", {"on": "no day"}).status_code == 200


def test_the_day_stays_within_its_queries(shop, advisor, django_assert_max_num_queries):
    for number in range(5):
        booked(shop, vehicle=shop.car(f"沪A8001{number}", vin="", owner=False), op_codes=["MA001", "CH001"])
    with django_assert_max_num_queries(24):
        advisor.get("/workshop/appointments")


def test_three_slots_are_offered_and_one_is_booked(shop, advisor):
    wang = shop.technician()
    on_duty(shop, wang)
    car = shop.car()
    text = advisor.get("/workshop/appointments/slots", {"job": ["MA001"]}).content.decode()
    assert text.count('class="chip slot"') == 3
    slot = text.split('name="slot" value="')[2].split('"')[0].replace("&#43;", "+")
    answer = send(advisor, f"cars/{car.pk}/book", job=["MA001"], slot=slot, request_text="保养")
    assert answer.headers["HX-Redirect"] == "/workshop/appointments"
    row = Appointment.objects.get()
    assert (row.wanted_at, row.op_codes, row.minutes) == (datetime.fromisoformat(slot), ["MA001"], 36)


def test_who_sees_numbers_only_sees_nobody_s_booking(shop):
    row = booked(shop)
    maker = at_desk(shop.town.person("oem_desk"))
    text = maker.get("/workshop/appointments", {"on": shop.store.business_date(row.wanted_at).isoformat()})
    assert "80001" not in text.content.decode()


def test_a_booking_needs_a_time(shop, advisor):
    assert send(advisor, f"cars/{shop.car().pk}/book", job=["MA001"]).status_code == 422
    assert not Appointment.objects.exists()


def test_a_car_is_found_for_a_booking_by_plate_or_owner(shop, advisor):
    car = shop.car()
    for typed in ("80001", "fzq", "方志强"):
        text = advisor.get("/workshop/appointments/cars", {"q": typed}).content.decode()
        assert f"vehicle={car.pk}" in text, typed
    page = advisor.get("/workshop/appointments/new", {"vehicle": car.pk}).content.decode()
    assert "199****1111" in page


def test_a_wish_is_confirmed_a_booking_moved_and_given_back(shop, advisor):
    row = booked(shop, ask=True, channel="wechat")
    assert send(advisor, f"{row.pk}/confirm").headers["HX-Trigger"] == "cheyi:changed"
    assert shop.fresh(row).state == "confirmed"
    later = soon(shop, days=2)
    told = send(advisor, f"{row.pk}/reschedule", wanted_at=shop.store.local(later).strftime("%Y-%m-%dT%H:%M"))
    assert said_moment(shop.store.local(later), shop.store.local(datetime.now(UTC))) in unquote(told.headers["X-Toast"])
    assert (shop.fresh(row).wanted_at, shop.fresh(row).rescheduled) == (later, 1)
    assert send(advisor, f"{row.pk}/cancel").status_code == 422
    send(advisor, f"{row.pk}/cancel", reason="客户放弃")
    assert (shop.fresh(row).state, shop.fresh(row).cancel_reason) == ("cancelled", "客户放弃")


@pytest.mark.parametrize(("question", "status"), [("move", 200), ("cancel", 200), ("sing", 404)])
def test_its_questions(shop, advisor, question, status):
    row = booked(shop)
    assert advisor.get(f"/workshop/appointments/{row.pk}/ask/{question}").status_code == status


def test_who_did_not_come_is_marked_only_after_an_hour(shop, advisor):
    row = booked(shop)
    assert send(advisor, f"{row.pk}/no-show").status_code == 422
    Appointment.objects.filter(pk=row.pk).update(wanted_at=soon(shop, minutes=-90))
    send(advisor, f"{row.pk}/no-show")
    assert shop.fresh(row).state == "no_show"


def test_a_booked_car_is_received_with_what_was_booked_and_its_booking_becomes_the_order(shop, advisor):
    row = booked(shop, op_codes=["CH001"], request_text="刹车异响")
    text = advisor.get(f"/workshop/reception/cars/{row.vehicle_id}").content.decode()
    assert 'data-booked="CH001|customer|"' in text
    assert "刹车异响" in text
    form = {"job": ["CH001|customer|"], "act": "open", "_key": "open"}
    assert advisor.post(f"/workshop/reception/cars/{row.vehicle_id}/open", form).status_code == 303
    order = WorkOrder.objects.get()
    assert (order.appointment_id, shop.fresh(row).state) == (row.pk, "converted")


def test_hours_fill_with_what_is_booked_and_slots_go_where_there_is_room(shop):
    shop.technician()
    now = NOW - timedelta(hours=2)  # seven in the morning
    free = booked_day(shop.store.business_date(now), viewer=shop.advisor, store=shop.store, now=now)
    assert {one.share for one in free.hours} == {0}
    row = booked(shop, now=now, wanted_at=after(hours=2), op_codes=["EN002"])
    full = booked_day(shop.store.business_date(now), viewer=shop.advisor, store=shop.store, now=now)
    busy = [one for one in full.hours if one.share]
    assert busy[0].start <= row.wanted_at < busy[0].start + timedelta(hours=1)
    found = offers(["MA001"], store=shop.store, now=now, wanted=row.wanted_at)
    taken = [one.start for one in found.slots]
    again = offers(["MA001"], store=shop.store, now=now, wanted=row.wanted_at, without=row.pk)
    assert row.wanted_at not in taken
    assert row.wanted_at in [one.start for one in again.slots]


def test_without_the_skill_no_slot_is_offered_and_it_says_why(shop, advisor):
    text = advisor.get("/workshop/appointments/slots", {"job": ["EV003"]}).content.decode()
    assert 'class="chip slot"' not in text
    assert "店里没人会做" in text
