"""Two years on the shelves: what orders took, what was sold over the counter, what was bought, and what was missing.

Demand comes by the part: steady, seasonal, rare, or one day no more. Whoever bought kept a rule of thumb (two months of
cover, suppliers late now and then), so there is too much of some and too little of others, as in a real shop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import TYPE_CHECKING

from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Quantity
from cheyi.parts import actions as parts
from cheyi.parts.actions import Past
from cheyi.parts.models import Balance, Part
from cheyi.project.demo.rewriting import rewrite
from cheyi.project.demo.stock import SHORT_OF, Shelf, unit_cost
from cheyi.workshop.models import PartLine

if TYPE_CHECKING:
    from cheyi.project.demo.history import Written

DAYS, LAST = 728, 1
BOUGHT = Source("parts.past", 0, "采购到货")
SOLD = Source("parts.past", 0, "门市零售")
# share of the numbers, pieces a month over the counter
RHYTHMS = ((0.06, 2.6), (0.16, 0.8), (0.40, 0.22), (0.38, 0.05))
DEAD = 0.08
SEASONS = {"空调": {5: 2.0, 6: 2.6, 7: 2.4, 8: 1.6}, "精品": {1: 1.8, 12: 1.5}, "灯具": {11: 1.6, 12: 1.8, 1: 1.6}}
MOST_A_MONTH = 2.6
LATE = 0.12
COVER_DAYS = 60
ENOUGH = 16


@dataclass(order=True, slots=True)
class _Event:
    """Something that is to happen: ``line`` for an order's part, ``arrives`` for goods."""

    at: datetime
    turn: int
    part: Part
    quantity: int
    line: PartLine | None = None
    order: Source | None = None
    arrives: bool = False


@dataclass(slots=True)
class _Shelved:
    """A part on the shelf as the buyer sees it, in thousandths."""

    part: Part
    on_hand: int
    sold: int = 0
    coming: bool = False


def write_parts(
    store: Store, written: Sequence[Written], shelf: Shelf, keeper: Viewer, random: Random, now: datetime
) -> None:
    """Post the store's past as its keeper did, and tell each order's line what its part was worth."""
    begin = now - timedelta(days=DAYS)
    stocked = {row.part_id: row.on_hand.parts for row in Balance.objects.filter(store=store, lot=None)}
    wanted = [*_of_orders(written), *_over_the_counter(store, shelf, set(stocked), random, begin)]
    buyer = _Buyer(store, stocked, random, begin)
    events = [*buyer.served(wanted), *buyer.filled_up(list(shelf.kit.values()))]
    lines = {line.pk: line for one in written for line, _ in one.parts}
    worth: list[PartLine] = []
    for posted in parts.bulk_history(events, store=store, by=keeper, now=now):
        line = lines.get(posted.past.line_id or 0)
        if line is not None and posted.value is not None:
            line.cost = line.issued_value = posted.value
            worth.append(line)
    rewrite(worth, ["cost", "issued_value"])


def _of_orders(written: Sequence[Written]) -> Iterator[_Event]:
    for one in written:
        source = Source("workshop.order", one.order.pk, one.order.no)
        for line, part in one.parts:
            at = one.order.started_at or one.order.received_at
            yield _Event(at, line.pk, part, line.quantity.parts, line, source)


def _over_the_counter(
    store: Store, shelf: Shelf, stocked: set[int], random: Random, begin: datetime
) -> Iterator[_Event]:
    kit = {part.pk for part in shelf.kit.values()}
    for part in shelf.all:
        if part.pk not in stocked or part.pk in kit:
            continue
        monthly = random.choices([rate for _, rate in RHYTHMS], [share for share, _ in RHYTHMS])[0]
        days = random.randint(60, DAYS - 260) if random.random() < DEAD else DAYS - LAST
        at = begin + timedelta(days=random.expovariate(MOST_A_MONTH / 30))
        while at < begin + timedelta(days=days):
            season = SEASONS.get(part.category, {}).get(at.month, 0.9)
            if random.random() < monthly * season / (MOST_A_MONTH * 2.6):
                clock = store.local(at).replace(hour=9 + random.randint(0, 7), minute=random.randint(0, 59))
                pieces = random.choices([1, 2, 4], [80, 15, 5])[0]
                yield _Event(clock, part.pk, part, pieces * Quantity.PER_UNIT)
            at += timedelta(days=random.expovariate(MOST_A_MONTH * 2.6 / 30))


