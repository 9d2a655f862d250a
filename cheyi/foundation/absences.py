"""Who is not here although the roster or the opening hours say so, from when to when (请假、离岗)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit, lock
from cheyi.foundation.models import Absence, Employee, Store
from cheyi.kernel import Refused

LONGEST = timedelta(days=366)
ROW = ("starts_at", "ends_at", "why", "words")


def absences(store: Store, *, since: datetime) -> list[Absence]:
    """What is not over at a moment, in order. One query."""
    rows = Absence.objects.filter(store=store, ends_at__gt=since).select_related("employee")
    return list(rows.order_by("starts_at", "pk"))


@act
def note(
    employee: Employee,
    *,
    store: Store,
    starts_at: datetime,
    ends_at: datetime,
    why: str,
    words: str = "",
    undo: tuple[str, Mapping[str, Any]],
    by: Viewer,
    now: datetime,
) -> Absence:
    """Note that somebody is away; what was noted of him for the same time gives way.

    An absence that began before ends where this one begins: whoever is away already may say anew until when. It cannot
    begin in the past: then it begins now. ``undo`` names the inverse and what it takes back besides; it gets
    ``absence_id`` and ``former`` and calls ``take_back``. Raises Refused ``foundation.absence.ends_first``,
    ``foundation.absence.too_far``, ``foundation.absence.unknown_why``.
    """
    starts_at = max(starts_at, now)
    demand_span(starts_at, ends_at, now=now)
    if why not in Absence.Why.values:
        raise Refused("foundation.absence.unknown_why", field="why", text=why[:20])
    lock(employee)
    former = _give_way(employee, store, starts_at, ends_at)
    row = Absence.objects.create(
        store=store,
        employee=employee,
        starts_at=starts_at,
        ends_at=ends_at,
        why=why,
        words=words.strip()[:60],
        created_at=now,
        created_by_id=by.user_id,
    )
    verb, facts = undo
    inverse = (verb, {**facts, "absence_id": row.pk, "former": former, "stands": _plain(row)})
    shown = {"employee": employee.pk, "name": employee.name, "starts_at": row.starts_at.isoformat()}
    audit(by, "foundation.absence.noted", row, now=now, undo=inverse, **shown, ends_at=ends_at.isoformat(), why=why)
    return row


@act
def end(absence: Absence, *, undo: str, by: Viewer, now: datetime) -> Employee:
    """Somebody is here again: an absence that runs ends now, one to come is struck out.

    ``undo`` is the inverse, as in ``note``. Raises Refused ``foundation.absence.over`` for one that has ended or is gone.
    """
    employee: Employee = lock(absence.employee)
    row = Absence.objects.filter(pk=absence.pk).first()
    if row is None or row.ends_at <= now:
        raise Refused("foundation.absence.over", name=employee.name)
    former = [{"id": row.pk, "store_id": row.store_id, **_plain(row)}]
    if row.starts_at < now:
        row.ends_at = now
        row.save(update_fields=["ends_at"])
    else:
        row.delete()
    facts = {"absence_id": None, "employee_id": employee.pk, "former": former, "stands": None}
    audit(by, "foundation.absence.ended", employee, now=now, undo=(undo, facts), name=employee.name)
    return employee


@act
def take_back(
    *,
    absence_id: int | None,
    employee_id: int | None = None,
    former: list[dict[str, Any]],
    stands: dict[str, str] | None,
    by: Viewer,
    now: datetime,
) -> Employee:
    """What was noted of somebody, as it was before, unless it was changed meanwhile.

    Raises Refused ``foundation.undo.impossible``.
    """
    noted = Absence.objects.filter(pk=absence_id or 0).first()
    if absence_id and (noted is None or _plain(noted) != stands):
        raise Refused("foundation.undo.impossible")
    employee: Employee = lock(noted.employee if noted else Employee.objects.get(pk=employee_id or 0))
    if noted is not None:
        noted.delete()
    for row in former:
        _put_back(employee, row, by=by, now=now)
    audit(by, "foundation.absence.taken_back", employee, now=now, name=employee.name)
    return employee


def demand_span(starts_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    """Raises Refused ``foundation.absence.ends_first``, ``foundation.absence.too_far``."""
    if ends_at <= starts_at:
        raise Refused("foundation.absence.ends_first", field="until")
    if ends_at - now > LONGEST:
        raise Refused("foundation.absence.too_far", field="until")


def _give_way(employee: Employee, store: Store, starts_at: datetime, ends_at: datetime) -> list[dict[str, Any]]:
    """Cut what overlaps a span to what lies before it or begins in it and goes on behind; give back what it was."""
    former = []
    for row in Absence.objects.filter(store=store, employee=employee, starts_at__lt=ends_at, ends_at__gt=starts_at):
        former.append({"id": row.pk, "store_id": row.store_id, **_plain(row)})
        if row.starts_at < starts_at:
            row.ends_at = starts_at
        elif row.starts_at > starts_at and row.ends_at > ends_at:
            row.starts_at = ends_at
        else:
            row.delete()
            continue
        row.save(update_fields=["starts_at", "ends_at"])
    return former


def _put_back(employee: Employee, row: Mapping[str, Any], *, by: Viewer, now: datetime) -> None:
    values = {name: row[name] for name in ROW}
    starts_at, ends_at = (datetime.fromisoformat(row[name]) for name in ROW[:2])
    others = Absence.objects.filter(employee=employee, starts_at__lt=ends_at, ends_at__gt=starts_at)
    if others.exclude(pk=row["id"]).exists():
        raise Refused("foundation.undo.impossible")
    values |= {"starts_at": starts_at, "ends_at": ends_at}
    if not Absence.objects.filter(pk=row["id"]).update(**values):
        Absence.objects.create(
            store_id=row["store_id"], employee=employee, **values, created_at=now, created_by_id=by.user_id
        )


def _plain(row: Absence) -> dict[str, str]:
    """The same whether the row was just made by the clock of a store or read from the table."""
    return {
        "starts_at": row.starts_at.astimezone(UTC).isoformat(),
        "ends_at": row.ends_at.astimezone(UTC).isoformat(),
        "why": row.why,
        "words": row.words,
    }
