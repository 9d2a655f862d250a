"""A garage whose people act: the language in which a business day is told (docs/style: journeys)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import override

from cheyi.customers.models import Customer
from cheyi.foundation import todos
from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Todo
from cheyi.foundation.scope import within
from cheyi.kernel import Money, Quantity
from cheyi.parts import actions as parts
from cheyi.parts.models import Part, RequestLine
from cheyi.parts.queries import availability
from cheyi.settlement.actions import Tender
from cheyi.vehicles.models import Vehicle
from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted, LeavingCar
from cheyi.workshop.models import LabourLine, LabourOp, PartLine, WorkOrder
from cheyi.workshop.planning import standing
from cheyi.workshop.queries import progress as owner_page
from cheyi.workshop.queries.board import board
from cheyi.workshop.rules.quality import checklist
from tests.foundation.org import NOW
from tests.workshop.shop import Shop, open_shop


class Clock:
    """The wall clock of the story; it moves on with every act."""

    def __init__(self) -> None:
        self.now: datetime = NOW

    def tick(self, **ahead: float) -> datetime:
        self.now += timedelta(**(ahead or {"minutes": 5}))
        return self.now


@dataclass
class Person:
    """Somebody who works here."""

    garage: Garage
    viewer: Viewer

    @property
    def name(self) -> str:
        return self.viewer.name

    def _now(self, **ahead: float) -> datetime:
        return self.garage.clock.tick(**ahead)


class Advisor(Person):
    """Receives cars, answers for their orders, hands them over."""

    def receives(self, plate: str, *, mileage: int, wants: str, **words: Any) -> WorkOrder:
        jobs = [JobWanted(code) for code in self.garage.jobs_of(wants)]
        return actions.open_order(
            vehicle=self.garage.car(plate),
            jobs=jobs,
            mileage=mileage,
            request_text=wants,
            by=self.viewer,
            now=self._now(),
            **words,
        )

    def dispatches(self, order: WorkOrder, *, to: Technician) -> None:
        actions.dispatch(order, technician=to.employee, by=self.viewer, now=self._now())
        order.refresh_from_db()

    def hands_over(self, order: WorkOrder, **leaving: Any) -> None:
        said = LeavingCar(**{"old_parts_choice": "give_up", "keys_out": True, **leaving})
        actions.hand_over(order, leaving=said, by=self.viewer, now=self._now())
        order.refresh_from_db()


class Technician(Person):
    """Does the jobs."""

    @property
    def employee(self):
        return self.garage.shop.employee(self.viewer)

    def takes(self, order: WorkOrder, part: str, quantity: int) -> None:
        """The keeper hands out what the technician asks for, number by number."""
        line = RequestLine.objects.get(request__source_id=order.pk, part=self.garage.parts[part])
        self.garage.keeper.issues(line, quantity)

    def starts(self, order: WorkOrder, place: int = 0) -> None:
        actions.start_job(self.garage.job(order, place), by=self.viewer, now=self._now())
        order.refresh_from_db()

    def pauses(self, order: WorkOrder, place: int = 0) -> None:
        actions.pause_job(self.garage.job(order, place), by=self.viewer, now=self._now(minutes=15))

    def finds(self, order: WorkOrder, what: str, *, proposes: str) -> None:
        op = LabourOp.objects.get(code=self.garage.jobs_of(proposes)[0])
        actions.report_finding(order, item=what, op=op, urgency="now", by=self.viewer, now=self._now())
        order.refresh_from_db()

    def finishes(self, order: WorkOrder) -> None:
        """Every job that is not done yet, one after the other, with the self-check ticked at the end."""
        for line in LabourLine.objects.filter(order=order, state__in=["approved", "assigned", "paused", "working"]):
            if line.state != "working":
                actions.start_job(line, by=self.viewer, now=self._now())
            actions.finish_job(line, self_checked=True, by=self.viewer, now=self._now(minutes=25))
        order.refresh_from_db()


class Keeper(Person):
    """Hands parts out."""

    def issues(self, line: RequestLine, quantity: int, *, typed: str = "") -> None:
        parts.issue(
            line,
            quantity=Quantity.of(quantity),
            typed_number=typed or line.part.part_no,
            by=self.viewer,
            now=self._now(),
        )

    def takes_back(self, order: WorkOrder, part: str, quantity: int) -> None:
        line = RequestLine.objects.get(request__source_id=order.pk, part=self.garage.parts[part])
        parts.take_back(line, quantity=Quantity.of(quantity), condition="good", by=self.viewer, now=self._now())

    def finds_none(self, part: str) -> None:
        """The shelf is empty, whatever the books said."""
        for row in self.garage.parts[part].balances.all():
            parts.adjust(row, found=Quantity(0), reason="盘点", by=self.viewer, now=self._now())

    def orders(self, order: WorkOrder, part: str, *, here_at: datetime | None) -> None:
        """What is short is ordered urgently; it is expected at a moment, or nobody knows when."""
        line = RequestLine.objects.get(request__source_id=order.pk, part=self.garage.parts[part])
        parts.choose_shortage_action(line, choice="urgent_po", expected_at=here_at, by=self.viewer, now=self._now())

    def receives(self, part: str, quantity: int) -> None:
        row, pieces = self.garage.parts[part], Quantity.of(quantity)
        piece = parts.Incoming(row.pk, pieces, Money.yuan(40).times(pieces))
        parts.receive(incoming=[piece], store=self.garage.shop.store, by=self.viewer, now=self._now())


class Inspector(Person):
    """Passes or sends back."""

    def passes(self, order: WorkOrder) -> None:
        ticked = dict.fromkeys(checklist("final"), True)
        actions.pass_check(order, answers=ticked, road_test_km=3, by=self.viewer, now=self._now())
        order.refresh_from_db()

    def sends_back(self, order: WorkOrder, *, because: str) -> None:
        actions.send_back(order, lines=[self.garage.job(order)], reason=because, by=self.viewer, now=self._now())
        order.refresh_from_db()


class Cashier(Person):
    """Takes the money."""

    def takes_payment(self, order: WorkOrder, *amounts: Money) -> None:
        from cheyi.settlement import actions as settlement

        methods = ("wechat", "cash")
        tenders = [
            Tender(method, amount, f"WX{order.pk}" if method == "wechat" else "")
            for method, amount in zip(methods, amounts, strict=False)
        ]
        bills = self.garage.open_bills(order)
        settlement.take_payment(bills, tenders, store=self.garage.shop.store, by=self.viewer, now=self._now())
        order.refresh_from_db()


class Owner:
    """The car's owner behind the link."""

    def __init__(self, garage: Garage, order: WorkOrder) -> None:
        self.garage = garage
        self.token = owner_page.token_of(order.progress_link)

    def _open(self):
        scope, link = owner_page.opens(self.token, self.garage.clock.now)
        assert scope.home_store_id == self.garage.shop.store.pk
        return owner_page.progress(link, now=self.garage.clock.now)

    @property
    def sees(self) -> str:
        return self._open().shown

    def proposals(self) -> list[str]:
        return [one.asked.line.name for one in self._open().proposals]

    def approves(self, name: str) -> None:
        self._answer(actions.approve, name)

    def declines(self, name: str) -> None:
        self._answer(actions.decline, name)

    def _answer(self, verb: Any, name: str) -> None:
        asked = next(one.asked for one in self._open().proposals if one.asked.line.name == name)
        from cheyi.foundation.access import SYSTEM

        verb(list(asked.lines), via="link", answered_by="车主", by=SYSTEM, now=self.garage.clock.tick())


