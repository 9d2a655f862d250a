"""The stock list of a store, page by page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, Sum

from cheyi.foundation.models import Store
from cheyi.kernel import Money, Quantity
from cheyi.parts.models import Balance, Cost, Part, Place, RequestLine, StorePart, Supplier

PAGE = 50
NONE_OF_IT = Quantity(0)


@dataclass(frozen=True, slots=True)
class StockRow:
    """A part that lies in the store, or is waited for and does not."""

    part_id: int
    part_no: str
    name: str
    unit: str
    on_hand: Quantity
    reserved: Quantity
    abc: str
    reorder_point: Quantity | None
    value: Money | None = None

    @property
    def available(self) -> Quantity:
        """What nobody has reserved."""
        return self.on_hand - self.reserved

    @property
    def is_low(self) -> bool:
        """Whether it is time to order again."""
        return self.reorder_point is not None and self.available <= self.reorder_point


@dataclass(frozen=True, slots=True)
class StockPage:
    """Some rows in the order of their numbers; ``after`` asks for the next page and is empty on the last one."""

    rows: tuple[StockRow, ...]
    after: str


def stock_page(
    store: Store, *, after: str = "", only_short: bool = False, abc: str = "", with_value: bool = False
) -> StockPage:
    """Fifty parts of the store's stock; ``only_short`` keeps those that work orders wait for, ``abc`` one class.

    ``with_value`` adds what each is worth, for who may see cost. Three queries, four with the value.
    """
    waited_for = RequestLine.objects.filter(store=store, state="backordered").values("part_id")
    lying = Balance.objects.filter(store=store, place__kind=Place.Kind.BIN, on_hand__gt=NONE_OF_IT).values("part_id")
    here = Q(pk__in=waited_for) if only_short else Q(pk__in=lying)
    if abc:
        here &= Q(pk__in=StorePart.objects.filter(store=store, abc=abc).values("part_id"))
    parts = Part.objects.filter(_behind(after), here)
    page = list(parts.order_by("number_key", "pk")[: PAGE + 1])
    shown, more = page[:PAGE], len(page) > PAGE
    ids = [part.pk for part in shown]
    sums = _sums(store, ids)
    worth = _worth(store, ids) if with_value else {}
    settings = {row.part_id: row for row in StorePart.objects.filter(store=store, part_id__in=ids)}
    rows = tuple(
        _row(part, sums.get(part.pk, (NONE_OF_IT, NONE_OF_IT)), settings.get(part.pk), worth.get(part.pk))
        for part in shown
    )
    return StockPage(rows, f"{shown[-1].number_key}.{shown[-1].pk}" if more else "")


def stock_worth(store: Store) -> Money:
    """What all that lies in the store is worth at cost. One query."""
    return Cost.objects.filter(store=store).aggregate(worth=Sum("value"))["worth"] or Money(0)


def classes_of(store: Store) -> list[str]:
    """The classes (A, B, C) that some part of the store has. One query."""
    rows = StorePart.objects.filter(store=store).exclude(abc="")
    return sorted(rows.values_list("abc", flat=True).distinct().order_by("abc"))


def _worth(store: Store, part_ids: Collection[int]) -> dict[int, Money]:
    rows = Cost.objects.filter(store=store, part_id__in=part_ids).values_list("part_id").order_by("part_id")
    return dict(rows.annotate(worth=Sum("value")))


def suppliers() -> list[tuple[int, str]]:
    """The group's suppliers of parts by name."""
    rows = Supplier.objects.filter(active=True).exclude(kind=Supplier.Kind.SUBLET)
    return list(rows.order_by("name", "pk").values_list("pk", "name"))


def _behind(after: str) -> Q:
    key, _, pk = after.partition(".")
    return Q(number_key__gt=key) | Q(number_key=key, pk__gt=int(pk) if pk.isdecimal() else 0)


def _sums(store: Store, part_ids: Collection[int]) -> dict[int, tuple[Quantity, Quantity]]:
    rows = Balance.objects.filter(store=store, part_id__in=part_ids, place__kind=Place.Kind.BIN)
    sums = rows.values_list("part_id").annotate(lies=Sum("on_hand"), kept=Sum("reserved")).order_by("part_id")
    return {part_id: (lies, kept) for part_id, lies, kept in sums}


def _row(part: Part, sums: tuple[Quantity, Quantity], settings: StorePart | None, value: Money | None) -> StockRow:
    return StockRow(
        part_id=part.pk,
        part_no=part.part_no,
        name=part.name,
        unit=part.unit,
        on_hand=sums[0],
        reserved=sums[1],
        abc=settings.abc if settings is not None else "",
        reorder_point=settings.reorder_point if settings is not None else None,
        value=value,
    )
