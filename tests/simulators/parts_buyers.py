"""Who buys: by hand and by feel, by the classic formulas, or by the engine with pooling and slow-stock verdicts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cheyi.kernel import Money, Quantity, Rate
from cheyi.parts.engine.pooling import Price, Shelf, Wanted, Way, plan
from cheyi.parts.engine.slow import Elsewhere, IdlePart, ReturnTerms, keep_worth, verdict
from tests.simulators.parts_replay import TRADER, WAY_FEN, Buyer, Result, Shop, order_packs, result, sold
from tests.simulators.parts_store import REPLAY, WARM, World

REPLAN = 28
Levels = Callable[[Shop, int], tuple[np.ndarray, np.ndarray, np.ndarray]]


@dataclass
class HandBuyer:
    """A store's buyer as he is: every Monday through the list of what was sold, by feel.

    He knows sales, not demand; the last three months, not the season; so many months of cover, not lead times. He passes some
    parts over, buys again one by one what is seldom sold, too much after he was out of something, what the maker pushes for a
    new model, and a bonus quantity at the quarter's end. He neither moves nor returns anything.
    """

    world: World
    seed: int
    least: float = 0.6
    most: float = 2.9
    overlooks: float = 0.38
    trusts: float = 0.91
    pushed: float = 0.15
    bonus: int = 25
    curious: float = 0.3

    def __post_init__(self) -> None:
        self.dice = np.random.default_rng([self.seed, 99])
        shape = self.world.stores, self.world.parts
        self.feel = self.dice.lognormal(0, 0.45, shape)
        self.trusted = self.dice.random(shape) < self.trusts
        self.curious_about = self.dice.random(shape) < self.curious

    def evening(self, shop: Shop, day: int) -> None:
        if day % 7 == 0:
            self._review(shop, day)
        self._pushed(shop, day)
        if day % 91 == 90:
            self._bonus(shop, day)

    def _sold(self, shop: Shop, day: int, days: int) -> np.ndarray:
        return sold(shop, day - days, day + 1, known=shop.served)

    def _review(self, shop: Shop, day: int) -> None:
        quarter = self._sold(shop, day, 91) / 3
        year = self._sold(shop, day, 182)
        position = shop.on_hand + shop.on_order
        monthly = quarter * self.feel
        seen = self.dice.random(monthly.shape) >= self.overlooks
        low = (position < np.maximum(self.least * monthly, 1.0)) & (year > 0) & seen & self.trusted
        want = np.where(quarter > 0, np.maximum(self.most * monthly, 1.0), 1.0) - position
        low &= (year >= 2) | self.curious_about
        burnt = (shop.on_hand == 0) & (self.dice.random(monthly.shape) < 0.15)
        want = np.where(burnt, want * 2 + 1, want)
        order_packs(shop, np.where(low, want, 0))

    def _pushed(self, shop: Shop, day: int) -> None:
        """The maker's first stock for a new model: two months after the launch, some of everything."""
        fresh = np.flatnonzero(self.world.born == day - 60)
        for part in fresh:
            for store in range(self.world.stores):
                if self.dice.random() < self.pushed:
                    shop.order(store, int(part), int(self.world.pack[part]) * int(self.dice.integers(1, 3)))

    def _bonus(self, shop: Shop, day: int) -> None:
        """To reach the quarter's target he fills up with what he likes."""
        half = self._sold(shop, day, 182)
        for store in range(self.world.stores):
            liked = np.flatnonzero((half[store] > 0) & (self.world.supplier <= 1))
            for part in self.dice.choice(liked, min(len(liked), self.bonus), replace=False):
                pieces = max(1, round(float(half[store, part]) * self.dice.uniform(0.2, 0.9)))
                shop.order(store, int(part), -(-pieces // int(self.world.pack[part])) * int(self.world.pack[part]))


class Computed:
    """Reviews every ``every`` days: what stands at or under its reorder point is ordered up to its level.

    Levels are reckoned anew every four weeks. With ``pools`` idle stock of other stores is moved before anything is bought;
    with ``clears`` idle stock gets its verdict every four weeks, and what the verdict says is done.
    """

    def __init__(self, levels: Levels, *, every: int = 7, pools: bool = False, clears: bool = False) -> None:
        self.levels = levels
        self.every = every
        self.pools = pools
        self.clears = clears
        self.begun = -1
        self.asked = 0
        self.moved = 0
        self.verdicts: dict[str, int] = {}

    def evening(self, shop: Shop, day: int) -> None:
        if self.begun < 0:
            self.begun = day
        if (day - self.begun) % REPLAN == 0:
            self.reorder, self.upto, self.monthly = self.levels(shop, day)
            if self.clears:
                self._clear(shop)
        if (day - self.begun) % self.every == 0:
            self._review(shop)

    def _review(self, shop: Shop) -> None:
        position = shop.on_hand + shop.on_order
        want = np.where(position <= self.reorder, np.maximum(self.upto - position, 0), 0)
        if self.pools and want.any():
            want = self._pool(shop, want)
        order_packs(shop, want)

    def _pool(self, shop: Shop, want: np.ndarray) -> np.ndarray:
        """Move what the plan says; what it leaves to buy."""
        world = shop.world
        parts = np.flatnonzero(want.any(axis=0) & (shop.on_hand > self.upto).any(axis=0))
        chosen = [(int(store), int(part)) for store, part in np.argwhere(want[:, parts] > 0)]
        wanted = [Wanted(store, int(parts[at]), _pieces(want[store, parts[at]])) for store, at in chosen]
        shelves = [
            Shelf(
                int(store),
                int(parts[at]),
                _pieces(shop.on_hand[store, parts[at]]),
                _pieces(self.upto[store, parts[at]]),
                idle_days=int(shop.day - shop.last_out[store, parts[at]]),
                worth=keep_worth(self._idle(shop, int(store), int(parts[at]))),
            )
            for store, at in np.argwhere(shop.on_hand[:, parts] > self.upto[:, parts])
        ]
        prices = [Price(int(part), Money(int(world.cost[part]))) for part in parts]
        found = plan(wanted, shelves, prices, _ways(world))
        left = want.copy()
        for one in found.transfers:
            pieces = one.quantity.parts // 1000
            shop.move(one.giver, one.taker, one.part, pieces)
            left[one.taker, one.part] -= pieces
            self.moved += pieces
        return left

    def _idle(self, shop: Shop, store: int, part: int) -> IdlePart:
        world = shop.world
        idle = int(shop.on_hand[store, part]) - int(self.upto[store, part])
        room = self.upto[:, part] - shop.on_hand[:, part] - shop.on_order[:, part]
        others = [int(one) for one in np.flatnonzero(room > 0) if one != store]
        days = int(shop.return_days_left(store, part))
        return IdlePart(
            store,
            part,
            Quantity(1000 * max(idle, 0)),
            Money(int(world.cost[part])),
            Money(int(world.price[part])),
            float(self.monthly[store, part]),
            days_here=int(shop.day - max(shop.since[store, part], shop.last_in[store, part])),
            scrap=Money(int(world.cost[part]) // TRADER),
            terms=ReturnTerms(days, Rate(1500)) if days >= 0 else None,
            elsewhere=tuple(
                Elsewhere(one, _pieces(room[one]), float(self.monthly[one, part]), Money(WAY_FEN)) for one in others
            ),
        )

    def _clear(self, shop: Shop) -> None:
        for store, part in np.argwhere(shop.on_hand > self.upto):
            found = verdict(self._idle(shop, int(store), int(part)))
            pieces = found.quantity.parts // 1000
            self.verdicts[found.choice] = self.verdicts.get(found.choice, 0) + 1
            if found.choice == "return":
                shop.give_back(int(store), int(part), pieces)
            elif found.choice == "scrap":
                shop.scrap(int(store), int(part), pieces)
            elif found.choice == "transfer":
                shop.move(int(store), found.best.to, int(part), pieces)
            elif found.choice == "promote":
                shop.promote(int(store), int(part), float(found.best.cut.decimal))


def _pieces(amount: float) -> Quantity:
    return Quantity(1000 * int(amount))


def _ways(world: World) -> list[Way]:
    return [
        Way(giver, taker, int(world.minutes[giver, taker]), Money(WAY_FEN))
        for giver in range(world.stores)
        for taker in range(world.stores)
        if giver != taker
    ]


def by_hand(world: World, seed: int, warm: int = WARM) -> tuple[Shop, HandBuyer]:
    """The shelves as the hand buyer has made them when the two years begin, from a stock like that of a store of ten years."""
    dice = np.random.default_rng([seed, 5])
    first = np.zeros((world.stores, world.parts), np.int64)
    year = np.bincount(
        world.line_store[world.line_day < 365] * world.parts + world.line_part[world.line_day < 365],
        world.line_quantity[world.line_day < 365],
        minlength=first.size,
    ).reshape(first.shape)
    first += np.ceil(year / 12 * 1.5).astype(np.int64)
    # Left from models that have gone: bought once, never wanted since.
    old = np.flatnonzero(world.born < -3 * 365)
    left = (year[:, old] < 3) & (dice.random((world.stores, len(old))) < 0.04)
    first[:, old] += np.where(left, dice.integers(1, 3, left.shape), 0)
    shop, buyer = Shop(world, first), HandBuyer(world, seed)
    shop.run(buyer, warm)
    return shop, buyer


def replayed(
    world: World, seed: int, buyers: dict[str, Buyer | None], days: int = REPLAY, warm: int = WARM
) -> list[Result]:
    """Each buyer from the same shelves; None stands for the hand buyer, who goes on."""
    shelves, hand = by_hand(world, seed, warm)
    found = []
    for name, buyer in buyers.items():
        shop = shelves.copy().run(buyer or hand, days)
        found.append(result(name, shop, days))
    return found
