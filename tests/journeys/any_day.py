"""A business day in any order: acts that a shop could try, one after the other, whatever stands in their way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from cheyi.foundation import acts, invariants, todos
from cheyi.foundation.models import AuditEntry, Todo
from cheyi.kernel import Money, Quantity, Rate, Refused
from cheyi.parts import actions as parts
from cheyi.parts.models import Balance, Cost, Move, RequestLine, Reservation
from cheyi.settlement import actions as settlement
from cheyi.settlement.actions import Tender
from cheyi.settlement.models import Bill, Payment, Prepayment, Refund
from cheyi.settlement.queries import bills_of
from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted, LeavingCar
from cheyi.workshop.actions.stock import source_of
from cheyi.workshop.models import LabourLine, PartLine, WorkOrder
from cheyi.workshop.rules.calling import CALL_BACK
from cheyi.workshop.rules.quality import checklist
from tests.foundation.org import NOW
from tests.workshop.shop import Shop, everything

CODES = ("MA001", "CH001", "DT004", "MA007")
PLATES = ("沪A80001", "沪A80002", "沪A80003")
KEPT = (
    WorkOrder,
    LabourLine,
    PartLine,
    Balance,
    Cost,
    Move,
    RequestLine,
    Reservation,
    Bill,
    Payment,
    Refund,
    Prepayment,
)
PIECES = ("0.5", "1", "2", "4", "40", "0", "-1")
AMOUNTS = ("0.01", "100", "560", "1000", "0", "-5", "99999999")
RATES = (0, 500, 1500, 9000, 10_000, 10_001)
HOLDS = ("wait_parts", "wait_tool", "wait_approval", "other")
PAYERS = ("customer", "warranty", "internal", "insurer")
GONE = ("closed", "cancelled")
LEAVING = LeavingCar(old_parts_choice="give_up", keys_out=True)
FORWARD = 0.5
"""How often the next act is the one by which an order usually goes on."""


class AnyDay:
    """What people do in the shop, drawn at random; after each act the books add up, and what was refused left no trace."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop, self.dice, self.now = shop, Random(seed), NOW
        self.told: list[str] = []
        self.wang, self.li = shop.technician(), shop.technician("李强")

    def play(self, acts_wanted: int) -> None:
        """So many acts, one after the other."""
        for _ in range(acts_wanted):
            order = self._order()
            if order is not None and self.dice.random() < FORWARD:
                self.go_on(order)
            else:
                self.dice.choice(self.ACTS)(self)

    def attempt(self, verb: Callable[..., Any], *what: Any, **words: Any) -> None:
        """Do it some minutes later; a refusal must leave everything as it was, a success all books in order."""
        self.now += timedelta(minutes=7)
        before = everything(*KEPT)
        try:
            verb(*what, now=self.now, **words)
        except Refused as refused:
            self.told.append(f"{verb.__name__} {what}: {refused.code}")
            if everything(*KEPT) != before:
                raise AssertionError("\n".join([*self.told, "a refusal left a trace"])) from refused
            return
        self.told.append(f"{verb.__name__} {what}")
        wrong = [line for finding in invariants.check() for line in finding.violations]
        if wrong:
            raise AssertionError("\n".join([*self.told, *wrong]))

    def _one(self, rows: Any) -> Any:
        found = list(rows.order_by("pk"))
        return self.dice.choice(found) if found else None

    def _order(self) -> WorkOrder | None:
        live = self._one(WorkOrder.objects.exclude(state__in=GONE))
        return live if live and self.dice.random() < 0.9 else self._one(WorkOrder.objects.all())

    # --- the ordinary way -----------------------------------------------------------------------------------------

    def go_on(self, order: WorkOrder) -> None:
        """The next step of an order as it usually goes."""
        step = self.WAY.get(order.state)
        if step is not None:
            step(self, order)

    def dispatch(self, order: WorkOrder) -> None:
        if not LabourLine.objects.filter(order=order).exists():
            self.attempt(actions.add_line, order, jobs=[JobWanted(self.dice.choice(CODES))], by=self.shop.advisor)
        who = self.shop.employee(self.li if self.dice.random() < 0.1 else self.wang)
        self.attempt(actions.dispatch, order, technician=who, by=self.shop.foreman)

    def work(self, order: WorkOrder) -> None:
        """A part is handed out, else a job begun or the running one finished."""
        wanted = RequestLine.objects.filter(request__source_id=order.pk).select_related("part").order_by("pk")
        line = next((one for one in wanted if one.outstanding and one.state != "backordered"), None)
        jobs = LabourLine.objects.filter(order=order).order_by("seq")
        running, free = jobs.filter(state="working"), jobs.filter(state__in=["approved", "assigned", "paused"])
        if line is not None:
            self._issue(line, line.outstanding)
        elif running:
            by = self.li if running[0].clocks.filter(technician_id=self.li.employee_id).exists() else self.wang
            self.attempt(actions.finish_job, running[0], self_checked=True, by=by)
        elif free:
            theirs = free[0].assignments.filter(technician_id=self.li.employee_id, ended_at=None).exists()
            self.attempt(actions.start_job, free[0], by=self.li if theirs else self.wang)
        elif pending := actions.pending_lines(order):
            self.attempt(self.dice.choice([actions.approve, actions.decline]), pending, by=self.shop.advisor)
        else:
            self.attempt(actions.finish, order, self_checked=True, by=self.shop.foreman)

    def resume(self, order: WorkOrder) -> None:
        self.attempt(actions.resume, order, anyway=self.dice.random() < 0.5, by=self.shop.foreman)

    def pass_check(self, order: WorkOrder) -> None:
        ticked = dict.fromkeys(checklist("final"), True)
        self.attempt(actions.pass_check, order, answers=ticked, road_test_km=3, by=self.shop.inspector)

    def finish_wash(self, order: WorkOrder) -> None:
        self.attempt(actions.finish_wash, order, by=self.shop.advisor)

    def pay(self, order: WorkOrder) -> None:
        """All of it mostly, or an amount that somebody mistyped; sometimes the bills are only presented."""
        if pending := actions.pending_lines(order):
            self.attempt(self.dice.choice([actions.approve, actions.decline]), pending, by=self.shop.advisor)
        if not order.mileage_confirmed:
            self.attempt(actions.confirm_mileage, order, km=20_400, by=self.shop.advisor)
        if self.dice.random() < 0.2:
            self.attempt(actions.present_bills, order, by=self.shop.cashier)
            return
        bills = [view.bill for view in bills_of(source_of(order)) if not view.is_met]
        due = sum((bill.outstanding for bill in bills), Money(0))
        amount = due if self.dice.random() < 0.6 else Money.yuan(self.dice.choice(AMOUNTS))
        tenders = [Tender(self.dice.choice(["cash", "wechat"]), amount)]
        self.attempt(settlement.take_payment, bills, tenders, store=self.shop.store, by=self.shop.cashier)

    def hand_over(self, order: WorkOrder) -> None:
        self.attempt(actions.hand_over, order, leaving=LEAVING, by=self.shop.advisor)

    def close(self, order: WorkOrder) -> None:
        """Now and then the owner is called, which closes it; else somebody tries too early."""
        call = Todo.objects.filter(source_id=order.pk, kind=CALL_BACK, done_at=None).first()
        if call is not None and self.dice.random() < 0.5:
            self.attempt(todos.done, call, by=self.shop.manager)
        else:
            self.attempt(actions.close, order, by=self.shop.manager)

    # --- what else happens ----------------------------------------------------------------------------------------

    def open_order(self) -> None:
        codes = self.dice.sample(CODES, self.dice.choice([0, 1, 1, 2, 2, 3]))
        self.attempt(
            actions.open_order,
            vehicle=self.shop.cars[self.dice.choice(PLATES)],
            jobs=[JobWanted(code) for code in codes],
            mileage=20_400 if self.dice.random() < 0.8 else None,
            dispatch_to=self.shop.employee(self.wang) if self.dice.random() < 0.5 else None,
            by=self.shop.advisor,
        )

    def add_jobs(self) -> None:
        if order := self._order():
            verb = self.dice.choice([actions.add_line, actions.add_extra])
            self.attempt(verb, order, jobs=[JobWanted(self.dice.choice(CODES))], by=self.shop.advisor)

    def add_fee(self) -> None:
        if order := self._order():
            amount = Money.yuan(self.dice.choice(AMOUNTS))
            self.attempt(actions.add_fee, order, name="拖车", amount=amount, by=self.shop.advisor)

    def answer(self) -> None:
        order = self._order()
        if order and (lines := actions.pending_lines(order)):
            self.attempt(self.dice.choice([actions.approve, actions.decline]), lines, by=self.shop.advisor)

    def change_line(self) -> None:
        """Another price, discount, payer, number of pieces, or off with it."""
        job, part = self._one(LabourLine.objects.all()), self._one(PartLine.objects.all())
        line = self.dice.choice([one for one in (job, part) if one] or [None])
        if line is None:
            return
        by = self.shop.manager
        pick = self.dice.randint(0, 4)
        if pick == 0:
            price = Money.yuan(self.dice.choice(AMOUNTS))
            self.attempt(actions.change_price, line, unit_price=price, reason="agreed", by=by)
        elif pick == 1:
            self.attempt(actions.discount, line, rate=Rate(self.dice.choice(RATES)), reason="regular", by=by)
        elif pick == 2:
            self.attempt(actions.split_payers, line, payer=self.dice.choice(PAYERS), by=by)
        elif pick == 3:
            self.attempt(actions.remove_line, line, reason="customer", by=by)
        elif part:
            self.attempt(actions.change_quantity, part, quantity=Quantity.of(self.dice.choice(PIECES)), by=by)

    def touch_a_job(self) -> None:
        if line := self._one(LabourLine.objects.all()):
            verb = self.dice.choice([actions.start_job, actions.pause_job, actions.finish_job, actions.reopen_job])
            self.attempt(verb, line, by=self.wang)

    def hold(self) -> None:
        if order := self._order():
            self.attempt(actions.hold, order, reason=self.dice.choice(HOLDS), by=self.shop.foreman)

    def turn_back(self) -> None:
        """Back to work, back from the inspector, off the technician, or given up."""
        if (order := self._order()) is None:
            return
        pick = self.dice.randint(0, 5)
        if pick == 0 and (lines := list(LabourLine.objects.filter(order=order))):
            self.attempt(actions.send_back, order, lines=lines[:1], reason="noise", by=self.shop.inspector)
        elif pick == 1:
            self.attempt(actions.reopen, order, reason="forgotten", by=self.shop.foreman)
        elif pick == 2:
            self.attempt(actions.take_off, order, by=self.shop.foreman)
        elif pick == 3 and self.dice.random() < 0.3:
            self.attempt(actions.cancel, order, reason="customer_gave_up", by=self.shop.advisor)
        elif pick == 4 and self.dice.random() < 0.3:
            self.attempt(actions.stop_work, order, reason="customer_gave_up", by=self.shop.advisor)
        else:
            self.attempt(actions.unsettle, order, reason="wrong", approver=self.shop.manager, by=self.shop.cashier)

    def _issue(self, line: RequestLine, quantity: Quantity) -> None:
        number = line.part.part_no
        self.attempt(parts.issue, line, quantity=quantity, typed_number=number, by=self.shop.keeper)

    def at_the_shelf(self) -> None:
        """Pieces go out or come back, a shelf is counted, goods arrive."""
        line, row = self._one(RequestLine.objects.select_related("part")), self._one(Balance.objects.all())
        pieces, by = Quantity.of(self.dice.choice(PIECES)), self.shop.keeper
        pick = self.dice.randint(0, 3)
        if pick == 0 and line:
            self._issue(line, pieces)
        elif pick == 1 and line:
            condition = self.dice.choice(["good", "damaged"])
            pieces = self.dice.choice([pieces, line.issued])
            self.attempt(parts.take_back, line, quantity=pieces, condition=condition, by=by)
        elif pick == 2:
            self.attempt(parts.adjust, row, found=pieces, reason="盘点", by=by)
        elif line:
            worth = Money.yuan(self.dice.choice(AMOUNTS))
            incoming = [parts.Incoming(line.part_id, pieces, worth)]
            self.attempt(parts.receive, incoming=incoming, store=self.shop.store, by=by)

    def give_back(self) -> None:
        if row := self._one(Payment.objects.all()):
            amount = self.dice.choice([row.amount, Money.yuan(self.dice.choice(AMOUNTS))])
            words = {"reason": "wrong", "approver": self.shop.manager, "store": self.shop.store}
            self.attempt(settlement.refund, row, amount=amount, by=self.shop.cashier, **words)

    def deposit(self) -> None:
        """Money ahead of a bill, and back again."""
        customer = self.shop.cars[PLATES[0]].ownerships.get().customer_id
        words = {"method": "cash", "store": self.shop.store, "by": self.shop.cashier}
        amount, row = Money.yuan(self.dice.choice(AMOUNTS)), self._one(Prepayment.objects.all())
        if row is None or self.dice.random() < 0.5:
            self.attempt(settlement.take_prepayment, customer_id=customer, amount=amount, kind="deposit", **words)
        else:
            words["approver"] = self.shop.manager
            self.attempt(settlement.refund_prepayment, row, amount=amount, reason="wrong", **words)

    def undo(self) -> None:
        """Take back one of the latest acts, whatever came after it."""
        rows = list(AuditEntry.objects.filter(inverse__isnull=False).order_by("-pk")[:6])
        if rows:
            who = [self.shop.manager, self.shop.advisor, self.shop.keeper, self.shop.foreman]
            self.attempt(acts.undo, self.dice.choice(rows).uid, by=self.dice.choice(who))

    WAY = {
        "open": dispatch,
        "dispatched": work,
        "working": work,
        "hold": resume,
        "qc": pass_check,
        "wash": finish_wash,
        "ready": pay,
        "settled": hand_over,
        "delivered": close,
    }
    ACTS = (
        open_order,
        add_jobs,
        add_fee,
        answer,
        change_line,
        change_line,
        touch_a_job,
        hold,
        turn_back,
        at_the_shelf,
        give_back,
        deposit,
        undo,
        undo,
    )
