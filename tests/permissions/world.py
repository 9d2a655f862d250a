"""Two stores of one group and a stranger's store, each with one of everything that an address can name."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image

from cheyi.customers import actions as customers
from cheyi.customers.models import Customer, CustomerStore
from cheyi.foundation.access.roles import ROLES
from cheyi.foundation.files import clean_image, keep
from cheyi.foundation.models import Absence, AuditEntry, Employee, Group, LegalEntity, Store
from cheyi.foundation.scope import within
from cheyi.foundation.sources import Source
from cheyi.foundation.todos import remind_to
from cheyi.kernel import Money
from cheyi.parts.models import Balance, Part, PartsRequest, Place, RequestLine, Warehouse
from cheyi.settlement import actions as settlement
from cheyi.settlement.actions import BillLineDraft, Tender
from cheyi.vehicles.models import VehicleOwnership
from cheyi.workshop import actions
from cheyi.workshop.models import Appointment, Bay, Finding, JobClock, LabourOp, PartLine, ProgressLink, WorkOrder
from cheyi.workshop.queries.progress import token_of
from tests.foundation.org import NOW, Town
from tests.workshop.shop import Shop, open_shop

EMPLOYEES = tuple(role for role in ROLES if role != "customer")
"""The roles of words.md 1 that people of a store hold; the car's owner comes by a link, SYSTEM never by the web."""

Ids = dict[str, Any]


class Neighbour(Shop):
    """A shop that takes what its group has already."""

    def __post_init__(self) -> None:
        """Set up nothing: the sister store stands, a stranger's store needs no workshop."""


@dataclass
class World:
    """Ids by place (``own``, ``other``: a colleague's, ``sister``, ``foreign``) and thing."""

    home: Shop
    ids: dict[str, Ids] = field(default_factory=dict)

    def viewer(self, role: str) -> Any:
        """The person of the home store who holds only this role."""
        return self.home.town.person(role)


def build() -> World:
    """Found the stores and put everything there."""
    home = open_shop()
    world = World(home)
    with within(home.store):
        home.never_closes()
        mine = home.technician("technician")
        for role in EMPLOYEES:
            world.viewer(role)
        world.ids["own"] = _one_of_everything(home, technician=mine, plate="沪A80001", by=home.advisor)
        world.ids["other"] = _one_of_everything(
            home, technician=home.technician("colleague"), plate="沪A80002", by=home.manager
        )
        _serve(world.ids["own"]["customer"], home, advisor="consultant", served_by="web_lead_clerk", by="advisor")
        PartsRequest.objects.filter(pk=world.ids["own"]["request"]).update(requester_id=mine.employee_id)
        Appointment.objects.filter(pk=world.ids["own"]["appointment"]).update(
            advisor_id=world.viewer("consultant").employee_id
        )
        _serve(world.ids["other"]["customer"], home, advisor=None, served_by=None, by="store_manager")
    world.ids["sister"] = _sister(home)
    world.ids["foreign"] = _stranger()
    return world


def _sister(home: Shop) -> Ids:
    town = home.town
    shop = Neighbour(Town(town.group, town.sister, town.store))
    with within(shop.store):
        shop.never_closes()
        shop.oil = Part.objects.get(part_no="OIL-5W30")
        shop.filter = Part.objects.get(part_no="FLT-001")
        for part in (shop.oil, shop.filter):
            shop.stock(part, 40)
        technician = shop.technician("technician")
        ids = _one_of_everything(shop, technician=technician, plate="沪A80003", by=shop.advisor)
        customers.record_consent(
            Customer.objects.get(pk=ids["customer"]),
            purpose="sharing_group",
            channel="paper",
            wording_version="2026-01",
            separate=True,
            by=shop.advisor,
            now=NOW,
        )
        return ids


def _stranger() -> Ids:
    group = Group.objects.create(name="远山", created_at=NOW)
    firm = LegalEntity.objects.create(group=group, name="远山汽车", created_at=NOW)
    store = Store.objects.create(group=group, legal_entity=firm, code="YS01", name="远山店", created_at=NOW)
    shop = Neighbour(Town(group, store, store))
    with within(store):
        part = shop.part("OIL-5W30", "机油 5W-30", "95")
        stamp = {"group": group, "created_at": NOW}
        operation = LabourOp.objects.create(code="MA001", name="小保养", system="MA", **stamp)
        owner = shop.customer(name="陌生人", mobile="19900008888")
        car = shop.car("沪A80008", owner=owner)
        return {
            "part": part.pk,
            "operation": operation.pk,
            "customer": owner.pk,
            "vehicle": car.pk,
            "store": store.pk,
            "employee": shop.town.person("technician").employee_id,
            "ownership": VehicleOwnership.objects.get(vehicle=car).pk,
            **_people(shop, owner),
        }


