"""Prices and discounts of lines: within the own limit at once, beyond it when a manager agrees (domain.md 10.4)."""

from __future__ import annotations

from datetime import datetime

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, lock
from cheyi.kernel import Hours, Money, Rate, Refused
from cheyi.workshop.actions.answers import keep_answers
from cheyi.workshop.actions.finishing import resume_when_answered
from cheyi.workshop.actions.lines import AnyLine, level_of
from cheyi.workshop.actions.moves import retotal
from cheyi.workshop.actions.settling import rebill
from cheyi.workshop.events import ExtraPriced
from cheyi.workshop.models import LabourLine, PartLine, WorkOrder
from cheyi.workshop.rules import pricing
from cheyi.workshop.rules.life import EDITING
from cheyi.workshop.rules.pricing import Given

MONEY = ["gross", "discount_rate", "discount", "net"]
WAITS = ["discount_reason", "discount_waits"]


@act
def change_price(
    line: AnyLine,
    *,
    unit_price: Money | None = None,
    hours: Hours | None = None,
    rate: Rate | None = None,
    reason: str,
    by: Viewer,
    now: datetime,
) -> AnyLine:
    """Change what a line costs: the hour's or piece's price, the sold hours, a fee's amount; the discount rate stays.

    What costs the same as before is left alone. A price below the list price is judged as the discount it is, together
    with the line's own (or a ``rate`` given with it), and waits like it beyond the limit. A rise of what the customer
    has agreed to blocks the settlement until he agrees again (``agree_to_price``). Raises Refused
    ``workshop.line.no_reason``, ``workshop.line.bad_amount``, ``workshop.line.too_dear``,
    ``workshop.line.too_many_hours``, ``workshop.line.below_cost``, ``workshop.order.not_now``.
    """
    order, line = opened(line, "change_price")
    _demand_reason(reason)
    pricing.check_price(unit_price, hours)
    before, old, without, gave = line.net, _asked_for(line), not line.gross, Given.of(line)
    _set_gross(line, unit_price, hours)
    if _asked_for(line) == old and rate is None:
        return line
    _put(line, pricing.discounted(line.gross, line.discount_rate if rate is None else rate))
    judge(order, line, gave, field="price", by=by)
    line.discount_reason = reason[:30] if Given.of(line).amount else line.discount_reason
    fields = [*MONEY, *WAITS, *_price_fields(line)]
    _agreed_at_counter(order, line, fields)
    line.save(update_fields=fields)
    retotal(order)
    rebill(order, by=by, now=now)
    audit(
        by,
        "workshop.line.price_changed",
        order,
        now=now,
        undo=("workshop.line.change_price", {"kind": line.kind, "line_id": line.pk, **old}),
        line=line.pk,
        kind=line.kind,
        reason=reason,
        before=before.fen,
        after=line.net.fen,
        waits=line.discount_waits,
    )
    if without and line.gross and line.state == "pending":
        _tell_priced(order, line, now=now)
    return line


@act
def agree_to_price(line: AnyLine, *, via: str, answered_by: str = "", by: Viewer, now: datetime) -> AnyLine:
    """The customer agrees to what a line costs now, after it has become dearer than he was told."""
    order, line = opened(line, "change_price")
    keep_answers(order, [line], yes=True, via=via, answered_by=answered_by, by=by, now=now)
    audit(by, "workshop.line.price_agreed", order, now=now, line=line.pk, net=line.net.fen, via=via)
    resume_when_answered(order, now=now)
    return line


@act
def discount(line: AnyLine, *, rate: Rate, reason: str, by: Viewer, now: datetime) -> AnyLine:
    """Give a discount on a line; beyond the giver's limit it waits for a manager and blocks the settlement until then.

    What the line's price lies below its list price counts with it. Raises Refused ``workshop.line.bad_discount``, ``workshop.line.below_cost``, ``workshop.line.no_reason``.
    """
    order, line = opened(line, "discount")
    _demand_reason(reason)
    before, gave = {"rate": line.discount_rate.parts, "net": line.net.fen}, Given.of(line)
    _put(line, pricing.discounted(line.gross, rate))
    judge(order, line, gave, field="discount", by=by)
    line.discount_reason = reason[:30]
    fields = [*MONEY, *WAITS]
    _agreed_at_counter(order, line, fields)
    line.save(update_fields=fields)
    retotal(order)
    rebill(order, by=by, now=now)
    audit(
        by,
        "workshop.line.discounted",
        order,
        now=now,
        undo=("workshop.line.discount", {"kind": line.kind, "line_id": line.pk, "rate": before["rate"]}),
        line=line.pk,
        rate=rate.parts,
        before=before,
        waits=line.discount_waits,
        reason=reason,
    )
    return line


@act
def approve_discount(line: AnyLine, *, by: Viewer, now: datetime) -> AnyLine:
    """Agree to a discount, or to a price below the list price, that waits.

    Raises Refused ``workshop.line.discount_waits_not``, ``workshop.line.below_cost``; beyond the own limit too
    ``workshop.line.discount_too_high``, beyond everybody's ``workshop.line.discount_nobody``.
    """
    order, line = opened(line, "discount")
    what = _waiting(line)
    if not by.is_system and not pricing.may_discount(
        what, line.kind, by.roles, cost=line.cost, member=pricing.NOTHING, field=""
    ):
        raise _beyond(what, line, by)
    line.discount_waits = False
    line.save(update_fields=["discount_waits"])
    audit(by, "workshop.line.discount_approved", order, now=now, line=line.pk, rate=what.rate.parts)
    return line


