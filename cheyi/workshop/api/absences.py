"""Who is not here, for machines."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Router, Schema

from cheyi.foundation.absences import absences
from cheyi.foundation.api import Body, question, verb
from cheyi.foundation.api.shapes import Id, Moment, Nothing
from cheyi.foundation.models import Absence
from cheyi.workshop import access, actions

router = Router()


class AbsenceIn(Body):
    """From when (now, where nothing is said) until when, and why; ``stop`` names the jobs whose clock may be stopped."""

    starts_at: Moment | None = None
    ends_at: Moment
    why: Literal["sick", "personal", "training", "other"]
    words: str = Field(default="", max_length=60)
    stop: Annotated[list[Id], Field(max_length=50)] = []


class AbsenceOut(Schema):
    """A time in which a technician is away."""

    id: int
    employee_id: int
    name: str
    starts_at: datetime
    ends_at: datetime
    why: str
    words: str

    @classmethod
    def of(cls, row: Absence) -> AbsenceOut:
        """The shape of a row."""
        names = ("employee_id", "starts_at", "ends_at", "why", "words")
        return cls(id=row.pk, name=row.employee.name, **{name: getattr(row, name) for name in names})


class AbsencesOut(Schema):
    """What is not over."""

    absences: list[AbsenceOut]


@question(router, "/absences", permission="workshop.absence.note", response=AbsencesOut)
def list_absences(request: Any) -> AbsencesOut:
    """Who is away now or will be."""
    return _absences(request)


@verb(router, "/technicians/{int:technician_id}/note-absence", permission="workshop.absence.note", response=AbsenceOut)
def note_absence(request: Any, technician_id: int, body: AbsenceIn) -> AbsenceOut:
    """Note that a technician is away; what was noted for the same time gives way."""
    technician = access.technician(technician_id).employee
    row = actions.note_absence(technician, store=request.store, **body.model_dump(), by=request.viewer, now=request.now)
    return AbsenceOut.of(row)


@verb(router, "/absences/{int:absence_id}/end", permission="workshop.absence.end", response=AbsencesOut)
def end_absence(request: Any, absence_id: int, body: Nothing) -> AbsencesOut:
    """He is here again, or does not go after all; gives what is left."""
    del body
    actions.end_absence(access.absence(absence_id), by=request.viewer, now=request.now)
    return _absences(request)


def _absences(request: Any) -> AbsencesOut:
    return AbsencesOut(absences=[AbsenceOut.of(row) for row in absences(request.store, since=request.now)])
