"""Lines on an order: adding what was asked for, taking away, putting back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Max

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, lock
from cheyi.kernel import Money, Quantity, Rate, Refused
from cheyi.workshop.actions import drafting, stock
from cheyi.workshop.actions.drafting import Draft, JobWanted, PartWanted
from cheyi.workshop.actions.finishing import finish_if_rest_is_off, resume_when_answered
from cheyi.workshop.actions.moves import BY_KIND, DONE_STATES, retotal, walk
from cheyi.workshop.events import ExtraAdded
from cheyi.workshop.models import FeeLine, LabourLine, Line, PartLine, SubletLine, WorkOrder
from cheyi.workshop.queries.catalogue import car_kind, catalogue_for, part_facts
from cheyi.workshop.rules.flow import strictest
from cheyi.workshop.rules.jobs import price_part
from cheyi.workshop.rules.life import EDITING, PART, TABLES
from cheyi.workshop.rules.pricing import PAYERS, check_price, discounted

L = TypeVar("L", bound=Line)
AnyLine = LabourLine | PartLine | SubletLine | FeeLine


@act
def add_line(order: WorkOrder, *, jobs: Sequence[JobWanted], by: Viewer, now: datetime) -> Draft:
    """Add jobs that the customer asked for at the counter; they count as approved and their parts are asked for.

    Raises Refused ``workshop.order.not_now`` once the order is at work (``add_extra`` asks the customer then) and
    ``workshop.line.…``.
    """
    order = lock(order)
    EDITING.after(order.state, "add_line")
    made = drawn(order, jobs, state="approved", decided=at_counter(by, now), by=by, now=now)
    wanted = stock.mark_requested(made.parts) if order.state != "draft" else []
    drafting.write(made)
    if wanted:
        stock.ask(order, wanted, store=order.store, by=by, now=now)
    finish_edit(order, made, by=by, now=now, code="workshop.line.added")
    return made


@act
def add_part(
    order: WorkOrder,
    *,
    part: PartWanted,
    labour: LabourLine | None = None,
    payer: str = "customer",
    by: Viewer,
    now: datetime,
) -> PartLine:
    """Add one part to an order, to a job of it or by itself, approved at the counter and asked for."""
    order = lock(order)
    EDITING.after(order.state, "add_line")
    line = part_line_of(order, part, labour=labour, payer=payer, state="approved", by=by, now=now)
    for name, value in at_counter(by, now).items():
        setattr(line, name, value)
    line.decided_net = line.net
    wanted = stock.mark_requested([line]) if order.state != "draft" else []
    line.save(force_insert=True)
    stock.ask(order, wanted, store=order.store, by=by, now=now)
    retotal(order)
    audit(by, "workshop.line.added", order, now=now, undo=removing([line]), part_no=line.part_no, name=line.name)
    return line


@act
def add_fee(
    order: WorkOrder,
    *,
    name: str,
    amount: Money,
    fee: str = "other",
    payer: str = "customer",
    by: Viewer,
    now: datetime,
) -> FeeLine:
    """Add a fee: towing, storage, auxiliary material. Once work has begun the customer is asked first.

    Raises Refused ``workshop.line.bad_amount``, ``workshop.order.not_now``.
    """
    order = lock(order)
    line = FeeLine(**_simple(order, FeeLine, name, amount, payer, by, now), fee=fee)
    line.save(force_insert=True)
    retotal(order)
    audit(by, "workshop.line.added", order, now=now, undo=removing([line]), fee=fee, amount=amount.fen)
    announce_asked(order, [line], now)
    return line


@act
def add_sublet(
    order: WorkOrder,
    *,
    name: str,
    price: Money,
    cost: Money | None = None,
    supplier_name: str = "",
    payer: str = "customer",
    by: Viewer,
    now: datetime,
) -> SubletLine:
    """Add work that another firm does. Once work has begun the customer is asked first.

    Raises Refused ``workshop.line.bad_amount``, ``workshop.order.not_now``.
    """
    order = lock(order)
    line = SubletLine(**_simple(order, SubletLine, name, price, payer, by, now), supplier_name=supplier_name, cost=cost)
    line.save(force_insert=True)
    retotal(order)
    audit(by, "workshop.line.added", order, now=now, undo=removing([line]), sublet=name, amount=price.fen)
    announce_asked(order, [line], now)
    return line


@act
def remove_line(line: AnyLine, *, reason: str = "", by: Viewer, now: datetime) -> AnyLine:
    """Take a line off an order; a job takes its parts along, and the store keeps what it had reserved for them.

    An order at work that has nothing else to do goes on as after its last job.
    Raises Refused ``workshop.line.not_now`` once work on it has begun, ``workshop.line.part_issued`` while an issued
    part is not returned.
    """
    order = lock(line.order)
    EDITING.after(order.state, "remove_line")
    line = lock(line)
    parts = list(PartLine.objects.filter(labour_line=line)) if isinstance(line, LabourLine) else []
    taken = [line, *(part for part in parts if part.state not in {"cancelled", "declined", "returned"})]
    before = [{"kind": one.kind, "id": one.pk, "state": one.state} for one in taken]
    cancel_lines(order, taken, verb="remove_line", by=by, now=now)
    if isinstance(line, LabourLine):
        line.assignments.filter(ended_at__isnull=True).update(ended_at=now)
    reclass(order)
    retotal(order)
    audit(
        by,
        "workshop.line.removed",
        order,
        now=now,
        undo=("workshop.line.put_back", {"order_id": order.pk, "rows": before}),
        line=line.name,
        reason=reason,
    )
    resume_when_answered(order, now=now)
    finish_if_rest_is_off(order, by=by, now=now)
    return line


@act
def put_back(order: WorkOrder, *, rows: Sequence[dict[str, Any]], by: Viewer, now: datetime) -> None:
    """Put removed lines back as they were: approved ones are asked for again, pending ones wait for the answer again.

    An order that has gone on without an approved one is at work again.
    """
    order = lock(order)
    EDITING.after(order.state, "add_extra" if order.state != "draft" else "add_line")
    for row in rows:
        line = BY_KIND[row["kind"]].objects.select_for_update(of=("self",)).get(pk=row["id"], order=order)
        line.state = TABLES[line.kind].after(line.state, "propose_again" if row["state"] == "pending" else "put_back")
        line.save(update_fields=["state"])
    if order.state in DONE_STATES and any(row["state"] != "pending" for row in rows):
        walk(order, "reopen", by=by, now=now, facts={"because": "line put back"})
    if order.state != "draft":
        stock.ask_for_approved(order, by=by, now=now)
    reclass(order)
    retotal(order)
    audit(by, "workshop.line.put_back", order, now=now, lines=[row["id"] for row in rows])


@act
def change_quantity(line: PartLine, *, quantity: Quantity, by: Viewer, now: datetime) -> PartLine:
    """Want more or less of a part that is not yet handed out whole; what is out already is the least.

    Raises Refused ``workshop.line.part_issued``, ``workshop.line.bad_quantity``.
    """
    order = lock(line.order)
    EDITING.after(order.state, "change_price")
    line = lock(line)
    out = line.issued - line.returned
    if quantity <= Quantity(0) or quantity == line.quantity:
        raise Refused("workshop.line.bad_quantity", field="quantity", quantity=str(quantity))
    if quantity < out or line.state in {"issued", "used", "returned"}:
        raise Refused("workshop.line.part_issued", field="quantity", name=line.name, count=str(out))
    before = line.quantity
    if line.state not in {"approved", "pending"}:
        stock.give_up(order, [line.pk], by=by, now=now)
        line.refresh_from_db()
    _reprice_part(line, quantity)
    line.state = _after_change(line, out)
    line.save(update_fields=["quantity", "gross", "discount", "net", "state"])
    if order.state != "draft" and line.state == "approved":
        stock.ask_for_approved(order, by=by, now=now)
    retotal(order)
    audit(by, "workshop.line.quantity_changed", order, now=now, line=line.pk, before=str(before), after=str(quantity))
    line.refresh_from_db()
    return line


def _after_change(line: PartLine, out: Quantity) -> str:
    """Nothing more is wanted when the new quantity is what is out already."""
    if out and out == line.quantity and line.state != "issued":
        return PART.after("requested", "keep_issued")
    return line.state


def _reprice_part(line: PartLine, quantity: Quantity) -> None:
    price = discounted(line.unit_price.times(quantity), line.discount_rate)
    line.quantity, line.gross, line.discount = quantity, price.gross, price.discount
    line.net = price.net


def cancel_lines(order: WorkOrder, lines: Sequence[AnyLine], *, verb: str, by: Viewer, now: datetime) -> None:
    """Cancel some lines of an order; parts that the store was asked for are given up first."""
    asked = [
        line
        for line in lines
        if isinstance(line, PartLine) and line.state in {"requested", "reserved", "backordered", "picked"}
    ]
    for line in lines:
        if isinstance(line, PartLine) and line.issued > line.returned:
            raise Refused("workshop.line.part_issued", name=line.name, count=str(line.issued - line.returned))
    if asked:
        stock.give_up(order, [line.pk for line in asked], by=by, now=now)
        for line in asked:
            line.refresh_from_db(fields=["state"])
    for line in lines:
        word = "remove_line" if isinstance(line, PartLine) else verb
        line.state = TABLES[line.kind].after(line.state, word)
        line.save(update_fields=["state"])


# --- used by the other modules of the actions -----------------------------------------------------------------------


def at_counter(by: Viewer, now: datetime) -> dict[str, Any]:
    """The answer of a customer who stands at the counter."""
    return {"decided_at": now, "decided_by": by.name, "decided_via": "counter"}


def drawn(
    order: WorkOrder, jobs: Sequence[JobWanted], *, state: str, decided: dict[str, Any], by: Viewer, now: datetime
) -> Draft:
    """Lines of some jobs for a saved order, not yet written."""
    catalogue = catalogue_for(
        {job.op_code for job in jobs},
        car_kind(order.vehicle),
        store_id=order.store_id,
        on=order.store.business_date(now),
    )
    return drafting.draft(
        order,
        jobs,
        catalogue,
        level=level_of(order),
        state=state,
        decided=decided,
        first_seq=drafting.next_seqs(order),
        by=by,
        now=now,
    )


def level_of(order: WorkOrder) -> str:
    """The member level of the order's customer."""
    return order.customer.level if order.customer else "normal"


