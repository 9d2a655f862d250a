"""The counter: what waits, one order's bills, taking money, handing over, the settlement list on paper."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cheyi.foundation.acts import to_undo
from cheyi.foundation.pages import go, page, say, screen
from cheyi.foundation.pages.numbers import number_in
from cheyi.foundation.ui.filters import plate, yuan
from cheyi.kernel import Money, Rate, Refused
from cheyi.settlement.actions import Tender, take_prepayment
from cheyi.settlement.rules.tendering import demand_amount
from cheyi.workshop import access, actions, mending, saying
from cheyi.workshop.actions import LeavingCar
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.models.choices import Grade, OldPartsChoice, Payer
from cheyi.workshop.pages.answering import owner_address
from cheyi.workshop.pages.approvals import ACTS
from cheyi.workshop.pages.lines import beyond
from cheyi.workshop.pages.readings import beside, kilometres
from cheyi.workshop.queries.counter import SettlingView, counter, settling
from cheyi.workshop.queries.printing import SettlementList, settlement_list
from cheyi.workshop.queries.shipped import reasons
from cheyi.workshop.wording_missing import MISSING

WAYS = (
    ("wechat", gettext_lazy("WeChat"), "brand-wechat"),
    ("alipay", gettext_lazy("Alipay"), "brand-alipay"),
    ("pos", gettext_lazy("Card"), "credit-card"),
    ("cash", gettext_lazy("Cash"), "cash"),
    ("transfer", gettext_lazy("Bank transfer"), "building-bank"),
)
CREDIT = "credit"
AMOUNT = re.compile(r"-?\d{1,9}(\.\d{1,2})?")
LABELS = {code: label for code, label, _icon in WAYS} | {"deposit_offset": gettext_lazy("Deposit")}


@page("workshop.order.view_counter", methods=("GET",))
def waiting(request: Any) -> HttpResponse:
    """What waits at the counter, and today's takings for those who may see bills."""
    view = counter(request.store, request.now, viewer=request.viewer)
    words: dict[str, Any] = {"labels": LABELS, "ways": WAYS, "lasting": saying.lasting, "acts": ACTS}
    return screen(request, "workshop/counter.html", view=view, **words)


@page("workshop.order.settle", methods=("GET",))
def settle(request: Any, order_id: int) -> HttpResponse:
    """One order's bills and the ways of paying."""
    return _settle_page(request, settling(access.order(request.viewer, order_id)))


def _settle_page(request: Any, view: SettlingView) -> HttpResponse:
    return screen(
        request,
        "workshop/settle.html",
        view=view,
        ways=WAYS,
        labels=LABELS,
        old_parts=OldPartsChoice.choices,
        missing_words=MISSING,
        who_else={one.code: mending.who_else(one.code, request.viewer) for one in view.missing},
        sheet=_list(request, view.order),
        reasons=reasons("discount"),
        payers=dict(Payer.choices),
    )


@page("workshop.order.pay_and_hand_over", methods=("POST",))
def pay(request: Any, order_id: int) -> HttpResponse:
    """Take the money; with the one button the car is handed over too."""
    order = access.order(request.viewer, order_id)
    view, form = settling(order), request.POST
    if form.getlist("way") == [CREDIT]:
        return _on_credit(request, order, view.due)
    tenders, who = _tenders(form, view.due), {"by": request.viewer, "now": request.now}
    with beside(**_amount_of(form, tenders, view)):
        if form.get("act") == "pay":
            old_parts = form.get("old_parts_choice", "")
            actions.pay(order, tenders=tenders, old_parts_choice=old_parts, **who)
            said = _("Received %(amount)s")
        else:
            actions.pay_and_hand_over(order, tenders=tenders, leaving=_leaving(form), **who)
            said = _("Received %(amount)s, %(plate)s handed over")
    taken = sum((one.amount for one in tenders), Money(0))
    say(request, said % {"amount": yuan(taken), "plate": plate(order.plate)})
    return go(request, "workshop:counter")


def _on_credit(request: Any, order: WorkOrder, due: Money) -> HttpResponse:
    """All that is due goes on the customer's account; with the one button the car is handed over too."""
    only = request.POST.get("act") == "pay"
    leaving = None if only else _leaving(request.POST)
    actions.put_on_credit(order, leaving=leaving, by=request.viewer, now=request.now)
    said = _("On credit: %(amount)s") if only else _("On credit: %(amount)s, %(plate)s handed over")
    say(request, said % {"amount": yuan(due), "plate": plate(order.plate)})
    return go(request, "workshop:counter")


@page("workshop.order.hand_over")
def hand_over(request: Any, order_id: int) -> HttpResponse:
    """Give the car back when everything is paid."""
    order = access.order(request.viewer, order_id)
    if request.method == "GET":
        return screen(
            request,
            "workshop/hand_over.html",
            view=settling(order),
            old_parts=OldPartsChoice.choices,
            missing_words=MISSING,
        )
    actions.hand_over(order, leaving=_leaving(request.POST), by=request.viewer, now=request.now)
    say(request, _("Handed over: %(plate)s. Follow-up in three days") % {"plate": plate(order.plate)}, undo=to_undo())
    return go(request, "workshop:order", order_id=order_id)


@page("workshop.order.settle", methods=("POST",))
def round_off(request: Any, order_id: int) -> HttpResponse:
    """Floor the customer's bill to whole steps (抹零), within what a cashier may."""
    order = access.order(request.viewer, order_id)
    step = money(request.POST.get("step", ""), "step")
    bills = actions.present_bills(order, round_to=step, by=request.viewer, now=request.now)
    given = sum((bill.rounding_off for bill in bills), Money(0))
    say(request, _("Rounded off: %(amount)s") % {"amount": yuan(given)})
    return go(request, "workshop:settle", order_id=order_id)


