"""Quality guarantee periods (domain.md 8.1), comebacks within them, and the checklists of the three inspections."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cheyi.kernel import Refused
from cheyi.workshop.rules.flow import STATUTORY

PERIODS: Mapping[str, tuple[int, int]] = {
    "overhaul": (20_000, 100),
    "assembly": (20_000, 100),
    "level_2": (5_000, 30),
    "level_1": (2_000, 10),
    "minor": (2_000, 10),
    "special": (2_000, 10),
    "none": (2_000, 10),
}
"""Kilometres and days of passenger cars from completion, first reached wins."""

RESPONSIBILITIES = ("workshop", "part", "diagnosis", "customer_use", "none_found")
SELF = ("torque_marked", "no_leak", "parts_match", "old_parts_bagged", "tools_removed")
TEAM = ("symptom_gone", "related_parts", "connectors", "fluid_levels", "codes_cleared")
FINAL = (
    "items_done",
    "road_test",
    "lamps",
    "no_new_noise",
    "codes_none",
    "torque_sample",
    "clean",
    "settings_restored",
    "reminder_reset",
    "photos",
)
HIGH_VOLTAGE = ("interlock", "insulation", "coolant_level", "charging_test")
BODY = ("gaps", "colour_match", "no_dust_or_runs", "fit", "water_test")
BY_HAND = frozenset({"road_test", "photos"})
"""What somebody does away from the list: ticked one by one, never with all the others."""
LEVELS = ("self", "team", "final")
CHECK = "qc"
"""The system named on what an inspector sends back: for the workshop, never on the customer's page."""
CHASSIS, GEARBOX, EXPRESS = "CH", "gearbox", "express"
"""Where the catalogue keeps brakes and steering (a system), gearboxes (a skill), and tyres among the chassis (a bay)."""
MOST_ROAD_TEST_KM = 1_000


@dataclass(frozen=True, slots=True)
class Guarantee:
    """Until when, and until which mileage, a line's work is guaranteed; either may be unknown."""

    until_on: date
    until_km: int | None


def guarantee(
    regulatory_class: str, *, completed_on: date, km: int | None, own_km: int = 0, own_days: int = 0
) -> Guarantee:
    """The longer of the legal period and the store's own promise, from the completion."""
    legal_km, legal_days = PERIODS.get(regulatory_class, PERIODS["none"])
    days = max(legal_days, own_days)
    return Guarantee(completed_on + timedelta(days=days), None if km is None else km + max(legal_km, own_km))


def may_come_back(period: Guarantee, *, today: date, km: int | None, responsibility: str) -> None:
    """Whether a comeback is rework: within the period, or the responsibility is agreed.

    Raises Refused ``workshop.order.guarantee_over`` or ``workshop.order.unknown_responsibility``.
    """
    if responsibility and responsibility not in RESPONSIBILITIES:
        raise Refused("workshop.order.unknown_responsibility", field="responsibility", responsibility=responsibility)
    in_time = today <= period.until_on
    in_distance = km is None or period.until_km is None or km <= period.until_km
    if not (in_time and in_distance) and not responsibility:
        raise Refused(
            "workshop.order.guarantee_over",
            field="responsibility",
            until=period.until_on.isoformat(),
            km=period.until_km or 0,
        )


def checklist(level: str, *, high_voltage: bool = False, body: bool = False) -> tuple[str, ...]:
    """The items of an inspection (domain.md 11.4). Raises Refused ``workshop.check.unknown_level``."""
    if level not in LEVELS:
        raise Refused("workshop.check.unknown_level", field="level", level=level)
    items = {"self": SELF, "team": TEAM, "final": FINAL}[level]
    if level != "final":
        return items
    return (*items, *(HIGH_VOLTAGE if high_voltage else ()), *(BODY if body else ()))


def needs_road_test(*, system: str, skill: str, bay_kind: str) -> bool:
    """Whether a job is on brakes, steering or gearbox: chassis work but for tyres, or work of a gearbox mechanic."""
    return skill == GEARBOX or (system == CHASSIS and bay_kind != EXPRESS)


def road_tested(km: int | None, *, needed: bool) -> None:
    """Whether the road test was as long as it must be, in whole kilometres.

    Raises Refused ``workshop.check.bad_road_test`` for a number that no road test has, and
    ``workshop.check.road_test_missing`` where one is needed and none was made.
    """
    if km is not None and not 0 <= km <= MOST_ROAD_TEST_KM:
        raise Refused("workshop.check.bad_road_test", field="road_test_km")
    if needed and not km:
        raise Refused("workshop.check.road_test_missing", field="road_test_km")


def may_inspect(
    level: str, *, inspector_id: int | None, workers: Collection[int], regulatory_class: str, alone: bool
) -> None:
    """Whether this person may make this inspection: nobody passes the final check of his own work (domain.md 2.3).

    ``alone`` is the owner's setting for a store with too few people; it never lifts the rule for statutory repairs.
    Raises Refused ``workshop.check.own_work``.
    """
    if level != "final" or inspector_id not in workers:
        return
    if regulatory_class in STATUTORY or not alone:
        raise Refused("workshop.check.own_work", field="inspector")


def complete(answers: Mapping[str, bool], wanted: Sequence[str]) -> None:
    """Whether every item is answered and ticked. Raises Refused ``workshop.check.item_open`` with the item and count."""
    left = [item for item in wanted if not answers.get(item)]
    if left:
        raise Refused("workshop.check.item_open", item=left[0], count=len(left))
