"""Who a typed person may be: those on file that look like him, masked, with their cars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cheyi.customers.queries import CustomerBrief, briefs_seen
from cheyi.foundation.access import Viewer
from cheyi.kernel import Refused
from cheyi.vehicles.models import VehicleOwnership

MOST_CARS = 3


@dataclass(frozen=True, slots=True)
class LikePerson:
    """One candidate: how he is shown (masked), his line where the viewer may see it, and his cars' plates."""

    who: str
    brief: CustomerBrief | None
    plates: tuple[str, ...]


def people_like(refused: Refused, *, viewer: Viewer) -> tuple[LikePerson, ...]:
    """The people whom a refusal names (``maybe_same``, ``already_here``), at most five. Two queries."""
    named = _named(refused)
    seen = briefs_seen([pk for pk, _ in named], viewer) if named else {}
    plates: dict[int, list[str]] = {}
    rows = VehicleOwnership.objects.filter(customer_id__in=list(seen), until_on=None).order_by("-pk")
    for owner, plate in rows.values_list("customer_id", "vehicle__plate"):
        if plate:
            plates.setdefault(owner, []).append(plate)
    return tuple(LikePerson(who, seen.get(pk), tuple(plates.get(pk, ())[:MOST_CARS])) for pk, who in named)


def _named(refused: Refused) -> list[tuple[int, str]]:
    facts: Any = refused.facts
    candidates: Sequence[Any] = facts.get("candidates", ())
    if candidates:
        return [(int(one[0]), str(one[1])) for one in candidates[:5]]
    return [(int(facts["customer_id"]), str(facts["who"]))] if "customer_id" in facts else []
