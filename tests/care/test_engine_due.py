"""When the next service is due, with what chance, and what is said when nobody can know."""

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheyi.care.engine.due import NextService, next_service
from cheyi.care.engine.model import Car, ModelGroup, Reading, Service
from cheyi.care.engine.schedule import STANDARD, Interval, Node, Schedule, standard
from cheyi.kernel import Quantity, Rate, Reason, Refused, Unknown
from cheyi.vehicles.rules.service import NextDue

YEARLY = Schedule(Interval(10_000, 12))
SERVICE = Service(date(2026, 1, 15), 20_000)
TODAY = date(2026, 5, 15)
VECTOR = Car((Reading(24_800, TODAY),), last_service=SERVICE)


def told(car=VECTOR, schedule=YEARLY, today=TODAY, **more):
    return next_service(car, schedule, today=today, **more)


def codes(answer):
    return [reason.code for reason in answer.reasons]


def test_the_vector_of_the_domain_reference():
    assert told().due == NextDue(
        on=date(2026, 9, 22),
        by="distance",
        remind_on=date(2026, 9, 15),
        km=30_000,
        time_on=date(2027, 1, 15),
        distance_on=date(2026, 9, 22),
    )
    assert told().reasons == (
        Reason("due_by_distance", on=date(2026, 9, 22), km=30_000, daily=Quantity.of(40)),
        Reason("last_and_present", days=120),
    )


def test_the_chance_is_a_half_on_the_day_and_grows_to_certainty_when_the_year_is_over():
    answer = told()
    chances = [answer.chance(today=TODAY, within=days).parts for days in (0, 30, 100, 130, 160, 200, 244, 245)]
    assert chances == [0, 39, 1684, 5000, 7834, 9211, 9643, 10_000]
    assert answer.chance(today=date(2026, 9, 22), within=0) == Rate(5000)
    assert answer.chance_by_distance(today=TODAY, within=245) == Rate(9648)


def test_the_range_holds_the_day_and_ends_with_the_year():
    assert (told().earliest, told().latest) == (date(2026, 8, 12), date(2026, 11, 20))
    slow = told(Car((Reading(23_600, TODAY),), last_service=SERVICE))
    assert (slow.on, slow.latest) == (date(2026, 12, 14), date(2027, 1, 15))


def test_a_slow_car_is_due_by_time():
    answer = told(Car((Reading(21_000, TODAY),), last_service=SERVICE))
    assert (answer.due.by, answer.on) == ("time", date(2027, 1, 15))
    assert answer.reasons[0] == Reason("due_by_time", on=date(2027, 1, 15))


def test_what_was_driven_too_far_already_was_due_on_the_day_it_was_driven():
    car = Car((Reading(25_000, date(2026, 3, 1)), Reading(32_500, TODAY)), last_service=SERVICE)
    answer = told(car)
    assert (answer.left_km, answer.on, answer.due.remind_on) == (-2_500, date(2026, 4, 20), date(2026, 4, 13))
    assert answer.chance(today=TODAY, within=0) == Rate(10_000)
    assert (answer.earliest, answer.latest) == (answer.on, answer.on)


def test_a_car_without_a_service_is_counted_from_new_with_the_first_interval():
    car = Car((Reading(2_000, TODAY),), new_on=TODAY - timedelta(days=50))
    answer = told(car, STANDARD["petrol"])
    assert (answer.due.km, answer.on) == (5_000, TODAY + timedelta(days=75))
    assert codes(answer)[:2] == ["counted_from_new", "due_by_distance"]


def test_nobody_knows_when_a_car_is_due_whose_service_and_age_are_unknown():
    assert told(Car((Reading(24_800, TODAY),))) == Unknown((Reason("never_serviced_here"),))
    future = Service(TODAY + timedelta(days=1), 20_000)
    assert codes(told(Car(last_service=future))) == ["service_in_the_future"]
    assert codes(told(Car(last_service=SERVICE, new_on=TODAY))) == ["service_before_built"]


