"""Odometer readings and the next service: domain.md 0 and 6.6."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheyi.kernel import Quantity, Refused
from cheyi.vehicles.rules.mileage import Reading, check, counts, daily_km, estimated_km
from cheyi.vehicles.rules.service import add_months, next_due

LAST = Reading(20_000, date(2026, 1, 15))


def refused(km, on, last=LAST, reason=""):
    with pytest.raises(Refused) as caught:
        check(km, on, last=last, reason=reason)
    return caught.value


def test_the_vector_of_the_next_service():
    now = Reading(24_800, date(2026, 5, 15))
    assert daily_km(LAST, now) == Quantity.of(40)
    due = next_due(LAST, now, daily=daily_km(LAST, now), interval_km=10_000, interval_months=12)
    assert (due.on, due.by, due.remind_on) == (date(2026, 9, 22), "distance", date(2026, 9, 15))
    assert (due.time_on, due.km) == (date(2027, 1, 15), 30_000)


def test_a_car_that_hardly_runs_is_due_by_time():
    now = Reading(20_600, date(2026, 5, 15))
    due = next_due(LAST, now, daily=daily_km(LAST, now), interval_km=10_000, interval_months=12)
    assert (due.on, due.by) == (date(2027, 1, 15), "time")


def test_one_beyond_its_distance_is_due_now_and_without_intervals_never():
    now = Reading(31_000, date(2026, 5, 15))
    assert next_due(LAST, now, daily=Quantity.of(40), interval_km=10_000, interval_months=None).on == date(2026, 5, 15)
    assert next_due(LAST, now, daily=Quantity.of(40), interval_km=None, interval_months=None) is None


@pytest.mark.parametrize(
    ("km", "days_on", "daily"),
    [
        (20_000, 120, "5"),
        (20_100, 120, "5"),
        (24_800, 120, "40"),
        (20_001, 0, "40"),
        (19_000, 120, "40"),
        (500_000, 120, "450"),
        (20_100, 7, "14.286"),
    ],
)
def test_daily_distance_lies_between_5_and_450_and_is_40_without_evidence(km, days_on, daily):
    now = Reading(km, date.fromordinal(LAST.on.toordinal() + days_on))
    assert daily_km(LAST, now) == Quantity.of(daily)


def test_without_an_earlier_reading_it_is_40():
    assert daily_km(None, LAST) == Quantity.of(40)


@pytest.mark.parametrize("km", [-1, 2_000_001])
def test_what_no_odometer_shows_is_refused(km):
    assert refused(km, date(2026, 2, 1), last=None).code == "vehicles.mileage.out_of_range"


@pytest.mark.parametrize("km", [0, 2_000_000])
def test_the_ends_of_the_range_are_taken(km):
    check(km, date(2026, 2, 1), last=None)


def test_a_lower_reading_needs_a_reason():
    error = refused(19_999, date(2026, 2, 1))
    assert (error.code, error.field) == ("vehicles.mileage.lower", "mileage")
    assert (error.facts["last"], error.facts["last_on"]) == (20_000, "2026-01-15")
    for reason in ("replaced", "typo", "doubtful"):
        check(19_999, date(2026, 2, 1), last=LAST, reason=reason)
    assert refused(19_999, date(2026, 2, 1), reason="checked").code == "vehicles.mileage.lower"


def test_more_than_450_km_a_day_asks():
    check(20_000 + 450 * 18, date(2026, 2, 1), last=LAST)
    error = refused(20_001 + 450 * 18, date(2026, 2, 1))
    assert (error.code, error.facts["most"]) == ("vehicles.mileage.too_far", 28_100)
    check(90_000, date(2026, 2, 1), last=LAST, reason="checked")


def test_an_earlier_day_and_an_unknown_reason_are_refused():
    assert refused(21_000, date(2026, 1, 14)).code == "vehicles.mileage.earlier_day"
    assert refused(21_000, date(2026, 2, 1), reason="because").code == "vehicles.mileage.unknown_reason"


def test_a_doubtful_reading_does_not_count():
    assert [counts(reason) for reason in ("", "replaced", "typo", "checked", "doubtful")] == [True] * 4 + [False]


def test_the_mileage_is_carried_forward_and_never_backward():
    assert estimated_km(LAST, Quantity.of("40"), date(2026, 5, 15)) == 24_800
    assert estimated_km(LAST, Quantity.of("14.286"), date(2026, 1, 22)) == 20_100
    assert estimated_km(LAST, Quantity.of("40"), date(2026, 1, 1)) == 20_000
    assert estimated_km(Reading(1_999_990, LAST.on), Quantity.of("450"), date(2026, 5, 15)) == 2_000_000


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 15), 36, date(2029, 1, 15)),
    ],
)
def test_months_end_on_the_last_day_there_is(day, months, later):
    assert add_months(day, months) == later


@given(st.integers(0, 2_000_000), st.integers(0, 2_000_000), st.integers(1, 4_000))
def test_the_daily_distance_of_any_two_readings_is_within_its_bounds(then, now, days):
    found = daily_km(Reading(then, LAST.on), Reading(now, date.fromordinal(LAST.on.toordinal() + days)))
    assert Quantity.of(5) <= found <= Quantity.of(450)
