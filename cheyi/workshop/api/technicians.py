"""What technicians can do, for machines. What an hour of theirs costs the house stays out of it."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Field, Router, Schema

from cheyi.foundation.api import Body, Day, question, verb
from cheyi.foundation.models import Employee
from cheyi.workshop import access
from cheyi.workshop.actions.cataloguing import put_technician
from cheyi.workshop.models import TechnicianProfile, TechnicianSkill

router = Router()
SkillLevel = Annotated[int, Field(ge=1, le=5)]


class SkillsIn(Body):
    """Skills by code with their levels 1 to 5, and the high-voltage certificate."""

    skills: dict[str, SkillLevel] = Field(max_length=50)
    high_voltage_no: str = Field(default="", max_length=40)
    high_voltage_until: Day | None = None


class TechnicianOut(Schema):
    """A technician with his skills."""

    employee_id: int
    name: str
    skills: dict[str, int]
    high_voltage_until: Day | None

    @classmethod
    def of(cls, row: TechnicianProfile) -> TechnicianOut:
        """The shape of a row."""
        skills = TechnicianSkill.objects.filter(profile=row).select_related("skill").order_by("skill__code")
        return cls(
            employee_id=row.employee_id,
            name=row.employee.name,
            skills={one.skill.code: one.level for one in skills},
            high_voltage_until=row.high_voltage_until,
        )


class TechniciansOut(Schema):
    """The store's technicians."""

    technicians: list[TechnicianOut]


@question(router, "/technicians", permission="workshop.technician.view", response=TechniciansOut)
def technicians(request: Any) -> TechniciansOut:  # noqa: ARG001 - the door opens the scope
    """The open store's technicians, at most a few dozen."""
    rows = TechnicianProfile.objects.filter(active=True).select_related("employee").order_by("pk")
    return TechniciansOut(technicians=[TechnicianOut.of(row) for row in rows])


@verb(
    router,
    "/technicians/{int:technician_id}/put",
    permission="workshop.technician.edit",
    response=TechnicianOut,
)
def put(request: Any, technician_id: int, body: SkillsIn) -> TechnicianOut:
    """Write what a technician can do; his hourly cost stays as it is."""
    known = access.technician(technician_id)
    row = put_technician(
        Employee.objects.get(pk=known.employee_id),
        store=request.store,
        skills=body.skills,
        high_voltage_no=body.high_voltage_no,
        high_voltage_until=body.high_voltage_until,
        hourly_cost=known.hourly_cost,
        by=request.viewer,
        now=request.now,
    )
    return TechnicianOut.of(row)
