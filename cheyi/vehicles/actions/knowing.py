"""A store gets to know a car: by a paper, or by taking it over from a sister store (design.md 13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction

from cheyi.customers import actions as customers
from cheyi.customers.queries import may_see_shared
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit
from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Refused
from cheyi.vehicles.actions import keys
from cheyi.vehicles.events import VehicleAdopted
from cheyi.vehicles.models import Vehicle, VehicleOwnership, VehicleStore
from cheyi.vehicles.queries.elsewhere import strangers


@act
def know(
    vehicle: Vehicle, *, store: Store, paper: Source, by: Viewer, now: datetime, visit_on: date | None = None
) -> VehicleStore:
    """Make a car known to a store by the paper that is being opened; harmless when it is known already.

    Its owner comes with it where stores may share him. ``visit_on`` dates the visit.
    """
    row = VehicleStore.objects.filter(store=store, vehicle=vehicle).first()
    if row is None:
        row = link(vehicle, store=store, paper=paper, by=by, now=now)
        audit(by, "vehicles.vehicle.adopted", vehicle, now=now, paper=paper.kind, paper_id=paper.id)
        announce(VehicleAdopted(vehicle_id=vehicle.pk, store_id=store.pk, happened_at=now))
        _bring_owner(vehicle, store=store, paper=paper, by=by, now=now)
    if visit_on and (row.last_visit_on is None or row.last_visit_on < visit_on):
        row.last_visit_on = visit_on
        row.save(update_fields=["last_visit_on"])
    return row


@act
def date_visits(days: Mapping[int, date], *, store: Store) -> None:
    """Date the last visits of cars that the store knows, from papers of the past; a later date on file stays."""
    known = VehicleStore.objects.filter(store=store, vehicle_id__in=days)
    rows = [row for row in known if row.last_visit_on is None or row.last_visit_on < days[row.vehicle_id]]
    for row in rows:
        row.last_visit_on = days[row.vehicle_id]
    VehicleStore.objects.bulk_update(rows, ["last_visit_on"], batch_size=500)


def link(vehicle: Vehicle, *, store: Store, paper: Source, by: Viewer, now: datetime) -> VehicleStore:
    """The row and the search keys by which a store knows a car; inside an act."""
    row = VehicleStore(
        store=store,
        vehicle=vehicle,
        source_kind=paper.kind,
        source_id=paper.id,
        source_label=paper.label,
        created_at=now,
        created_by_id=by.user_id,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return VehicleStore.objects.get(store=store, vehicle=vehicle)
    keys.write_for(vehicle, [store], fresh=True)
    return row


def _bring_owner(vehicle: Vehicle, *, store: Store, paper: Source, by: Viewer, now: datetime) -> None:
    ownerships = VehicleOwnership.objects.filter(vehicle=vehicle, role=VehicleOwnership.Role.OWNER, until_on=None)
    for ownership in ownerships.select_related("customer"):
        if may_see_shared(ownership.customer_id, store=store):
            customers.know(ownership.customer, store=store, paper=paper, by=by, now=now)


@act
def adopt(*, number: str, store: Store, by: Viewer, now: datetime, paper: Source | None = None) -> Vehicle:
    """Take over a car that a sister store knows; the whole plate or VIN proves that it is meant.

    Raises Refused ``vehicles.vehicle.not_elsewhere``.
    """
    found = strangers(number, store=store)
    if not found:
        raise Refused("vehicles.vehicle.not_elsewhere", field="plate")
    vehicle = found[0]
    know(vehicle, store=store, paper=paper or Source("vehicles.vehicle", vehicle.pk), by=by, now=now)
    return vehicle
