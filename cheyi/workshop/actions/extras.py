"""Work that turns up during the repair: proposing it, and the customer's answer line by line (增项)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, lock
from cheyi.foundation.models import StoredFile
from cheyi.kernel import Refused
from cheyi.workshop.actions import drafting, stock
from cheyi.workshop.actions.answers import keep_answers
from cheyi.workshop.actions.drafting import Draft, JobWanted, PartWanted
from cheyi.workshop.actions.finishing import resume_when_answered
from cheyi.workshop.actions.lines import AnyLine, announce_asked, drawn, finish_edit, part_line_of, reclass, removing
from cheyi.workshop.actions.moves import BY_KIND, DONE_STATES, LINE_TABLES, retotal, walk
from cheyi.workshop.actions.reminding import remind_of_advice
from cheyi.workshop.events import ExtraDecided
from cheyi.workshop.models import Advice, Finding, LabourLine, PartLine, WorkOrder
from cheyi.workshop.rules.life import EDITING, TABLES


@act
def add_extra(
    order: WorkOrder, *, jobs: Sequence[JobWanted], finding: Finding | None = None, by: Viewer, now: datetime
) -> Draft:
    """Propose jobs to the customer; they wait for the answer, nothing is asked of the store until then."""
    order = lock(order)
    EDITING.after(order.state, "add_extra")
    asked = [_as_extra(job) for job in jobs]
    made = drawn(order, asked, state="pending", decided={}, by=by, now=now)
    drafting.write(made)
    if finding is not None and made.labour:
        finding.line = made.labour[0]
        finding.save(update_fields=["line"])
    finish_edit(order, made, by=by, now=now, code="workshop.line.extra_added")
    lines: list[AnyLine] = [*made.labour, *made.fees]
    announce_asked(order, lines, now)
    return made


@act
def add_extra_part(
    order: WorkOrder, *, part: PartWanted, labour: LabourLine | None = None, by: Viewer, now: datetime
) -> PartLine:
    """Propose one more part (a technician needs it); it waits for the customer's answer."""
    order = lock(order)
    EDITING.after(order.state, "add_extra")
    line = part_line_of(order, part, labour=labour, payer="customer", state="pending", by=by, now=now)
    line.source = "extra"
    line.save(force_insert=True)
    retotal(order)
    audit(by, "workshop.line.extra_added", order, now=now, undo=removing([line]), part_no=line.part_no)
    announce_asked(order, [line], now)
    return line


@act
def approve(
    lines: Sequence[AnyLine],
    *,
    via: str = "counter",
    answered_by: str = "",
    evidence: StoredFile | None = None,
    by: Viewer,
    now: datetime,
) -> WorkOrder:
    """The customer says yes to some pending lines of one order; a job's parts go with it and are asked for.

    ``via`` is the channel of the answer, ``answered_by`` who gave it. An order that was already done is opened again.
    Raises Refused ``workshop.line.not_now``, ``workshop.line.nothing_to_answer``.
    """
    order, taken = _answered(lines, "approve")
    keep_answers(order, taken, yes=True, via=via, answered_by=answered_by, evidence=evidence, by=by, now=now)
    if order.state in DONE_STATES:
        walk(order, "reopen", by=by, now=now, facts={"because": "extra approved"})
    stock.ask_for_approved(order, by=by, now=now)
    _after_answer(order, taken, yes=True, by=by, now=now)
    return order


@act
def decline(
    lines: Sequence[AnyLine],
    *,
    via: str = "counter",
    answered_by: str = "",
    later: bool = False,
    by: Viewer,
    now: datetime,
) -> WorkOrder:
    """The customer says no (or not now) to some pending lines; the jobs wait as advice on the car."""
    order, taken = _answered(lines, "decline")
    keep_answers(order, taken, yes=False, via=via, answered_by=answered_by, by=by, now=now)
    Advice.objects.bulk_create(_advice(order, line, later=later, by=by, now=now) for line in taken if _is_job(line))
    if any(_is_job(line) for line in taken):
        remind_of_advice(order, by=by, now=now)
    _after_answer(order, taken, yes=False, by=by, now=now)
    return order


