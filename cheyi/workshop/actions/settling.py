"""Bills of an order, its settlement, and taking both back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit, lock
from cheyi.foundation.fields import MoneyField, total
from cheyi.kernel import Money, Rate, Refused, allocate
from cheyi.settlement import actions as settlement
from cheyi.settlement import queries as bills
from cheyi.settlement.models import Approval, Bill, Payment
from cheyi.settlement.rules.approvals import AGREERS
from cheyi.workshop.actions import stock
from cheyi.workshop.actions.moves import LINE_TABLES, walk
from cheyi.workshop.models import ClockedHours, LabourLine, Line, PartLine, TechnicianProfile, WorkOrder
from cheyi.workshop.queries.facts import order_facts
from cheyi.workshop.rules.life import DEAD_LINES, ORDER
from cheyi.workshop.rules.missing import demand, missing

UNBILLED = (*DEAD_LINES, "pending")


@act
def present_bills(
    order: WorkOrder,
    *,
    coupon: Money | None = None,
    gap: settlement.Gap | None = None,
    round_to: Money | None = None,
    by: Viewer,
    now: datetime,
) -> list[Bill]:
    """Write the bills of a ready order, one per payer; earlier unpaid ones are withdrawn. None for an order of nothing.

    Raises Refused ``workshop.order.not_now``, ``settlement.bill.…``.
    """
    order = lock(order)
    ORDER.after(order.state, "settle")
    drafts = [draft for line in billed_lines(order) for draft in drafts_of(line)]
    if not drafts:
        settlement.void_unpaid(stock.source_of(order), store=order.store, by=by, now=now)
        return []
    return settlement.build(
        stock.source_of(order),
        drafts,
        store=order.store,
        customer_id=order.customer_id,
        coupon=coupon or Money(0),
        gap=gap,
        round_to=round_to,
        by=by,
        now=now,
    )


@act
def settle(order: WorkOrder, *, by: Viewer, now: datetime) -> WorkOrder:
    """All bills are met: the lines are frozen, the labour's cost is fixed.

    Raises Refused ``workshop.order.bills_open`` with the count and what is left to pay, and for what is missing
    (``workshop.order.mileage_missing``, ``workshop.order.final_check_missing``, …).
    """
    order = lock(order)
    ORDER.after(order.state, "settle")
    demand("settle", order_facts(order))
    if waiting := unmet(order):
        left = sum((view.bill.outstanding for view in bills.bills_of(stock.source_of(order))), Money(0))
        raise Refused("workshop.order.bills_open", field="amount", count=waiting, left=left)
    fix_labour_cost(order)
    walk(order, "settle", by=by, now=now)
    return order


def settle_if_met(order: WorkOrder, *, by: Viewer, now: datetime) -> bool:
    """Settle a ready order when its bills are met and nothing is missing (all of it on the house or the maker)."""
    lacking = any(one.blocks == "settle" for one in missing(order_facts(order)))
    if order.state != "ready" or lacking or not bills.all_met(stock.source_of(order)):
        return False
    settle(order, by=by, now=now)
    return True


@act
def unsettle(order: WorkOrder, *, reason: str, approver: Viewer | None = None, by: Viewer, now: datetime) -> WorkOrder:
    """Take a settlement back (反结算): money goes back the way it came, bills are withdrawn and written anew.

    Two people: ``by`` asks and ``approver`` (the store's manager) agrees. Raises Refused ``workshop.order.no_reason``,
    ``workshop.order.second_person``, ``workshop.order.not_now``, ``settlement.refund.…``.
    """
    settlement.hold_asked("unsettle", order.pk)
    order = lock(order)
    ORDER.after(order.state, "unsettle")
    if not reason.strip():
        raise Refused("workshop.order.no_reason", field="reason")
    if approver is None or approver.user_id == by.user_id or not may_approve(approver):
        raise Refused("workshop.order.second_person", field="approver")
    walk(
        order,
        "unsettle",
        by=by,
        now=now,
        facts={"reason": reason, "approver": approver.name},
        settled_at=None,
    )
    source = stock.source_of(order)
    for payment in Payment.objects.filter(bill__source_kind=source.kind, bill__source_id=source.id, state__in=PAID):
        left = payment.amount - payment.refunded
        settlement.refund(payment, amount=left, reason=reason, store=order.store, approver=approver, by=by, now=now)
    present_bills(order, by=by, now=now)
    settlement.lapse("unsettle", order.pk, now=now)
    return order


@act
def ask_unsettle(order: WorkOrder, *, reason: str, by: Viewer, now: datetime) -> Approval:
    """Ask the manager to agree that a settlement is taken back; it is when he does.

    Raises Refused ``workshop.order.no_reason``, ``workshop.order.not_now``, ``settlement.approval.waits``.
    """
    order = lock(order)
    ORDER.after(order.state, "unsettle")
    if not reason.strip():
        raise Refused("workshop.order.no_reason", field="reason")
    return settlement.ask(
        "unsettle",
        order.pk,
        stock.source_of(order),
        settlement.Wish(amount=takings_of(order), reason=reason),
        store=order.store,
        by=by,
        now=now,
    )


PAID = ("success", "partial_refund")


def may_approve(approver: Viewer) -> bool:
    """Whether somebody may agree to take a settlement back: the store's manager (domain.md 2.2)."""
    return any(approver.may(code) for code in AGREERS["unsettle"])


@act
def reopen(order: WorkOrder, *, reason: str, by: Viewer, now: datetime) -> WorkOrder:
    """Work goes on with an order that was finished and is not paid; its bills are withdrawn, used parts count as issued.

    Raises Refused ``workshop.order.no_reason``, ``workshop.order.money_taken``, ``workshop.order.not_now``.
    """
    order = lock(order)
    ORDER.after(order.state, "reopen")
    if not reason.strip():
        raise Refused("workshop.order.no_reason", field="reason")
    return walk(order, "reopen", by=by, now=now, facts={"reason": reason}, checks=[])


def withdraw_bills(order: WorkOrder, *, by: Viewer, now: datetime) -> None:
    """The bills of an order at work again are void. Raises Refused ``workshop.order.money_taken``."""
    if bills.anything_paid(stock.source_of(order)):
        raise Refused("workshop.order.money_taken", no=order.no)
    settlement.void_unpaid(stock.source_of(order), store=order.store, by=by, now=now)


def unmet(order: WorkOrder) -> int:
    """How many of an order's bills still wait for money; one when there is something to bill and no bill yet."""
    views = bills.bills_of(stock.source_of(order))
    if not views:
        return int(any(line.net for line in billed_lines(order)))
    return sum(not view.is_met for view in views)


def billed_lines(order: WorkOrder) -> list[Line]:
    """The lines that appear on bills, labour first."""
    return [
        line
        for table in LINE_TABLES
        for line in table.objects.filter(order=order).exclude(state__in=UNBILLED).order_by("seq")
    ]


def drafts_of(line: Line) -> list[settlement.BillLineDraft]:
    """A line as its payers see it; a split line gives each his piece, and the pieces add up."""
    shares: Sequence[tuple[str, int]] = [(str(who), int(part)) for who, part in line.shares] or [
        (line.payer, Rate.PER_UNIT)
    ]
    weights = [part for _, part in shares]
    gross, net = allocate(line.gross, weights), allocate(line.net, weights)
    code, grade, text, unit, price = _words(line)
    return [
        settlement.BillLineDraft(
            payer=who,
            kind=line.kind,
            name=line.name,
            gross=gross[place],
            discount=gross[place] - net[place],
            line_id=line.pk,
            code=code,
            grade=grade,
            amount_text=text,
            unit=unit,
            unit_price=price,
        )
        for place, (who, _) in enumerate(shares)
    ]


def _words(line: Line) -> tuple[str, str, str, str, Money | None]:
    if isinstance(line, LabourLine):
        return line.op_code, "", str(line.sold_hours), "h", None if line.fixed_price is not None else line.rate
    if isinstance(line, PartLine):
        return line.part_no, line.grade, str(line.quantity), line.unit, line.unit_price
    return "", "", "", "", None


def fix_labour_cost(order: WorkOrder) -> None:
    """What the labour of an order cost the house: clocked hours at each technician's hourly cost, per line."""
    hours = list(ClockedHours.objects.filter(line__order=order))
    if not hours:
        return
    people = {row.technician_id for row in hours}
    rates = {
        row.employee_id: row.hourly_cost
        for row in TechnicianProfile.objects.filter(employee_id__in=people, hourly_cost__isnull=False)
    }
    costs: dict[int, Money] = {}
    for row in hours:
        rate = rates.get(row.technician_id)
        if rate is not None:
            costs[row.line_id] = costs.get(row.line_id, Money(0)) + rate.times(row.actual_hours)
    lines = list(LabourLine.objects.filter(pk__in=costs))
    for line in lines:
        line.cost = costs[line.pk]
    if lines:
        LabourLine.objects.bulk_update(lines, ["cost"])


def takings_of(order: WorkOrder) -> Money:
    """What was paid for an order so far."""
    source = stock.source_of(order)
    rows = Payment.objects.filter(bill__source_kind=source.kind, bill__source_id=source.id)
    paid = rows.aggregate(paid=total("amount", MoneyField), back=total("refunded", MoneyField))
    return (paid["paid"] or Money(0)) - (paid["back"] or Money(0))


def rebill(order: WorkOrder, *, by: Viewer, now: datetime) -> None:
    """A ready order whose prices changed is billed anew."""
    if order.state == "ready":
        present_bills(order, by=by, now=now)
        audit(by, "workshop.order.rebilled", order, now=now)
