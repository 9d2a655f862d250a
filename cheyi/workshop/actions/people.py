"""Bays, and what a technician can do: added, changed, taken out of use and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit, lock
from cheyi.foundation.models import Employee, Store
from cheyi.kernel import Refused
from cheyi.workshop.actions.cataloguing import put_technician
from cheyi.workshop.models import Bay, TechnicianProfile, TechnicianSkill
from cheyi.workshop.models.choices import BayKind

BAY, TECHNICIAN = "workshop.bay.edit", "workshop.technician.edit"
LONGEST_CODE = 10
LONGEST_CERTIFICATE = timedelta(days=3660)


@act
def add_bay(*, store: Store, code: str, kind: str, ev_safe: bool, by: Viewer, now: datetime) -> Bay:
    """A further work place. Undone, it is out of use.

    Raises Refused ``workshop.bay.no_code``, ``.long_code``, ``.code_taken``, ``.unknown_kind``.
    """
    lock(store)
    code = _code(code, kind)
    bay = Bay.objects.create(
        store=store, code=code, kind=kind, ev_safe=ev_safe, created_at=now, created_by_id=by.user_id
    )
    facts = _plain_bay(bay)
    undo = (BAY, {"bay_id": bay.pk, "former": {**facts, "active": False}, "instead": facts})
    audit(by, "workshop.bay.added", bay, now=now, undo=undo, after=facts)
    return bay


@act
def change_bay(bay: Bay, *, code: str, kind: str, ev_safe: bool, active: bool, by: Viewer, now: datetime) -> Bay:
    """Another name or kind, safe for high voltage or not, out of use or in use again.

    What stands in a bay that goes out of use stays where it is; the plan gives its next work another place. Raises
    Refused as ``add_bay``.
    """
    lock(bay.store)
    bay = lock(bay)
    former = _plain_bay(bay)
    bay.code, bay.kind, bay.ev_safe, bay.active = _code(code, kind, bay), kind, ev_safe, active
    bay.save(update_fields=["code", "kind", "ev_safe", "active"])
    facts = _plain_bay(bay)
    undo = (BAY, {"bay_id": bay.pk, "former": former, "instead": facts})
    audit(by, "workshop.bay.changed", bay, now=now, undo=undo, before=former, after=facts)
    return bay


@act
def take_back_bay(
    *, bay_id: int, former: Mapping[str, Any], instead: Mapping[str, Any], by: Viewer, now: datetime
) -> Bay:
    """What undo does: a bay as it was, unless it was changed again. Raises Refused ``foundation.undo.impossible``."""
    bay: Bay = Bay.objects.get(pk=bay_id)
    if _plain_bay(bay) != instead:
        raise Refused("foundation.undo.impossible")
    return change_bay(bay, **former, by=by, now=now)


@act
def change_technician(
    employee: Employee,
    *,
    store: Store,
    skills: Mapping[str, int],
    high_voltage_no: str = "",
    high_voltage_until: date | None = None,
    active: bool = True,
    by: Viewer,
    now: datetime,
) -> TechnicianProfile:
    """All that a technician can do: skills that are not named are dropped; who was none here becomes one.

    A high-voltage certificate has a number and a last day, both or neither: nobody supposes one. His hourly cost stays.
    Raises Refused ``workshop.technician.half_certificate``, ``.far_certificate``, ``.no_skill`` and those of
    ``put_technician``.
    """
    number = high_voltage_no.strip()[:40]
    _demand_certificate(number, high_voltage_until, today=store.local(now).date())
    if active and not skills:
        raise Refused("workshop.technician.no_skill", field="skills", name=employee.name)
    lock(employee)
    before = TechnicianProfile.objects.filter(store=store, employee=employee).first()
    former = _plain_profile(before)
    profile = put_technician(
        employee,
        store=store,
        skills=skills,
        high_voltage_no=number,
        high_voltage_until=high_voltage_until,
        hourly_cost=before.hourly_cost if before else None,
        by=by,
        now=now,
    )
    _drop_others(profile, skills)
    if not active:
        profile.active = False
        profile.save(update_fields=["active"])
    undo = (TECHNICIAN, {"employee_id": employee.pk, "former": former, "instead": _plain_profile(profile)})
    audit(by, "workshop.technician.changed", profile, now=now, undo=undo, name=employee.name, active=active)
    return profile


@act
def take_back_technician(
    *, employee_id: int, former: Mapping[str, Any] | None, instead: Mapping[str, Any], by: Viewer, now: datetime
) -> TechnicianProfile:
    """What undo does: a profile as it was; who was no technician here is none again.

    Raises Refused ``foundation.undo.impossible`` when it was changed meanwhile.
    """
    profile = TechnicianProfile.objects.get(employee_id=employee_id)
    if _plain_profile(profile) != instead:
        raise Refused("foundation.undo.impossible")
    facts = dict(former or {**instead, "active": False})
    until = facts.pop("high_voltage_until")
    day = date.fromisoformat(until) if until else None
    put_technician(
        profile.employee,
        store=profile.store,
        skills=facts["skills"],
        high_voltage_no=facts["high_voltage_no"],
        high_voltage_until=day,
        hourly_cost=profile.hourly_cost,
        by=by,
        now=now,
    )
    _drop_others(profile, facts["skills"])
    TechnicianProfile.objects.filter(pk=profile.pk).update(active=facts["active"])
    audit(by, "workshop.technician.taken_back", profile, now=now, name=profile.employee.name)
    return profile


def _code(code: str, kind: str, bay: Bay | None = None) -> str:
    """The name of a bay without blanks around it, which no other bay of the store has."""
    code = code.strip()
    if not code:
        raise Refused("workshop.bay.no_code", field="code")
    if len(code) > LONGEST_CODE:
        raise Refused("workshop.bay.long_code", field="code", most=LONGEST_CODE)
    if kind not in BayKind.values:
        raise Refused("workshop.bay.unknown_kind", field="kind", text=kind[:20])
    others = Bay.objects.filter(code=code).exclude(pk=bay.pk if bay else 0)
    if others.exists():
        raise Refused("workshop.bay.code_taken", field="code", name=code)
    return code


def _plain_bay(bay: Bay) -> dict[str, Any]:
    return {"code": bay.code, "kind": bay.kind, "ev_safe": bay.ev_safe, "active": bay.active}


def _demand_certificate(number: str, until: date | None, *, today: date) -> None:
    if bool(number) != (until is not None):
        field = "high_voltage_until" if number else "high_voltage_no"
        raise Refused("workshop.technician.half_certificate", field=field)
    if until is not None and until - today > LONGEST_CERTIFICATE:
        raise Refused("workshop.technician.far_certificate", field="high_voltage_until", until=until.isoformat())


def _plain_profile(profile: TechnicianProfile | None) -> dict[str, Any] | None:
    if profile is None:
        return None
    until = profile.high_voltage_until
    return {
        "skills": _levels(profile),
        "high_voltage_no": profile.high_voltage_no,
        "high_voltage_until": until.isoformat() if until else None,
        "active": profile.active,
    }


def _drop_others(profile: TechnicianProfile, skills: Mapping[str, int]) -> None:
    """Skills may be named by code or by name."""
    rows = TechnicianSkill.objects.filter(profile=profile)
    rows.exclude(Q(skill__code__in=list(skills)) | Q(skill__name__in=list(skills))).delete()


def _levels(profile: TechnicianProfile) -> dict[str, int]:
    rows = TechnicianSkill.objects.filter(profile=profile).order_by("skill__code")
    return dict(rows.values_list("skill__code", "level"))
