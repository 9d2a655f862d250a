"""What would make every plan wrong is refused before one is made: things that stand twice, promises beyond all measure."""

from __future__ import annotations

from collections.abc import Iterable

from cheyi.kernel import Refused
from cheyi.workshop.engine.model import Shop

MOST_WEIGHT = 1_000
MOST_AFTER = 7 * 24 * 60


def check_shop(shop: Shop) -> None:
    """Refuse a shop that cannot be planned as it is told.

    Raises Refused ``workshop.plan.doubled`` (facts ``thing``, ``id``) when a task, technician, bay, tool or promise stands
    twice, and ``workshop.plan.bad_promise`` (fact ``order``) as ``check_promise`` does.
    """
    _refuse_doubles(shop)
    for promise in shop.promises:
        check_promise(promise.order, promise.after_minutes, promise.weight)


def check_promise(order: int, after_minutes: int, weight: int = 1) -> None:
    """Refuse a promise with a negative weight or time for check and wash, or more than 1,000 and a week of them."""
    for field, value, most in (("weight", weight, MOST_WEIGHT), ("after_minutes", after_minutes, MOST_AFTER)):
        if not 0 <= value <= most:
            raise Refused("workshop.plan.bad_promise", order=order, which=field, value=value, most=most)


def _refuse_doubles(shop: Shop) -> None:
    things: dict[str, Iterable[int]] = {
        "task": (task.id for task in shop.tasks),
        "technician": (technician.id for technician in shop.technicians),
        "bay": (bay.id for bay in shop.bays),
        "tool": (tool.id for tool in shop.tools),
        "promise": (promise.order for promise in shop.promises),
    }
    for thing, ids in things.items():
        seen: set[int] = set()
        for one in ids:
            if one in seen:
                raise Refused("workshop.plan.doubled", thing=thing, id=one)
            seen.add(one)
