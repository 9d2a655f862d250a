"""Keeping the catalogue: adding and editing parts, what replaces what, and what one store decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit
from cheyi.foundation.models import Store
from cheyi.foundation.search import write_keys
from cheyi.kernel import Money, Quantity, Refused
from cheyi.parts.engine.guard import successor_of
from cheyi.parts.engine.numbers import near_keys, normalise
from cheyi.parts.events import PartCreated, PartReplaced
from cheyi.parts.models import Fitment, Interchange, LookAlike, Part, StorePart
from cheyi.parts.queries.guarding import PartsTable, known
from cheyi.parts.search_keys import THING, keys_of
from cheyi.vehicles.models import Brand, Series, VehicleModel

LONGEST_NUMBER = 40
PRICES = frozenset({"retail_price", "member_price", "claim_price", "internal_price", "core_charge"})
DETAILS = frozenset(
    [
        "name_zh",
        "name_en",
        "grade",
        "category",
        "spec",
        "unit",
        "qty_step",
        "pack_qty",
        "barcode",
        "shelf_life_days",
        "lot_tracked",
        "serial_tracked",
        "hazardous",
        "tax_code",
        "weight_g",
        "active",
    ]
)
FIT_BOUNDS = frozenset(["year_from", "year_to", "vin_from", "vin_to", "engine_code", "battery_code", "excluded"])
STORE_DETAILS = frozenset(
    [
        "abc",
        "xyz",
        "moving_status",
        "min_stock",
        "max_stock",
        "reorder_point",
        "safety_stock",
        "lead_time_days",
        "usual_place_id",
        "retail_price",
    ]
)


def clean_number(part_no: str) -> str:
    """A part number's normal form. Raises Refused ``parts.part.number_missing`` or ``parts.part.number_too_long``."""
    number = normalise(part_no)
    if not number:
        raise Refused("parts.part.number_missing", field="part_no", wanted=part_no)
    if len(part_no.strip()) > LONGEST_NUMBER:
        raise Refused("parts.part.number_too_long", field="part_no", longest=LONGEST_NUMBER)
    return number


@act
def add_part(
    *, part_no: str, name_zh: str, group_id: int, by: Viewer, now: datetime, brand: str = "", **details: Any
) -> Part:
    """Add a part number to the group's catalogue, findable at once and known to the wrong-part guard.

    ``details`` are the other columns of a part. Raises Refused ``parts.part.already_here`` (the same number of the
    brand, however it is written), ``parts.part.number_missing``, ``parts.part.name_missing``,
    ``parts.part.bad_value``.
    """
    check_details(details | {"name_zh": name_zh})
    check_lengths({"brand": brand})
    part = Part(
        group_id=group_id,
        created_at=now,
        created_by_id=by.user_id,
        part_no=part_no.strip(),
        number_key=clean_number(part_no),
        brand=brand.strip(),
        name_zh=name_zh.strip(),
        **details,
    )
    try:
        with transaction.atomic():
            part.save()
    except IntegrityError:
        raise Refused("parts.part.already_here", field="part_no", part_no=part.part_no, brand=part.brand) from None
    LookAlike.objects.bulk_create(
        LookAlike(group_id=group_id, part=part, key=key) for key in sorted(near_keys(part.number_key))
    )
    write_keys(thing=THING, target_id=part.pk, group_id=group_id, keys=keys_of(part))
    audit(by, "parts.part.created", part, now=now, part_no=part.part_no)
    announce(PartCreated(store_id=None, happened_at=now, part_id=part.pk))
    return part


@act
def edit_part(part: Part, *, by: Viewer, now: datetime, **details: Any) -> Part:
    """Change what is known of a part, save its number and brand. Raises Refused ``parts.part.bad_value``."""
    check_details(details)
    fresh: Part = Part.objects.select_for_update(of=("self",)).get(pk=part.pk)
    changed = {name: value for name, value in details.items() if getattr(fresh, name) != value}
    if not changed:
        return fresh
    for name, value in changed.items():
        setattr(fresh, name, value)
    fresh.save(update_fields=list(changed))
    write_keys(thing=THING, target_id=fresh.pk, group_id=fresh.group_id, keys=keys_of(fresh))
    code = "parts.part.price_changed" if changed.keys() & PRICES else "parts.part.edited"
    audit(by, code, fresh, now=now, part_no=fresh.part_no, changed=_words(changed))
    return fresh


@act
def supersede(part: Part, *, successor: Part, on: date, by: Viewer, now: datetime) -> Part:
    """A new number replaces a part (替代). Raises Refused ``parts.part.superseded_in_a_circle``."""
    if part.pk == successor.pk:
        raise Refused("parts.part.superseded_in_a_circle", field="successor", chain=(part.part_no, part.part_no))
    fresh: Part = Part.objects.select_for_update(of=("self",)).get(pk=part.pk)
    fresh.superseded_by, fresh.superseded_on = successor, on
    fresh.save(update_fields=["superseded_by", "superseded_on"])
    successor_of(known(fresh), PartsTable())
    audit(by, "parts.part.replaced", fresh, now=now, part_no=fresh.part_no, successor=successor.part_no)
    announce(PartReplaced(store_id=None, happened_at=now, part_id=fresh.pk, successor_id=successor.pk))
    return fresh


