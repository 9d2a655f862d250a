"""How many to keep: lead times from the shop's receipts, the classic formulas, and the engine's forecast with marginal value."""

from __future__ import annotations

import numpy as np

from cheyi.kernel import Quantity, Rate
from cheyi.parts.engine.demand.backtest import Choice, choose
from cheyi.parts.engine.demand.forecast import forecast_days
from cheyi.parts.engine.demand.history import Cleaned, History, clean
from cheyi.parts.engine.leadtimes import LeadTime, OrderLine, Receipt, learn
from cheyi.parts.engine.stocking import Stock, propose
from cheyi.parts.engine.worth import Goal
from tests.simulators.parts_kits import SUPPLIERS
from tests.simulators.parts_replay import Shop, sold

REPLAN = 28
MONTHS = 30


def months_asked(shop: Shop, day: int, months: int) -> np.ndarray:
    """What was asked for, [store, part, month of thirty days], oldest first; ``sold`` month by month."""
    return np.stack(
        [sold(shop, day + 1 - 30 * (at + 1), day + 1 - 30 * at) for at in range(months - 1, -1, -1)], axis=2
    )


class Receipts:
    """Lead times as learned from the shop's own receipts, anew every twelve weeks."""

    def __init__(self) -> None:
        self.learned = -(10**4)
        self.times: list[LeadTime] = []

    def of(self, shop: Shop) -> list[LeadTime]:
        if shop.day - self.learned >= 3 * REPLAN:
            self.learned = shop.day
            world, lines = shop.world, {}
            for part, ordered, came, pieces in shop.receipts:
                if ordered > shop.day - 400:
                    lines.setdefault((part, ordered), []).append(Receipt(world.day(came), Quantity(1000 * pieces)))
            orders = [
                OrderLine(int(world.supplier[part]), part, world.day(ordered), _sum(came), tuple(came))
                for (part, ordered), came in sorted(lines.items())
            ]
            supply = learn(orders, today=world.day(shop.day))
            self.times = [
                supply.lead_time(int(who), part, agreed_days=SUPPLIERS[who].agreed)
                for part, who in enumerate(world.supplier)
            ]
        return self.times


def _sum(came: list[Receipt]) -> Quantity:
    return Quantity(sum(one.quantity.parts for one in came))


class ClassicLevels:
    """Safety stock, reorder point and order-up-to level of domain.md 6.5 at 95 %, on twelve months of what was asked for."""

    def __init__(self, review: int = 7, z: float = 1.6449) -> None:
        self.review, self.z = review, z
        self.receipts = Receipts()

    def __call__(self, shop: Shop, day: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        months = months_asked(shop, day, 12)
        daily = months.mean(axis=2) / 30
        unrest = months.std(axis=2, ddof=1) ** 2 / 30
        times = self.receipts.of(shop)
        lead = np.array([one.mean_days for one in times])
        spread = np.array([one.deviation_days for one in times]) ** 2
        reorder = np.ceil(daily * lead + self.z * np.sqrt(lead * unrest + daily**2 * spread) - 1e-9)
        ahead = lead + self.review
        upto = np.ceil(daily * ahead + self.z * np.sqrt(ahead * unrest + daily**2 * spread) - 1e-9)
        return np.where(daily > 0, reorder, -1), np.where(daily > 0, np.maximum(upto, reorder + 1), 0), daily * 30


class EngineLevels:
    """The engine as a store runs it: forecast, marginal value, service goal; lots as in domain.md 6.5.

    ``fill`` is the goal; a piece missed counts by how many lines miss it, since a customer is served or not. The lead time is that
    within which ``arrives`` of all orders come. The memory is chosen by back-test, store by store, once a year. A lot is that of
    least cost at ``line`` yuan an order line and a fifth of the price a year, at most a month's demand.
    """

    def __init__(
        self, review: int = 3, *, fill: Rate = Rate(9300), arrives: Rate = Rate(8500), line: float = 30
    ) -> None:
        self.review, self.goal, self.arrives, self.line = review, Goal(fill=fill), arrives, line
        self.receipts = Receipts()
        self.choices: dict[int, tuple[int, Choice]] = {}

    def __call__(self, shop: Shop, day: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        world = shop.world
        asked = months_asked(shop, day, min(MONTHS, (day + 1) // 30)).astype(float)
        lead = np.array([one.quantile(self.arrives) for one in self.receipts.of(shop)])
        reorder, upto, monthly = (np.zeros(shop.on_hand.shape) for _ in range(3))
        for store in range(world.stores):
            past = clean(History(asked[store], category=world.category))
            choice = self._choice(store, day, past)
            stock = Stock(
                on_hand=1000 * shop.on_hand[store],
                on_order=1000 * shop.on_order[store],
                price=world.cost,
                lead_days=lead,
                review_days=self.review,
                pack=1000 * world.pack,
                weight=_lines_a_piece(shop, store),
            )
            plan = propose(past, stock, self.goal, choice=choice)
            monthly[store] = forecast_days(past, 30, choice.setting).level
            lot = np.sqrt(2 * 12 * monthly[store] * self.line / (0.2 * world.cost / 100))
            kept = plan.level // 1000
            reorder[store] = kept - 1
            upto[store] = np.where(kept > 0, kept - 1 + np.maximum(np.round(np.minimum(lot, monthly[store])), 1), 0)
        return reorder, upto, monthly

    def _choice(self, store: int, day: int, past: Cleaned) -> Choice:
        chosen, choice = self.choices.get(store, (-(10**4), None))
        if choice is None or day - chosen >= 365:
            choice = choose(past, 1)
            self.choices[store] = day, choice
        return choice


def _lines_a_piece(shop: Shop, store: int) -> np.ndarray:
    """Lines ÷ pieces of the last year, 1 for what was not asked for."""
    world = shop.world
    first, last = np.searchsorted(world.line_day, (max(shop.day - 365, 0), shop.day + 1))
    mine = world.line_store[first:last] == store
    part, pieces = world.line_part[first:last][mine], world.line_quantity[first:last][mine]
    lines = np.bincount(part, minlength=world.parts)
    return np.maximum(lines, 1) / np.maximum(np.bincount(part, pieces, minlength=world.parts), 1)
