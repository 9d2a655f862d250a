"""How far a car goes in a day: life blended with the last year, the group for those not known long."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheyi.care.engine.learning import learn
from cheyi.care.engine.model import UNLEARNED, Car, ModelGroup, Reading, Service
from cheyi.care.engine.pace import daily_distance
from cheyi.kernel import Quantity, Rate, Reason
from cheyi.vehicles.rules.mileage import daily_km

DAY_0 = date(2024, 1, 1)
TODAY = DAY_0 + timedelta(days=900)
GROUP = ModelGroup(Quantity.of(30), Rate(4000), Rate(10_000), cars=50)


def reading(number, km, reason=""):
    return Reading(km, DAY_0 + timedelta(days=number), reason)


def told(*readings, group=UNLEARNED, **more):
    return daily_distance(Car(tuple(readings), **more), today=TODAY, group=group)


def codes(daily):
    return [reason.code for reason in daily.reasons]


def test_with_the_last_service_and_the_present_reading_it_is_km_by_days():
    car = Car((Reading(24_800, date(2026, 5, 15)),), last_service=Service(date(2026, 1, 15), 20_000))
    daily = daily_distance(car, today=date(2026, 5, 15))
    assert (daily.km, daily.reasons) == (Quantity.of(40), (Reason("last_and_present", days=120),))


@pytest.mark.parametrize(("km", "held"), [(0, "5"), (999, "5"), (1_100, "5.5"), (90_000, "450")])
def test_it_is_held_between_5_and_450(km, held):
    daily = told(reading(0, 500), reading(200, 500 + km))
    assert daily.km == Quantity.of(held)
    assert ("held_within" in codes(daily)) == (km < 1_000)


@given(st.integers(14, 3000), st.integers(0, 450))
def test_a_single_distance_is_what_the_pages_reckon(days, daily):
    first, last = Reading(700, TODAY - timedelta(days=days)), Reading(700 + days * daily * 13 // 14, TODAY)
    assert told(first, last).km == daily_km(first, last)


def test_with_nothing_it_is_40_and_says_so():
    for daily in (told(), told(reading(0, 9_000))):
        assert daily.km == Quantity.of(40)
        assert daily.reasons == (Reason("no_distance_known"), Reason("as_usual", km=Quantity.of(40)))
        assert (daily.low, daily.high) == (Quantity(18_068), Quantity(88_555))


def test_ten_days_are_too_short_to_say_anything():
    daily = told(reading(0, 1_000), reading(10, 4_000))
    assert (daily.km, codes(daily)) == (Quantity.of(40), ["too_short", "as_usual"])


def test_a_change_of_habits_is_followed_by_half_and_more_over_the_years():
    young = told(reading(0, 1_000), reading(400, 13_000), reading(800, 41_000))
    assert young.reasons[0] == Reason("blended", year=Quantity.of(70), life=Quantity.of(50), share=Rate(5095))
    assert young.km == Quantity(60_190)
    long_ago = told(reading(-2000, 1_000), reading(400, 73_000), reading(800, 101_000))
    assert long_ago.km == Quantity(64_004)


def test_the_life_before_the_first_reading_counts_from_the_day_the_car_was_new():
    daily = told(reading(365, 14_600), reading(730, 18_250), new_on=DAY_0)
    assert daily.reasons[0] == Reason("blended", year=Quantity.of(10), life=Quantity.of(25), share=Rate(4608))
    assert daily.km == Quantity(18_088)


def test_a_steady_car_is_steady_however_it_is_blended():
    daily = told(*[reading(50 * number, 1_750 * number) for number in range(18)])
    assert daily.km == Quantity.of(35)


def test_each_part_counts_by_one_over_its_variance():
    """Written out: a month scatters by 0.35, a year's drift is 0.20 (pace.MONTHLY, YEARLY)."""
    day_noise, day_drift = 0.35**2 * 30, 0.20**2 / 365
    year = 1 / (day_noise / 365 + day_drift * 365 / 3)
    before = 1 / (day_noise / 435 + day_drift * (365 + 435 / 3))
    daily = told(reading(0, 0), reading(435, 4_350), reading(800, 11_650))
    assert daily.km.parts == round(1000 * (year * 20 + before * 10) / (year + before))
    assert daily.spread.parts == round(10_000 * (year + before) ** -0.5)


