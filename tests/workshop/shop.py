"""A garage with catalogue, people, shelves and cars, in which tests work through the product's own verbs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from cheyi.customers import actions as customers
from cheyi.customers.models import Customer
from cheyi.foundation.calendar import set_week
from cheyi.foundation.jobs import queue
from cheyi.foundation.jobs.running import run
from cheyi.foundation.models import Employee, Message
from cheyi.foundation.scope import everywhere, within
from cheyi.kernel import Money, OpenSpan, Quantity
from cheyi.parts import actions as parts
from cheyi.parts.actions import Incoming
from cheyi.parts.models import Part, RequestLine
from cheyi.project.demo.clock import zone
from cheyi.settlement import queries as bills
from cheyi.settlement.actions import Tender
from cheyi.vehicles import actions as vehicles
from cheyi.vehicles.models import Vehicle, VehicleModel
from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted, LeavingCar
from cheyi.workshop.actions.cataloguing import load_shipped, put_technician, set_kit
from cheyi.workshop.models import Bay, LabourLine, LabourOp, PartLine, WorkOrder
from cheyi.workshop.rules.quality import checklist
from tests.foundation.org import NOW, Town, found_town

VIN = "LSVAA2A15FE000001"


def yuan(text) -> Money:
    return Money.yuan(text)


def q(text) -> Quantity:
    return Quantity.of(text)


def after(**ago):
    return NOW + timedelta(**ago)


@dataclass
class Shop:
    """The home store of a small town as a working garage."""

    town: Town
    models: dict[str, VehicleModel] = field(default_factory=dict)
    cars: dict[str, Vehicle] = field(default_factory=dict)

    def __post_init__(self):
        for store in (self.town.store, self.town.sister):
            with within(store):
                load_shipped(store=store, by=self.town.person("store_manager", store=store), now=NOW)
                parts.set_up_store(store=store, by=self.town.person("parts_keeper", store=store), now=NOW)
        with within(self.store):
            self.oil = self.part("OIL-5W30", "机油 5W-30", "95", unit="升", qty_step=q("0.5"))
            self.filter = self.part("FLT-001", "机油滤清器", "68")
            self.pads = self.part("PAD-F01", "前刹车片", "420")
            for part, op, quantity in ((self.oil, "MA001", 4), (self.filter, "MA001", 1), (self.pads, "CH001", 1)):
                set_kit(self.op(op), part=part, quantity=q(quantity), by=self.manager, now=NOW)
                self.stock(part, 40)
            Bay.objects.create(store=self.store, code="E1", kind="ev", ev_safe=True, created_at=NOW)
            Bay.objects.create(store=self.store, code="G1", kind="general", created_at=NOW)

    def never_closes(self) -> None:
        """Open around the clock, for tests that book at the present hour, whichever it is."""
        week = dict.fromkeys(range(7), (OpenSpan(time(0), time(0)),))
        set_week(self.store, week=week, by=self.manager, now=NOW)

    def stands_at_midday(self) -> None:
        """The store stands where it is one o'clock now, for pages that read the present."""
        self.store.zone = zone(datetime.now(UTC), midday=True)
        self.store.save(update_fields=["zone"])

    def today(self, days=0) -> date:
        """The present day of the store, or one so many days later."""
        return (self.store.local(datetime.now(UTC)) + timedelta(days=days)).date()

    # --- who and where --------------------------------------------------------------------------------------------

    @property
    def store(self):
        return self.town.store

    @property
    def manager(self):
        return self.town.person("store_manager")

    @property
    def advisor(self):
        return self.town.person("advisor")

    @property
    def foreman(self):
        return self.town.person("foreman")

    @property
    def inspector(self):
        return self.town.person("inspector")

    @property
    def cashier(self):
        return self.town.person("cashier")

    @property
    def keeper(self):
        return self.town.person("parts_keeper")

    def technician(self, name="王建国", *, hv: date | None = None, **skills):
        """A technician as a viewer, trained on first use."""
        known = ("technician", name) in self.town.people
        viewer = self.town.person("technician", name)
        if not known:
            put_technician(
                self.employee(viewer),
                store=self.store,
                skills=skills or {"mechanics": 4, "electrics": 3, "diagnosis": 3, "detailing": 3},
                high_voltage_until=hv,
                hourly_cost=yuan(60),
                by=self.manager,
                now=NOW,
            )
        return viewer

    def employee(self, viewer) -> Employee:
        return Employee.objects.get(pk=viewer.employee_id)

    # --- what there is --------------------------------------------------------------------------------------------

    def op(self, code) -> LabourOp:
        return LabourOp.objects.get(code=code)

    def part(self, number, name, price, **details) -> Part:
        return parts.add_part(
            part_no=number,
            name_zh=name,
            retail_price=yuan(price),
            group_id=self.town.group.pk,
            by=self.keeper,
            now=NOW,
            **details,
        )

    def stock(self, part, pieces, value="40") -> None:
        worth = yuan(value).times(q(pieces))
        parts.receive_opening(incoming=[Incoming(part.pk, q(pieces), worth)], store=self.store, by=self.keeper, now=NOW)

    def customer(self, name="方志强", mobile="19900001111", **details) -> Customer:
        return customers.add(
            name=name, mobile=mobile, store=self.store, by=self.advisor, now=NOW, confirmed_new=True, **details
        )

    def model(self, energy="petrol", size="mid") -> VehicleModel:
        code = f"{energy}-{size}"
        if code not in self.models:
            brand = vehicles.put_brand(code="HC", name="恒驰", store=self.store, by=self.manager, now=NOW)
            series = vehicles.put_series(brand=brand, code=code, name=f"系列 {code}", by=self.manager, now=NOW)
            self.models[code] = vehicles.put_model(
                series=series, code=code, name=f"恒驰 {code}", energy=energy, by=self.manager, now=NOW, size_class=size
            )
        return self.models[code]

    def car(self, plate="沪A80001", *, owner=True, vin=VIN, energy="petrol", level="normal") -> Vehicle:
        """A car that the store knows, with its owner."""
        if plate not in self.cars:
            person = self.customer(level=level) if owner is True else owner
            self.cars[plate] = vehicles.add(
                plate=plate,
                vin=vin,
                model=self.model(energy),
                owner=person or None,
                store=self.store,
                by=self.advisor,
                now=NOW,
                confirmed=("vehicles.vehicle.check_digit", "vehicles.vehicle.odd_vin"),
            )
        return self.cars[plate]

    # --- the way of an order --------------------------------------------------------------------------------------

    def opened(self, *codes, car=None, to=None, now=NOW, **words) -> WorkOrder:
        """An order with jobs of these codes, dispatched when it is said to whom."""
        return actions.open_order(
            vehicle=car or self.car(),
            jobs=[JobWanted(code) for code in (codes or ("MA001",))],
            dispatch_to=self.employee(to) if to else None,
            by=words.pop("by", self.advisor),
            now=now,
            **{"mileage": 20_400, **words},
        )

    def labour(self, order, place=0) -> LabourLine:
        return LabourLine.objects.filter(order=order).order_by("seq")[place]

    def parts_of(self, order) -> list[PartLine]:
        return list(PartLine.objects.filter(order=order).order_by("seq"))

    def hand_out(self, order, *, now=NOW) -> None:
        """The keeper issues everything that the order still wants."""
        for line in RequestLine.objects.filter(request__source_id=order.pk).select_related("part").order_by("pk"):
            if line.outstanding:
                parts.issue(line, quantity=line.outstanding, typed_number=line.part.part_no, by=self.keeper, now=now)

    def work(self, order, technician, *, self_checked=True, now=NOW) -> WorkOrder:
        """The technician does every job of the order."""
        for line in LabourLine.objects.filter(order=order, state__in=["assigned", "approved", "paused"]).order_by(
            "seq"
        ):
            actions.start_job(line, by=technician, now=now)
            actions.finish_job(line, self_checked=self_checked, by=technician, now=now + timedelta(minutes=30))
        return self.fresh(order)

    def ready(self, *codes, technician=None, now=NOW, **words) -> WorkOrder:
        """An express order that is ready to settle."""
        person = technician or self.technician()
        order = self.opened(*codes, to=person, now=now, **words)
        self.hand_out(order, now=now)
        return self.work(order, person, now=now)

    def pay(self, order, *, now=NOW) -> WorkOrder:
        """The cashier takes all that is due in cash."""
        from cheyi.settlement import actions as settlement
        from cheyi.workshop.actions.stock import source_of

        open_bills = [view.bill for view in bills.bills_of(source_of(order)) if not view.is_met]
        due = sum((bill.outstanding for bill in open_bills), Money(0))
        settlement.take_payment(open_bills, [Tender("cash", due)], store=self.store, by=self.cashier, now=now)
        return self.fresh(order)

    def handed_over(self, order, *, now=NOW, **leaving) -> WorkOrder:
        said = LeavingCar(**{"old_parts_choice": "give_up", "keys_out": True, **leaving})
        return actions.hand_over(order, leaving=said, by=self.advisor, now=now)

    def ticked(self, level="final", **special) -> dict[str, bool]:
        return dict.fromkeys(checklist(level, **special), True)

    def run_jobs(self, *, now=NOW) -> None:
        """The worker does what is due."""
        while held := queue.claim("test", now):
            assert run(held, now), held.job.error

    def told(self, *, now=NOW) -> list[str]:
        """The templates of the messages that the worker has written, oldest first."""
        self.run_jobs(now=now)
        rows = Message.objects.order_by("pk").values_list("template", flat=True)
        return [name.removeprefix("workshop.message.") for name in rows]

    def fresh(self, row):
        return type(row).objects.get(pk=row.pk)


def open_shop() -> Shop:
    return Shop(found_town())


def everything(*tables) -> dict[str, list]:
    """All rows of some tables, to prove that a refusal has changed nothing."""
    with everywhere("comparing"):
        return {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}