@act
def allow_substitute(part: Part, *, substitute: Part, by: Viewer, now: datetime, note: str = "") -> Interchange:
    """Approve that one part may be fitted for another (互换). Harmless twice. Raises ``parts.part.own_substitute``."""
    if part.pk == substitute.pk:
        raise Refused("parts.part.own_substitute", field="substitute", part_no=part.part_no)
    row, made = Interchange.objects.get_or_create(
        group_id=part.group_id,
        part=part,
        substitute=substitute,
        defaults={"note": note, "created_at": now, "created_by_id": by.user_id},
    )
    if made:
        audit(by, "parts.part.substitute_allowed", part, now=now, part_no=part.part_no, substitute=substitute.part_no)
    approved: Interchange = row
    return approved


@act
def add_fit(
    part: Part,
    *,
    by: Viewer,
    now: datetime,
    model: VehicleModel | None = None,
    series: Series | None = None,
    brand: Brand | None = None,
    **bounds: Any,
) -> Fitment:
    """Say which cars a part fits, or with ``excluded`` does not (适用车型).

    ``bounds`` are year_from, year_to, vin_from, vin_to, engine_code, battery_code. Raises Refused
    ``parts.fitment.says_nothing`` or ``parts.fitment.years``.
    """
    demand_known(bounds, FIT_BOUNDS)
    if not any((model, series, brand, *(value for name, value in bounds.items() if name != "excluded"))):
        raise Refused("parts.fitment.says_nothing", part_no=part.part_no)
    if bounds.get("year_from") and bounds.get("year_to") and bounds["year_to"] < bounds["year_from"]:
        raise Refused("parts.fitment.years", field="year_to", year_from=bounds["year_from"], year_to=bounds["year_to"])
    row: Fitment = Fitment.objects.create(
        group_id=part.group_id,
        created_at=now,
        created_by_id=by.user_id,
        part=part,
        model=model,
        series=series,
        brand=brand,
        **bounds,
    )
    audit(by, "parts.part.fit_added", row, now=now, part_no=part.part_no)
    return row


@act
def set_in_store(part: Part, *, store: Store, by: Viewer, now: datetime, **details: Any) -> StorePart:
    """Say how one store keeps a part: least and most, reorder point, usual bin, own price.

    Raises Refused ``parts.part.bad_value``.
    """
    demand_known(details, STORE_DETAILS)
    least, most = details.get("min_stock"), details.get("max_stock")
    if least is not None and most is not None and most < least:
        raise Refused("parts.part.bad_value", field="max_stock", name="max_stock", value=str(most))
    row, made = StorePart.objects.get_or_create(
        store_id=store.pk, part=part, defaults={**details, "created_at": now, "created_by_id": by.user_id}
    )
    if not made:
        for name, value in details.items():
            setattr(row, name, value)
        row.save(update_fields=list(details))
    audit(by, "parts.part.set_in_store", row, now=now, part_no=part.part_no, changed=_words(details))
    kept: StorePart = row
    return kept


def _words(details: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in details.items()}


def check_details(details: Mapping[str, Any]) -> None:
    """Look at what is said of a part.

    Raises Refused ``parts.part.name_missing``, ``parts.part.too_long`` or ``parts.part.bad_value``.
    """
    demand_known(details, DETAILS | PRICES)
    check_lengths(details)
    if "name_zh" in details and not str(details["name_zh"]).strip():
        raise Refused("parts.part.name_missing", field="name_zh")
    if details.get("grade") is not None and details["grade"] not in Part.Grade.values:
        raise Refused("parts.part.bad_value", field="grade", name="grade", value=str(details["grade"]))
    for name, value in details.items():
        below = (isinstance(value, Money) and value < Money(0)) or (
            isinstance(value, Quantity) and value <= Quantity(0)
        )
        if below:
            raise Refused("parts.part.bad_value", field=name, name=name, value=str(value))


def check_lengths(texts: Mapping[str, Any]) -> None:
    """Raises Refused ``parts.part.too_long`` for a text that its column does not hold."""
    longest = {field.name: field.max_length for field in Part._meta.fields}  # noqa: SLF001 - Django's own word for it
    for name, value in texts.items():
        limit = longest.get(name)
        if isinstance(value, str) and limit and len(value) > limit:
            raise Refused("parts.part.too_long", field=name, text=f"{value[:20]}…", longest=limit)


def demand_known(details: Mapping[str, Any], allowed: frozenset[str]) -> None:
    """Raises TypeError for a column that is not set this way."""
    for name in details:
        if name not in allowed:
            raise TypeError(f"{name} is not something that can be set here")
