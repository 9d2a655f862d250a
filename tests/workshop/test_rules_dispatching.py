"""Who may be put on a job: skill, level, certificate, bay."""

from __future__ import annotations

from datetime import date

import pytest

from cheyi.kernel import Refused
from cheyi.workshop.rules.dispatching import Need, Person, Place, demand, doubts, place_for

DAY = date(2026, 6, 15)
WANG = Person("王建国", {"engine": 4, "ev": 3}, high_voltage_until=date(2026, 6, 15))
LIU = Person("刘洋", {"engine": 2}, high_voltage_until=date(2026, 6, 14))
HALL = Place("A1", "general")
SAFE = Place("E1", "ev", ev_safe=True)
BATTERY = Need("ev", 3, high_voltage=True, bay="ev")


def codes(need, person, place=None):
    return [doubt.code for doubt in doubts(need, person, place, on=DAY)]


def test_a_fitting_technician_raises_no_doubt():
    assert codes(Need("engine", 4, bay="general"), WANG, HALL) == []
    assert codes(Need(), LIU) == []
    assert codes(Need("engine", 2, bay="general"), LIU, Place("Q1", "express")) == []


@pytest.mark.parametrize(
    ("need", "person", "place", "code"),
    [
        (Need("engine", 3), LIU, None, "level_too_low"),
        (Need("paint", 1), LIU, None, "skill_missing"),
        (Need("engine", 1, bay="paint"), LIU, HALL, "bay_does_not_fit"),
    ],
)
def test_skill_level_and_bay_may_be_overruled_with_a_reason(need, person, place, code):
    assert codes(need, person, place) == [code]
    with pytest.raises(Refused) as refusal:
        demand(need, person, place, on=DAY, may_overrule=True, reason="  ")
    assert refusal.value.code == f"workshop.order.{code}"
    with pytest.raises(Refused):
        demand(need, person, place, on=DAY, may_overrule=False, reason="nobody else is here")
    overruled = demand(need, person, place, on=DAY, may_overrule=True, reason="nobody else is here")
    assert [doubt.code for doubt in overruled] == [code]


def test_a_certificate_holds_until_its_last_day():
    assert codes(BATTERY, WANG, SAFE) == []


@pytest.mark.parametrize(
    ("person", "place", "code"),
    [
        (LIU, SAFE, "no_high_voltage_certificate"),
        (Person("赵磊", {"ev": 5}), SAFE, "no_high_voltage_certificate"),
        (WANG, Place("E2", "ev"), "bay_not_safe"),
    ],
)
def test_nobody_overrules_high_voltage_safety(person, place, code):
    with pytest.raises(Refused) as refusal:
        demand(BATTERY, person, place, on=DAY, may_overrule=True, reason="the manager says so")
    assert refusal.value.code == f"workshop.order.{code}"


@pytest.mark.parametrize(
    ("kind", "there", "stands_in"),
    [
        ("express", {"express", "general"}, "express"),
        ("express", {"general", "ev"}, "general"),
        ("general", {"ev"}, "ev"),
        ("paint", {"general"}, "paint"),
        ("paint", set(), ""),
        ("", {"general"}, ""),
    ],
)
def test_work_stands_in_a_bay_that_the_store_has(kind, there, stands_in):
    assert place_for(kind, there) == stands_in
