"""The three inspections, the inspector's yes or no, the wash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit, lock
from cheyi.foundation.numbering import draw
from cheyi.kernel import Refused
from cheyi.workshop.actions import telling
from cheyi.workshop.actions.finishing import pass_lines
from cheyi.workshop.actions.moves import walk
from cheyi.workshop.models import Assignment, Certificate, JobClock, LabourLine, QCRecord, WorkOrder
from cheyi.workshop.rules import flow, quality
from cheyi.workshop.rules.life import EDITING, LABOUR, ORDER

WHO = {"team": ("foreman", "inspector"), "final": ("inspector",)}


@act
def record_check(
    order: WorkOrder,
    *,
    level: str,
    answers: Mapping[str, bool],
    road_test_km: int | None = None,
    note: str = "",
    by: Viewer,
    now: datetime,
) -> QCRecord:
    """Write down an inspection (``self``, ``team``, ``final``) whose items are all ticked.

    Raises Refused ``workshop.check.item_open``, ``workshop.check.own_work``, ``workshop.check.not_your_level``,
    ``workshop.check.unknown_level``, ``workshop.check.road_test_missing``, ``workshop.check.bad_road_test``,
    ``workshop.order.not_now``.
    """
    order = lock(order)
    EDITING.after(order.state, "record_check")
    record = _checked(order, level, answers, road_test_km, note, by=by, now=now)
    order.version += 1
    order.save(update_fields=["checks", "version"])
    audit(by, f"workshop.check.{level}_recorded", order, now=now, level=level, road_test_km=road_test_km)
    return record


@act
def pass_check(
    order: WorkOrder,
    *,
    answers: Mapping[str, bool] | None = None,
    road_test_km: int | None = None,
    note: str = "",
    by: Viewer,
    now: datetime,
) -> WorkOrder:
    """The work is good: the jobs have passed, the car goes to the wash or is ready; a certificate where the law asks.

    With a final check in the profile ``answers`` are its items and the inspector has not worked on the car; without
    one the technician's own check is enough. ``road_test_km`` are whole kilometres, at least one after work on brakes,
    steering or gearbox. Raises Refused ``workshop.check.…``,
    ``workshop.order.team_check_missing``, ``workshop.order.not_now``.
    """
    order = lock(order)
    ORDER.after(order.state, "pass_check")
    profile = order.flow_profile.flow
    if profile.switch("team_check") == flow.REQUIRED and "team_check" not in order.checks:
        raise Refused("workshop.order.team_check_missing", verb="pass_check", count=1, target="check", also=[])
    level = "self" if profile.switch("final_check", order.regulatory_class) == flow.OFF else "final"
    if f"{level}_check" not in order.checks or answers is not None:
        _checked(order, level, answers or {}, road_test_km, note, by=by, now=now)
    pass_lines(order)
    _certify(order, by=by, now=now)
    skips = flow.skips_wash(profile, wash_wanted=order.wash_wanted)
    walk(order, "pass_check", *skips, by=by, now=now, checks=order.checks)
    return order


@act
def skip_check(order: WorkOrder, *, reason: str, by: Viewer, now: datetime) -> WorkOrder:
    """Leave the final check out where the profile does not require it, with a reason.

    Raises Refused ``workshop.order.check_is_law``, ``workshop.order.check_required``, ``workshop.order.no_reason``.
    """
    order = lock(order)
    ORDER.after(order.state, "skip_check")
    profile = order.flow_profile.flow
    flow.may_skip_check(profile, order.regulatory_class)
    if not reason.strip():
        raise Refused("workshop.order.no_reason", field="reason")
    pass_lines(order)
    skips = flow.skips_wash(profile, wash_wanted=order.wash_wanted)
    walk(order, "skip_check", *skips, by=by, now=now, facts={"reason": reason})
    return order


@act
def send_back(
    order: WorkOrder, *, lines: Sequence[LabourLine], reason: str, note: str = "", by: Viewer, now: datetime
) -> WorkOrder:
    """Some jobs are not good: they are at work again, their hours are not billed twice, their technicians hear of it.

    Raises Refused ``workshop.line.nothing_chosen``, ``workshop.line.not_of_order``, ``workshop.check.no_reason``.
    """
    order = lock(order)
    ORDER.after(order.state, "send_back")
    if not reason.strip():
        raise Refused("workshop.check.no_reason", field="reason")
    failed = _failed(order, lines)
    people = Assignment.objects.filter(line__in=failed, ended_at__isnull=True).values_list("technician_id", flat=True)
    technicians = tuple(sorted(set(people)))
    QCRecord.objects.create(
        store_id=order.store_id,
        created_at=now,
        created_by_id=by.user_id,
        order=order,
        level="final",
        result=QCRecord.Result.FAILED,
        failed_lines=[line.pk for line in failed],
        note=f"{reason} {note}".strip()[:200],
        inspector_id=by.employee_id,
        inspector_name=by.name,
        checked_at=now,
    )
    ids = tuple(line.pk for line in failed)
    walk(
        order,
        "send_back",
        by=by,
        now=now,
        facts={"lines": list(ids), "reason": reason, "note": note},
        told={"line_ids": ids, "technician_ids": technicians},
        checks=[],
        sent_back=order.sent_back + 1,
    )
    telling.send_back_to(order, failed, reason=reason, by=by, now=now)
    return order


@act
def finish_wash(order: WorkOrder, *, by: Viewer, now: datetime) -> WorkOrder:
    """The car is washed and can be collected."""
    return walk(lock(order), "finish_wash", by=by, now=now)


@act
def skip_wash(order: WorkOrder, *, reason: str = "", by: Viewer, now: datetime) -> WorkOrder:
    """The car goes without a wash. Raises Refused ``workshop.order.wash_required`` where the profile requires it."""
    order = lock(order)
    if order.flow_profile.flow.switch("wash") == flow.REQUIRED:
        raise Refused("workshop.order.wash_required", profile=order.flow_profile.name)
    walk(order, "skip_wash", by=by, now=now, facts={"reason": reason})
    return order


def _checked(
    order: WorkOrder,
    level: str,
    answers: Mapping[str, bool],
    road_test_km: int | None,
    note: str,
    *,
    by: Viewer,
    now: datetime,
) -> QCRecord:
    lines = list(
        LabourLine.objects.filter(order=order).exclude(state__in=["cancelled", "declined"]).select_related("op")
    )
    items = quality.checklist(
        level,
        high_voltage=any(line.high_voltage for line in lines),
        body=any(line.bay_kind in {"body", "paint"} for line in lines),
    )
    quality.complete(answers, items)
    quality.road_tested(road_test_km, needed=level == "final" and any(line.needs_road_test for line in lines))
    _right_person(order, level, by)
    record = QCRecord.objects.create(
        store_id=order.store_id,
        created_at=now,
        created_by_id=by.user_id,
        order=order,
        level=level,
        items=dict.fromkeys(items, True),
        road_test_km=road_test_km,
        result=QCRecord.Result.PASSED,
        note=note[:200],
        inspector_id=by.employee_id,
        inspector_name=by.name,
        checked_at=now,
    )
    order.checks = sorted({*order.checks, f"{level}_check"})
    return record


def _right_person(order: WorkOrder, level: str, by: Viewer) -> None:
    """Each level has its people, and nobody passes the final check of his own work (domain.md 2.2 and 2.3)."""
    if by.is_system:
        return
    wanted = WHO.get(level)
    if wanted and not by.roles.intersection(wanted):
        raise Refused("workshop.check.not_your_level", level=level)
    workers = set(JobClock.objects.filter(line__order=order).values_list("technician_id", flat=True))
    quality.may_inspect(
        level,
        inspector_id=by.employee_id,
        workers=workers,
        regulatory_class=order.regulatory_class,
        alone=order.store.setting("final_check_of_own_work", "refuse") == "mark",
    )


def _certify(order: WorkOrder, *, by: Viewer, now: datetime) -> None:
    """The completion certificate of a statutory repair; a second pass keeps the first one's number."""
    if order.regulatory_class not in flow.STATUTORY or Certificate.objects.filter(order=order).exists():
        return
    certificate = Certificate.objects.create(
        store_id=order.store_id,
        created_at=now,
        created_by_id=by.user_id,
        no=draw(order.store, "HG", now),
        order=order,
        inspector_name=by.name,
        issued_at=now,
    )
    audit(by, "workshop.certificate.issued", certificate, now=now, order=order.pk, no=certificate.no)


def _failed(order: WorkOrder, lines: Sequence[LabourLine]) -> list[LabourLine]:
    if not lines:
        raise Refused("workshop.line.nothing_chosen", field="lines")
    wanted = {line.pk for line in lines}
    failed = list(LabourLine.objects.filter(order=order, pk__in=wanted).order_by("seq"))
    if len(failed) != len(wanted):
        raise Refused("workshop.line.not_of_order", order=order.no)
    for line in failed:
        line.state = LABOUR.after(line.state, "send_back")
        line.save(update_fields=["state"])
    return failed