@act
def ask_again(order: WorkOrder, *, lines: Sequence[tuple[str, int]], by: Viewer, now: datetime) -> None:
    """Take an answer back: the lines wait for the customer again. Approved ones only while nobody acted on them.

    Raises Refused ``workshop.line.not_now``.
    """
    order = lock(order)
    EDITING.after(order.state, "approve")
    for kind, line_id in lines:
        line = BY_KIND[kind].objects.select_for_update(of=("self",)).get(pk=line_id, order=order)
        if isinstance(line, PartLine) and line.state in {"requested", "reserved", "backordered"}:
            stock.give_up(order, [line.pk], by=by, now=now)
            line.refresh_from_db()
        line.state = TABLES[kind].after(line.state, "ask_again")
        line.decided_at, line.decided_by, line.decided_via, line.decided_net = None, "", "", None
        line.save(update_fields=["state", "decided_at", "decided_by", "decided_via", "decided_net"])
        if isinstance(line, LabourLine):
            waiting = Advice.objects.filter(order=order, op_id=line.op_id, resolved_at__isnull=True)
            waiting.update(resolved_at=now, resolved_by=order)
            remind_of_advice(order, by=by, now=now)
    reclass(order)
    retotal(order)
    audit(by, "workshop.line.asked_again", order, now=now, lines=[list(one) for one in lines])


def pending_lines(order: WorkOrder) -> list[AnyLine]:
    """Every line of an order that waits for the customer."""
    return [
        line for table in LINE_TABLES for line in table.objects.filter(order=order, state="pending").order_by("seq")
    ]


def _as_extra(job: JobWanted) -> JobWanted:
    fields = {name: getattr(job, name) for name in JobWanted.__slots__}
    return JobWanted(**{**fields, "source": "extra" if job.source == "request" else job.source})


def _answered(lines: Sequence[AnyLine], verb: str) -> tuple[WorkOrder, list[AnyLine]]:
    """The locked order and the pending lines that an answer concerns: a job brings its pending parts along."""
    if not lines:
        raise Refused("workshop.line.nothing_to_answer")
    order = lock(lines[0].order)
    EDITING.after(order.state, verb)
    taken: dict[tuple[str, int], AnyLine] = {}
    for line in lines:
        if line.order_id != order.pk:
            raise Refused("workshop.line.not_of_order", order=order.no)
        fresh = lock(line)
        fresh.state = TABLES[fresh.kind].after(fresh.state, verb)
        taken[fresh.kind, fresh.pk] = fresh
    jobs = [line for line in taken.values() if isinstance(line, LabourLine)]
    for part in PartLine.objects.filter(labour_line__in=jobs, state="pending").order_by("pk"):
        if ("part", part.pk) not in taken:
            part.state = TABLES["part"].after(part.state, verb)
            taken["part", part.pk] = part
    return order, list(taken.values())


def _after_answer(order: WorkOrder, lines: Sequence[AnyLine], *, yes: bool, by: Viewer, now: datetime) -> None:
    decision = Finding.Decision.APPROVE if yes else Finding.Decision.DECLINE
    Finding.objects.filter(line__in=[line.pk for line in lines if line.kind == "labour"]).update(decision=decision)
    reclass(order)
    retotal(order)
    names = [[line.kind, line.pk] for line in lines]
    audit(
        by,
        "workshop.line.extra_decided",
        order,
        now=now,
        undo=("workshop.line.ask_again", {"order_id": order.pk, "lines": names}),
        approved=yes,
        lines=[line.name for line in lines],
    )
    for kind in dict.fromkeys(line.kind for line in lines):
        ids = tuple(line.pk for line in lines if line.kind == kind)
        announce(
            ExtraDecided(
                store_id=order.store_id,
                happened_at=now,
                order_id=order.pk,
                line_kind=kind,
                line_ids=ids,
                approved=yes,
            )
        )
    resume_when_answered(order, now=now)


def _is_job(line: AnyLine) -> bool:
    return line.kind in {"labour", "sublet"}


def _advice(order: WorkOrder, line: AnyLine, *, later: bool, by: Viewer, now: datetime) -> Advice:
    finding = Finding.objects.filter(line=line).first() if isinstance(line, LabourLine) else None
    return Advice(
        store_id=order.store_id,
        created_at=now,
        created_by_id=by.user_id,
        vehicle_id=order.vehicle_id,
        order=order,
        op_id=line.op_id if isinstance(line, LabourLine) else None,
        text=line.name,
        urgency=finding.urgency if finding else "soon",
        price=line.net,
        refused=not later,
        advised_at=now,
    )