def part_line_of(
    order: WorkOrder,
    part: PartWanted,
    *,
    labour: LabourLine | None,
    payer: str,
    state: str,
    by: Viewer,
    now: datetime,
) -> PartLine:
    """A part line for a saved order, not yet written."""
    facts = part_facts([part.part_id], store_id=order.store_id) if part.part_id is not None else {}
    kit = drafting.kit_part(part, facts)
    common = {
        **_stamp(order, by, now),
        "state": state,
        "payer": _payer(labour.payer if labour else payer),
        "labour_line": labour,
        "source": labour.source if labour else "request",
    }
    return drafting.part_line(
        price_part(kit, payer=common["payer"], level=level_of(order)), common, _next(order, PartLine)
    )


def finish_edit(order: WorkOrder, made: Draft, *, by: Viewer, now: datetime, code: str) -> None:
    """What follows written lines: totals, the order's class, the audit row with its undo."""
    reclass(order)
    retotal(order)
    names = [line.name for line in (*made.labour, *made.fees)]
    audit(by, code, order, now=now, undo=removing([*made.labour, *made.fees]), lines=names, net=made.net.fen)


def announce_asked(order: WorkOrder, lines: Sequence[AnyLine], now: datetime) -> None:
    """Say that those of some new lines that wait for the customer do so."""
    pending = [line for line in lines if line.state == "pending"]
    for kind in dict.fromkeys(line.kind for line in pending):
        ids = tuple(line.pk for line in pending if line.kind == kind)
        announce(ExtraAdded(store_id=order.store_id, happened_at=now, order_id=order.pk, line_kind=kind, line_ids=ids))


