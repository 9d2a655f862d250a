"""The walk-around at reception and what is found on the car later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, lock
from cheyi.foundation.models import StoredFile
from cheyi.kernel import Refused
from cheyi.workshop.actions.describing import confirm_mileage
from cheyi.workshop.actions.drafting import JobWanted
from cheyi.workshop.actions.extras import add_extra
from cheyi.workshop.events import FindingReported
from cheyi.workshop.models import Finding, FindingPhoto, Inspection, InspectionPhoto, LabourOp, WorkOrder
from cheyi.workshop.rules.life import EDITING
from cheyi.workshop.rules.quality import CHECK

OLD_PARTS = ("take", "give_up", "none")
URGENCIES = ("now", "soon", "watch")


@dataclass(frozen=True, slots=True)
class WalkAround:
    """What was seen with the customer; everything may stay empty. Marks, items and belongings are plain rows."""

    mileage: int | None = None
    mileage_reason: str = ""
    energy: str = ""
    marks: Sequence[dict[str, Any]] = ()
    items: Sequence[dict[str, Any]] = ()
    belongings: Sequence[dict[str, Any]] = ()
    warnings: Sequence[str] = ()
    valuables_reminded: bool = False
    wash_wanted: bool | None = None
    old_parts_choice: str = ""
    signature: StoredFile | None = None
    photos: Sequence[StoredFile] = ()


@act
def inspect(
    order: WorkOrder, *, seen: WalkAround | None = None, skip_reason: str = "", by: Viewer, now: datetime
) -> Inspection:
    """Record the walk-around, or that it was left out and why. A signature counts as the written approval.

    Raises Refused ``workshop.inspection.nothing_said`` without either, ``workshop.inspection.old_parts`` for an unknown
    choice, ``vehicles.mileage.…``.
    """
    order = lock(order)
    EDITING.after(order.state, "inspect")
    if seen is None and not skip_reason.strip():
        raise Refused("workshop.inspection.nothing_said", field="skip_reason")
    facts = seen or WalkAround()
    if facts.old_parts_choice and facts.old_parts_choice not in OLD_PARTS:
        raise Refused("workshop.inspection.old_parts", field="old_parts_choice")
    row = _row(order, facts, skipped=seen is None, skip_reason=skip_reason, by=by, now=now)
    row.save(force_insert=True)
    InspectionPhoto.objects.bulk_create(
        InspectionPhoto(store_id=order.store_id, created_at=now, created_by_id=by.user_id, inspection=row, file=photo)
        for photo in facts.photos
    )
    _on_order(order, facts, skipped=seen is None)
    if facts.mileage is not None:
        confirm_mileage(order, km=facts.mileage, reason=facts.mileage_reason, by=by, now=now)
    audit(
        by,
        "workshop.inspection.skipped" if seen is None else "workshop.inspection.done",
        order,
        now=now,
        photos=len(facts.photos),
        marks=len(facts.marks),
        reason=skip_reason,
    )
    return row


def _row(
    order: WorkOrder, seen: WalkAround, *, skipped: bool, skip_reason: str, by: Viewer, now: datetime
) -> Inspection:
    return Inspection(
        store_id=order.store_id,
        created_at=now,
        created_by_id=by.user_id,
        order=order,
        mileage=seen.mileage,
        energy=seen.energy,
        marks=list(seen.marks),
        items=list(seen.items),
        belongings=list(seen.belongings),
        warnings=list(seen.warnings),
        valuables_reminded=seen.valuables_reminded,
        wash_wanted=bool(seen.wash_wanted),
        old_parts_choice=seen.old_parts_choice,
        signature=seen.signature,
        skipped=skipped,
        skip_reason=skip_reason[:100],
        done_by=by.name,
        done_at=now,
    )


def _on_order(order: WorkOrder, seen: WalkAround, *, skipped: bool) -> None:
    order.walk_around = "skipped" if skipped else "done"
    order.energy_in = seen.energy or order.energy_in
    order.old_parts_choice = seen.old_parts_choice or order.old_parts_choice
    order.wash_wanted = order.wash_wanted if seen.wash_wanted is None else seen.wash_wanted
    order.approved_in_writing = order.approved_in_writing or seen.signature is not None
    order.version += 1
    order.save(
        update_fields=["walk_around", "energy_in", "old_parts_choice", "wash_wanted", "approved_in_writing", "version"]
    )


@act
def report_finding(
    order: WorkOrder,
    *,
    item: str,
    note: str = "",
    op: LabourOp | None = None,
    urgency: str = "soon",
    system: str = "",
    measured: str = "",
    unit: str = "",
    photos: Sequence[StoredFile] = (),
    by: Viewer,
    now: datetime,
) -> Finding:
    """Write down what was found, with photos; with an operation it becomes a proposed line that asks the customer.

    Words hold a letter, a digit or a character: signs alone say nothing to the owner.

    Raises Refused ``workshop.finding.no_words``, ``workshop.finding.unknown_urgency``, ``workshop.order.not_now``.
    """
    order = lock(order)
    EDITING.after(order.state, "report_finding")
    said = f"{item}{note}".strip()
    if not (any(one.isalnum() for one in said) or (op and not said) or (said and system == CHECK)):
        raise Refused("workshop.finding.no_words", field="item")
    if urgency not in URGENCIES:
        raise Refused("workshop.finding.unknown_urgency", field="urgency", urgency=urgency)
    finding = Finding.objects.create(
        store_id=order.store_id,
        created_at=now,
        created_by_id=by.user_id,
        order=order,
        system=system or (op.system if op else ""),
        item=(item or note or (op.name if op else ""))[:60],
        note=note[:500],
        measured=measured,
        unit=unit,
        op=op,
        urgency=urgency,
        reported_by=by.name,
        reported_at=now,
    )
    FindingPhoto.objects.bulk_create(
        FindingPhoto(store_id=order.store_id, created_at=now, created_by_id=by.user_id, finding=finding, file=photo)
        for photo in photos
    )
    audit(by, "workshop.finding.reported", order, now=now, finding=finding.pk, item=finding.item, photos=len(photos))
    announce(FindingReported(store_id=order.store_id, happened_at=now, order_id=order.pk, finding_id=finding.pk))
    if op is not None:
        add_extra(order, jobs=[JobWanted(op.code)], finding=finding, by=by, now=now)
    return finding


@act
def note_finding(finding: Finding, *, by: Viewer, now: datetime) -> Finding:
    """The advisor knows of a finding and proposes no work for it: it asks nobody any more, whoever reported it sees by whom.

    Raises Refused ``workshop.finding.has_job``, ``workshop.finding.noted_already``, ``workshop.order.not_now``.
    """
    order, finding = lock(finding.order), lock(finding)
    EDITING.after(order.state, "note_finding")
    if finding.line_id is not None:
        raise Refused("workshop.finding.has_job")
    if finding.noted_at is not None:
        raise Refused("workshop.finding.noted_already", who=finding.noted_by)
    finding.noted_by, finding.noted_at = by.name, now
    finding.save(update_fields=["noted_by", "noted_at"])
    undo = ("workshop.finding.raise_again", {"finding_id": finding.pk})
    audit(by, "workshop.finding.noted", order, now=now, undo=undo, finding=finding.pk, item=finding.item)
    return finding


@act
def raise_again(finding: Finding, *, by: Viewer, now: datetime) -> Finding:
    """A finding that was noted asks the advisor again. Raises Refused ``workshop.finding.not_noted``, ``workshop.order.not_now``."""
    order, finding = lock(finding.order), lock(finding)
    EDITING.after(order.state, "note_finding")
    if finding.noted_at is None:
        raise Refused("workshop.finding.not_noted")
    finding.noted_by, finding.noted_at = "", None
    finding.save(update_fields=["noted_by", "noted_at"])
    audit(by, "workshop.finding.raised_again", order, now=now, finding=finding.pk, item=finding.item)
    return finding
