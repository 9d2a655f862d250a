"""Who drifts away, measured against his own interval; one car and whole files alike."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheyi.care.engine.drift import drift, expected_days
from cheyi.care.engine.many.columns import FAULTS
from cheyi.care.engine.many.drift import STATES, drift_all
from cheyi.care.engine.model import Car, Reading
from cheyi.care.engine.pace import daily_distance
from cheyi.care.engine.schedule import Interval
from cheyi.kernel import Rate, Reason, Refused, Unknown

TODAY = date(2026, 6, 30)


def ago(days):
    return TODAY - timedelta(days=days)


def of_daily(km):
    return daily_distance(Car((Reading(0, ago(100)), Reading(100 * km, TODAY))), today=TODAY)


@pytest.mark.parametrize(
    ("interval", "daily", "days"),
    [
        (Interval(10_000, 12), 40, 250),
        (Interval(10_000, 12), 20, 365),
        (Interval(5_000, 6), 10, 183),
        (Interval(10_000), 20, 500),
        (Interval(months=24), 40, 730),
        (Interval(100, 12), 450, 1),
    ],
)
def test_the_expected_interval_is_the_earlier_of_distance_and_time(interval, daily, days):
    assert expected_days(interval, of_daily(daily)) == days


@pytest.mark.parametrize(
    ("days", "ratio", "state"),
    [
        (0, "0", "healthy"),
        (299, "1.196", "healthy"),
        (300, "1.2", "at_risk"),
        (500, "2", "at_risk"),
        (501, "2.004", "lost"),
    ],
)
def test_the_ratio_and_its_borders(days, ratio, state):
    found = drift(ago(days), 250, today=TODAY)
    assert (found.ratio, found.state, found.days) == (Rate.of(ratio), state, days)


def test_three_months_not_seen_is_by_the_calendar():
    assert drift(date(2026, 3, 30), 250, today=TODAY).not_seen
    assert not drift(date(2026, 3, 31), 250, today=date(2026, 6, 29)).not_seen
    assert drift(date(2026, 3, 31), 250, today=TODAY).not_seen
    assert not drift(date(2026, 4, 1), 250, today=TODAY).not_seen


def test_a_car_never_seen_is_unknown_and_an_interval_of_nothing_refused():
    assert drift(None, 250, today=TODAY) == Unknown((Reason("never_visited"),))
    assert drift(ago(-1), 250, today=TODAY) == Unknown((Reason("visit_in_the_future", on=ago(-1)),))
    for days in (0, -3):
        with pytest.raises(Refused) as refused:
            drift(ago(10), days, today=TODAY)
        assert (refused.value.code, refused.value.facts) == ("care.drift.interval_not_positive", {"days": days})


def test_a_faulty_row_does_not_stop_the_file():
    last = np.array(["2026-01-01", "NaT", "2026-07-01", "2026-01-01", "2026-01-01"], "datetime64[D]")
    found = drift_all(last, np.array([100, 100, 100, 0, np.nan]), today=TODAY)
    assert [FAULTS[fault] for fault in found.faults] == ["", "no_day", "in_the_future", "negative", "not_a_number"]
    assert found.states.tolist() == [1, -1, -1, -1, -1]
    assert found.ratios.tolist() == [18_000, 0, 0, 0, 0]
    assert found.not_seen.tolist() == [True, False, False, False, False]
    assert found.counts == {"at_risk": 1}


def test_columns_of_different_length_are_refused_by_name():
    with pytest.raises(Refused) as refused:
        drift_all(np.array(["2026-01-01"], "datetime64[D]"), [1, 2], today=TODAY)
    assert refused.value.facts == {"lengths": "last_visit_on 1, expected_days 2"}


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(1, 800)), max_size=30), st.dates(date(2024, 1, 1)))
def test_a_file_says_the_same_as_car_by_car(rows, today):
    last = [today - timedelta(days=days) for days, _ in rows]
    many = drift_all(np.array(last, "datetime64[D]"), [expected for _, expected in rows], today=today)
    each = [drift(day, expected, today=today) for day, (_, expected) in zip(last, rows, strict=True)]
    assert [STATES[state] for state in many.states] == [one.state for one in each]
    assert many.ratios.tolist() == [one.ratio.parts for one in each]
    assert many.not_seen.tolist() == [one.not_seen for one in each]