@act
def refuse_discount(line: AnyLine, *, by: Viewer, now: datetime) -> AnyLine:
    """Do not agree to what waits: the discount comes off, and a price below the list price is the list price again.

    Raises Refused ``workshop.line.discount_waits_not``, ``workshop.order.not_now``.
    """
    order, line = opened(line, "discount")
    what, old = _waiting(line), {**_asked_for(line), "rate": line.discount_rate.parts}
    if line.gross < line.listed:
        _set_gross(line, line.list_price, line.std_hours if isinstance(line, LabourLine) else None)
    _put(line, pricing.discounted(line.gross, pricing.NOTHING))
    line.discount_waits = False
    fields = [*MONEY, *WAITS, *_price_fields(line)]
    _agreed_at_counter(order, line, fields)
    line.save(update_fields=fields)
    retotal(order)
    rebill(order, by=by, now=now)
    audit(
        by,
        "workshop.line.discount_refused",
        order,
        now=now,
        undo=("workshop.line.change_price", {"kind": line.kind, "line_id": line.pk, **old}),
        line=line.pk,
        kind=line.kind,
        before=what.net.fen,
        after=line.net.fen,
    )
    return line


def _waiting(line: AnyLine) -> Given:
    if not line.discount_waits:
        raise Refused("workshop.line.discount_waits_not")
    return Given.of(line)


def _beyond(what: Given, line: AnyLine, by: Viewer) -> Refused:
    limit = pricing.limit_of(by.roles, line.kind)
    code = "discount_too_high" if pricing.agreers(what, line.kind) else "discount_nobody"
    facts = {"percent": what.rate.percents, "limit": limit.percents}
    return Refused(f"workshop.line.{code}", **facts, listed=what.listed, least=pricing.least(what.listed, limit))


def judge(order: WorkOrder, line: AnyLine, gave: Given, *, field: str, by: Viewer) -> None:
    """What is given away within the giver's limit stands, and so does what stood before; more waits for a manager."""
    member = pricing.member_discount(level_of(order), line.kind, line.payer)
    gives = Given.of(line)
    stands = by.is_system or pricing.may_discount(
        gives, line.kind, by.roles, cost=line.cost, member=member, field=field
    )
    line.discount_waits = not stands and (line.discount_waits or not gives.is_no_more_than(gave))


def opened(line: AnyLine, verb: str) -> tuple[WorkOrder, AnyLine]:
    """A line and its order, locked. Raises Refused ``workshop.order.not_now``."""
    order = lock(line.order)
    EDITING.after(order.state, verb)
    return order, lock(line)


def _demand_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("workshop.line.no_reason", field="reason")


def _tell_priced(order: WorkOrder, line: AnyLine, *, now: datetime) -> None:
    announce(
        ExtraPriced(store_id=order.store_id, happened_at=now, order_id=order.pk, line_kind=line.kind, line_id=line.pk)
    )


def _asked_for(line: AnyLine) -> dict[str, int | None]:
    """The price in fen and the hours in hundredths that ``change_price`` may set, as plain numbers."""
    if isinstance(line, LabourLine):
        price = line.rate if line.fixed_price is None else line.fixed_price
        return {"price": price.fen, "hours": line.sold_hours.parts}
    return {"price": (line.unit_price if isinstance(line, PartLine) else line.gross).fen, "hours": None}


def _set_gross(line: AnyLine, unit_price: Money | None, hours: Hours | None) -> None:
    if isinstance(line, LabourLine):
        line.sold_hours = line.sold_hours if hours is None else hours
        if unit_price is not None and line.fixed_price is not None:
            line.fixed_price = unit_price
        elif unit_price is not None:
            line.rate = unit_price
        line.gross = line.rate.times(line.sold_hours) if line.fixed_price is None else line.fixed_price
    elif isinstance(line, PartLine):
        line.unit_price = line.unit_price if unit_price is None else unit_price
        line.gross = line.unit_price.times(line.quantity)
    elif unit_price is not None:
        line.gross = unit_price


def priced_anew(order: WorkOrder, line: AnyLine, unit_price: Money | None) -> list[str]:
    """Work a line out again, at a price or at its own; gives the columns to be saved."""
    _set_gross(line, unit_price, None)
    _put(line, pricing.discounted(line.gross, line.discount_rate))
    fields = [*MONEY, *WAITS, *_price_fields(line)]
    _agreed_at_counter(order, line, fields)
    return fields


def _price_fields(line: AnyLine) -> list[str]:
    if isinstance(line, LabourLine):
        return ["sold_hours", "fixed_price", "rate"]
    return ["unit_price"] if isinstance(line, PartLine) else []


def _put(line: AnyLine, price: pricing.Price) -> None:
    line.gross, line.discount_rate, line.discount, line.net = (
        price.gross,
        price.discount_rate,
        price.discount,
        price.net,
    )


def _agreed_at_counter(order: WorkOrder, line: AnyLine, fields: list[str]) -> None:
    """While the order is only being opened the customer stands there; later a rise waits for his word."""
    if order.state in {"draft", "open"} and line.decided_net is not None:
        line.decided_net = line.net
        fields.append("decided_net")
