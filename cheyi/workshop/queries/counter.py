"""The cashier's counter: what waits to be settled, and one order's bills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from cheyi.customers.queries import CustomerBrief, brief
from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.foundation.sources import Source
from cheyi.kernel import Money
from cheyi.settlement import queries as settlement
from cheyi.settlement.models import Approval, Bill, CashierShift, CreditAccount, Payment, Prepayment, ShiftCount
from cheyi.settlement.queries import BillView, Takings, may_agree
from cheyi.settlement.rules.shifts import CASH, expected
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.queries.facts import order_facts
from cheyi.workshop.rules.missing import Missing, missing

KIND = "workshop.order"
BILLS = "settlement.bill.view"
WAITING = ("ready", "settled")
MOST_DEPOSITS = 60
HALF_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class AtCounter:
    """An order that can be settled or handed over, and what is still due for it."""

    order: WorkOrder
    owner: str
    due: Money
    minutes: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that somebody asked a second person for: whether the viewer asked it, or may decide it now."""

    approval: Approval
    plate: str
    is_own: bool
    may_decide: bool

    @property
    def waits(self) -> bool:
        """Nobody has decided yet."""
        return self.approval.state == "waiting"


@dataclass(frozen=True, slots=True)
class Counter:
    """The list with what it comes to, today's takings, the viewer's shift, deposits that can be used, what was asked.

    Without the right to see bills there is only the list: ``takings`` is None then.
    """

    orders: tuple[AtCounter, ...]
    takings: Takings | None
    to_take: Money
    shift: CashierShift | None
    deposits: tuple[Prepayment, ...]
    refundable: tuple[Payment, ...]
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class ShiftView:
    """The viewer's running shift: what to count, and beside it what was counted and what should be there."""

    shift: CashierShift | None
    methods: tuple[str, ...]
    counts: tuple[ShiftCount, ...]
    moved_since: bool
    last: tuple[CashierShift, ...]

    @property
    def largest_difference(self) -> Money:
        """By how much the way of paying that differs most is off, whichever direction."""
        return max((abs(row.counted - row.expected) for row in self.counts), default=Money(0))


@dataclass(frozen=True, slots=True)
class SettlingView:
    """One order at the counter: bills, what is due now, deposits and credit that can be used, what hand-over still asks."""

    order: WorkOrder
    owner: CustomerBrief | None
    bills: tuple[BillView, ...]
    due: Money
    deposits: tuple[Prepayment, ...]
    missing: tuple[Missing, ...]
    credit: CreditAccount | None = None

    @property
    def open_bills(self) -> list[Bill]:
        """The bills that still take money."""
        return [view.bill for view in self.bills if not view.is_met]

    @property
    def payments(self) -> list[Payment]:
        """What was paid on these bills, oldest first."""
        return [payment for view in self.bills for payment in view.payments]

    @property
    def others(self) -> list[BillView]:
        """The bills that somebody else than the customer pays."""
        return [view for view in self.bills if view is not self.customer_bill]

    @property
    def customer_bill(self) -> BillView | None:
        """The bill that the customer pays, if there is one."""
        return next((view for view in self.bills if view.bill.payer_type in ("customer", "fleet")), None)


def source_of(order: WorkOrder) -> Source:
    """How bills name their order."""
    return Source(KIND, order.pk, order.no)


def counter(store: Store, now: datetime, *, viewer: Viewer) -> Counter:
    """Orders that wait at the counter, what today brought, the viewer's shift, deposits, what was asked; nine queries at most."""
    rows = list(
        WorkOrder.objects.filter(store=store, state__in=WAITING)
        .select_related("customer")
        .order_by("state", "ready_at", "pk")[:50]
    )
    bills = settlement.living_bills_of(KIND, [row.pk for row in rows])
    owed = settlement.outstanding_of(bills)
    orders = tuple(_waits(row, owed.get(row.pk, row.approved_total), now) for row in rows)
    if not viewer.may(BILLS):
        return Counter(orders, None, _sum(orders), None, (), (), _asked(store, now, rows, viewer))
    deposits = Prepayment.objects.filter(store=store, amount__gt=F("used") + F("refunded"))
    return Counter(
        orders,
        settlement.takings(store, store.business_date(now)),
        _sum(orders),
        _running(viewer.user_id),
        tuple(deposits.select_related("customer").order_by("-pk")[:MOST_DEPOSITS]),
        _part_paid(bills) if viewer.may("settlement.payment.ask_refund") else (),
        _asked(store, now, rows, viewer),
    )


