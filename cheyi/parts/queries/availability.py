"""What is free of a part, here and in the sister stores: one query for any number of parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from cheyi.foundation.models import Store
from cheyi.foundation.questions import Question
from cheyi.foundation.scope import everywhere
from cheyi.kernel import Quantity
from cheyi.parts.models import Balance, Place, Warehouse

NONE_OF_IT = Quantity(0)
PICKABLE = (Warehouse.Kind.MAIN, Warehouse.Kind.CONSUMABLE, Warehouse.Kind.ACCESSORY)


def _free(parts: Any, group: Any) -> QuerySet[Balance, Any]:
    rows = Balance.objects.filter(
        part_id__in=parts,
        store__group_id=group,
        on_hand__gt=F("reserved"),
        place__kind=Place.Kind.BIN,
        place__warehouse__kind__in=PICKABLE,
    )
    return rows.order_by("pk").values_list("part_id", "store_id", "store__name", "place__code", "on_hand", "reserved")


FREE = Question(_free)
GOOD = Question(
    lambda parts, group, on: _free(parts, group).filter(
        Q(lot=None) | Q(lot__expires_on=None) | Q(lot__expires_on__gte=on)
    )
)


@dataclass(frozen=True, slots=True)
class SisterStock:
    """What a sister store has free; its cost is nobody's business."""

    store_id: int
    store_name: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Availability:
    """What is free of a part: in the own store, with the bin to go to, and in sister stores, the most first."""

    own: Quantity = NONE_OF_IT
    sisters: tuple[SisterStock, ...] = ()
    bin_code: str = ""

    @property
    def elsewhere(self) -> Quantity:
        """All that sister stores have free."""
        return sum((sister.quantity for sister in self.sisters), NONE_OF_IT)


@dataclass(frozen=True, slots=True)
class _Free:
    """What one bin of some store has free."""

    part_id: int
    store_id: int
    store_name: str
    place_code: str
    quantity: Quantity


def availability(part_ids: Collection[int], *, store: Store, on: date | None = None) -> dict[int, Availability]:
    """What is free of each part, own store and sisters; every part asked for is in the answer.

    Lots past their last day are left out when the day is given. One query.
    """
    found: dict[int, list[_Free]] = defaultdict(list)
    for free in group_stock(part_ids, store=store, on=on):
        found[free.part_id].append(free)
    return {part_id: _summed(found[part_id], store) for part_id in part_ids}


def group_stock(part_ids: Collection[int], *, store: Store, on: date | None = None) -> list[_Free]:
    """What the bins of the store's whole group have free of some parts: quantity and place only, never cost.

    This is the one function of the package that looks into sister stores (design.md 13).
    """
    with everywhere("stock of sister stores: quantity and place"):
        about: dict[str, Any] = {"parts": part_ids, "group": store.group_id}
        return [
            _Free(part, at, name, code, on_hand - reserved)
            for part, at, name, code, on_hand, reserved in (FREE(**about) if on is None else GOOD(**about, on=on))
        ]


def _summed(rows: Iterable[_Free], store: Store) -> Availability:
    own: dict[str, Quantity] = defaultdict(lambda: NONE_OF_IT)
    sisters: dict[tuple[int, str], Quantity] = defaultdict(lambda: NONE_OF_IT)
    for row in rows:
        if row.store_id == store.pk:
            own[row.place_code] += row.quantity
        else:
            sisters[row.store_id, row.store_name] += row.quantity
    told = [SisterStock(store_id, name, quantity) for (store_id, name), quantity in sisters.items()]
    return Availability(
        own=sum(own.values(), NONE_OF_IT),
        sisters=tuple(sorted(told, key=lambda sister: (-sister.quantity.parts, sister.store_name))),
        bin_code=max(own, key=lambda code: (own[code].parts, code), default=""),
    )