class _Buyer:
    """Follows the shelf day by day and orders by rule of thumb."""

    def __init__(self, store: Store, stocked: dict[int, int], random: Random, begin: datetime) -> None:
        self.store, self.random, self.begin = store, random, begin
        self.stocked = stocked
        self.shelf: dict[int, _Shelved] = {}
        self.due: list[_Event] = []

    def served(self, wanted: Sequence[_Event]) -> Iterator[Past]:
        """The wanted in their order, with what came in between."""
        for event in sorted(wanted, key=lambda one: (one.at, one.turn)):
            while self.due and self.due[0].at <= event.at:
                yield self._arrived(heappop(self.due))
            yield from self._asked(event)

    def filled_up(self, kit: Sequence[Part]) -> Iterator[Past]:
        """The last delivery before the live day: what the workshop needs every hour is there."""
        at = self.begin + timedelta(days=DAYS, hours=-12)
        for part in kit:
            held = self.shelf.setdefault(part.pk, _Shelved(part, self.stocked.get(part.pk, 0)))
            wanted = ENOUGH * (6 if part.unit == "升" else 1) * Quantity.PER_UNIT
            if held.on_hand < wanted and part.part_no != SHORT_OF.get(self.store.code):
                yield self._arrived(_Event(at, part.pk, part, _whole(wanted - held.on_hand), arrives=True))

    def _asked(self, event: _Event) -> Iterator[Past]:
        held = self.shelf.setdefault(event.part.pk, _Shelved(event.part, self.stocked.get(event.part.pk, 0)))
        held.sold += event.quantity
        short = event.quantity - held.on_hand
        if short > 0 and event.line is not None:
            yield self._arrived(_Event(event.at - timedelta(minutes=40), event.turn, event.part, _whole(short)))
        if event.quantity <= held.on_hand:
            held.on_hand -= event.quantity
        yield Past(
            kind="issue" if event.line is not None else "sale_out",
            part_id=event.part.pk,
            quantity=Quantity(event.quantity),
            at=event.at,
            source=event.order or SOLD,
            line_id=event.line.pk if event.line is not None else None,
        )
        self._order_again(held, event.at)

    def _order_again(self, held: _Shelved, at: datetime) -> None:
        """Two months of what was sold so far, once less than two weeks of it are left."""
        if held.coming or held.part.part_no == SHORT_OF.get(self.store.code):
            return
        days = max((at - self.begin).days, 30)
        if held.on_hand * days > held.sold * 14:
            return
        lead = self.random.randint(18, 40) if self.random.random() < LATE else self.random.randint(2, 8)
        pieces = max(held.sold * COVER_DAYS // days, Quantity.PER_UNIT)
        arrives = at + timedelta(days=lead)
        if arrives < self.begin + timedelta(days=DAYS - LAST):
            held.coming = True
            heappush(self.due, _Event(arrives, held.part.pk, held.part, _whole(pieces), arrives=True))

    def _arrived(self, event: _Event) -> Past:
        held = self.shelf[event.part.pk]
        held.on_hand += event.quantity
        held.coming = held.coming and not event.arrives
        quantity = Quantity(event.quantity)
        price = unit_cost(event.part).share(self.random.randint(95, 106), 100)
        value: Money = price.times(quantity)
        return Past(
            kind="purchase_in", part_id=event.part.pk, quantity=quantity, at=event.at, source=BOUGHT, value=value
        )


def _whole(parts: int) -> int:
    """Bought by the piece."""
    return -(-parts // Quantity.PER_UNIT) * Quantity.PER_UNIT
