"""How often a car wants service, by what drives it and how it is used, and what is done at which mileage (domain.md 11.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cheyi.kernel import Reason, Refused, Unknown

HARD_USES = frozenset(["business", "ride_hailing", "rental"])


@dataclass(frozen=True, slots=True)
class Interval:
    """After so many km or months, whichever comes first; one of them may be missing.

    Raises Refused ``care.schedule.interval_not_positive`` (facts ``km``, ``months``) for 0, less or no whole number, and
    ``care.schedule.no_interval`` when both are missing.
    """

    km: int | None = None
    months: int | None = None

    def __post_init__(self) -> None:
        given = [value for value in (self.km, self.months) if value is not None]
        if any(type(value) is not int or value <= 0 for value in given):
            raise Refused("care.schedule.interval_not_positive", km=self.km, months=self.months)
        if not given:
            raise Refused("care.schedule.no_interval")

    def halved(self) -> Interval:
        """The same with half the distance, at least 1 km; the months stay."""
        return self if self.km is None else replace(self, km=max(self.km // 2, 1))


@dataclass(frozen=True, slots=True)
class Node:
    """A job of the schedule and how often it is done."""

    op: str
    every: Interval


@dataclass(frozen=True, slots=True)
class Schedule:
    """``first`` is the first service, counted from new; ``every`` the later ones; ``nodes`` what is done when."""

    every: Interval
    first: Interval | None = None
    nodes: tuple[Node, ...] = ()

    def halved(self) -> Schedule:
        """The schedule of hard use (营运): half the distance everywhere."""
        return Schedule(
            self.every.halved(),
            self.first.halved() if self.first else None,
            tuple(Node(node.op, node.every.halved()) for node in self.nodes),
        )

    def without(self, *ops: str) -> Schedule:
        """The schedule of a car that has no such part (normal plugs beside iridium ones)."""
        return replace(self, nodes=tuple(node for node in self.nodes if node.op not in ops))


def _nodes(*rows: tuple[str, int | None, int | None]) -> tuple[Node, ...]:
    return tuple(Node(op, Interval(km, months)) for op, km, months in rows)


_ENGINE = (
    ("air_filter", 20_000, None),
    ("cabin_filter", 20_000, None),
    ("brake_fluid", 40_000, None),
    ("plugs_normal", 40_000, None),
    ("gearbox_check", 40_000, None),
    ("gearbox_oil", 60_000, None),
    ("coolant", 60_000, None),
    ("plugs_iridium", 60_000, None),
    ("belts", 80_000, None),
)
_OIL = (("oil_and_filter", 10_000, 12), ("check_of_32_points", 10_000, 12))
_PETROL = Schedule(Interval(10_000, 12), Interval(5_000, 6), _nodes(*_OIL, *_ENGINE))
_PLUG_IN = Schedule(
    Interval(10_000, 12), None, _nodes(*_OIL, *_ENGINE, ("high_voltage_check", None, 12), ("insulation", None, 12))
)
_ELECTRIC = Schedule(
    Interval(20_000, 12),
    None,
    _nodes(
        ("cabin_filter", 20_000, 12),
        ("brake_check", 20_000, 12),
        ("high_voltage_check", 20_000, 12),
        ("insulation", 20_000, 12),
        ("coolant", 60_000, 36),
        ("gear_oil", 60_000, None),
        ("brake_fluid", None, 24),
        ("battery_12v_check", 20_000, 12),
    ),
)
STANDARD: Mapping[str, Schedule] = {
    "petrol": _PETROL,
    "hev": _PETROL,
    "diesel": _PETROL,
    "cng": _PETROL,
    "phev": _PLUG_IN,
    "erev": _PLUG_IN,
    "bev": _ELECTRIC,
    "fcev": _ELECTRIC,
}


def standard(energy: str, use: str = "family") -> Schedule | Unknown:
    """The demo schedule of domain.md 11.2 for an energy and a use as in the car's file; unknown for another energy."""
    schedule = STANDARD.get(energy)
    if schedule is None:
        return Unknown((Reason("energy_unknown", energy=energy),))
    return schedule.halved() if use in HARD_USES else schedule
