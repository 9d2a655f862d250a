"""Who may do a job in which bay: skill, level, high-voltage certificate, kind of bay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from cheyi.kernel import Refused

FITTING: Mapping[str, tuple[str, ...]] = {
    "general": ("general", "express", "ev"),
    "express": ("express", "general"),
}
"""Which kinds of bay take work that asks for a kind, the best first; others take only their own."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a labour line asks for; an empty skill or bay asks for none."""

    skill: str = ""
    level: int = 1
    high_voltage: bool = False
    bay: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """What a technician has: skill levels 1 to 5 and the last day of the high-voltage certificate."""

    name: str
    skills: Mapping[str, int] = field(default_factory=dict)
    high_voltage_until: date | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A bay: its kind and whether it is safe for high-voltage work."""

    name: str
    kind: str
    ev_safe: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """A rule that a foreman may overrule with a reason: its code and facts."""

    code: str
    facts: Mapping[str, object]


def doubts(need: Need, person: Person, place: Place | None, *, on: date) -> list[Doubt]:
    """What speaks against an assignment and can be overruled.

    Raises Refused ``workshop.order.no_high_voltage_certificate`` or ``workshop.order.bay_not_safe``: high voltage is
    safety, nobody overrules it.
    """
    if need.high_voltage:
        _demand_certificate(person, place, on)
    found = []
    level = person.skills.get(need.skill, 0)
    if need.skill and level == 0:
        found.append(Doubt("skill_missing", {"name": person.name, "skill": need.skill}))
    elif need.skill and level < need.level:
        found.append(Doubt("level_too_low", {"name": person.name, "level": level, "needed": need.level}))
    if place is not None and need.bay and place.kind not in FITTING.get(need.bay, (need.bay,)):
        found.append(Doubt("bay_does_not_fit", {"bay": place.name, "needed": need.bay}))
    return found


def place_for(kind: str, there: Collection[str]) -> str:
    """The kind of bay in which work stands in a store that has these kinds: its own, else one that takes it.

    None is asked for where no bay is on record; where none fits, the work's own kind (a plan then says that it lacks).
    """
    if not there:
        return ""
    return next((one for one in FITTING.get(kind, (kind,)) if one in there), kind)


def demand(
    need: Need, person: Person, place: Place | None, *, on: date, may_overrule: bool, reason: str
) -> list[Doubt]:
    """The doubts that were overruled; empty when the person and the bay simply fit.

    Raises Refused ``workshop.order.<doubt>`` when there is one and no reason, or nobody who may overrule.
    """
    found = doubts(need, person, place, on=on)
    if found and not (may_overrule and reason.strip()):
        raise Refused(f"workshop.order.{found[0].code}", field="technician", **found[0].facts)
    return found


def _demand_certificate(person: Person, place: Place | None, on: date) -> None:
    until = person.high_voltage_until
    if until is None or until < on:
        raise Refused(
            "workshop.order.no_high_voltage_certificate",
            field="technician",
            name=person.name,
            until=until.isoformat() if until else "",
        )
    if place is not None and not place.ev_safe:
        raise Refused("workshop.order.bay_not_safe", field="bay", bay=place.name)
