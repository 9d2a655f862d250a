"""The same two years under different buyers: the shelf, the orders and what came of it, day by day.

A line is a stock-out when the shelf does not have all of it on the day it is asked for. Then six in ten wait for an order of
their own (a few of those never come back and leave the part there), the others are lost.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from cheyi.kernel import Money
from tests.simulators.parts_store import World

DEAD_DAYS = 180
RETURN_DAYS = (180, 120, 60, 90)
RETURN_FEE = 0.15
TRADER = 4  # a dealer in old stock pays a quarter of what it cost
WAY_FEN = 900  # a piece on the daily van between stores


class Buyer(Protocol):
    """Decides in the evening of each day."""

    def evening(self, shop: Shop, day: int) -> None:
        """Look at the shelves and act through the shop's verbs."""


@dataclass
class Shop:
    """Shelves of all stores of a world under one buyer; arrays are [store, part], days count from the world's start."""

    world: World
    on_hand: np.ndarray
    day: int = 0
    on_order: np.ndarray = field(init=False)
    last_out: np.ndarray = field(init=False)
    since: np.ndarray = field(init=False)
    last_in: np.ndarray = field(init=False)
    served: np.ndarray = field(init=False)
    coming: dict[int, list[tuple[int, int, int, int]]] = field(default_factory=lambda: defaultdict(list))
    receipts: list[tuple[int, int, int, int]] = field(default_factory=list)
    cuts: dict[tuple[int, int], tuple[float, int]] = field(default_factory=dict)
    fen: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    closing: list[float] = field(default_factory=list)
    issued: list[float] = field(default_factory=list)
    dead: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        shape = self.world.stores, self.world.parts
        self.on_order = np.zeros(shape, np.int64)
        self.last_out = np.full(shape, -(10**4))
        self.since = np.zeros(shape, np.int64)
        self.last_in = np.full(shape, -(10**4))
        self.served = np.zeros(len(self.world.line_day), bool)

    def copy(self) -> Shop:
        """The same shelves for another buyer; money and measures begin anew."""
        other = Shop(self.world, self.on_hand.copy(), self.day)
        for name in ("on_order", "last_out", "since", "last_in", "served"):
            setattr(other, name, getattr(self, name).copy())
        for day, several in self.coming.items():
            other.coming[day] = list(several)
        other.receipts = list(self.receipts)
        return other

    def run(self, buyer: Buyer, days: int) -> Shop:
        """So many days with this buyer."""
        lines = np.searchsorted(self.world.line_day, np.arange(self.day, self.day + days + 1))
        for at in range(days):
            self._arrive()
            self._serve(int(lines[at]), int(lines[at + 1]))
            self._sell_cheaply()
            buyer.evening(self, self.day)
            self._close()
            self.day += 1
        return self

    # what a buyer can do

    def order(self, store: int, part: int, pieces: int) -> None:
        """Order from the supplier; it comes when it comes, now and then in two halves."""
        if pieces <= 0:
            return
        self.on_order[store, part] += pieces
        lead = int(self.world.lead[self.day, part])
        half = pieces // 2 if self.world.parted[self.day, part] else 0
        for pieces_now, days in ((pieces - half, lead), (half, 2 * lead + 2)):
            if pieces_now:
                self.coming[self.day + max(days, 1)].append((store, part, pieces_now, self.day))

    def move(self, giver: int, taker: int, part: int, pieces: int) -> None:
        """Send pieces on the van; they are there the day after tomorrow."""
        self._out(giver, part, pieces, used=False)
        self.on_order[taker, part] += pieces
        self.coming[self.day + 2].append((taker, part, pieces, -1))
        self.fen["ways"] += WAY_FEN * pieces

    def give_back(self, store: int, part: int, pieces: int) -> None:
        """Return to the supplier for its price less the fee."""
        self._out(store, part, pieces, used=False)
        self.fen["lost on returns"] += RETURN_FEE * float(self.world.cost[part]) * pieces

    def scrap(self, store: int, part: int, pieces: int) -> None:
        """Let a dealer in old stock have it."""
        self._out(store, part, pieces, used=False)
        self.fen["lost on scrapping"] += float(self.world.cost[part]) * (1 - 1 / TRADER) * pieces

    def promote(self, store: int, part: int, cut: float) -> None:
        """Offer at a lower price for three months."""
        self.cuts[store, part] = (cut, self.day + 90)

    def return_days_left(self, store: int, part: int) -> int:
        """For how many more days the supplier takes it back."""
        return RETURN_DAYS[self.world.supplier[part]] - (self.day - int(self.last_in[store, part]))

    def still(self) -> np.ndarray:
        """Days since the last outbound, or since it has been on hand; 0 where nothing is."""
        days = np.minimum(self.day - self.last_out, self.day - self.since)
        return np.where(self.on_hand > 0, days, 0)

    # what happens by itself

    def _arrive(self) -> None:
        for store, part, pieces, ordered in self.coming.pop(self.day, ()):
            if ordered <= -2:
                # An order for a customer who waited: handed out at once.
                self.issued_today += float(self.world.cost[part]) * pieces
                self.last_out[store, part] = self.day
                continue
            if ordered >= 0:
                self.receipts.append((part, ordered, self.day, pieces))
                self.last_in[store, part] = self.day
            self.on_order[store, part] -= pieces
            if not self.on_hand[store, part]:
                self.since[store, part] = self.day
            self.on_hand[store, part] += pieces

    issued_today: float = 0.0

    def _serve(self, first: int, last: int) -> None:
        world, on_hand = self.world, self.on_hand
        for at in range(first, last):
            store, part, pieces = int(world.line_store[at]), int(world.line_part[at]), int(world.line_quantity[at])
            if on_hand[store, part] >= pieces:
                self.served[at] = True
                self._out(store, part, pieces, used=True)
            elif world.line_waits[at]:
                comes = self.day + max(1, int(world.lead[self.day, part]))
                if world.line_fails[at]:
                    self.on_order[store, part] += pieces
                    self.coming[comes].append((store, part, pieces, self.day))
                else:
                    self.coming[comes].append((store, part, pieces, -2))

    def _sell_cheaply(self) -> None:
        """Buyers who come for the lower price: more the deeper the cut and the more cars still need the part."""
        if self.day % 30 or not self.cuts:
            return
        near = np.abs(self.world.line_day - self.day) < 365
        need = np.bincount(self.world.line_part[near], self.world.line_quantity[near], minlength=self.world.parts) / 24
        for (store, part), (cut, until) in list(self.cuts.items()):
            if self.day >= until or not self.on_hand[store, part]:
                del self.cuts[store, part]
                continue
            mean = 0.04 + need[part] / self.world.stores * (0.3 + 2.5 * cut)
            pieces = _poisson(mean, float(self.world.bargain[self.day // 30, store, part]))
            pieces = min(pieces, int(self.on_hand[store, part]))
            self._out(store, part, pieces, used=True)
            self.fen["lost on price cuts"] += pieces * max(
                0.0, float(self.world.cost[part]) - (1 - cut) * float(self.world.price[part])
            )

    def _out(self, store: int, part: int, pieces: int, *, used: bool) -> None:
        if not pieces:
            return
        assert 0 < pieces <= self.on_hand[store, part]
        self.on_hand[store, part] -= pieces
        if used:
            self.last_out[store, part] = self.day
            self.issued_today += float(self.world.cost[part]) * pieces

    def _close(self) -> None:
        value = self.on_hand * self.world.cost
        total = float(value.sum())
        self.closing.append(total)
        self.issued.append(self.issued_today)
        self.issued_today = 0.0
        if self.day % 30 == 29:
            self.dead.append(float(value[self.still() >= DEAD_DAYS].sum()) / max(total, 1.0))


def _poisson(mean: float, chance: float) -> int:
    """The count at which the cumulated chance passes ``chance``."""
    count, term = 0, float(np.exp(-mean))
    reached = term
    while reached < chance and count < 50:
        count += 1
        term *= mean / count
        reached += term
    return count


@dataclass(frozen=True)
class Result:
    """What a buyer's two years came to; shares from 0 to 1, days, money in yuan a year over all stores."""

    name: str
    stock_outs: float
    second_year: float
    dead: float
    stock_days: float
    value: Money
    costs: dict[str, int]


def result(name: str, shop: Shop, days: int) -> Result:
    """Stock-outs of all request lines (and of the last year), dead share at the last three month ends, stock days of the last year."""
    world, year = shop.world, min(365, days)
    begun = shop.day - days
    mine = (world.line_day >= begun) & (world.line_day < shop.day)
    late = mine & (world.line_day >= shop.day - year)
    mean = float(np.mean(shop.closing[-year:]))
    return Result(
        name=name,
        stock_outs=1 - float(shop.served[mine].mean()),
        second_year=1 - float(shop.served[late].mean()),
        dead=float(np.mean(shop.dead[-3:])),
        stock_days=mean / sum(shop.issued[-year:]) * year,
        value=Money(round(mean)),
        costs={what: round(fen / 100 / (days / 365)) for what, fen in sorted(shop.fen.items())},
    )


def sold(shop: Shop, start: int, end: int, *, known: np.ndarray | None = None) -> np.ndarray:
    """Pieces of [store, part] asked for from ``start`` until before ``end``, of the ``known`` lines only."""
    world = shop.world
    first, last = np.searchsorted(world.line_day, (max(start, 0), end))
    use = slice(int(first), int(last))
    weight = world.line_quantity[use] * (1 if known is None else known[use])
    place = world.line_store[use] * world.parts + world.line_part[use]
    return np.bincount(place, weight, minlength=world.stores * world.parts).reshape(world.stores, world.parts)


def order_packs(shop: Shop, want: np.ndarray) -> None:
    """Order what is wanted, rounded up to packs."""
    for store, part in np.argwhere(want > 0):
        pack = int(shop.world.pack[part])
        pieces = -(-int(np.ceil(want[store, part] - 1e-9)) // pack) * pack
        shop.order(int(store), int(part), pieces)
