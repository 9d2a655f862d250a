"""Finding a job by pinyin initials, words or code, as it applies to a car."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cheyi.foundation import search
from cheyi.foundation.models import Store
from cheyi.kernel import Hours
from cheyi.vehicles.models import Vehicle
from cheyi.workshop.models import LabourOp, OpHours
from cheyi.workshop.queries.catalogue import car_kind
from cheyi.workshop.queries.reception import energy_fits
from cheyi.workshop.rules.hearing import named_in

MOST = 8
MOST_OFFERED = 4
THING = "op"
OFTEN_FOUND = ("CH001", "CH002", "CH003", "MA016", "MA004", "MA005", "EL001", "MA007", "CH008")
"""What technicians most often find on a car that came for something else; of the shipped catalogue, so at most a hint."""


@dataclass(frozen=True, slots=True)
class JobHit:
    """One operation that matches, with its hours for the car."""

    code: str
    name: str
    hours: Hours


def find_jobs(text: str, *, vehicle: Vehicle, store: Store) -> list[JobHit]:
    """Operations that match a text, best first, at most eight; those made for other energies are left out."""
    if not text.strip():
        return []
    car = car_kind(vehicle)
    hits = search.look_up(text.strip()[:40], store, things=(THING,), limit=MOST * 2)
    ops = {op.pk: op for op in LabourOp.objects.filter(pk__in=[hit.target_id for hit in hits], active=True)}
    found = [ops[hit.target_id] for hit in hits if hit.target_id in ops]
    return _hits([op for op in found if energy_fits(op, car.energy)][:MOST], car.vehicle_class)


def jobs_said(text: str, *, vehicle: Vehicle, store: Store, besides: Collection[int] = ()) -> list[JobHit]:
    """At most four operations that a finding's words name, else begin like them; with no words what is often found.

    ``besides`` are operations that stand on the order already. At most four queries.
    """
    car = car_kind(vehicle)
    fitting = {
        op.code: op
        for op in LabourOp.objects.filter(active=True, is_fee=False).exclude(pk__in=besides).order_by("code")
        if energy_fits(op, car.energy)
    }
    codes = named_in(text, {code: op.name for code, op in fitting.items()}) if text.strip() else list(OFTEN_FOUND)
    ops = [fitting[code] for code in codes if code in fitting][:MOST_OFFERED]
    if not ops and text.strip():
        return find_jobs(text, vehicle=vehicle, store=store)[:MOST_OFFERED]
    return _hits(ops, car.vehicle_class)


def _hits(fitting: Sequence[LabourOp], vehicle_class: str) -> list[JobHit]:
    hours: dict[int, dict[str, Hours]] = {}
    for row in OpHours.objects.filter(op__in=fitting):
        hours.setdefault(row.op_id, {})[row.vehicle_class] = row.hours
    return [JobHit(op.code, op.name, _hours(hours.get(op.pk, {}), vehicle_class)) for op in fitting]


def _hours(by_class: dict[str, Hours], vehicle_class: str) -> Hours:
    return by_class.get(vehicle_class) or next(iter(by_class.values()), Hours(0))
