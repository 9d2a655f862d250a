"""Warehouses, bins, and the places outside that every store has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit
from cheyi.foundation.models import Store
from cheyi.kernel import Refused
from cheyi.parts.models import Place, Warehouse
from cheyi.parts.rules import OUTSIDE

BIN_CODE = re.compile(r"[A-Z]-\d{2}-\d{1,2}-\d{2}")
PLACE_NAME = 20
SHIPPED = (
    ("MAIN", "主库", Warehouse.Kind.MAIN),
    ("CONS", "辅料", Warehouse.Kind.CONSUMABLE),
    ("QUAR", "待检", Warehouse.Kind.QUARANTINE),
    ("TRAN", "在途", Warehouse.Kind.TRANSIT),
)


@act
def set_up_store(*, store: Store, by: Viewer, now: datetime) -> Place:
    """Give a store what it needs to keep stock: four warehouses of one place each and the places outside.

    A warehouse's one place is called like the warehouse: that is what people read who fetch from it.
    Harmless when run again. The main warehouse's first place is returned.
    """
    stamp = {"store_id": store.pk, "created_at": now, "created_by_id": by.user_id}
    known = set(Warehouse.objects.filter(store=store).values_list("code", flat=True))
    missing = [shipped for shipped in SHIPPED if shipped[0] not in known]
    houses = Warehouse.objects.bulk_create(
        Warehouse(**stamp, code=code, name=name, kind=kind) for code, name, kind in missing
    )
    places = [
        Place(
            **stamp,
            warehouse=house,
            code=house.name,
            kind=Place.Kind.TRANSIT if house.kind == Warehouse.Kind.TRANSIT else Place.Kind.BIN,
        )
        for house in houses
    ]
    known = set(Place.objects.filter(store=store, warehouse=None).values_list("kind", flat=True))
    places += [Place(**stamp, kind=kind, code=kind) for kind in OUTSIDE if kind not in known]
    if places:
        Place.objects.bulk_create(places)
        audit(by, "parts.store.set_up", store, now=now, places=len(places))
    return place_of_kind(store, Warehouse.Kind.MAIN)


@act
def add_warehouse(
    *, code: str, name: str, kind: str, values_by_lot: bool = False, store: Store, by: Viewer, now: datetime
) -> Warehouse:
    """Add a warehouse with its first place. Raises Refused ``parts.warehouse.already_here``."""
    stamp = {"store_id": store.pk, "created_at": now, "created_by_id": by.user_id}
    try:
        with transaction.atomic():
            house: Warehouse = Warehouse.objects.create(
                **stamp, code=code, name=name, kind=kind, values_by_lot=values_by_lot
            )
    except IntegrityError:
        raise Refused("parts.warehouse.already_here", field="code", warehouse=code) from None
    Place.objects.create(**stamp, warehouse=house, code=name[:PLACE_NAME])
    audit(by, "parts.warehouse.added", house, now=now, warehouse=code)
    return house


@act
def add_bins(*, warehouse: Warehouse, codes: Iterable[str], by: Viewer, now: datetime) -> list[Place]:
    """Add bins like ``A-03-2-01``; those that are there already stay. Raises Refused ``parts.place.bad_code``."""
    wanted = list(dict.fromkeys(code.strip().upper() for code in codes))
    for code in wanted:
        if not BIN_CODE.fullmatch(code):
            raise Refused("parts.place.bad_code", field="bin", bin=code)
    known = set(Place.objects.filter(warehouse=warehouse).values_list("code", flat=True))
    made = Place.objects.bulk_create(
        Place(store_id=warehouse.store_id, created_at=now, created_by_id=by.user_id, warehouse=warehouse, code=code)
        for code in wanted
        if code not in known
    )
    if made:
        audit(by, "parts.warehouse.bins_added", warehouse, now=now, bins=len(made))
    return made


def outside(store: Store, kind: str) -> Place:
    """The store's one place of a kind that holds no stock. Raises Refused ``parts.place.store_not_set_up``."""
    found: Place | None = Place.objects.filter(store=store, kind=kind, warehouse=None).first()
    if found is None:
        raise Refused("parts.place.store_not_set_up", store=store.name)
    return found


def place_of_kind(store: Store, kind: str) -> Place:
    """The first place of the store's first warehouse of a kind. Raises Refused ``parts.place.store_not_set_up``."""
    rows = Place.objects.filter(store=store, warehouse__kind=kind).select_related("warehouse")
    found: Place | None = rows.order_by("warehouse_id", "pk").first()
    if found is None:
        raise Refused("parts.place.store_not_set_up", store=store.name)
    return found