def test_without_any_reading_the_usual_40_km_are_taken_and_said():
    answer = told(Car(last_service=Service(date(2026, 1, 15))))
    assert (answer.on, answer.due.km) == (date(2026, 9, 22), 10_000)
    assert codes(answer) == ["due_by_distance", "no_reading", "no_distance_known", "as_usual"]
    assert answer.chance(today=date(2026, 9, 22), within=30).parts < 6000


def test_a_service_without_a_reading_is_placed_between_its_neighbours():
    car = Car((Reading(19_000, date(2026, 1, 5)), Reading(24_200, TODAY)), last_service=Service(date(2026, 1, 15)))
    assert (told(car).left_km, told(car).due.km) == (5_200, 29_400)


def test_a_service_whose_reading_nobody_can_believe_counts_by_its_day():
    history = tuple(Reading(20_000 + 40 * days, date(2026, 1, 15) + timedelta(days)) for days in (-20, 40, 120))
    answer = told(Car(history, last_service=Service(date(2026, 1, 15), 2_000)))
    assert (answer.due.km, answer.on) == (30_000, date(2026, 9, 22))
    assert "service_reading_doubtful" in codes(answer)


@pytest.mark.parametrize("km", [float("nan"), -5, 10**9])
def test_a_service_with_a_reading_that_cannot_be_counts_by_its_day_alone(km):
    answer = told(Car(last_service=Service(date(2026, 1, 15), km)))
    assert (answer.on, answer.due.km) == (date(2026, 9, 22), 10_000)
    assert codes(answer)[:3] == ["service_reading_doubtful", "due_by_distance", "no_reading"]


def test_across_an_exchanged_odometer_the_distance_goes_on():
    exchanged = (Reading(22_000, date(2026, 3, 6)), Reading(0, date(2026, 3, 6), "replaced"), Reading(2_800, TODAY))
    answer = told(Car(exchanged, last_service=SERVICE))
    assert (answer.left_km, answer.due.km, answer.on) == (5_200, 8_000, date(2026, 9, 22))


def test_a_test_drive_before_the_service_is_not_driven_after_it():
    drive = (Reading(19_000, date(2026, 1, 2)), Reading(19_400, date(2026, 1, 2)), *VECTOR.readings)
    assert told(Car(drive, last_service=SERVICE)).left_km == 5_200


def test_an_old_reading_is_told_and_makes_the_day_less_sure():
    car = Car((Reading(24_800, date(2024, 6, 1)),), last_service=Service(date(2024, 2, 1), 20_000))
    answer = told(car, Schedule(Interval(30_000)))
    assert "reading_old" in codes(answer)
    assert (answer.due.time_on, answer.due.by) == (None, "distance")


def test_a_schedule_by_months_alone_has_no_distance():
    answer = told(schedule=Schedule(Interval(months=24)))
    assert (answer.on, answer.left_km) == (date(2028, 1, 15), None)
    assert [answer.chance(today=TODAY, within=days).parts for days in (30, 610)] == [0, 10_000]


@pytest.mark.parametrize(
    ("km", "months"), [(0, 12), (10_000, 0), (-5, None), (None, -1), (float("nan"), 12), (True, 1)]
)
def test_an_interval_that_is_not_above_nothing_is_refused(km, months):
    with pytest.raises(Refused) as refused:
        Interval(km, months)
    assert refused.value.code == "care.schedule.interval_not_positive"
    assert str(refused.value.facts) == str({"km": km, "months": months})


def test_an_interval_of_neither_is_refused():
    with pytest.raises(Refused) as refused:
        Interval()
    assert refused.value.code == "care.schedule.no_interval"


