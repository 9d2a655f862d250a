"""Finding parts by number, name or pinyin, those in stock first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from cheyi.foundation.models import Store
from cheyi.foundation.search import look_up
from cheyi.kernel import Money, Quantity
from cheyi.parts.engine.numbers import normalise
from cheyi.parts.models import Part, StorePart
from cheyi.parts.queries.availability import Availability, availability
from cheyi.parts.search_keys import THING


@dataclass(frozen=True, slots=True)
class FoundPart:
    """A part as a list shows it: what it is, what it costs the customer here, and where it is."""

    part_id: int
    part_no: str
    name: str
    brand: str
    unit: str
    qty_step: Quantity
    price: Money
    abc: str
    stock: Availability


def find(text: str, store: Store, limit: int = 12, *, on: date | None = None) -> list[FoundPart]:
    """Parts of the group's catalogue whose number, name or pinyin begins like the text. Four queries."""
    hits = look_up(text, store, things=[THING], limit=limit)
    return shown([hit.target_id for hit in hits], store, on=on)


def named(text: str) -> list[Part]:
    """The parts that a scanned or typed text names exactly: by number, however it is written, or by barcode."""
    typed = text.strip()
    number = normalise(typed)
    if not number:
        return []
    return list(Part.objects.filter(Q(number_key=number) | Q(barcode=typed), active=True).order_by("pk"))


def shown(part_ids: Sequence[int], store: Store, *, on: date | None = None) -> list[FoundPart]:
    """Some parts as a list shows them, in the order given, without those that are no longer used. Three queries."""
    parts: dict[int, Part] = Part.objects.in_bulk(part_ids)
    settings = {row.part_id: row for row in StorePart.objects.filter(store=store, part_id__in=part_ids)}
    stock = availability(part_ids, store=store, on=on)
    return [
        _found(parts[part_id], settings.get(part_id), stock[part_id])
        for part_id in part_ids
        if part_id in parts and parts[part_id].active
    ]


def _found(part: Part, settings: StorePart | None, stock: Availability) -> FoundPart:
    own_price = settings.retail_price if settings is not None else None
    return FoundPart(
        part_id=part.pk,
        part_no=part.part_no,
        name=part.name,
        brand=part.brand,
        unit=part.unit,
        qty_step=part.qty_step,
        price=part.retail_price if own_price is None else own_price,
        abc=settings.abc if settings is not None else "",
        stock=stock,
    )
