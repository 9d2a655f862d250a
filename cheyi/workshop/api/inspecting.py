"""The walk-around, findings and their photos for machines; what waits on a car."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, File, Form, Router, Schema, UploadedFile

from cheyi.foundation.api import Body, Nothing, question, verb
from cheyi.foundation.files import clean_image, keep
from cheyi.vehicles.access import vehicle
from cheyi.workshop import access, actions
from cheyi.workshop.actions import WalkAround
from cheyi.workshop.api.shapes import OldParts, UrgencyName
from cheyi.workshop.models import Advice, Finding, LabourOp

router = Router()
Purpose = Literal["finding", "inspection"]
MOST_PHOTOS = 30


class PhotoOut(Schema):
    """A kept photo: its ``uid`` is named by a finding or a walk-around of the same caller."""

    uid: UUID


class MarkIn(Body):
    """A mark on the car's body: where, what, and words."""

    panel: str = Field(max_length=20)
    kind: str = Field(default="", max_length=20)
    note: str = Field(default="", max_length=100)


class ItemIn(Body):
    """An item that was looked at, and whether it is in order."""

    item: str = Field(max_length=40)
    ok: bool = True
    note: str = Field(default="", max_length=100)


class BelongingIn(Body):
    """Something of the customer's that stays in the car."""

    name: str = Field(max_length=40)
    count: int = Field(default=1, ge=1, le=100)


class WalkAroundIn(Body):
    """What was seen with the customer; everything may stay empty. With ``skip_reason`` it was left out."""

    skip_reason: str = Field(default="", max_length=100)
    mileage: int | None = Field(default=None, ge=0, le=2_000_000)
    mileage_reason: str = Field(default="", max_length=20)
    energy: str = Field(default="", max_length=8)
    marks: list[MarkIn] = Field(default_factory=list, max_length=100)
    items: list[ItemIn] = Field(default_factory=list, max_length=100)
    belongings: list[BelongingIn] = Field(default_factory=list, max_length=50)
    warnings: list[str] = Field(default_factory=list, max_length=30)
    valuables_reminded: bool = False
    wash_wanted: bool | None = None
    old_parts_choice: OldParts = ""
    photos: list[UUID] = Field(default_factory=list, max_length=MOST_PHOTOS)

    def seen(self, request: Any) -> WalkAround | None:
        """As the action takes it."""
        if self.skip_reason.strip():
            return None
        rows: dict[str, Any] = {
            name: [one.model_dump() for one in getattr(self, name)] for name in ("marks", "items", "belongings")
        }
        plain: dict[str, Any] = self.model_dump(exclude={*rows, "photos", "skip_reason"})
        photos = access.own_photos(request.viewer, "workshop.inspection", self.photos)
        return WalkAround(**plain, **rows, photos=photos)


class FindingIn(Body):
    """What was found; with the code of a job it becomes a proposal to the customer."""

    item: str = Field(default="", max_length=60)
    note: str = Field(default="", max_length=500)
    op_code: str = Field(default="", max_length=20)
    urgency: UrgencyName = "soon"
    measured: str = Field(default="", max_length=20)
    unit: str = Field(default="", max_length=10)
    photos: list[UUID] = Field(default_factory=list, max_length=MOST_PHOTOS)


class InspectionOut(Schema):
    """A walk-around that was written down."""

    id: int
    order_id: int
    skipped: bool
    done_by: str
    done_at: datetime


class FindingOut(Schema):
    """A finding with its photos; each may be fetched at ``/files/<uid>/800``."""

    id: int
    order_id: int
    item: str
    note: str
    measured: str
    unit: str
    urgency: str
    decision: str
    reported_by: str
    reported_at: datetime
    noted_by: str
    noted_at: datetime | None
    photos: list[UUID]

    @classmethod
    def of(cls, row: Finding) -> FindingOut:
        """The shape of a row."""
        said = ("order_id", "item", "note", "measured", "unit", "urgency", "decision")
        names = (*said, "reported_by", "reported_at", "noted_by", "noted_at")
        photos = [one.file.uid for one in row.photos.select_related("file").order_by("pk")]
        return cls(id=row.pk, photos=photos, **{name: getattr(row, name) for name in names})


