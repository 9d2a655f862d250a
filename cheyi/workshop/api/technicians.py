"""What technicians can do, for machines. What an hour of theirs costs the house stays out of it."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Field, Router, Schema

from cheyi.foundation.api import Body, Day, question, verb
from cheyi.workshop import access, actions
from cheyi.workshop.models import TechnicianProfile, TechnicianSkill

router = Router()
SkillLevel = Annotated[int, Field(ge=1, le=5)]


class SkillsIn(Body):
    """All skills by code with their levels 1 to 5, and the high-voltage certificate: number and last day, or neither."""

    skills: dict[str, SkillLevel] = Field(max_length=50)
    high_voltage_no: str = Field(default="", max_length=40)
    high_voltage_until: Day | None = None
    active: bool = True


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
    """Write all that somebody can do, who becomes a technician with it; his hourly cost stays as it is."""
    employee = access.colleague(technician_id, request.store.pk)
    row = actions.change_technician(
        employee, store=request.store, **body.model_dump(), by=request.viewer, now=request.now
    )
    return TechnicianOut.of(row)