def _waits(row: WorkOrder, due: Money, now: datetime) -> AtCounter:
    minutes = int((now - row.state_at).total_seconds() // 60)
    return AtCounter(row, row.customer.name if row.customer else "", due, minutes)


def _sum(orders: Sequence[AtCounter]) -> Money:
    return sum((one.due for one in orders), Money(0))


def _asked(store: Store, now: datetime, orders: Sequence[WorkOrder], viewer: Viewer) -> tuple[Asked, ...]:
    """What the viewer asked for in the last half day, and what waits for his decision."""
    if not viewer.may("settlement.approval.view"):
        return ()
    plates = {row.pk: row.plate or row.vin for row in orders}
    found = [
        Asked(
            row,
            plates.get(row.source_id, "") if row.source_kind == KIND else "",
            row.created_by_id == viewer.user_id,
            row.state == "waiting" and may_agree(row, viewer),
        )
        for row in settlement.approvals_since(store, now - HALF_DAY)
    ]
    return tuple(one for one in found if one.is_own or one.may_decide)


def _part_paid(bills: Sequence[Bill]) -> tuple[Payment, ...]:
    """Payments that can be given back one by one: on bills that are not yet paid whole; no query when there are none."""
    partial = [bill.pk for bill in bills if bill.state == Bill.State.PARTIAL]
    if not partial:
        return ()
    rows = Payment.objects.filter(bill_id__in=partial, amount__gt=F("refunded"))
    return tuple(rows.select_related("bill").order_by("-pk")[:20])


def _running(user_id: int | None) -> CashierShift | None:
    return CashierShift.objects.filter(cashier_id=user_id or 0, state__in=("open", "counted")).first()


def shift_page(user_id: int | None) -> ShiftView:
    """The viewer's shift with what is to be counted: cash always, and every way of paying that moved; six queries."""
    shift = _running(user_id)
    last = tuple(CashierShift.objects.filter(cashier_id=user_id or 0, closed_at__isnull=False).order_by("-pk")[:5])
    if shift is None:
        return ShiftView(None, (), (), False, last)
    should = expected(shift.float_amount, settlement.movements_of(shift))
    counts = tuple(ShiftCount.objects.filter(shift=shift).order_by("method"))
    moved = {row.method: row.expected for row in counts if row.expected} != {k: v for k, v in should.items() if v}
    methods = tuple(sorted({CASH, *should}, key=lambda one: (one != CASH, one)))
    return ShiftView(shift, methods, counts, bool(counts) and moved, last)


def settling(order: WorkOrder) -> SettlingView:
    """One order's settlement page."""
    bills = tuple(settlement.bills_of(source_of(order)))
    return SettlingView(
        order=order,
        owner=brief(order.customer) if order.customer else None,
        bills=bills,
        due=_due(bills),
        deposits=tuple(settlement.prepayments_of(order.customer_id)) if order.customer_id else (),
        missing=tuple(one for one in missing(order_facts(order)) if one.blocks in ("settle", "hand_over")),
        credit=_credit(order),
    )


def _credit(order: WorkOrder) -> CreditAccount | None:
    """The customer's account, when he may owe anything."""
    account = settlement.credit_account(order.customer_id, order.store) if order.customer_id else None
    return account if account is not None and account.limit else None


def _due(bills: Sequence[BillView]) -> Money:
    return sum((view.bill.outstanding for view in bills if not view.is_met), Money(0))