class FindingsOut(Schema):
    """All findings of an order."""

    findings: list[FindingOut]


class AdviceOut(Schema):
    """Work that was refused or postponed and waits on the car."""

    id: int
    order_id: int
    text: str
    urgency: str
    refused: bool
    advised_at: datetime


class AdvicesOut(Schema):
    """What waits on a car."""

    advice: list[AdviceOut]


def _clean(request: Any, arguments: dict[str, Any]) -> None:
    request.photo = clean_image(arguments["photo"])


@verb(
    router,
    "/orders/{int:order_id}/keep-photo",
    permission="workshop.finding.report_finding",
    response=PhotoOut,
    before=_clean,
)
def keep_photo(
    request: Any,
    order_id: int,
    photo: File[UploadedFile],  # noqa: ARG001 - cleaned before the act
    purpose: Form[Purpose] = "finding",
) -> Any:
    """Keep a photo (JPEG, PNG, WebP) for a finding or the walk-around of an order, sent as a form."""
    access.order(request.viewer, order_id)
    return keep(
        request.photo,
        store=request.store,
        name=f"{purpose}.jpg",
        access=f"workshop.{purpose}",
        customer_may_see=purpose == "finding",
        by=request.viewer,
        now=request.now,
    )


@verb(router, "/orders/{int:order_id}/inspect", permission="workshop.inspection.inspect", response=InspectionOut)
def inspect(request: Any, order_id: int, body: WalkAroundIn) -> Any:
    """Record the walk-around, or that it was left out and why."""
    order, seen = access.order(request.viewer, order_id), body.seen(request)
    words = {"skip_reason": body.skip_reason, "by": request.viewer, "now": request.now}
    return actions.inspect(order, seen=seen, **words)


@verb(
    router,
    "/orders/{int:order_id}/report-finding",
    permission="workshop.finding.report_finding",
    response=FindingOut,
)
def report_finding(request: Any, order_id: int, body: FindingIn) -> FindingOut:
    """Write down what was found."""
    finding = actions.report_finding(
        access.order(request.viewer, order_id),
        item=body.item,
        note=body.note,
        op=LabourOp.objects.get(code=body.op_code) if body.op_code else None,
        urgency=body.urgency,
        measured=body.measured,
        unit=body.unit,
        photos=access.own_photos(request.viewer, "workshop.finding", body.photos),
        by=request.viewer,
        now=request.now,
    )
    return FindingOut.of(finding)


@verb(router, "/findings/{int:finding_id}/note", permission="workshop.finding.note_finding", response=FindingOut)
def note_finding(request: Any, finding_id: int, body: Nothing) -> FindingOut:  # noqa: ARG001 - the empty body is checked
    """A finding needs no work: it waits for the advisor no longer. Undone by undo."""
    finding = access.finding(request.viewer, finding_id)
    return FindingOut.of(actions.note_finding(finding, by=request.viewer, now=request.now))


@question(router, "/orders/{int:order_id}/findings", permission="workshop.finding.view", response=FindingsOut)
def findings(request: Any, order_id: int) -> FindingsOut:
    """What was found on the car of an order."""
    rows = Finding.objects.filter(order=access.order(request.viewer, order_id)).order_by("pk")
    return FindingsOut(findings=[FindingOut.of(row) for row in rows])


@question(router, "/vehicles/{int:vehicle_id}/advice", permission="workshop.order.view", response=AdvicesOut)
def advice(request: Any, vehicle_id: int) -> Any:
    """Work that waits on a car, of the open store's orders; a job with its ``advice_id`` answers it."""
    car = vehicle(request.viewer, vehicle_id)
    rows = Advice.objects.filter(vehicle=car, order__in=access.orders(request.viewer), resolved_at=None)
    return {"advice": list(rows.order_by("pk"))}
