"""The mileage curve of a car's file."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from cheyi.foundation.sources import Source
from cheyi.vehicles.queries import ReadingLine, curve_of


def reading(day, km):
    return ReadingLine(km, date(2026, 1, day), "", Source("vehicles.vehicle", 1))


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


@pytest.mark.parametrize(
    ("kind", "label", "reason", "words"),
    [
        ("workshop.order", "ROSH012606150001", "", "ROSH012606150001"),
        ("vehicles.vehicle", "", "", "档案卡上填的"),
        ("project.import", "cars 50%.xlsx", "", "cars 50%.xlsx 导入"),
        ("project.demo", "demo", "", "演示数据"),
        ("workshop.order", "ROSH012606150001", "replaced", "换表"),
    ],
)
def test_a_reading_says_in_words_where_it_comes_from(kind, label, reason, words):
    with translation.override("zh-hans"):
        assert ReadingLine(1_000, date(2026, 1, 1), reason, Source(kind, 7, label)).origin == words
