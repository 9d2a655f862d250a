"""What the stocking engine proposes for a part, with everything that a buyer wants to see beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cheyi.kernel import Money, Quantity, Rate, Reason

BY_VALUE, ON_ORDER_ONLY, ALWAYS = 0, 1, 2
RULES = (BY_VALUE, ON_ORDER_ONLY, ALWAYS)

STOCKING: Mapping[str, tuple[str, ...]] = {
    "worth_keeping": ("level", "chance"),
    "not_worth_keeping": ("chance",),
    "on_order_only": (),
    "always_kept": ("level",),
    "held_to_most": ("level",),
    "held_to_shelf_life": ("level", "months"),
    "price_missing": (),
    "no_history": (),
    "ends": (),
    "backordered": ("quantity",),
    "in_packs": ("quantity", "pack"),
    "at_least": ("quantity",),
    "more_than_lasts": ("quantity", "months"),
}


@dataclass(frozen=True, slots=True)
class Backtest:
    """Mean loss per time ahead on the store's own past, by the forecast and by "as many as last time", and its money.

    A piece short counts nine tenths, one too many a tenth. ``origins``: how many past dates were tried; 0 means unknown.
    """

    error: Quantity
    naive_error: Quantity
    money: Money
    naive_money: Money
    origins: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """Order ``order`` of the part in row ``part``; nothing is true before a buyer accepts it.

    ``level`` is up to what stock is worth keeping over lead and review time, ``position`` what there is to count on.
    ``expected``, ``low`` and ``high`` are the mean, tenth and ninetieth per cent of demand in that time; ``running_out`` the
    chance that it exceeds the position. ``last_months``: up to twelve, oldest first, None where unknown.
    """

    part: int
    order: Quantity
    level: Quantity
    position: Quantity
    last_months: tuple[Quantity | None, ...]
    expected: Quantity
    low: Quantity
    high: Quantity
    running_out: Rate
    value: Money
    past: Backtest
    reasons: tuple[Reason, ...]