def _one_of_everything(shop: Shop, *, technician: Any, plate: str, by: Any) -> Ids:
    number = plate[-5:]
    owner = shop.customer(name=f"车主{number}", mobile=f"199000{number}")
    car = shop.car(plate, owner=owner, vin="")
    order = shop.opened("MA001", car=car, to=technician, by=by)
    asked = RequestLine.objects.filter(request__source_id=order.pk).order_by("pk")[0]
    return {
        "store": shop.store.pk,
        "customer": owner.pk,
        "vehicle": car.pk,
        "order": order.pk,
        "line": shop.labour(order).pk,
        "request": asked.request_id,
        "request_line": asked.pk,
        "part": shop.oil.pk,
        "balance": Balance.objects.filter(part=shop.oil).latest("pk").pk,
        "place": Place.objects.filter(kind=Place.Kind.BIN).latest("pk").pk,
        "appointment": _booking(shop, car, by).pk,
        "technician": technician.employee_id,
        "employee": technician.employee_id,
        "mobile": f"199000{number}",
        "plate": plate,
        "file": _photo(shop, order, technician),
        "finding": Finding.objects.get(order=order).pk,
        "token": token_of(ProgressLink.objects.get(order=order)),
        "audit": AuditEntry.objects.filter(store_id=shop.store.pk, inverse__isnull=False).latest("pk").uid,
        "part_line": PartLine.objects.filter(order=order)[0].pk,
        "clock": _clock(shop, order, technician),
        "operation": shop.op("MA001").pk,
        "warehouse": Warehouse.objects.get(kind=Warehouse.Kind.MAIN).pk,
        "ownership": VehicleOwnership.objects.get(vehicle=car).pk,
        "brand": car.model.series.brand_id,
        "series": car.model.series_id,
        "todo": _todo(shop, technician, order),
        "bay": Bay.objects.create(store=shop.store, code=f"P{plate[-1]}", created_at=NOW).pk,
        "absence": _absence(shop, technician),
        **_people(shop, owner),
        **_money(shop, order, owner),
    }


def _clock(shop: Shop, order: WorkOrder, technician: Any) -> Any:
    stamp = {"store": shop.store, "created_at": NOW}
    times = {"started_at": NOW, "stopped_at": NOW + timedelta(minutes=30)}
    line = shop.labour(order)
    return JobClock.objects.create(line=line, technician_id=technician.employee_id, **times, **stamp).pk


def _absence(shop: Shop, technician: Any) -> Any:
    """A leave far ahead: it changes no plan."""
    starts_at = datetime.now(UTC) + timedelta(days=300)
    who = shop.employee(technician)
    span = {"starts_at": starts_at, "ends_at": starts_at + timedelta(days=1)}
    return Absence.objects.create(store=shop.store, employee=who, created_at=NOW, **span).pk


def _todo(shop: Shop, technician: Any, order: WorkOrder) -> Any:
    return remind_to(
        store=shop.store,
        assignee=Employee.objects.get(pk=technician.employee_id),
        kind="workshop.todo.sent_back",
        source=Source("workshop.order", order.pk, order.no),
        due_at=NOW,
        facts={"plate": order.plate, "job": "", "reason": "", "no": order.no},
        now=NOW,
    ).pk


def _money(shop: Shop, order: WorkOrder, owner: Customer) -> Ids:
    """A paid bill, an open one of a fleet, a deposit asked back, a shift of somebody who is asked about nothing else."""
    lines = [
        BillLineDraft("customer", "fee", "检测费", Money.yuan(10)),
        BillLineDraft("fleet", "fee", "拖车", Money.yuan(9)),
    ]
    paper = Source("trial.paper", order.pk, order.no)
    paid, open_bill = settlement.build(paper, lines, store=shop.store, by=shop.manager, now=NOW)
    tenders = [Tender("cash", Money.yuan(10))]
    (payment,) = settlement.take_payment([paid], tenders, store=shop.store, by=shop.manager, now=NOW)
    person = shop.town.person("cashier", f"till {order.pk}")
    shift = settlement.open_shift(float_amount=Money.yuan(500), store=shop.store, by=person, now=NOW)
    left = {"customer_id": owner.pk, "amount": Money.yuan(30), "method": "cash", "kind": "deposit"}
    deposit = settlement.take_prepayment(**left, store=shop.store, by=shop.manager, now=NOW)
    wish = {"amount": Money.yuan(5), "method": "cash", "reason": "-"}
    asked = settlement.ask_refund_prepayment(deposit, **wish, store=shop.store, by=person, now=NOW)
    return {
        "bill": open_bill.pk,
        "payment": payment.pk,
        "prepayment": deposit.pk,
        "approval": asked.pk,
        "shift": shift.pk,
    }


def _booking(shop: Shop, car: Any, by: Any) -> Any:
    return actions.book(wanted_at=datetime.now(UTC) + timedelta(days=5), vehicle=car, by=by, now=NOW)


def _people(shop: Shop, owner: Any) -> Ids:
    contact = customers.add_contact(owner, name="家人", relation="family", by=shop.manager, now=NOW)
    hold = customers.hold_contact(owner, reason="wish", by=shop.manager, now=NOW)
    return {"contact": contact.pk, "hold": hold.pk}


def _photo(shop: Shop, order: WorkOrder, technician: Any) -> Any:
    upload = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(upload, "PNG")
    upload.seek(0)
    upload.name = "pads.png"
    file = keep(
        clean_image(upload),
        store=shop.store,
        access="workshop.finding",
        customer_may_see=True,
        by=technician,
        now=NOW,
    )
    actions.report_finding(order, item="刹车片", photos=[file], by=technician, now=NOW)
    return file.uid


def _serve(customer_id: int, shop: Shop, *, advisor: str | None, served_by: str | None, by: str) -> None:
    """Say whose customer he is, so that each role with own reach has one of its own and one of a colleague."""
    people = shop.town.person
    CustomerStore.objects.filter(store=shop.store, customer_id=customer_id).update(
        advisor_id=people(advisor).employee_id if advisor else None,
        served_by_id=people(served_by).employee_id if served_by else None,
        created_by_id=people(by).user_id,
    )


__all__ = ["EMPLOYEES", "World", "build"]
