"""Which odometer readings are believed, and why the others are not."""

from datetime import date, datetime, timedelta
from itertools import combinations, pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheyi.care.engine.model import Reading
from cheyi.care.engine.odometer import MOST_READINGS, clean, follows
from cheyi.kernel import Reason, Refused

NEW_YEAR = date(2025, 1, 1)
TODAY = date(2026, 6, 30)


def day(number):
    return NEW_YEAR + timedelta(days=number)


def reading(number, km, reason=""):
    return Reading(km, day(number), reason)


def cleaned(*readings, **more):
    return clean(readings, today=more.pop("today", TODAY), **more)


def why(found):
    return [(one.reading.km, one.reason.code) for one in found.dropped]


def test_readings_that_fit_are_all_kept_in_the_order_of_their_days():
    found = cleaned(reading(200, 9_000), reading(10, 400), reading(100, 4_000))
    assert found.stretches == ((reading(10, 400), reading(100, 4_000), reading(200, 9_000)),)
    assert (found.dropped, found.doubts, found.latest) == ((), (), reading(200, 9_000))


def test_nothing_gives_nothing():
    found = cleaned()
    assert (found.kept, found.dropped, found.latest) == ((), (), None)


def test_a_reading_that_falls_is_dropped_with_what_it_was_held_against():
    found = cleaned(reading(0, 10_000), reading(100, 14_000), reading(200, 1_800), reading(300, 22_000))
    assert found.kept == (reading(0, 10_000), reading(100, 14_000), reading(300, 22_000))
    assert [one.reason for one in found.dropped] == [Reason("falls", km=1_800, last=14_000, last_on=day(100))]


def test_a_reading_that_jumps_is_dropped_with_the_most_that_was_possible():
    found = cleaned(reading(0, 10_000), reading(100, 140_000), reading(200, 18_000))
    assert [one.reason for one in found.dropped] == [
        Reason("jumps", km=140_000, last=10_000, last_on=day(0), most=55_000)
    ]


def test_what_only_the_next_reading_contradicts_is_dropped_for_that():
    high = cleaned(reading(0, 10_000), reading(100, 41_000), reading(200, 18_000), reading(300, 22_000))
    assert high.dropped[0].reason == Reason("above_next", km=41_000, next=18_000, next_on=day(200))
    low = cleaned(reading(0, 10_000), reading(100, 10_500), reading(110, 50_000), reading(300, 52_000))
    assert low.dropped[0].reason == Reason("below_next", km=10_500, next=50_000, next_on=day(110))


def test_450_km_a_day_are_believed_and_one_more_is_not():
    assert cleaned(reading(0, 0), reading(10, 4_500)).dropped == ()
    assert why(cleaned(reading(0, 0), reading(10, 4_501))) == [(0, "below_next")]


def test_of_equally_long_chains_the_later_one_is_kept():
    found = cleaned(reading(0, 20_000), reading(50, 24_000), reading(100, 3_000), reading(150, 6_000))
    assert found.kept == (reading(100, 3_000), reading(150, 6_000))
    assert why(found) == [(20_000, "above_next"), (24_000, "above_next")]


def test_two_readings_of_one_day_are_a_drive_apart_or_contradict_each_other():
    near = cleaned(reading(5, 10_012), reading(5, 10_000))
    assert near.kept == (reading(5, 10_000), reading(5, 10_012))
    far = cleaned(reading(0, 9_000), reading(5, 10_000), reading(5, 90_000), reading(30, 11_000))
    assert why(far) == [(90_000, "jumps")]


def test_a_car_that_stands_for_a_month_is_believed_and_doubted():
    found = cleaned(reading(0, 10_000), reading(30, 10_000), reading(59, 10_000), reading(90, 12_000))
    assert found.dropped == ()
    assert found.doubts == (Reason("stays", km=10_000, since=day(0), on=day(30)),)


def test_an_exchanged_odometer_is_a_break_and_nothing_is_dropped():
    found = cleaned(reading(0, 80_000), reading(100, 84_000), reading(100, 0, "replaced"), reading(200, 4_100))
    assert found.stretches == (
        (reading(0, 80_000), reading(100, 84_000)),
        (reading(100, 0, "replaced"), reading(200, 4_100)),
    )
    assert found.dropped == ()


def test_an_error_on_one_side_of_a_break_is_judged_on_that_side():
    found = cleaned(reading(0, 80_000), reading(50, 0, "replaced"), reading(90, 1_500), reading(120, 82_500))
    assert why(found) == [(82_500, "jumps")]


def test_two_lower_readings_at_the_end_look_like_an_exchange_that_nobody_told():
    history = [reading(100 * number, 10_000 + 4_000 * number) for number in range(4)]
    one = cleaned(*history, reading(400, 300))
    assert one.doubts == ()
    two = cleaned(*history, reading(400, 300), reading(500, 4_300))
    assert two.kept == tuple(history)
    assert two.doubts == (Reason("looks_replaced", since=day(400), km=300, count=2),)


