"""A store with shelves, a keeper, and parts on them, for the tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from cheyi.foundation import invariants
from cheyi.foundation.models import Store
from cheyi.foundation.scope import everywhere
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Quantity
from cheyi.parts import actions
from cheyi.parts.actions import Incoming, Wanted
from cheyi.parts.models import Balance, Cost, Move, Part, Place, RequestLine
from tests.foundation.org import NOW, Town, found_town


def q(text) -> Quantity:
    return Quantity.of(text)


def yuan(text) -> Money:
    return Money.yuan(text)


ORDER = Source("trial.paper", 81, "ROSH012606150001")


@dataclass
class Stockroom:
    """The home store's shelves; the sister store has its own."""

    town: Town
    keeper: object = None
    bins: dict[str, Place] = field(default_factory=dict)

    def __post_init__(self):
        self.keeper = self.town.person("parts_keeper")
        for store in (self.town.store, self.town.sister):
            with everywhere("setting up"):
                self.bins[store.code] = actions.set_up_store(store=store, by=self.keeper, now=NOW)

    @property
    def store(self) -> Store:
        return self.town.store

    def part(self, part_no="BP-HAN-F", name="前刹车片", **details) -> Part:
        with everywhere("the catalogue is the group's"):
            return actions.add_part(
                part_no=part_no,
                name_zh=name,
                group_id=self.town.group.pk,
                by=self.keeper,
                now=NOW,
                **{"retail_price": yuan("620.00"), **details},
            )

    def part_no(self, part_no) -> Part:
        return Part.objects.get(part_no=part_no)

    def stock(self, part, quantity, value="0", *, store=None, now=NOW, **details) -> Move:
        at = store or self.store
        with everywhere("stock for a test"):
            moves = actions.receive_opening(
                incoming=[Incoming(part.pk, q(quantity), yuan(value), **details)], store=at, by=self.keeper, now=now
            )
        return moves[0]

    def ask(self, *wanted, source=ORDER, needed_at=None, now=NOW, **car):
        """Submit (part, quantity) pairs; the document's lines are numbered from 1 on."""
        return actions.submit(
            source=source,
            wanted=[Wanted(index, part.pk, q(quantity)) for index, (part, quantity) in enumerate(wanted, 1)],
            store=self.store,
            by=self.keeper,
            now=now,
            needed_at=needed_at,
            **car,
        )

    def line(self, request, at=0) -> RequestLine:
        return request.lines.order_by("pk")[at]

    def issue(self, line, quantity, number=None, *, now=NOW, **details):
        return actions.issue(
            line, quantity=q(quantity), typed_number=number or line.part.part_no, by=self.keeper, now=now, **details
        )

    def balance(self, part) -> tuple[str, str]:
        """On hand and reserved of a part in the store, over all its bins."""
        rows = list(Balance.objects.filter(part=part, store=self.store))
        return str(sum((r.on_hand for r in rows), q(0))), str(sum((r.reserved for r in rows), q(0)))

    def cost(self, part) -> tuple[str, str]:
        rows = list(Cost.objects.filter(part=part, store=self.store))
        return str(sum((r.quantity for r in rows), q(0))), str(sum((r.value for r in rows), yuan(0)))


def open_stockroom() -> Stockroom:
    return Stockroom(found_town())


def later(hours) -> object:
    return NOW + timedelta(hours=hours)


def everything(stockroom) -> dict[str, list]:
    """All stock rows, to prove that a refusal has changed nothing."""
    with everywhere("comparing"):
        return {
            "balances": list(Balance.objects.order_by("pk").values_list("pk", "on_hand", "reserved")),
            "costs": list(Cost.objects.order_by("pk").values_list("pk", "quantity", "value")),
            "moves": list(Move.objects.order_by("pk").values_list("pk", flat=True)),
            "lines": list(RequestLine.objects.order_by("pk").values_list("pk", "state", "issued", "returned", "cost")),
        }


def all_wrong() -> list[str]:
    """Everything that ``cheyi check`` finds."""
    return [sentence for finding in invariants.check() for sentence in finding.violations]
