"""Plans kept in this process for as long as the shop stands as it did: looking again plans nothing.

A shop (people, shifts, bays, work, clocks, promises and the minute) says everything that a plan depends on, so a plan is
kept beside the whole shop it was made for and given out only for an equal one. Whatever somebody does to any of it, in
this process or another, makes a shop that is not equal; there is nothing that would have to be told.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from cheyi.workshop.engine.model import Plan, Shop
from cheyi.workshop.engine.plans import plan_by_rule
from cheyi.workshop.engine.risk import Risk, at_risk

MOST_STORES = 32


class Kept:
    """The plan of one shop and its promises at risk, each made when first asked for, by one thread at a time."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self._lock = Lock()
        self._plan: Plan | None = None
        self._risks: dict[int, tuple[Risk, ...]] = {}

    def plan(self) -> Plan:
        """The rule's plan. Raises Refused as ``plan_by_rule``."""
        with self._lock:
            if self._plan is None:
                self._plan = plan_by_rule(self.shop)
            return self._plan

    def risks(self, most: int) -> tuple[Risk, ...]:
        """The promises that the plan breaks, the costliest first, at most so many."""
        plan = self.plan()
        with self._lock:
            if most not in self._risks:
                self._risks[most] = at_risk(self.shop, plan, most=most)
            return self._risks[most]


_lock = Lock()
_kept: OrderedDict[int, Kept] = OrderedDict()


def kept(store_id: int, shop: Shop) -> Kept:
    """What is kept for a store's shop as it stands; a shop that stands otherwise takes the place of the one before."""
    with _lock:
        found = _kept.get(store_id)
        if found is None or found.shop != shop or found.shop.now.tzinfo != shop.now.tzinfo:
            found = _kept[store_id] = Kept(shop)
        _kept.move_to_end(store_id)
        while len(_kept) > MOST_STORES:
            _kept.popitem(last=False)
        return found


def forget() -> None:
    """Give up every plan that is kept; for measuring what a new one costs."""
    with _lock:
        _kept.clear()