def test_the_longer_a_car_is_known_the_surer_it_is():
    spreads = [told(reading(0, 0), reading(days, 40 * days)).spread.parts for days in (14, 30, 100, 365)]
    assert spreads == [5128, 3516, 2010, 1530]


def test_a_short_history_is_drawn_to_its_group_and_a_long_one_is_not():
    short = told(reading(0, 1_000), reading(30, 2_800), group=GROUP)
    assert (short.km, codes(short)) == (Quantity(49_865), ["blended", "drawn_to_group"])
    long = told(reading(0, 1_000), reading(800, 49_000), group=GROUP)
    assert (long.km, codes(long)) == (Quantity(59_437), ["blended"])
    assert told(group=GROUP).reasons[1] == Reason("as_its_group", km=Quantity.of(30), cars=50)


def test_what_the_owner_before_drove_does_not_count():
    history = (reading(0, 1_000), reading(300, 13_000), reading(500, 41_000), reading(560, 42_200))
    assert told(*history, owner_since=DAY_0 + timedelta(days=510)).km == Quantity.of(20)
    assert codes(told(*history, owner_since=DAY_0 + timedelta(days=510))) == ["last_and_present", "new_owner"]
    fresh = told(*history[:3], owner_since=DAY_0 + timedelta(days=510), group=GROUP)
    assert codes(fresh) == ["no_distance_known", "as_its_group", "new_owner"]


def test_no_distance_is_counted_across_an_exchanged_odometer():
    daily = told(reading(0, 50_000), reading(100, 53_000), reading(200, 0, "replaced"), reading(300, 3_000))
    assert daily.km == Quantity.of(30)
    assert told(reading(0, 50_000), reading(100, 0, "replaced")).km == Quantity.of(40)


def test_dropped_and_odd_readings_are_told():
    daily = told(reading(0, 1_000), reading(50, 900_000), reading(100, 4_000), reading(140, 4_000))
    assert codes(daily) == ["blended", "stays", "readings_dropped"]


def test_a_group_learns_from_its_cars_and_leans_on_the_usual_while_they_are_few():
    def car(daily):
        return Car(tuple(reading(100 * number, 100 * number * daily) for number in range(9)))

    few = learn([car(80)] * 2, today=TODAY)
    many = learn([car(60 + number % 41) for number in range(200)], today=TODAY)
    assert (few.cars, few.daily, few.spread) == (2, Quantity(44_898), Rate(5500))
    assert (many.cars, many.daily) == (200, Quantity(76_940))
    assert many.unrest == Rate(5000)
    assert 1800 < many.spread.parts < 2300
    assert learn([Car(), car(0)][:1], today=TODAY) == UNLEARNED


def test_cars_that_change_their_ways_make_a_group_restless():
    def car(number):
        turns = [20, 90, 20, 90, 20, 90, 20, 90] if number % 2 else [70, 15, 70, 15, 70, 15, 70, 15]
        km, history = 0, []
        for at, daily in enumerate(turns):
            km += 100 * daily
            history.append(reading(100 * at, km))
        return Car(tuple(history))

    group = learn([car(number) for number in range(60)], today=TODAY)
    assert group.unrest == Rate(25_000)
    calm = told(reading(0, 0), reading(400, 16_000))
    restless = told(reading(0, 0), reading(400, 16_000), group=replace(group, cars=0))
    assert restless.spread.parts == pytest.approx(2.5 * calm.spread.parts, rel=0.001)
