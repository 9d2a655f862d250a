"""Two advisors want the last room of an hour at the same moment, each in his own way: exactly one of them gets it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cheyi.foundation.scope import everywhere, within
from cheyi.workshop import actions
from cheyi.workshop.models import Appointment
from tests.foundation.org import NOW
from tests.foundation.racing import run_at_once
from tests.workshop.shop import after, open_shop

PREPARATION = """
from datetime import datetime, timedelta
from cheyi.foundation.access import viewer_of
from cheyi.foundation.models import Store
from cheyi.foundation.scope import within
from cheyi.kernel import Refused
from cheyi.vehicles.models import Vehicle
from cheyi.workshop import actions
from cheyi.workshop.models import Appointment
store = Store.objects.get(pk={store})
by = viewer_of({user})
now = datetime.fromisoformat("{now}")
with within(store):
    deeds = [
        (verb, datetime.fromisoformat(at), (Vehicle if verb == "book" else Appointment).objects.get(pk=pk))
        for verb, at, pk in {deeds}
    ]
"""
RACE = """
with within(store):
    for verb, at, row in deeds:
        try:
            if verb == "book":
                actions.book(wanted_at=at, vehicle=row, op_codes=["MA001"], by=by, now=now)
            elif verb == "move":
                actions.reschedule(row, wanted_at=at, by=by, now=now)
            else:
                actions.confirm(row, by=by, now=now)
            print("got it")
        except Refused as refused:
            print(refused.code)
"""
WAYS = (("book", "book"), ("book", "move"), ("move", "move"), ("book", "confirm"), ("confirm", "confirm")) * 2


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_last_room_of_an_hour_is_given_once_however_two_advisors_ask_for_it():
    shop = open_shop()
    deeds = ([], [])
    slots = [after(days=day, hours=3, minutes=30) for day in range(1, len(WAYS) + 1)]
    with within(shop.store):
        shop.technician()
        for number, (slot, ways) in enumerate(zip(slots, WAYS, strict=True)):
            for who, way in enumerate(ways):
                car = shop.car(f"沪A8{who}{number:03d}", vin="", owner=False)
                at = slot if way == "confirm" else slot + timedelta(hours=2 + who)
                row = car if way == "book" else _standing(shop, car, at, wish=way == "confirm")
                deeds[who].append((way, slot.isoformat(), row.pk))
        people = [shop.town.person("advisor", name) for name in ("Anna", "Lina")]
    printed = run_at_once(
        [
            (PREPARATION.format(store=shop.store.pk, user=one.user_id, now=NOW.isoformat(), deeds=what), RACE)
            for one, what in zip(people, deeds, strict=True)
        ]
    )
    pairs = [tuple(sorted(pair)) for pair in zip(*printed, strict=True)]
    assert pairs == [("got it", "workshop.appointment.full")] * len(WAYS)
    with everywhere("counting"):
        promised = Appointment.objects.filter(state="confirmed", wanted_at__in=slots)
        assert sorted(promised.values_list("wanted_at", flat=True)) == slots
        assert not promised.filter(over_booked=True).exists()


def _standing(shop, car, at, *, wish):
    """A wish for the slot, to be confirmed; or a booking later on that day, to be moved there."""
    return actions.book(wanted_at=at, vehicle=car, op_codes=["MA001"], ask=wish, by=shop.advisor, now=NOW)
