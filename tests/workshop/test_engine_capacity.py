"""Bookings: what a day holds per skill and hour, and which three slots are offered."""

from dataclasses import replace
from datetime import date
from itertools import combinations
from random import Random

import pytest

from cheyi.kernel import Hours, Rate, Reason, Span
from cheyi.workshop.engine.capacity import (
    Booking,
    Bucket,
    Need,
    Offers,
    Resources,
    Slot,
    _can,
    _flow,
    bookable_hours,
    buckets,
    cheapest_slots,
    has_room,
)
from cheyi.workshop.engine.model import Bay, Technician
from tests.simulators.calls import calls
from tests.simulators.shops import at, shift

WANG = Technician(1, {"general": 3}, (shift(), shift(1)))
LI = Technician(2, {"general": 3, "electric": 4}, (shift(), shift(1)))
BAYS = (Bay(1, "general"), Bay(2, "general", ev_safe=True))
OPEN = (Span(at(9), at(12)), Span(at(13), at(18)))
SHOP = Resources((WANG, LI), BAYS, OPEN)
SERVICE = (Need("general", 1, 60, "general"),)


def starts(offers):
    return [slot.start for slot in offers.slots]


def test_the_vector_of_bookable_hours():
    hours = bookable_hours(bays=6, open_hours=Hours.of(8), technician_hours=Hours.of(40), utilisation=Rate.percent(85))
    assert hours == Hours.of("25.5")
    assert bookable_hours(
        bays=3, open_hours=Hours.of(8), technician_hours=Hours.of(40), utilisation=Rate.percent(85)
    ) == Hours.of(18)


def test_a_bucket_counts_people_walk_in_minutes_and_bookings():
    found = {(one.start, one.skill): one for one in buckets(SHOP, [Booking(at(9, 30), (Need("electric", 1, 45),))])}
    assert found[at(9), "electric"] == Bucket(at(9), "electric", 60, 9, 30)
    assert found[at(10), "electric"] == Bucket(at(10), "electric", 60, 9, 15)
    assert (found[at(9), "electric"].free, found[at(9), "general"].free) == (21, 102)
    assert len(found) == 2 * 8


def test_an_empty_day_offers_the_wished_time_and_its_neighbours():
    offers = cheapest_slots(SHOP, [], (Need("general", 1, 30, "general"),), now=at(8), wanted=at(14))
    assert starts(offers) == [at(13), at(14), at(15)]
    assert offers.slots[1] == Slot(at(14), 0, (Reason("calm_hours"), Reason("as_wished")))


def test_crowded_hours_cost_more_than_calm_ones():
    held = [Booking(at(9), (Need("general", 1, 60, "general"),)), Booking(at(10), (Need("general", 1, 30),))]
    offers = cheapest_slots(SHOP, held, SERVICE, now=at(9), wanted=at(9))
    assert [(slot.start, slot.cost) for slot in offers.slots] == [(at(10), 35), (at(11), 20), (at(13), 40)]
    assert [slot.reasons[0].code for slot in offers.slots] == ["busy_hours", "calm_hours", "calm_hours"]


def test_an_hour_may_be_filled_but_the_morning_keeps_its_minutes_for_walk_ins():
    morning = replace(SHOP, openings=(Span(at(9), at(12)),))
    hour = (Need("electric", 1, 60),)
    assert starts(cheapest_slots(morning, [], hour, now=at(9))) == [at(9), at(10), at(11)]
    two = [Booking(at(9), hour), Booking(at(10), hour)]
    assert cheapest_slots(morning, two, hour, now=at(9)).reason == Reason("fully_booked", until=at(12))
    assert starts(cheapest_slots(replace(morning, kept_free=Rate(0)), two, hour, now=at(9))) == [at(11)]


def test_somebody_with_two_skills_is_booked_once_only():
    willing = replace(SHOP, kept_free=Rate(0), openings=(Span(at(9), at(10)),))
    held = [Booking(at(9), (Need("electric", 1, 60),))]
    one = cheapest_slots(willing, held, (Need("general", 1, 60),), now=at(9))
    assert starts(one) == [at(9)]
    both = [*held, Booking(at(9), (Need("general", 1, 30),))]
    assert cheapest_slots(willing, both, (Need("general", 1, 60),), now=at(9)).slots == ()


def test_bays_bound_the_hour_and_high_voltage_needs_a_safe_one():
    people = tuple(replace(WANG, id=number, hv_until=date(2026, 12, 31)) for number in range(1, 6))
    shop = Resources(people, BAYS, (Span(at(9), at(10)),), Rate(0))
    high = (Need("general", 1, 60, "general", needs_hv=True),)
    assert starts(cheapest_slots(shop, [], high, now=at(9))) == [at(9)]
    assert cheapest_slots(shop, [Booking(at(9), high)], high, now=at(9)).slots == ()
    assert starts(cheapest_slots(shop, [Booking(at(9), high)], SERVICE, now=at(9))) == [at(9)]
    assert cheapest_slots(shop, [Booking(at(9), high), Booking(at(9), SERVICE)], SERVICE, now=at(9)).slots == ()


def test_work_that_the_openings_do_not_hold_is_not_offered_and_lunch_is_skipped():
    long = (Need("general", 1, 120, "general"),)
    offers = cheapest_slots(SHOP, [], long, now=at(11), wanted=at(11))
    assert starts(offers) == [at(11), at(13), at(14)]
    assert starts(cheapest_slots(SHOP, [], long, now=at(16))) == [at(16)]
    assert cheapest_slots(SHOP, [], long, now=at(17)).reason == Reason("fully_booked", until=at(18))