@pytest.mark.parametrize(
    ("energy", "use", "first", "every"),
    [
        ("petrol", "family", Interval(5_000, 6), Interval(10_000, 12)),
        ("hev", "company", Interval(5_000, 6), Interval(10_000, 12)),
        ("phev", "family", None, Interval(10_000, 12)),
        ("bev", "family", None, Interval(20_000, 12)),
        ("petrol", "business", Interval(2_500, 6), Interval(5_000, 12)),
        ("bev", "ride_hailing", None, Interval(10_000, 12)),
        ("erev", "rental", None, Interval(5_000, 12)),
    ],
)
def test_intervals_follow_energy_and_use(energy, use, first, every):
    schedule = standard(energy, use)
    assert (schedule.first, schedule.every) == (first, every)


def test_nodes_follow_the_table_and_hard_use_halves_them():
    nodes = {node.op: node.every for node in standard("bev").nodes}
    assert (nodes["coolant"], nodes["brake_fluid"]) == (Interval(60_000, 36), Interval(None, 24))
    assert Node("belts", Interval(40_000)) in standard("petrol", "business").nodes
    assert "plugs_iridium" not in {node.op for node in standard("petrol").without("plugs_iridium").nodes}
    assert standard("steam") == Unknown((Reason("energy_unknown", energy="steam"),))


cars = st.builds(
    Car,
    st.lists(
        st.builds(
            Reading,
            st.one_of(st.integers(0, 200_000), st.sampled_from([-1, 10**9, float("nan")])),
            st.dates(date(2020, 1, 1), date(2027, 1, 1)),
            st.sampled_from(["", "", "replaced", "typo", "doubtful", "checked"]),
        ),
        max_size=8,
    ).map(tuple),
    st.one_of(st.none(), st.dates(date(2019, 1, 1), date(2027, 1, 1))),
    st.one_of(st.none(), st.dates(date(2019, 1, 1), date(2027, 1, 1))),
    st.one_of(
        st.none(),
        st.builds(
            Service,
            st.dates(date(2020, 1, 1), date(2027, 1, 1)),
            st.one_of(st.none(), st.just(float("nan")), st.integers(-5, 3_000_000)),
        ),
    ),
)


def test_a_distance_that_was_reached_on_the_first_day_already_was_due_on_that_day():
    day = date(2020, 2, 1)
    jumped = (Reading(0, day, "replaced"), Reading(5_001, day, "checked"), Reading(0, date(2021, 1, 1)))
    answer = told(Car(jumped, new_on=day), standard("petrol"))
    assert isinstance(answer, NextService)
    assert (answer.due.distance_on, answer.on) == (day, day)


@given(cars, st.sampled_from([ModelGroup(), ModelGroup(Quantity.of(60), Rate(3000), Rate(20_000), 9)]))
def test_every_car_gets_a_day_or_a_reason_and_chances_only_grow(car, group):
    answer = told(car, standard("petrol"), group=group)
    if isinstance(answer, Unknown):
        assert len(answer.reasons) == 1
        return
    assert isinstance(answer, NextService)
    assert answer.on == min(answer.due.time_on, answer.due.distance_on)
    assert answer.earliest <= answer.latest <= answer.due.time_on
    chances = [answer.chance(today=TODAY, within=days).parts for days in range(0, 800, 20)]
    assert chances == sorted(chances)
    assert all(0 <= chance <= 10_000 for chance in chances)


def test_the_answer_is_the_same_in_another_process():
    script = (
        "from datetime import date; from cheyi.care.engine.due import next_service\n"
        "from cheyi.care.engine.model import Car, Reading, Service; from cheyi.care.engine.schedule import standard\n"
        "car = Car((Reading(24_800, date(2026, 5, 15)), Reading(900, date(2026, 4, 1))), date(2024, 3, 3), None,"
        " Service(date(2026, 1, 15), 20_000))\n"
        "print(next_service(car, standard('petrol'), today=date(2026, 5, 15)))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    car = Car((*VECTOR.readings, Reading(900, date(2026, 4, 1))), date(2024, 3, 3), None, SERVICE)
    assert runs == {f"{told(car, standard('petrol'))}\n"}
