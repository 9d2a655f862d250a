"""Many parts at once, for import and demo: the checks of ``add_part``, the same rows and keys, few statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit
from cheyi.foundation.models import Store
from cheyi.foundation.search import KeySet, write_keys_many
from cheyi.kernel import Refused
from cheyi.parts.actions.catalogue import STORE_DETAILS, check_details, check_lengths, clean_number, demand_known
from cheyi.parts.engine.numbers import near_keys
from cheyi.parts.models import LookAlike, Part, StorePart
from cheyi.parts.search_keys import THING, keys_of

AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPart:
    """One part of a list; ``ref`` is how the caller calls the row, ``details`` the other columns of a part."""

    ref: str
    part_no: str
    name_zh: str
    brand: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: ``new``, ``here`` (there already, left as it is) or ``refused``."""

    ref: str
    kind: Literal["new", "here", "refused"]
    id: int | None = None
    problem: Refused | None = None


@act
def bulk_add_parts(
    rows: Sequence[BulkPart], *, group_id: int, by: Viewer, now: datetime, label: str = ""
) -> list[Outcome]:
    """Put many parts into the catalogue; one outcome per row, in their order.

    A number of a brand that is there already, or came earlier in the list, is left as it is, so the same list twice
    doubles nothing. A row that does not pass the checks is ``refused``. No facts are announced; one audit row tells the
    count.
    """
    outcomes: dict[str, Outcome] = {}
    for start in range(0, len(rows), AT_ONCE):
        batch: list[tuple[str, Part]] = []
        for row in rows[start : start + AT_ONCE]:
            try:
                batch.append((row.ref, _checked(row, group_id, by, now)))
            except Refused as refused:
                outcomes[row.ref] = Outcome(row.ref, "refused", problem=refused)
        outcomes |= _write(batch, group_id)
    made = sum(one.kind == "new" for one in outcomes.values())
    if made:
        audit(by, "parts.part.imported", None, now=now, count=made, label=label)
    return [outcomes[row.ref] for row in rows]


@act
def bulk_set_in_store(settings: Mapping[int, Mapping[str, Any]], *, store: Store, by: Viewer, now: datetime) -> int:
    """Say how one store keeps many parts, given by part id; what it has said before stays. Gives how many are new."""
    for details in settings.values():
        demand_known(details, STORE_DETAILS)
    known = set(StorePart.objects.filter(store=store, part_id__in=settings).values_list("part_id", flat=True))
    made = StorePart.objects.bulk_create(
        (
            StorePart(store_id=store.pk, created_at=now, created_by_id=by.user_id, part_id=part_id, **details)
            for part_id, details in settings.items()
            if part_id not in known
        ),
        batch_size=AT_ONCE,
    )
    if made:
        audit(by, "parts.part.set_in_store", None, now=now, count=len(made))
    return len(made)


def _checked(row: BulkPart, group_id: int, by: Viewer, now: datetime) -> Part:
    check_details({**row.details, "name_zh": row.name_zh})
    check_lengths({"brand": row.brand})
    return Part(
        group_id=group_id,
        created_at=now,
        created_by_id=by.user_id,
        part_no=row.part_no.strip(),
        number_key=clean_number(row.part_no),
        brand=row.brand.strip(),
        name_zh=row.name_zh.strip(),
        **row.details,
    )


def _write(batch: Sequence[tuple[str, Part]], group_id: int) -> dict[str, Outcome]:
    keys = {part.number_key for _, part in batch}
    known = {
        (part.number_key, part.brand): part for part in Part.objects.filter(group_id=group_id, number_key__in=keys)
    }
    fresh: list[Part] = []
    outcomes: dict[str, tuple[Literal["new", "here"], Part]] = {}
    for ref, part in batch:
        there = known.setdefault((part.number_key, part.brand), part)
        outcomes[ref] = ("new" if there is part else "here", there)
        if there is part:
            fresh.append(part)
    Part.objects.bulk_create(fresh)
    LookAlike.objects.bulk_create(_look_alikes(fresh), batch_size=5000)
    write_keys_many((KeySet(group_id, None, THING, part.pk, tuple(keys_of(part))) for part in fresh), fresh=True)
    return {ref: Outcome(ref, kind, part.pk) for ref, (kind, part) in outcomes.items()}


def _look_alikes(parts: Collection[Part]) -> Iterable[LookAlike]:
    return (
        LookAlike(group_id=part.group_id, part_id=part.pk, key=key)
        for part in parts
        for key in near_keys(part.number_key)
    )
