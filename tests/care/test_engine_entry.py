"""What is asked when a reading is typed that does not fit."""

from datetime import date, timedelta

import pytest

from cheyi.care.engine.entry import Question, question
from cheyi.care.engine.model import Reading
from cheyi.care.engine.odometer import clean
from cheyi.kernel import Reason

TODAY = date(2026, 6, 30)
LAST = Reading(20_000, TODAY - timedelta(days=100))
KNOWN = clean([Reading(12_000, TODAY - timedelta(days=300)), LAST], today=TODAY)


def asked(km, on=TODAY, known=KNOWN):
    return question(km, on, known, today=TODAY)


def test_a_reading_that_fits_is_not_asked_about():
    assert [asked(km) for km in (20_000, 24_000, 65_000)] == [None, None, None]
    assert asked(5, known=clean([], today=TODAY)) is None


def test_a_lower_reading_asks_and_says_since_when_it_is_lower():
    told = asked(19_999)
    assert told.reason == Reason("lower", km=19_999, last=20_000, last_on=LAST.on)
    assert not told.certain


def test_more_than_450_km_a_day_asks_and_says_how_much_was_possible():
    told = asked(65_001)
    assert told.reason == Reason("too_far", km=65_001, last=20_000, last_on=LAST.on, most=65_000)


def test_slips_that_would_make_it_fit_are_offered():
    assert Reason("digit_too_many", km=24_110) in asked(241_110).meant
    assert Reason("swapped_digits", km=21_900) in asked(12_900).meant


@pytest.mark.parametrize(
    ("km", "on", "reason"),
    [
        (-5, TODAY, Reason("negative", km=-5)),
        (10**9, TODAY, Reason("beyond_any_car", km=10**9, most=2_000_000)),
        (
            21_000,
            TODAY + timedelta(days=1),
            Reason("in_the_future", on=TODAY + timedelta(days=1), today=TODAY),
        ),
    ],
)
def test_what_no_car_can_show_is_certainly_wrong(km, on, reason):
    assert asked(km, on) == Question(reason, certain=True)


def test_a_late_entry_is_held_against_both_neighbours():
    day = TODAY - timedelta(days=200)
    assert asked(15_000, day) is None
    assert asked(21_000, day).reason == Reason("above_next", km=21_000, next=20_000, next_on=LAST.on)
    early = TODAY - timedelta(days=310)
    assert asked(5_000, early).reason == Reason("below_next", km=5_000, next=12_000, next_on=TODAY - timedelta(300))


def test_only_the_present_odometer_counts():
    exchanged = clean([LAST, Reading(10, TODAY - timedelta(days=50), "replaced")], today=TODAY)
    assert asked(2_000, known=exchanged) is None
    assert asked(19_000, TODAY - timedelta(days=60), exchanged).reason.code == "lower"


def test_the_cars_age_counts_where_there_is_no_reading():
    new = clean([], today=TODAY, new_on=TODAY - timedelta(days=10))
    assert asked(4_500, known=new) is None
    assert asked(4_501, known=new).reason.code == "beyond_its_age"
    assert asked(5, TODAY - timedelta(days=20), new).reason.code == "before_built"
