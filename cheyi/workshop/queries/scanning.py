"""What a scanned or typed number means to a technician: his own jobs on a car or an order, or a part and where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.foundation.searchkeys import folded
from cheyi.parts import queries as parts
from cheyi.parts.models import Part
from cheyi.parts.queries import FoundPart, Sibling
from cheyi.workshop.queries.phone import LIVE, JobCard, cards_of, given_to
from cheyi.workshop.queries.work import TO_DO

SHORTEST_VIN = 6
MOST_PARTS = 4
HERE = (*LIVE, "qc")
SHOWN = (*TO_DO, "done", "passed")


class Least(NamedTuple):
    """How many signs a search needs, and how many where one of them is Chinese."""

    plain: int
    chinese: int

    def reached(self, typed: str) -> bool:
        """Whether a text is long enough to look for."""
        return len(typed) >= (self.plain if typed.isascii() else self.chinese)


LEAST = Least(plain=3, chinese=2)


@dataclass(frozen=True, slots=True)
class PartMet:
    """A part, what it is easily taken for, and my jobs that it is meant for."""

    part: FoundPart
    alike: tuple[Sibling, ...]
    jobs: tuple[JobCard, ...]


@dataclass(frozen=True, slots=True)
class Scanned:
    """My jobs that the text names, else parts; ``in_hand`` is the job for which another part may be asked."""

    jobs: tuple[JobCard, ...] = ()
    parts: tuple[PartMet, ...] = ()
    in_hand: JobCard | None = None
    too_short: bool = False


def scanned(text: str, viewer: Viewer, *, store: Store, now: datetime) -> Scanned:
    """What a text leads to, unless it is too short. Ten queries with parts, four without."""
    typed = folded(text)
    if not LEAST.reached(typed):
        return Scanned(too_short=True)
    mine = _mine(viewer, store=store, now=now)
    jobs = tuple(card for card in mine if _names(typed, card))
    exact = parts.named(text)
    if jobs and not exact:
        return Scanned(jobs)
    found = parts.shown([part.pk for part in exact], store) or parts.find(text, store, MOST_PARTS)
    return Scanned(jobs, _met(found, mine), next((card for card in mine if card.is_running), None))


def _mine(viewer: Viewer, *, store: Store, now: datetime) -> list[JobCard]:
    """My jobs on cars that are here: the running first, then what is to do, then what is done."""
    me = viewer.employee_id or 0
    cards = cards_of(given_to(me, store=store, lines=SHOWN, orders=HERE), me, store=store, now=now)
    return sorted(cards, key=lambda card: (not card.is_running, card.line.state not in TO_DO, card.line.pk))


def _names(typed: str, card: JobCard) -> bool:
    order = card.order
    by_vin = len(typed) >= SHORTEST_VIN and folded(order.vin).endswith(typed)
    return typed in folded(order.plate) or folded(order.no).endswith(typed) or by_vin


def _met(found: Sequence[FoundPart], mine: Sequence[JobCard]) -> tuple[PartMet, ...]:
    alike = parts.siblings_of(list(Part.objects.filter(pk__in=[one.part_id for one in found]))) if found else {}
    return tuple(
        PartMet(
            one,
            alike.get(one.part_id, ()),
            tuple(card for card in mine if any(part.part_id == one.part_id for part in card.parts)),
        )
        for one in found
    )
