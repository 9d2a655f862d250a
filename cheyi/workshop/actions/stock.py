"""What an order wants from the parts store: asking, giving up, and following what the store does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextvars import ContextVar
from datetime import datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Money, Quantity
from cheyi.parts import actions as parts
from cheyi.parts.models import Part
from cheyi.workshop.models import PartLine, WorkOrder
from cheyi.workshop.rules.life import PART, able
from cheyi.workshop.rules.pricing import discounted

KIND = "workshop.order"

USED = ["quantity", "gross", "discount", "net"]


def source_of(order: WorkOrder) -> Source:
    """How lower packages point up at an order."""
    return Source(KIND, order.pk, order.no)


def mark_requested(lines: Sequence[PartLine]) -> list[PartLine]:
    """The lines among some that the store can be asked for, moved on but not saved; the customer's own stay."""
    wanted = [line for line in lines if line.part_id is not None and line.state == "approved"]
    for line in wanted:
        line.state = PART.after(line.state, "submit")
    return wanted


_asking: ContextVar[list[int] | None] = ContextVar("cheyi_workshop_asking", default=None)


def is_asking() -> bool:
    """Whether an order is just asking the store: what is kept for it then is nothing that it had waited for."""
    return _asking.get() is not None


def run_short(line_id: int) -> None:
    """Mark a line that the store cannot serve; while its order asks, all of them together at the end of that."""
    told = _asking.get()
    if told is None:
        follow([line_id], "run_short")
    else:
        told.append(line_id)


def ask(order: WorkOrder, lines: Sequence[PartLine], *, store: Store, by: Viewer, now: datetime) -> None:
    """Ask the store for the parts of lines that ``mark_requested`` gave; the facts that follow set their states."""
    if lines:
        wanted = [parts.Wanted(line.pk, line.part_id, line.quantity) for line in lines if line.part_id is not None]
        short: list[int] = []
        token = _asking.set(short)
        try:
            parts.submit(
                source=source_of(order),
                wanted=wanted,
                store=store,
                needed_at=order.promised_at,
                plate=order.plate,
                vin=order.vin,
                by=by,
                now=now,
            )
        finally:
            _asking.reset(token)
        if short:
            follow(short, "run_short")


def ask_for_approved(order: WorkOrder, *, by: Viewer, now: datetime) -> int:
    """Ask for every approved part of an order that was not yet asked for; how many lines."""
    lines = list(PartLine.objects.filter(order=order, state="approved", part__isnull=False).order_by("pk"))
    if lines:
        mark_requested(lines)
        PartLine.objects.filter(pk__in=[line.pk for line in lines]).update(state="requested")
        ask(order, lines, store=order.store, by=by, now=now)
    return len(lines)


def give_up(order: WorkOrder, line_ids: Collection[int] | None, *, by: Viewer, now: datetime, reason: str = "") -> None:
    """Let the store keep what some lines (None: all) still want; they are approved again and no longer asked for."""
    parts.release(source=source_of(order), line_ids=line_ids, store=order.store, by=by, now=now, reason=reason)


# --- what the store tells -----------------------------------------------------------------------------------------


def follow(line_ids: Collection[int], verb: str) -> int:
    """Move some lines as the store says; lines for which the verb is not possible stay. How many moved."""
    moved = 0
    targets = {PART.after(state, verb) for state in able(PART, verb)}
    for target in targets:
        states = [state for state in able(PART, verb) if PART.after(state, verb) == target]
        moved += PartLine.objects.filter(pk__in=line_ids, state__in=states).update(state=target)
    return moved


def follow_order(order: WorkOrder, verb: str) -> int:
    """Move every part line of an order for which a verb is possible."""
    return follow(list(PartLine.objects.filter(order=order).values_list("pk", flat=True)), verb)


def record_issue(line_id: int, *, part_id: int, quantity: Quantity, value: Money, complete: bool) -> PartLine:
    """Write down that pieces were handed out for a line, and which part it was in the end."""
    line = PartLine.objects.select_for_update(of=("self",)).get(pk=line_id)
    line.issued += quantity
    line.issued_value += value
    line.cost = line.issued_value
    if line.part_id != part_id:
        _becomes(line, part_id)
    if complete:
        line.state = PART.after(line.state, "issue")
    line.save(update_fields=["issued", "issued_value", "cost", "state", "part", "part_no", "name", "grade", "unit"])
    return line


def record_return(line_id: int, *, quantity: Quantity, value: Money, state: str) -> PartLine:
    """Write down that pieces came back; a line of which nothing is left with the workshop is returned, or wanted again.

    ``state`` is that of the store's own line. Raises Refused ``workshop.line.not_now`` when an issue is undone whose
    parts are used by now.
    """
    line = PartLine.objects.select_for_update(of=("self",)).get(pk=line_id)
    line.returned += quantity
    line.issued_value -= value
    line.cost = line.issued_value
    whole = line.returned == line.issued
    if state == "requested" and line.state in {"issued", "used"}:
        line.state = PART.after(line.state, "undo_issue")
    elif whole and line.state in able(PART, "take_back"):
        line.state = PART.after(line.state, "take_back")
    elif line.state == "used":
        price_used(line)
    line.save(update_fields=["returned", "issued_value", "cost", "state", *USED])
    return line


def price_used(line: PartLine) -> None:
    """A part of which less was used than asked for costs less; not saved."""
    used = line.issued - line.returned
    if Quantity(0) < used < line.quantity:
        price = discounted(line.unit_price.times(used), line.discount_rate)
        line.quantity, line.gross, line.discount, line.net = used, price.gross, price.discount, price.net


def _becomes(line: PartLine, part_id: int) -> None:
    from_store = parts_of([part_id])[part_id]
    line.part_id, line.part_no, line.name = part_id, from_store.part_no, from_store.name_zh
    line.grade, line.unit = from_store.grade, from_store.unit


def parts_of(part_ids: Collection[int]) -> dict[int, Part]:
    """Parts of the catalogue by id."""
    found: dict[int, Part] = Part.objects.in_bulk(part_ids)
    return found
