"""The mileage curve of a car's file."""

from __future__ import annotations

from datetime import date

import pytest

from cheyi.vehicles.queries import ReadingLine, curve_of


def reading(day, km):
    return ReadingLine(km, date(2026, 1, day), "", "")


def test_the_line_goes_from_the_first_day_to_the_last_and_up_to_the_highest_reading():
    curve = curve_of([reading(11, 2_000), reading(1, 1_000), reading(6, 1_500)])
    assert curve.points == ((0, 60), (300, 30), (600, 0))
    assert (curve.first_on, curve.last_on, curve.highest) == (date(2026, 1, 1), date(2026, 1, 11), 2_000)
    assert curve.path == "0,60 300,30 600,0"


@pytest.mark.parametrize("rows", [[], [(1, 100)], [(1, 100), (1, 200)]])
def test_readings_that_make_no_line_give_none(rows):
    assert curve_of([reading(*row) for row in rows]) is None


def test_readings_of_nothing_stay_on_the_ground():
    assert curve_of([reading(1, 0), reading(2, 0)]).points == ((0, 120), (600, 120))