def test_nobody_able_and_nothing_open_are_told():
    assert cheapest_slots(SHOP, [], (Need("paint", 1, 60),), now=at(9)) == Offers(
        (), Reason("nobody_able", skill="paint", level=1, best=0)
    )
    assert cheapest_slots(replace(SHOP, openings=()), [], SERVICE, now=at(9)).reason == Reason(
        "fully_booked", until=at(9)
    )


def test_one_start_has_room_until_its_people_are_taken():
    morning = replace(SHOP, openings=(Span(at(9), at(12)),), kept_free=Rate(0))
    hour = (Need("electric", 1, 60),)
    held = [Booking(at(9), hour), Booking(at(10, 30), (Need("electric", 1, 30),))]
    asked = [Booking(at(9), hour), Booking(at(10), (Need("electric", 1, 30),)), Booking(at(11), hour)]
    assert [has_room(morning, held, one) for one in asked] == [False, True, True]
    assert has_room(replace(morning, kept_free=Rate.percent("20")), held, asked[1]) is True
    assert has_room(replace(morning, kept_free=Rate.percent("20")), held, asked[2]) is False


def test_a_start_has_no_room_for_work_that_outlasts_the_openings():
    assert has_room(SHOP, [], Booking(at(17), (Need("general", 1, 60),))) is True
    assert has_room(SHOP, [], Booking(at(17), (Need("general", 1, 61),))) is False


def test_whether_there_is_room_is_unknown_where_nothing_could_ever_hold_the_work():
    taken = [Booking(at(9), SERVICE)] * 9
    paint, expert = Booking(at(9), (Need("paint", 1, 60),)), Booking(at(9), (Need("general", 4, 60),))
    high = Booking(at(9), (Need("general", 1, 60, "general", needs_hv=True),))
    assert [has_room(SHOP, taken, one) for one in (paint, expert, high)] == [None, None, None]
    assert has_room(replace(SHOP, technicians=()), taken, Booking(at(9), SERVICE)) is None
    certified = replace(SHOP, technicians=(replace(WANG, hv_until=date(2026, 12, 31)),))
    assert has_room(certified, [], high) is True
    assert has_room(replace(certified, bays=BAYS[:1]), [], high) is None
    assert has_room(SHOP, taken, Booking(at(9), (*SERVICE, *paint.needs))) is None


@pytest.mark.parametrize("seed", range(10))
def test_every_slot_that_is_offered_has_room(seed):
    random = Random(seed)
    held = [
        Booking(at(random.randint(9, 17), 30), (Need(random.choice(["general", "electric"]), 2, 45, "general"),))
        for _ in range(9)
    ]
    offered = cheapest_slots(SHOP, held, SERVICE, now=at(8), count=9).slots
    assert [has_room(SHOP, held, Booking(slot.start, SERVICE)) for slot in offered] == [True] * len(offered)
    half_hours = [at(hour, minute) for hour in (*range(9, 12), *range(13, 18)) for minute in (0, 30)]
    free = [start for start in half_hours if has_room(SHOP, held, Booking(start, SERVICE))]
    assert set(starts(cheapest_slots(SHOP, held, SERVICE, now=at(8), count=9))) <= set(free)
    assert bool(free) == bool(offered)


@pytest.mark.parametrize("seed", range(30))
def test_an_hour_holds_exactly_what_no_group_of_kinds_overfills(seed):
    random = Random(seed)
    skills = ["general", "electric", "gearbox", "body"]
    people = [
        Technician(number, {skill: random.randint(1, 5) for skill in random.sample(skills, random.randint(1, 3))}, ())
        for number in range(5)
    ]
    rooms = [random.choice((0, 30, 60)) for _ in people]
    held = {Need(random.choice(skills), random.randint(1, 4), 0): random.randint(5, 70) for _ in range(4)}
    groups = [group for size in range(1, len(held) + 1) for group in combinations(held, size)]
    short = max(
        [0]
        + [
            sum(held[need] for need in group)
            - sum(room for one, room in zip(people, rooms, strict=True) if any(_can(one, need) for need in group))
            for group in groups
        ]
    )
    assert _flow(people, rooms, held) == sum(held.values()) - short


def test_two_weeks_of_a_large_shop_are_searched_quickly():
    random = Random(1)
    skills = ["general", "electric", "gearbox", "body", "paint", "hv"]
    people = tuple(
        Technician(
            number,
            {skill: random.randint(1, 5) for skill in random.sample(skills, 3)},
            tuple(shift(day) for day in range(10)),
        )
        for number in range(1, 31)
    )
    bays = tuple(Bay(number, "general") for number in range(1, 31))
    openings = tuple(Span(at(8, 30, day=day), at(18, day=day)) for day in range(10))
    bookings = [
        Booking(
            at(9 + random.randint(0, 7), day=random.randint(0, 9)), (Need(random.choice(skills), 2, 60, "general"),)
        )
        for _ in range(250)
    ]
    offers, counted = calls(lambda: cheapest_slots(Resources(people, bays, openings), bookings, SERVICE, now=at(8)))
    assert counted.total() < 800_000, "0.54 million are some 0.3 s"
    assert len(offers.slots) == 3