class Garage:
    """The store as its people know it: by name, by plate, by what is on the shelf."""

    WISHES = {
        "20,000 km service": ["MA001"],
        "brakes squeal": ["EN001"],
        "front brake pads": ["CH001"],
        "safety check": ["DT004"],
    }

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.clock = Clock()
        self.parts: dict[str, Part] = {"oil": shop.oil, "oil filter": shop.filter, "brake pads": shop.pads}
        self.keeper = Keeper(self, shop.keeper)
        self.inspector = Inspector(self, shop.inspector)
        self.cashier = Cashier(self, shop.cashier)

    def advisor(self, name: str) -> Advisor:
        return Advisor(self, self.shop.town.person("advisor", name))

    def technician(self, name: str) -> Technician:
        return Technician(self, self.shop.technician(name))

    def owner_of(self, order: WorkOrder) -> Owner:
        return Owner(self, order)

    def car(self, plate: str) -> Vehicle:
        return self.shop.car(plate)

    def customer_of(self, order: WorkOrder) -> Customer | None:
        return order.customer

    def jobs_of(self, wish: str) -> list[str]:
        return self.WISHES[wish]

    def job(self, order: WorkOrder, place: int = 0) -> LabourLine:
        return self.shop.labour(order, place)

    def begins(self, order: WorkOrder, place: int = 0) -> datetime | None:
        """When the plan lets a job begin; None when it has no place in it."""
        found = standing(self.shop.store, self.clock.now).plan().of(self.job(order, place).pk)
        return found.start if found else None

    def cannot_begin(self) -> list[tuple[str, str, str]]:
        """Plate, job and parts of what the board says cannot begin today."""
        seen = board(self.shop.store, self.clock.now).held_back
        return [(one.line.order.plate, one.line.name, "、".join(part.name for part in one.parts)) for one in seen]

    def part_states(self, order: WorkOrder) -> list[str]:
        return list(PartLine.objects.filter(order=order).order_by("seq").values_list("state", flat=True))

    def open_bills(self, order: WorkOrder) -> list[Any]:
        from cheyi.settlement.queries import bills_of
        from cheyi.workshop.actions.stock import source_of

        return [view.bill for view in bills_of(source_of(order)) if not view.is_met]

    def stock(self, part: str) -> int:
        """What lies on the shelf, reserved or not."""
        return sum(int(row.on_hand.decimal) for row in self.parts[part].balances.all())

    def free(self, part: str) -> int:
        """What nobody has reserved."""
        row = self.parts[part]
        return int(availability([row.pk], store=self.shop.store)[row.pk].own.decimal)

    def todos_of(self, role: str) -> list[str]:
        """What is on the list of a role, with the days until it is due."""
        rows = Todo.objects.filter(role=role, done_at=None).order_by("due_at")
        today = self.shop.store.business_date(self.clock.now)
        with override("en"):
            return [
                f"{todos.sentence(row)} +{(self.shop.store.business_date(row.due_at) - today).days}" for row in rows
            ]


@contextmanager
def open_garage() -> Iterator[Garage]:
    shop = open_shop()
    with within(shop.store):
        yield Garage(shop)