def test_what_a_person_has_explained_is_followed():
    typo = cleaned(reading(0, 10_000), reading(50, 21_000), reading(100, 14_000, "typo"))
    assert [one.reason for one in typo.dropped] == [Reason("corrected", on=day(100), km=14_000)]
    doubtful = cleaned(reading(0, 10_000), reading(50, 12_000, "doubtful"))
    assert [one.reason for one in doubtful.dropped] == [Reason("doubtful")]
    checked = cleaned(reading(0, 10_000), reading(20, 30_000, "checked"), reading(50, 31_000))
    assert checked.stretches == ((reading(0, 10_000),), (reading(20, 30_000, "checked"), reading(50, 31_000)))
    assert checked.dropped == ()


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (reading(50, -1), Reason("negative", km=-1)),
        (reading(50, 10**9), Reason("beyond_any_car", km=10**9, most=2_000_000)),
        (reading(600, 12_000), Reason("in_the_future", on=day(600), today=TODAY)),
        (reading(50, float("nan")), Reason("not_whole_km", text="nan")),
        (reading(50, None), Reason("not_whole_km", text="None")),
        (Reading(12_000, None), Reason("no_day")),
        (Reading(12_000, datetime(2025, 3, 1)), Reason("no_day")),
    ],
)
def test_what_cannot_be_is_dropped_by_name(bad, reason):
    found = cleaned(reading(0, 10_000), bad, reading(100, 14_000))
    assert found.kept == (reading(0, 10_000), reading(100, 14_000))
    assert [(one.reading, one.reason) for one in found.dropped] == [(bad, reason)]


def test_readings_before_the_car_was_built_or_beyond_its_age_are_dropped():
    found = cleaned(reading(-30, 5), reading(10, 9_000), reading(100, 4_000), new_on=day(0))
    assert [one.reason for one in found.dropped] == [
        Reason("before_built", on=day(-30), new_on=day(0)),
        Reason("beyond_its_age", km=9_000, most=4_500, new_on=day(0)),
    ]
    assert found.new_on == day(0)


def test_a_day_of_building_that_most_readings_contradict_is_itself_not_believed():
    history = [reading(100 * number, 50_000 + 4_000 * number) for number in range(4)]
    found = cleaned(*history, new_on=day(250))
    assert found.kept == tuple(history)
    assert found.new_on is None
    assert found.doubts == (Reason("new_day_contradicted", new_on=day(250), count=4),)
    assert cleaned(*history, new_on=day(900)).doubts == (Reason("new_in_the_future", new_on=day(900)),)


def test_a_new_odometer_says_nothing_of_the_cars_age():
    found = cleaned(reading(20, 8_000), reading(40, 19_000, "replaced"), reading(60, 20_000), new_on=day(0))
    assert found.dropped == ()


def test_slips_that_would_explain_a_reading_are_proposed():
    def meant(km):
        found = cleaned(reading(-90, 16_000), reading(0, 20_000), reading(100, km), reading(200, 29_000))
        return [(one.code, one.facts["km"]) for one in found.dropped[0].meant]

    assert meant(42_100)[0] == ("swapped_digits", 24_100)
    assert meant(242_001)[0] == ("digit_too_many", 24_201)
    assert ("miles", 24_944) in meant(15_500)
    assert meant(2_431)[0] == ("digit_missing", 24_531)
    assert meant(999_999) == []


def test_a_car_with_a_thousand_visits_is_cleaned():
    dice = Random(7)
    history = [reading(number // 2, 40 * number + dice.randrange(40)) for number in range(1000)]
    wrong = [Reading(one.km * 10, one.on) for one in history[101::50]]
    found = clean([*history, *wrong], today=TODAY)
    assert found.kept == tuple(history)
    assert len(found.dropped) == len(wrong) == 18


def test_too_many_readings_are_refused_by_number():
    with pytest.raises(Refused) as refused:
        clean([reading(1, 1)] * (MOST_READINGS + 1), today=TODAY)
    assert (refused.value.code, refused.value.facts) == ("care.odometer.too_many", {"count": 3001, "most": 3000})


histories = st.lists(st.builds(reading, st.integers(0, 60), st.integers(0, 9).map(lambda km: km * 2_500)), max_size=8)


@given(histories)
def test_the_chain_keeps_the_limits_and_none_is_longer(history):
    found = cleaned(*history)
    assert all(follows(one, other) for one, other in pairwise(found.kept))
    ordered = sorted(history, key=lambda one: (one.on, one.km))
    longer = [
        chosen
        for chosen in combinations(ordered, min(len(found.kept) + 1, len(ordered)))
        if all(follows(one, other) for one, other in pairwise(chosen)) and len(chosen) > len(found.kept)
    ]
    assert longer == []
    assert sorted(map(str, [*found.kept, *(one.reading for one in found.dropped)])) == sorted(map(str, history))


@given(histories, st.randoms(use_true_random=False))
def test_the_order_in_which_readings_are_given_does_not_matter(history, dice):
    shuffled = history[:]
    dice.shuffle(shuffled)
    assert clean(shuffled, today=TODAY) == clean(history, today=TODAY)
