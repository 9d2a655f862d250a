"""Putting technicians on lines: who fits, what was overruled, and the rows that say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Employee
from cheyi.kernel import Rate, Refused
from cheyi.workshop.models import Assignment, Bay, LabourLine, TechnicianProfile, WorkOrder
from cheyi.workshop.rules.dispatching import Need, Person, Place, demand
from cheyi.workshop.rules.life import LABOUR
from cheyi.workshop.rules.pricing import WHOLE, check_shares

OVERRULE = "workshop.order.overrule"


@dataclass(frozen=True, slots=True)
class Placement:
    """A technician for a line, with his share of it, a bay and planned times where they are known."""

    line_id: int
    technician_id: int
    share: Rate = WHOLE
    bay_id: int | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None
    dragged: bool = False


Placed = tuple[LabourLine, Placement]


def place_all(lines: Iterable[LabourLine], technician: Employee, *, bay: Bay | None = None) -> list[Placed]:
    """The same technician for every line; lines may still be unwritten."""
    bay_id = bay.pk if bay else None
    return [(line, Placement(line.pk or 0, technician.pk, bay_id=bay_id)) for line in lines]


def people(technician_ids: Iterable[int]) -> dict[int, Person]:
    """Active technicians of the store by employee id, with their skills. One query."""
    rows = TechnicianProfile.objects.filter(employee_id__in=sorted(set(technician_ids)), active=True).values_list(
        "employee_id", "employee__name", "high_voltage_until", "skills__skill__code", "skills__level"
    )
    names: dict[int, tuple[str, date | None]] = {}
    levels: dict[int, dict[str, int]] = {}
    for employee_id, name, until, skill, level in rows:
        names[employee_id] = (name, until)
        if skill is not None:
            levels.setdefault(employee_id, {})[skill] = level
    return {who: Person(name, levels.get(who, {}), until) for who, (name, until) in names.items()}


def places(bay_ids: Iterable[int | None]) -> dict[int, Place]:
    """Active bays by id; no query when none is asked for."""
    wanted = {bay_id for bay_id in bay_ids if bay_id is not None}
    if not wanted:
        return {}
    return {row.pk: Place(row.code, row.kind, row.ev_safe) for row in Bay.objects.filter(pk__in=wanted, active=True)}


def assignments_for(
    placed: Sequence[Placed], *, order: WorkOrder, on: date, by: Viewer, now: datetime, reason: str = ""
) -> list[Assignment]:
    """The rows for some placements, not yet written; their lines are moved to ``assigned``, not saved.

    Raises Refused ``workshop.order.not_a_technician``, ``workshop.order.no_such_bay``,
    ``workshop.line.shares_not_whole`` and those of the dispatch rules; skill, level and bay may be overruled with a
    reason by who may, a missing certificate never.
    """
    if not placed:
        return []
    _foreman_first(order, by)
    who, where = people(one.technician_id for _, one in placed), places(one.bay_id for _, one in placed)
    _whole_shares(placed)
    rows = []
    for line, one in placed:
        person, place = _person(who, one.technician_id), _place(where, one.bay_id)
        need = Need(line.skill_code, line.min_level, line.high_voltage, line.bay_kind)
        overruled = demand(need, person, place, on=on, may_overrule=by.may(OVERRULE), reason=reason)
        rows.append(_row(line, one, order, "+".join(doubt.code for doubt in overruled), reason, by, now))
    for line in {id(line): line for line, _ in placed}.values():
        line.state = LABOUR.after(line.state, "assign")
    return rows


def _row(
    line: LabourLine, one: Placement, order: WorkOrder, overruled: str, reason: str, by: Viewer, now: datetime
) -> Assignment:
    return Assignment(
        store_id=order.store_id,
        created_at=now,
        created_by_id=by.user_id,
        line=line,
        technician_id=one.technician_id,
        share=one.share,
        bay_id=one.bay_id,
        planned_start_at=one.start_at,
        planned_end_at=one.end_at,
        overruled=overruled[:60],
        reason=reason if overruled else "",
        dragged=one.dragged,
    )


def _foreman_first(order: WorkOrder, by: Viewer) -> None:
    """An advisor dispatches only where the flow profile lets him (domain.md 2.2, †)."""
    if not by.may(OVERRULE) and not by.is_system and not order.flow_profile.advisor_dispatches:
        raise Refused("workshop.order.foreman_dispatches", profile=order.flow_profile.name)


def _person(who: Mapping[int, Person], technician_id: int) -> Person:
    if technician_id not in who:
        raise Refused("workshop.order.not_a_technician", field="technician")
    return who[technician_id]


def _place(where: Mapping[int, Place], bay_id: int | None) -> Place | None:
    if bay_id is None:
        return None
    if bay_id not in where:
        raise Refused("workshop.order.no_such_bay", field="bay")
    return where[bay_id]


def _whole_shares(placed: Sequence[Placed]) -> None:
    shares: dict[int, dict[str, Rate]] = {}
    for line, one in placed:
        mine = shares.setdefault(id(line), {})
        if str(one.technician_id) in mine:
            raise Refused("workshop.line.bad_share", field="shares")
        mine[str(one.technician_id)] = one.share
    for mine in shares.values():
        check_shares(mine)