@page("workshop.line.discount", methods=("POST",))
def discount(request: Any, order_id: int) -> HttpResponse:
    """A discount on one line; beyond the giver's limit it waits for the manager."""
    order = access.order(request.viewer, order_id)
    kind, _colon, line_id = request.POST.get("line", "").partition(":")
    chosen = number_in(line_id)
    line = access.line(request.viewer, kind, chosen) if chosen else None
    if line is None or line.order_id != order.pk:
        raise Refused("workshop.line.not_of_order", order=order.no)
    rate = _percent(request.POST.get("percent", ""))
    line = actions.discount(line, rate=rate, reason=request.POST.get("reason", ""), by=request.viewer, now=request.now)
    said = _("Discount on %(line)s waits for a manager") if line.discount_waits else _("%(line)s discounted")
    say(request, said % {"line": line.name} + beyond(line, request.viewer), undo=to_undo())
    return go(request, "workshop:settle", order_id=order_id)


@page("settlement.payment.take_payment", methods=("POST",))
def take_deposit(request: Any, order_id: int) -> HttpResponse:
    """Money in advance from the customer of an order that is here."""
    order = access.order(request.viewer, order_id)
    if order.customer_id is None:
        raise Refused("workshop.order.no_customer")
    row = take_prepayment(
        customer_id=order.customer_id,
        amount=money(request.POST.get("amount", ""), "amount"),
        method=request.POST.get("way", ""),
        kind="service",
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    say(request, _("Deposit %(no)s: %(amount)s") % {"no": row.no, "amount": yuan(row.amount)})
    return go(request, "workshop:settle", order_id=order_id)


@page("settlement.bill.view", methods=("GET",))
def paper(request: Any, order_id: int) -> HttpResponse:
    """The settlement list (维修费用结算清单) on paper."""
    order = access.order(request.viewer, order_id)
    page = "settle" if request.viewer.may("workshop.order.settle") else "order"
    return screen(
        request,
        "workshop/print_settlement.html",
        sheet=_list(request, order),
        grades=dict(Grade.choices),
        labels=LABELS,
        back=reverse(f"workshop:{page}", kwargs={"order_id": order.pk}),
    )


def _list(request: Any, order: WorkOrder) -> SettlementList:
    return settlement_list(order, request.store, address=owner_address(request, order))


def money(text: str, field: str) -> Money:
    """What somebody typed as an amount in yuan. Raises Refused ``workshop.counter.bad_amount`` for what is none."""
    plain = text.replace(",", "").replace("，", "").replace("¥", "").strip()
    if not AMOUNT.fullmatch(plain):
        raise Refused("workshop.counter.bad_amount", field=field, text=text[:20])
    return Money.yuan(plain)


def _percent(text: str) -> Rate:
    """Raises Refused ``workshop.line.bad_discount``."""
    percent = number_in(text)
    if percent is None or percent > 100:
        raise Refused("workshop.line.bad_discount", field="percent", percent=text[:20])
    return Rate.percent(percent)


def _tenders(form: Any, due: Money) -> list[Tender]:
    """One way takes all that is due; several ways come with their amounts."""
    ways, amounts = form.getlist("way"), form.getlist("amount")
    if not _several(form):
        return [Tender(ways[0], due)] if due and ways else []
    deposits, numbers = form.getlist("deposit"), form.getlist("number")
    return [
        _tender(
            way,
            amount,
            numbers[place] if place < len(numbers) else "",
            number_in(deposits[place]) if place < len(deposits) else None,
        )
        for place, (way, amount) in enumerate(zip(ways, amounts, strict=False))
        if amount.strip()
    ]


def _several(form: Any) -> bool:
    return len(form.getlist("way")) > 1 or any(form.getlist("amount"))


def _tender(way: str, amount: str, number: str, deposit: int | None) -> Tender:
    field = _field(way, deposit)
    tender = Tender(way, money(amount, field), number, deposit)
    with beside(amount=field):
        demand_amount(tender.amount)
    return tender


def _field(way: str, deposit: int | None) -> str:
    """The id of the amount of one way of paying."""
    return f"amount-{way}" if deposit is None else f"deposit-{deposit}"


def _amount_of(form: Any, tenders: list[Tender], view: SettlingView) -> dict[str, str]:
    """Beside which amount a refusal of the payment stands: more than a deposit has, more than is due, else the last.

    One way of paying has no amount to stand beside.
    """
    if not _several(form):
        return {"amount": "", "prepayment_id": ""}
    left, deposits, wrong = view.due, {one.pk: one.left for one in view.deposits}, None
    for tender in tenders:
        left -= tender.amount
        deposit = deposits.get(tender.prepayment_id or 0)
        if left < Money(0) or (deposit is not None and tender.amount > deposit):
            wrong = tender
            break
    wrong = wrong or (tenders[-1] if tenders else Tender(WAYS[0][0], view.due))
    field = _field(wrong.method, wrong.prepayment_id)
    return {"amount": field, "prepayment_id": field}


def _leaving(form: Any) -> LeavingCar:
    typed = form.get("mileage_out", "")
    return LeavingCar(
        mileage_out=kilometres(typed, "mileage_out") if typed.strip() else None,
        old_parts_choice=form.get("old_parts_choice", ""),
        list_given=form.get("list_given", "link"),
        keys_out="keys_out" in form,
    )
