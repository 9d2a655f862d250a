"""The lives of orders, lines and appointments (domain.md 5.1 to 5.3): what is possible in which state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cheyi.kernel import Refused, StateTable

ORDER = StateTable(
    "workshop.order",
    [
        ("", "receive", "draft"),
        ("", "open_order", "open"),
        ("draft", "open_order", "open"),
        ("draft", "cancel", "cancelled"),
        ("open", "dispatch", "dispatched"),
        ("open", "start", "working"),
        ("open", "cancel", "cancelled"),
        ("dispatched", "start", "working"),
        ("dispatched", "take_off", "open"),
        ("dispatched", "cancel", "cancelled"),
        ("dispatched", "stop_work", "ready"),
        ("working", "hold", "hold"),
        ("working", "finish", "qc"),
        ("working", "cancel", "cancelled"),
        ("working", "stop_work", "ready"),
        ("hold", "resume", "working"),
        ("hold", "cancel", "cancelled"),
        ("hold", "stop_work", "ready"),
        ("qc", "pass_check", "wash"),
        ("qc", "skip_check", "wash"),
        ("qc", "send_back", "working"),
        ("qc", "reopen", "working"),
        ("wash", "finish_wash", "ready"),
        ("wash", "skip_wash", "ready"),
        ("wash", "reopen", "working"),
        ("ready", "settle", "settled"),
        ("ready", "reopen", "working"),
        ("settled", "hand_over", "delivered"),
        ("settled", "unsettle", "ready"),
        ("delivered", "close", "closed"),
    ],
)

_OPENING = ("draft", "open", "dispatched")
_REPAIR = ("open", "dispatched", "working", "hold", "qc")
_UNSETTLED = ("draft", "open", "dispatched", "working", "hold", "qc", "wash", "ready")


def _staying(*verbs: tuple[str, Iterable[str]]) -> StateTable:
    return StateTable("workshop.order", [(state, verb, state) for verb, states in verbs for state in states])


EDITING = _staying(
    ("add_line", _OPENING),
    ("add_extra", ("open", "dispatched", "working", "hold", "qc", "wash", "ready")),
    ("approve", _UNSETTLED),
    ("decline", _UNSETTLED),
    ("remove_line", _UNSETTLED),
    ("change_price", _UNSETTLED),
    ("discount", _UNSETTLED),
    ("split_payers", _UNSETTLED),
    ("substitute", _REPAIR),
    ("assign", ("dispatched", "working", "hold")),
    ("inspect", _UNSETTLED),
    ("report_finding", ("open", "dispatched", "working", "hold", "qc", "wash")),
    ("note_finding", _UNSETTLED),
    ("record_check", ("working", "qc")),
    ("change_promise", _UNSETTLED),
    ("confirm_mileage", (*_UNSETTLED, "settled")),
    ("describe", _UNSETTLED),
    ("come_back", ("delivered", "closed")),
)
"""What may be done to an order that leaves it in its state; ``assign`` changes or adds technicians of lines."""

LABOUR = StateTable(
    "workshop.line",
    [
        ("pending", "approve", "approved"),
        ("pending", "decline", "declined"),
        ("pending", "remove_line", "cancelled"),
        ("pending", "stop_work", "cancelled"),
        ("approved", "assign", "assigned"),
        ("approved", "remove_line", "cancelled"),
        ("approved", "stop_work", "cancelled"),
        ("approved", "ask_again", "pending"),
        ("assigned", "assign", "assigned"),
        ("assigned", "take_off", "approved"),
        ("assigned", "start_job", "working"),
        ("assigned", "remove_line", "cancelled"),
        ("assigned", "stop_work", "cancelled"),
        ("working", "start_job", "working"),
        ("working", "pause_job", "paused"),
        ("working", "finish_job", "done"),
        ("working", "stop_work", "cancelled"),
        ("paused", "assign", "paused"),
        ("paused", "start_job", "working"),
        ("paused", "finish_job", "done"),
        ("paused", "stop_work", "cancelled"),
        ("done", "pass_check", "passed"),
        ("done", "send_back", "working"),
        ("done", "reopen_job", "working"),
        ("passed", "send_back", "working"),
        ("passed", "reopen_job", "working"),
        ("declined", "ask_again", "pending"),
        ("cancelled", "put_back", "approved"),
        ("cancelled", "propose_again", "pending"),
    ],
)

PART = StateTable(
    "workshop.line",
    [
        ("pending", "approve", "approved"),
        ("pending", "decline", "declined"),
        ("pending", "remove_line", "cancelled"),
        ("approved", "submit", "requested"),
        ("approved", "remove_line", "cancelled"),
        ("approved", "ask_again", "pending"),
        ("approved", "use", "used"),
        ("requested", "reserve", "reserved"),
        ("requested", "run_short", "backordered"),
        ("requested", "issue", "issued"),
        ("requested", "remove_line", "cancelled"),
        ("requested", "substitute", "approved"),
        ("reserved", "pick", "picked"),
        ("reserved", "issue", "issued"),
        ("reserved", "run_short", "backordered"),
        ("reserved", "remove_line", "cancelled"),
        ("reserved", "substitute", "approved"),
        ("backordered", "reserve", "reserved"),
        ("backordered", "pick", "picked"),
        ("backordered", "issue", "issued"),
        ("backordered", "remove_line", "cancelled"),
        ("backordered", "substitute", "approved"),
        ("picked", "issue", "issued"),
        ("picked", "run_short", "backordered"),
        ("requested", "release", "approved"),
        ("reserved", "release", "approved"),
        ("backordered", "release", "approved"),
        ("picked", "release", "approved"),
        ("reserved", "expire", "requested"),
        ("requested", "keep_issued", "issued"),
        ("reserved", "keep_issued", "issued"),
        ("backordered", "keep_issued", "issued"),
        ("picked", "keep_issued", "issued"),
        ("issued", "use", "used"),
        ("issued", "take_back", "returned"),
        ("issued", "undo_issue", "requested"),
        ("used", "reopen", "issued"),
        ("used", "take_back", "returned"),
        ("declined", "ask_again", "pending"),
        ("cancelled", "put_back", "approved"),
        ("cancelled", "propose_again", "pending"),
    ],
)

OTHER = StateTable(
    "workshop.line",
    [
        ("pending", "approve", "approved"),
        ("pending", "decline", "declined"),
        ("pending", "remove_line", "cancelled"),
        ("pending", "stop_work", "cancelled"),
        ("approved", "finish_job", "done"),
        ("approved", "remove_line", "cancelled"),
        ("approved", "ask_again", "pending"),
        ("declined", "ask_again", "pending"),
        ("cancelled", "put_back", "approved"),
        ("cancelled", "propose_again", "pending"),
    ],
)
"""Sublet and fee lines: no clock, no stock."""

APPOINTMENT = StateTable(
    "workshop.appointment",
    [
        ("", "ask_for", "requested"),
        ("", "book", "confirmed"),
        ("requested", "confirm", "confirmed"),
        ("requested", "reschedule", "requested"),
        ("requested", "cancel", "cancelled"),
        ("confirmed", "reschedule", "confirmed"),
        ("confirmed", "arrive", "arrived"),
        ("confirmed", "mark_no_show", "no_show"),
        ("confirmed", "cancel", "cancelled"),
        ("arrived", "open_order", "converted"),
        ("no_show", "arrive", "arrived"),
    ],
)

OPEN_STATES = ("draft", "open", "dispatched", "working", "hold", "qc", "wash", "ready", "settled")
"""An order in one of these still has the car: a second one for it needs a reason."""

PAID_STATES = ("settled", "delivered", "closed")
IN_WORKSHOP = ("open", "dispatched", "working", "hold", "qc", "wash")
DEAD_LINES = ("declined", "cancelled", "returned")
HOLD_REASONS = (
    "wait_parts",
    "wait_approval",
    "wait_insurer",
    "wait_sublet",
    "wait_bay",
    "wait_tool",
    "wait_tech_support",
    "other",
)


def able(table: StateTable, verb: str) -> tuple[str, ...]:
    """The states from which a verb is possible."""
    return tuple(state for state, name, _ in table.moves if name == verb)


TABLES = {"labour": LABOUR, "part": PART, "sublet": OTHER, "fee": OTHER}


def hold_reason(reason: str) -> str:
    """The reason itself. Raises Refused ``workshop.order.unknown_hold_reason``."""
    if reason not in HOLD_REASONS:
        raise Refused("workshop.order.unknown_hold_reason", field="reason", reason=reason)
    return reason


@dataclass(frozen=True, slots=True)
class JobAtHand:
    """An agreed job that is not done: who is clocked in on it, and whether it waits (put aside with its reason, short of a part).

    ``own`` is the job of whoever puts the order on hold: he is at work on it himself and says that it does not go on.
    """

    name: str
    people: tuple[str, ...] = ()
    own: bool = False
    waits: bool = False


def may_hold(reason: str, jobs: Sequence[JobAtHand]) -> None:
    """Whether no job of an order can go on: a single waiting job is paused, and the order works on (domain.md 5.2).

    What is said of an order with one job is said of that job. Raises Refused ``workshop.order.job_goes_on`` while somebody
    else is at work on one, ``workshop.order.job_can_go_on`` when parts are waited for and one has all of its own.
    """
    others = [job for job in jobs if not job.own]
    if len(jobs) < 2 or not others:
        return
    at_work = [job for job in others if job.people]
    if at_work:
        first = at_work[0]
        raise Refused("workshop.order.job_goes_on", job=first.name, who=first.people[0])
    free = [job for job in others if not job.waits]
    if reason == "wait_parts" and free:
        raise Refused("workshop.order.job_can_go_on", job=free[0].name)


def may_resume(reason: str, *, parts_waiting: int, lines_pending: int) -> None:
    """Whether what the order waits for has come.

    Raises Refused ``workshop.order.parts_still_missing`` or ``workshop.order.answer_still_missing`` with the count.
    """
    if reason == "wait_parts" and parts_waiting:
        raise Refused("workshop.order.parts_still_missing", count=parts_waiting)
    if reason == "wait_approval" and lines_pending:
        raise Refused("workshop.order.answer_still_missing", count=lines_pending)


BEGUN = ("dispatched", "working", "hold")


def manager_ends(state: str, *, parts_moved: bool) -> bool:
    """Whether only the manager cancels: from the dispatch on, and once a part was handed out or came back (domain.md 5.2)."""
    return state in BEGUN or parts_moved


def cancel_or_stop(*, parts_out: int, paid: bool, kept: int, no: str = "") -> str:
    """Which verb ends work that the customer gives up: ``stop_work`` when something is to be paid, else ``cancel``.

    ``kept`` counts done and fee lines that stay on the bill. Raises Refused ``workshop.order.parts_outstanding``
    while issued parts are not returned, ``workshop.order.money_taken`` when a payment stands.
    """
    if parts_out:
        raise Refused("workshop.order.parts_outstanding", count=parts_out)
    if paid:
        raise Refused("workshop.order.money_taken", no=no)
    return "stop_work" if kept else "cancel"
