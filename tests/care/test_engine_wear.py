"""When pads, tyres and the battery reach their limit, and when nobody can know."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheyi.care.engine.model import Car, Reading
from cheyi.care.engine.pace import daily_distance
from cheyi.care.engine.wear import LIMITS, Inspected, Limit, WornOut, worn_out
from cheyi.kernel import Quantity, Reason, Unknown

DAY_0 = date(2025, 1, 1)
TODAY = date(2026, 6, 30)
PADS, TYRES, BATTERY = (LIMITS[name] for name in ("brake_pads", "tyres", "battery_12v"))
FORTY = daily_distance(Car((Reading(0, DAY_0), Reading(16_000, DAY_0 + timedelta(days=400)))), today=TODAY)


def at(number, value, km=None):
    return Inspected(DAY_0 + timedelta(days=number), Quantity.of(value), km)


def told(*inspections, limit=PADS, daily=FORTY):
    return worn_out(inspections, limit, today=TODAY, daily=daily)


def codes(answer):
    return [reason.code for reason in answer.reasons]


def test_pads_go_by_kilometres_and_the_date_follows_the_daily_distance():
    answer = told(at(0, "10", 20_000), at(300, "7", 32_000))
    assert (answer.km, answer.on) == (48_000, DAY_0 + timedelta(days=300 + 400))
    assert answer.reasons == (Reason("worn_by_km", count=2, km=48_000),)
    assert answer.earliest < answer.on < answer.latest


def test_the_battery_goes_by_days():
    answer = told(at(0, "90"), at(200, "80"), at(400, "70"), limit=BATTERY)
    assert (answer.on, answer.km) == (DAY_0 + timedelta(days=600), None)
    assert codes(answer) == ["worn_by_days"]


def test_one_missing_odometer_or_no_daily_distance_means_days():
    assert codes(told(at(0, "10", 20_000), at(300, "7"))) == ["worn_by_days"]
    assert codes(told(at(0, "10", 20_000), at(300, "7", 32_000), daily=None)) == ["worn_by_days"]
    assert codes(told(at(0, "10", 32_000), at(300, "7", 20_000))) == ["worn_by_days"]


def test_the_line_goes_through_all_points_and_more_of_them_are_surer():
    two = told(at(0, "8"), at(400, "6"), limit=TYRES)
    five = told(*[at(100 * number, str(8 - number / 2)) for number in range(5)], limit=TYRES)
    assert (two.on, five.on) == (DAY_0 + timedelta(days=1280),) * 2
    assert five.latest < two.latest
    uneven = told(at(0, "8"), at(100, "7.6"), at(200, "6.9"), at(300, "6.5"), limit=TYRES)
    assert uneven.on == DAY_0 + timedelta(days=1236)


def test_what_is_worn_out_already_has_its_day_in_the_past():
    answer = told(at(0, "5"), at(400, "2"))
    assert answer.on == DAY_0 + timedelta(days=266)


def test_a_new_part_begins_a_new_line():
    answer = told(at(0, "9"), at(200, "5"), at(300, "12"), at(500, "10"))
    assert answer.on == DAY_0 + timedelta(days=1200)
    assert codes(answer) == ["worn_by_days", "renewed"]
    fresh = told(at(0, "9"), at(200, "5"), at(300, "12"))
    assert codes(fresh) == ["inspections_too_few", "renewed"]


@pytest.mark.parametrize(
    "inspections",
    [
        (at(0, "7"), at(300, "7")),
        (at(0, "7"), at(300, "7.2")),
        (at(0, "7"), at(300, "6.8")),
        (at(0, "7"), at(300, "6.7")),
    ],
)
def test_without_a_fall_beyond_measuring_nobody_knows(inspections):
    assert told(*inspections) == Unknown(
        (Reason("does_not_fall", first=inspections[0].value, last=inspections[1].value, off_by=PADS.off_by),)
    )


def test_one_inspection_or_two_of_one_day_are_too_few():
    assert told(at(0, "7")).reasons == (Reason("inspections_too_few", count=1),)
    assert told() == Unknown((Reason("inspections_too_few", count=0),))
    assert told(at(5, "7"), at(5, "6")).reasons == (Reason("inspections_too_few", count=2),)


def test_inspections_in_the_future_or_below_nothing_are_left_out_and_told():
    answer = told(at(0, "9"), at(100, "-3"), at(300, "7"), at(900, "1"))
    assert answer.on == DAY_0 + timedelta(days=900)
    assert answer.reasons[1] == Reason("inspections_left_out", count=2)


def test_a_limit_that_is_hardly_ever_reached_is_at_most_ten_years_away():
    answer = told(at(0, "90"), at(300, "86.9"), limit=Limit(Quantity.of("1"), Quantity.of("3")))
    assert answer.on == DAY_0 + timedelta(days=300 + 3653)


@given(
    st.lists(
        st.builds(at, st.integers(0, 600), st.integers(-2, 12).map(str), st.one_of(st.none(), st.integers(0, 90_000))),
        max_size=7,
    )
)
def test_every_car_gets_a_range_or_a_reason(inspections):
    answer = told(*inspections)
    if isinstance(answer, WornOut):
        assert answer.earliest <= answer.on <= answer.latest
    assert answer.reasons
