"""What a list knows of somebody who is on file already: what is empty is filled, what stands there stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cheyi.customers.actions.editing import edit
from cheyi.customers.actions.knowing import date_visits
from cheyi.customers.actions.speaking import DUMMY
from cheyi.customers.models import Customer, CustomerStore
from cheyi.customers.rules.limits import LONGEST_NOTE
from cheyi.customers.rules.texts import as_typed
from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.foundation.sealed import Sealed
from cheyi.kernel import Refused

FIELDS = ("address", "birthday_on", "email", "gender", "id_no", "origin", "wechat")
NUMBERS = ("mobile", "second_mobile")
BETWEEN = "；"
ASKED: Mapping[str, Any] = {"confirmed_new": True, "shared_phone": True, "confirmed": DUMMY}
"""A list asks nobody: likenesses become pairs for review."""


@dataclass(frozen=True, slots=True)
class Further:
    """One more row on a customer, as the caller calls it: its columns, the store's note in it, and his last visit."""

    ref: str
    customer: Customer
    columns: Mapping[str, Any]
    note: str = ""
    visited_on: date | None = None


def fill(rows: Sequence[Further], *, store: Store, by: Viewer, now: datetime) -> dict[str, tuple[str, ...]]:
    """Fill what is empty of customers that the store knows; by row the fields that say otherwise and stay as they are.

    A further number becomes the second one, a further note is added to the store's. The latest visit counts. Whoever is
    told the same again changes nothing, so a list may come twice.
    """
    notes = _notes([row.customer.pk for row in rows if row.note], store)
    latest: dict[int, Customer] = {}
    left: dict[str, tuple[str, ...]] = {}
    for row in rows:
        customer = latest.get(row.customer.pk, row.customer)
        changes, stays = _lacking(customer, row.columns)
        note = _joined(notes.get(customer.pk, ""), as_typed(row.note))
        if note != notes.get(customer.pk, ""):
            changes["note"] = note
        if changes:
            try:
                latest[customer.pk] = edit(customer, **changes, **ASKED, store=store, by=by, now=now)
                notes[customer.pk] = note
            except Refused:
                stays = tuple(changes)
        if stays:
            left[row.ref] = stays
    if days := _latest(rows):
        date_visits(days, store=store)
    return left


def _notes(ids: Sequence[int], store: Store) -> dict[int, str]:
    rows = CustomerStore.objects.filter(store=store, customer_id__in=ids) if ids else []
    return {row.customer_id: row.note for row in rows}


def _lacking(customer: Customer, columns: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What the columns know and the customer lacks, and the fields in which they say otherwise."""
    changes: dict[str, Any] = {}
    stays = []
    for field in FIELDS:
        told, stands = columns.get(field), _clear(getattr(customer, field))
        if told and not stands:
            changes[field] = told
        elif told and told != stands:
            stays.append(field)
    if "id_no" in changes:
        changes["id_kind"] = columns.get("id_kind", "")
    own = [_clear(getattr(customer, field)) for field in NUMBERS]
    room = [field for field, number in zip(NUMBERS, own, strict=True) if not number]
    for field in NUMBERS:
        number = columns.get(field)
        if number and number not in own and room:
            changes[room.pop(0)] = number
            own.append(number)
        elif number and number not in own:
            stays.append(field)
    return changes, tuple(stays)


def _clear(value: Any) -> Any:
    return value.clear() if isinstance(value, Sealed) else value


def _joined(stands: str, told: str) -> str:
    """The note with what it does not say yet; one that would grow too long stays."""
    if not told or told in stands:
        return stands
    joined = BETWEEN.join(filter(None, (stands, told)))
    return joined if len(joined) <= LONGEST_NOTE else stands


def _latest(rows: Iterable[Further]) -> dict[int, date]:
    found: dict[int, date] = {}
    for row in rows:
        if row.visited_on is not None:
            found[row.customer.pk] = max(row.visited_on, found.get(row.customer.pk, row.visited_on))
    return found
