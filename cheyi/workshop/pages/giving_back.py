"""Money that goes back: on a payment, of a deposit, or a whole settlement; above a limit a second person agrees."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.foundation.pages import fragment, go, page, say
from cheyi.foundation.ui.filters import plate, yuan
from cheyi.kernel import Refused
from cheyi.settlement import access as settlement
from cheyi.settlement.actions import ask_refund, ask_refund_prepayment, refund, refund_prepayment
from cheyi.settlement.models import Payment, Prepayment
from cheyi.settlement.queries import given_back_alone
from cheyi.settlement.rules.shifts import CASH
from cheyi.workshop import access, actions
from cheyi.workshop.actions.settling import takings_of
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.pages import agreeing
from cheyi.workshop.pages.settling import LABELS, money
from cheyi.workshop.queries.counter import KIND, settling


@page("settlement.payment.ask_refund", second=True)
def give_back(request: Any, order_id: int) -> HttpResponse:
    """Give money back on a payment of an order that is not settled; a settled one is taken back as a whole."""
    order = access.order(request.viewer, order_id)
    payment = _payment(order, (request.POST if request.method == "POST" else request.GET).get("payment", ""))
    if request.method == "GET":
        facts: dict[str, Any] = {
            "order": order,
            "payment": payment,
            "left": payment.amount - payment.refunded,
            "labels": LABELS,
        }
        agreement = agreeing.to_refund(request, facts["left"], before=given_back_alone(payment=payment))
        return fragment(request, "workshop/_give_back.html", agreement=agreement, **facts)
    wish = {"amount": money(request.POST.get("amount", ""), "amount"), "reason": request.POST.get("reason", "")}
    by = {"store": request.store, "by": request.viewer, "now": request.now}
    if request.POST.get("act") == "ask":
        ask_refund(payment, **wish, **by)
        return _asked(request)
    row = refund(payment, **wish, approver=request.approver, **by)
    say(request, _("Given back: %(amount)s, receipt %(no)s") % {"amount": yuan(row.amount), "no": row.no})
    return _back_to(request, order)


def _payment(order: WorkOrder, wanted: str) -> Payment:
    """Raises Refused ``workshop.order.not_now`` when the order has no such payment, or is settled."""
    rows = Payment.objects.filter(bill__source_kind=KIND, bill__source_id=order.pk).select_related("bill")
    payment = next((one for one in rows if str(one.pk) == wanted), None)
    if payment is None or order.state != "ready":
        raise Refused("workshop.order.not_now", state=order.state, verb="refund")
    return payment


@page("workshop.order.unsettle", second=True)
def unsettle(request: Any, order_id: int) -> HttpResponse:
    """Take a settlement back: all money goes back the way it came, the bill is written anew."""
    order = access.order(request.viewer, order_id)
    back = takings_of(order)
    if request.method == "GET":
        facts: dict[str, Any] = {"order": order, "back": back, "labels": LABELS}
        facts["payments"] = [one for one in settling(order).payments if one.amount > one.refunded]
        return fragment(request, "workshop/_unsettle.html", agreement=agreeing.to_unsettle(request), **facts)
    wish = {"reason": request.POST.get("reason", ""), "by": request.viewer, "now": request.now}
    if request.POST.get("act") == "ask":
        actions.ask_unsettle(order, **wish)
        return _asked(request)
    order = actions.unsettle(order, approver=request.approver, **wish)
    said = _("Settlement of %(plate)s taken back, %(amount)s goes back")
    say(request, said % {"plate": plate(order.plate) or order.vin, "amount": yuan(back)})
    return _back_to(request, order)


def _asked(request: Any) -> HttpResponse:
    say(request, _("Asked for. It waits for an answer; you see it at the counter"))
    return go(request, "workshop:counter")


def _back_to(request: Any, order: WorkOrder) -> HttpResponse:
    """The order's bills for who takes money there, else the counter."""
    if request.viewer.may("workshop.order.settle"):
        return go(request, "workshop:settle", order_id=order.pk)
    return go(request, "workshop:counter")


@page("settlement.payment.ask_refund", second=True)
def deposit_back(request: Any, prepayment_id: int) -> HttpResponse:
    """Give back what is left of a deposit, or a part of it."""
    row = settlement.prepayment(prepayment_id)
    if request.method == "GET":
        earnest = row.kind == Prepayment.Kind.EARNEST
        agreement = agreeing.to_refund(request, row.left, before=given_back_alone(prepayment=row), always=earnest)
        ways = [(code, LABELS.get(code, code)) for code in dict.fromkeys((row.method, CASH))]
        return fragment(request, "workshop/_deposit_back.html", row=row, ways=ways, labels=LABELS, agreement=agreement)
    wish = {name: request.POST.get(name, "") for name in ("method", "reason")}
    wish |= {"amount": money(request.POST.get("amount", ""), "amount")}
    by = {"store": request.store, "by": request.viewer, "now": request.now}
    if request.POST.get("act") == "ask":
        ask_refund_prepayment(row, **wish, **by)
        return _asked(request)
    back = refund_prepayment(row, **wish, approver=request.approver, **by)
    said = _("Given back of deposit %(no)s: %(amount)s, receipt %(receipt)s")
    say(request, said % {"no": row.no, "amount": yuan(back.amount), "receipt": back.no})
    return go(request, "workshop:counter")
