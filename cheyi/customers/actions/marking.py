"""Marks that come from what was counted elsewhere: where a customer stands in his life with the shop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from cheyi.customers.models import Customer
from cheyi.foundation.acts import act

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class LifeMark:
    """Where a customer stands (a code of ``Customer.LifeCycle``, or nothing), and whether he is about to leave."""

    state: str = ""
    at_risk: bool = False


UNKNOWN = LifeMark()


@act
def mark_life(marks: Mapping[int, LifeMark], *, group_id: int) -> int:
    """Write the marks of all customers of a group, none for those who are not named; returns how many changed.

    Only what differs is written, without an audit row: a mark is counted, nobody decided it. One statement per mark
    and five hundred customers.
    """
    changed: dict[LifeMark, list[int]] = defaultdict(list)
    rows = Customer.objects.filter(group_id=group_id, merged_into=None).order_by("pk")
    for customer_id, state, at_risk in rows.values_list("pk", "life_cycle", "at_risk"):
        mark = marks.get(customer_id, UNKNOWN)
        if mark != LifeMark(state, at_risk):
            changed[mark].append(customer_id)
    for mark, ids in changed.items():
        for start in range(0, len(ids), AT_ONCE):
            Customer.objects.filter(pk__in=ids[start : start + AT_ONCE]).update(
                life_cycle=mark.state, at_risk=mark.at_risk
            )
    return sum(len(ids) for ids in changed.values())
