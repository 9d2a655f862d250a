"""Bays with what stands in them, and technicians with what they can do, for the pages on which both are changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from cheyi.foundation.models import Employee, Store
from cheyi.workshop.models import Assignment, Bay, Skill, TechnicianProfile, TechnicianSkill

HERE = ("assigned", "working", "paused")
LIVE = ("dispatched", "working", "hold")


@dataclass(frozen=True, slots=True)
class Standing:
    """A job that was given a bay: its car, whether it runs."""

    plate: str
    job: str
    order_id: int
    runs: bool


@dataclass(frozen=True, slots=True)
class BayRow:
    """A bay and the jobs that were given it."""

    bay: Bay
    jobs: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class TechnicianRow:
    """A technician, his skills in words, the best first, and his certificate."""

    employee_id: int
    name: str
    skills: tuple[str, ...]
    high_voltage_until: date | None
    active: bool


@dataclass(frozen=True, slots=True)
class ProfileCard:
    """What a form about a technician begins with: each skill of the trade with his level, 0 for none."""

    employee: Employee
    skills: tuple[tuple[str, str, int], ...]
    high_voltage_no: str
    high_voltage_until: date | None
    active: bool
    is_new: bool


def bays(store: Store) -> list[BayRow]:
    """All bays, those in use first, each with what was given it. Two queries."""
    jobs: dict[int, list[Standing]] = {}
    rows = Assignment.objects.filter(
        store=store, ended_at=None, bay_id__isnull=False, line__state__in=HERE, line__order__state__in=LIVE
    ).select_related("line__order")
    for row in rows.order_by("pk"):
        line, order = row.line, row.line.order
        stands = Standing(order.plate or order.vin[-6:], line.name, order.pk, line.state == "working")
        jobs.setdefault(row.bay_id or 0, []).append(stands)
    found = Bay.objects.filter(store=store).order_by("-active", "code", "pk")
    return [BayRow(bay, tuple(sorted(jobs.get(bay.pk, ()), key=lambda one: not one.runs))) for bay in found]


def technician_rows(store: Store) -> list[TechnicianRow]:
    """Everybody who is or was a technician here, those who are first. Two queries."""
    names = skill_names()
    profiles = TechnicianProfile.objects.filter(store=store, employee__status="active").select_related("employee")
    levels: dict[int, list[tuple[int, str]]] = {}
    rows = TechnicianSkill.objects.filter(store=store).values_list("profile_id", "skill__code", "level")
    for profile, code, level in rows:
        levels.setdefault(profile, []).append((-level, code))
    return [
        TechnicianRow(
            one.employee_id,
            one.employee.name,
            tuple(f"{names.get(code, code)} {-level}" for level, code in sorted(levels.get(one.pk, ()))),
            one.high_voltage_until,
            one.active,
        )
        for one in profiles.order_by("-active", "pk")
    ]


def could_be_technicians(store: Store) -> list[Employee]:
    """Who works at home in the store and has no profile here yet. One query."""
    trained = TechnicianProfile.objects.filter(store=store).values("employee_id")
    rows = Employee.objects.filter(home_store=store, status=Employee.Status.ACTIVE)
    return list(rows.exclude(pk__in=trained).order_by("name", "pk"))


def profile_card(employee: Employee, store: Store) -> ProfileCard:
    """Three queries."""
    profile = TechnicianProfile.objects.filter(store=store, employee=employee).first()
    levels: Mapping[str, int] = {}
    if profile is not None:
        levels = dict(TechnicianSkill.objects.filter(profile=profile).values_list("skill__code", "level"))
    skills = tuple((code, name, levels.get(code, 0)) for code, name in skill_names().items())
    if profile is None:
        return ProfileCard(employee, skills, "", None, active=True, is_new=True)
    number, until = profile.high_voltage_no, profile.high_voltage_until
    return ProfileCard(employee, skills, number, until, active=profile.active, is_new=False)


def skill_names() -> dict[str, str]:
    """The skills of the group by code, in the language of the viewer. One query."""
    english = get_language() == "en"
    rows = Skill.objects.order_by("pk").values_list("code", "name", "name_en")
    return {code: (other if english and other else name) for code, name, other in rows}
