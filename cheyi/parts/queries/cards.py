"""Everything about one part in one store, cut to what the viewer may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.kernel import Money, Quantity
from cheyi.parts.models import Balance, Cost, DemandEntry, Interchange, Move, Part, Place, StorePart
from cheyi.parts.queries.availability import Availability, availability
from cheyi.parts.queries.lookalikes import Sibling, siblings_of
from cheyi.parts.queries.moves import MovePage, ledger

NONE_OF_IT = Quantity(0)
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class PlaceStock:
    """What lies in one bin."""

    balance_id: int
    place_code: str
    warehouse: str
    batch: str
    expires_on: date | None
    on_hand: Quantity
    reserved: Quantity


@dataclass(frozen=True, slots=True)
class PartCard:
    """A part with where it lies, what may be taken for it or instead of it, and what happened to it.

    ``value`` and ``unit_cost`` are None for whoever may not see cost.
    """

    part: Part
    settings: StorePart | None
    stock: Availability
    places: tuple[PlaceStock, ...]
    siblings: tuple[Sibling, ...]
    substitutes: tuple[Part, ...]
    moves: MovePage
    used_in_a_year: Quantity
    missed_in_a_year: Quantity
    value: Money | None
    unit_cost: Decimal | None

    @property
    def price(self) -> Money:
        """What a customer pays here."""
        own = self.settings.retail_price if self.settings is not None else None
        return self.part.retail_price if own is None else own

    def share(self, quantity: Quantity) -> int:
        """A store's stock as a percentage of the fullest store's, for the bars."""
        most = max([self.stock.own, *(sister.quantity for sister in self.stock.sisters)])
        return 100 * quantity.parts // most.parts if most else 0

    @property
    def on_hand(self) -> Quantity:
        """What lies in the store's bins."""
        return sum((place.on_hand for place in self.places), NONE_OF_IT)

    @property
    def reserved(self) -> Quantity:
        """What of it is kept for somebody."""
        return sum((place.reserved for place in self.places), NONE_OF_IT)


def part_card(part: Part, *, store: Store, viewer: Viewer, on: date, before: int | None = None) -> PartCard:
    """The card of a part; ``before`` asks for older moves. Eleven queries."""
    since = on - YEAR
    used = Move.objects.filter(store=store, part=part, posted_on__gte=since)
    missed = DemandEntry.objects.filter(store=store, part=part, asked_on__gte=since)
    issued, returned = (
        used.filter(kind=kind).aggregate(total=Sum("quantity"))["total"] or NONE_OF_IT
        for kind in ("issue", "issue_return")
    )
    value, lies = _worth(part, store) if viewer.may("parts.stock.view_cost") else (None, NONE_OF_IT)
    return PartCard(
        part=part,
        settings=StorePart.objects.filter(store=store, part=part).first(),
        stock=availability([part.pk], store=store, on=on)[part.pk],
        places=_places(part, store),
        siblings=siblings_of([part])[part.pk],
        substitutes=_substitutes(part),
        moves=ledger(part, store=store, before=before),
        used_in_a_year=issued - returned,
        missed_in_a_year=missed.aggregate(total=Sum("missing"))["total"] or NONE_OF_IT,
        value=value,
        unit_cost=value.unit(lies) if value is not None and lies else None,
    )


def _worth(part: Part, store: Store) -> tuple[Money, Quantity]:
    sums = Cost.objects.filter(store=store, part=part).aggregate(worth=Sum("value"), lies=Sum("quantity"))
    return sums["worth"] or Money(0), sums["lies"] or NONE_OF_IT


def _places(part: Part, store: Store) -> tuple[PlaceStock, ...]:
    rows = Balance.objects.filter(store=store, part=part, place__kind=Place.Kind.BIN, on_hand__gt=NONE_OF_IT)
    columns = (
        *("pk", "place__code", "place__warehouse__name", "lot__batch", "lot__expires_on", "on_hand", "reserved"),
    )
    return tuple(
        PlaceStock(pk, code, house or "", batch or "", expires_on, on_hand, reserved)
        for pk, code, house, batch, expires_on, on_hand, reserved in rows.values_list(*columns).order_by("pk")
    )


def _substitutes(part: Part) -> tuple[Part, ...]:
    rows = Interchange.objects.filter(part=part).select_related("substitute").order_by("pk")
    found = [row.substitute for row in rows]
    if part.superseded_by is not None:
        found.insert(0, part.superseded_by)
    return tuple(found)
