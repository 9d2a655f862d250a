"""Simulated drivers: the engine against the calendar and the simplest estimator, its chances, and the errors it finds."""

from datetime import date
from statistics import mean, median

import pytest

from cheyi.care.engine.odometer import clean
from tests.simulators.driver_files import (
    asked_at_visits,
    by_calendar,
    by_engine,
    by_simplest,
    groups_of,
    reading_of,
)
from tests.simulators.drivers import END, KINDS, SLIPS, lives

FIRST, LAST = date(2019, 1, 1), date(2025, 12, 31)


@pytest.fixture(scope="module")
def drivers():
    return lives(900, seed=4)


@pytest.fixture(scope="module")
def groups(drivers):
    return groups_of(drivers, date(2024, 6, 30))


def asked(drivers, *, service):
    return list(asked_at_visits(drivers, 4, service=service, first=FIRST, last=LAST))


def off(days, questions):
    return [abs((day - one.due_on).days) for day, one in zip(days, questions, strict=True)]


def test_lives_are_the_same_every_time_and_have_what_makes_files_hard(drivers):
    again = lives(40, seed=4)
    assert [one.visits for one in again] == [one.visits for one in drivers[:40]]
    assert {one.kind for one in drivers} == set(KINDS)
    visits = [visit for one in drivers for visit in one.visits]
    assert {visit.slip for visit in visits} == {"", *SLIPS}
    assert sum(visit.reason == "replaced" for visit in visits) > 5
    assert sum(len(one.owners) for one in drivers) > 300
    assert all(one.driven[-1] >= 0 and (one.driven[1:] >= one.driven[:-1]).all() for one in drivers)


@pytest.mark.parametrize("service", [True, False])
def test_the_engine_is_never_worse_than_the_calendar_or_the_simplest_estimator(drivers, groups, service):
    questions = asked(drivers, service=service)
    engine = off([by_engine(one, groups).on for one in questions], questions)
    simplest = off([by_simplest(one) for one in questions], questions)
    calendar = off([by_calendar(one) for one in questions], questions)
    assert len(questions) > 250
    assert mean(engine) < 0.95 * mean(simplest) < 0.5 * mean(calendar)
    assert median(engine) <= median(simplest) + 2 < 0.5 * median(calendar)


def test_between_two_services_the_median_of_cars_due_by_distance_is_at_most_fifteen_days_off(drivers, groups):
    questions = [one for one in asked(drivers, service=False) if one.by_distance < one.by_time]
    assert median(off([by_calendar(one) for one in questions], questions)) > 100
    assert median(off([by_engine(one, groups).on for one in questions], questions)) <= 15


def test_chances_come_true_as_often_as_they_say(drivers, groups):
    told = []
    for one in asked(drivers, service=True):
        answer = by_engine(one, groups)
        for within in range(30, 331, 30):
            chance = answer.chance_by_distance(today=one.on, within=within)
            told.append((chance.parts / 10_000, (one.by_distance - one.on).days <= within))
    for low in (0.2, 0.4, 0.6):
        band = [(chance, came) for chance, came in told if low <= chance < low + 0.2]
        assert len(band) > 150
        assert mean(came for _, came in band) == pytest.approx(mean(chance for chance, _ in band), abs=0.09)


def test_errors_of_the_odometer_are_found_and_true_readings_kept(drivers):
    big, found, true, wrong = 0, 0, 0, 0
    for one in drivers:
        if any(visit.true_km == 0 and not visit.reason for visit in one.visits):
            continue
        cleaned = clean([reading_of(visit) for visit in one.visits], today=END, new_on=one.told_new_on)
        dropped = {(each.reading.km, each.reading.on) for each in cleaned.dropped}
        for visit in one.visits:
            hit = (visit.typed, visit.on) in dropped
            big += abs(visit.typed - visit.true_km) > 5_000
            found += hit and abs(visit.typed - visit.true_km) > 5_000
            true += not visit.slip
            wrong += hit and not visit.slip
    assert big > 50
    assert found > 0.7 * big
    assert wrong < 0.003 * true
