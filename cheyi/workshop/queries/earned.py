"""What an order brought and cost the house, for those who may see costs (domain.md 2.2, 6.1)."""

from __future__ import annotations

from dataclasses import dataclass

from cheyi.settlement import queries as settlement
from cheyi.settlement.rules.figures import Earned, earned
from cheyi.workshop.access import LINE_MODELS
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.queries.counter import KIND
from cheyi.workshop.rules.life import DEAD_LINES, PAID_STATES

FREE_OF_COST = "fee"


@dataclass(frozen=True, slots=True)
class OrderEarned:
    """Revenue, cost and margin of a settled order; ``unknown`` counts jobs, parts and sublets whose cost nobody knows."""

    money: Earned
    unknown: int


def earned_by(order: WorkOrder) -> OrderEarned | None:
    """What a settled order earned, by its bills and the costs of its lines; None before. Two queries."""
    if order.state not in PAID_STATES:
        return None
    rows = [
        table.objects.filter(order=order).exclude(state__in=(*DEAD_LINES, "pending")).values_list("cost", "net")
        for kind, table in LINE_MODELS.items()
        if kind != FREE_OF_COST
    ]
    costs = [cost for cost, _ in rows[0].union(*rows[1:], all=True)]
    bills = settlement.living_bills_of(KIND, [order.pk])
    known = [cost for cost in costs if cost is not None]
    return OrderEarned(earned([(bill.net_due, bill.tax) for bill in bills], known), len(costs) - len(known))