def reclass(order: WorkOrder) -> None:
    """The order's regulatory class follows its living labour lines."""
    classes = LabourLine.objects.filter(order=order).exclude(state__in=["cancelled", "declined"])
    heaviest = strictest(list(classes.values_list("regulatory_class", flat=True)))
    if heaviest != order.regulatory_class:
        order.regulatory_class = heaviest
        order.save(update_fields=["regulatory_class"])


def removing(lines: Sequence[AnyLine]) -> tuple[str, dict[str, Any]] | None:
    """The undo of adding these lines."""
    rows = [[line.kind, line.pk] for line in lines]
    return ("workshop.line.remove_line", {"lines": rows}) if rows else None


def _stamp(order: WorkOrder, by: Viewer, now: datetime) -> dict[str, Any]:
    return {"store_id": order.store_id, "created_at": now, "created_by_id": by.user_id, "order": order}


def _payer(payer: str) -> str:
    if payer not in PAYERS:
        raise Refused("workshop.line.unknown_payer", field="payer", payer=payer)
    return payer


def _next(order: WorkOrder, table: type[AnyLine]) -> int:
    return (table.objects.filter(order=order).aggregate(last=Max("seq"))["last"] or 0) + 1


def _simple(
    order: WorkOrder, table: type[AnyLine], name: str, amount: Money, payer: str, by: Viewer, now: datetime
) -> dict[str, Any]:
    check_price(amount, field="amount")
    counter = EDITING.allows(order.state, "add_line")
    EDITING.after(order.state, "add_extra" if not counter else "add_line")
    answer = {**at_counter(by, now), "decided_net": amount, "state": "approved"} if counter else {"state": "pending"}
    return {
        **_stamp(order, by, now),
        **answer,
        "source": "request" if counter else "extra",
        "seq": _next(order, table),
        "name": name,
        "payer": _payer(payer),
        "list_price": amount,
        "gross": amount,
        "discount_rate": Rate(0),
        "discount": Money(0),
        "net": amount,
    }
