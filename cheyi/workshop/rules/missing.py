"""What an order still lacks, which verb each lack blocks, and where to go to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cheyi.kernel import Refused
from cheyi.workshop.rules.flow import REQUIRED, STATUTORY, Flow

BEFORE_ALL = ("dispatch", "start", "finish", "settle", "hand_over", "close")


@dataclass(frozen=True, slots=True)
class Missing:
    """One lack: its code, the verb that it blocks, the name of the screen that mends it, and how many."""

    code: str
    blocks: str
    target: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What the list is made from, counted by a query; states of lines as numbers per state."""

    flow: Flow
    regulatory_class: str = "none"
    has_customer: bool = True
    has_vin: bool = True
    labour: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, int] = field(default_factory=dict)
    others_pending: int = 0
    clocks_running: int = 0
    walk_around: str = ""
    interviewed: bool = False
    approved_in_writing: bool = False
    checks: frozenset[str] = frozenset()
    mileage_confirmed: bool = False
    mileage_in: int | None = None
    mileage_out: int | None = None
    discounts_to_approve: int = 0
    bills_open: int = 0
    certified: bool = False
    old_parts_choice: str = ""
    keys_out: bool = False
    list_given: str = ""

    @property
    def lines_pending(self) -> int:
        """Lines that wait for the customer's answer."""
        return self.labour.get("pending", 0) + self.parts.get("pending", 0) + self.others_pending


def missing(facts: OrderFacts) -> tuple[Missing, ...]:
    """Everything that some later verb will ask for, in the order of the verbs; empty when nothing is missing."""
    found = [
        *_before_start(facts),
        *_before_finish(facts),
        *_before_settle(facts),
        *_before_hand_over(facts),
    ]
    if not facts.has_vin:
        found.append(Missing("vin", "close", "vehicle"))
    return tuple(found)


def demand(verb: str, facts: OrderFacts) -> None:
    """Raise Refused ``workshop.order.<code>_missing`` for the first lack that blocks the verb.

    The fact ``also`` lists the codes of the others, ``target`` names the screen that mends it.
    """
    blocking = [one for one in missing(facts) if one.blocks == verb]
    if blocking:
        first = blocking[0]
        raise Refused(
            f"workshop.order.{first.code}_missing",
            verb=verb,
            count=first.count,
            target=first.target,
            also=[one.code for one in blocking[1:]],
        )


def _before_start(facts: OrderFacts) -> list[Missing]:
    found = []
    if not sum(n for state, n in facts.labour.items() if state not in {"cancelled", "declined"}):
        found.append(Missing("diagnosis", "dispatch", "lines"))
    if unassigned := facts.labour.get("approved", 0):
        found.append(Missing("technician", "dispatch", "dispatch", unassigned))
    if facts.flow.switch("walk_around") == REQUIRED and not facts.walk_around:
        found.append(Missing("walk_around", "start", "walk_around"))
    if facts.flow.switch("approval") == REQUIRED and not facts.approved_in_writing:
        found.append(Missing("approval", "start", "approval"))
    return found


def _before_finish(facts: OrderFacts) -> list[Missing]:
    found = []
    undone = sum(facts.labour.get(state, 0) for state in ("approved", "assigned", "working", "paused"))
    waiting = sum(facts.parts.get(state, 0) for state in ("approved", "requested", "reserved", "backordered", "picked"))
    if undone:
        found.append(Missing("job", "finish", "lines", undone))
    if facts.clocks_running:
        found.append(Missing("clock_stop", "finish", "lines", facts.clocks_running))
    if waiting:
        found.append(Missing("part_issue", "finish", "parts", waiting))
    return found


def _before_settle(facts: OrderFacts) -> list[Missing]:
    checks = [
        Missing(step, "settle", "check")
        for step in ("self_check", "team_check", "final_check")
        if facts.flow.switch(step, facts.regulatory_class) == REQUIRED and step not in facts.checks
    ]
    rows = (
        (facts.lines_pending, Missing("answer", "settle", "approval", facts.lines_pending)),
        (not facts.mileage_confirmed, Missing("mileage", "settle", "mileage")),
        (not facts.has_customer, Missing("customer", "settle", "customer")),
        (
            facts.flow.switch("interview") == REQUIRED and not facts.interviewed,
            Missing("interview", "settle", "interview"),
        ),
        (facts.discounts_to_approve, Missing("discount_approval", "settle", "lines", facts.discounts_to_approve)),
        (
            facts.regulatory_class in STATUTORY and not facts.certified,
            Missing("certificate", "settle", "check"),
        ),
    )
    return [*checks, *(one for holds, one in rows if holds)]


def _before_hand_over(facts: OrderFacts) -> list[Missing]:
    used = facts.parts.get("issued", 0) + facts.parts.get("used", 0)
    lower = facts.mileage_out is not None and facts.mileage_in is not None and facts.mileage_out < facts.mileage_in
    rows = (
        (facts.bills_open, Missing("payment", "hand_over", "settle", facts.bills_open)),
        (not facts.keys_out, Missing("keys", "hand_over", "hand_over")),
        (lower, Missing("mileage_out", "hand_over", "hand_over")),
        (used and not facts.old_parts_choice, Missing("old_parts_choice", "hand_over", "hand_over")),
        (not facts.list_given, Missing("settlement_list", "hand_over", "hand_over")),
    )
    return [one for holds, one in rows if holds]
