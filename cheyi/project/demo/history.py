"""Two years of closed orders with bills, payments and the moves of their parts, written in bulk.

The rows are those that the verbs write; ``cheyi check`` proves that they add up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.db import connection

from cheyi.foundation import search
from cheyi.foundation.models import Employee, NumberSeries, Store
from cheyi.foundation.scope import within
from cheyi.kernel import Hours, Money, Quantity
from cheyi.parts.models import Part
from cheyi.project.demo.crew import acting
from cheyi.project.demo.history_bookings import write_bookings
from cheyi.project.demo.history_calls import closed_at, write_calls, write_recalls
from cheyi.project.demo.history_cars import km_on, write_visits
from cheyi.project.demo.history_checks import choose_way, write_checks
from cheyi.project.demo.history_money import write_money
from cheyi.project.demo.history_parts import write_parts
from cheyi.project.demo.organisation import Firm
from cheyi.project.demo.people import Staff
from cheyi.project.demo.stock import KITS, Shelf, unit_cost
from cheyi.vehicles.models import Vehicle, VehicleOwnership
from cheyi.workshop.models import (
    Advice,
    FlowProfile,
    LabourLine,
    LabourOp,
    OpHours,
    OrderSpell,
    PartLine,
    RateCard,
    WorkOrder,
)
from cheyi.workshop.rules.pricing import labour_price, part_price

DAYS = 730
AT_ONCE = 400
SHARES = {"HZ01": 0.62, "HZ02": 0.23, "HZ03": 0.15}
COMBUSTION = (
    ("MA001", 30),
    ("MA002", 14),
    ("MA004", 10),
    ("MA005", 8),
    ("MA006", 5),
    ("MA007", 8),
    ("MA010", 5),
    ("CH001", 9),
    ("CH002", 5),
    ("CH003", 3),
    ("CH008", 5),
    ("EL001", 6),
    ("EN001", 4),
    ("DT001", 6),
    ("DT004", 10),
)
ELECTRIC = (
    ("MA003", 40),
    ("MA004", 15),
    ("MA007", 10),
    ("CH001", 8),
    ("CH008", 8),
    ("EL001", 5),
    ("EV002", 8),
    ("DT004", 10),
)
BEGUN = (("open", 0), ("dispatched", 6), ("working", 15))
ENDED = (("ready", 80), ("settled", 95), ("delivered", 100))
CHECKED = (*BEGUN, ("qc", 72), ("wash", 78), *ENDED)
SKIPPED = (*BEGUN, ("qc", 80), ("wash", 80), *ENDED)
"""States of an order with the share of its stay, in percent, after which each began; a step that is skipped takes no time."""
EXTRAS = 25
"""Of a hundred orders: those with a job that was found on the car and agreed to on the owner's link."""
LATELY = 17
"""Days before today whose orders are handed over and mostly not closed yet; the older ones begin before them."""
A_DAY = {"HZ01": 5, "HZ02": 2, "HZ03": 1}


@dataclass(slots=True)
class Written:
    """An order on its way to the tables, with its lines."""

    order: WorkOrder
    labour: list[LabourLine] = field(default_factory=list)
    parts: list[tuple[PartLine, Part]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Operations, hours, rates and kits as the generator needs them."""

    ops: dict[str, LabourOp]
    hours: dict[int, Hours]
    rates: dict[str, Money]
    kits: dict[str, list[tuple[Part, Quantity]]]
    profiles: dict[str, FlowProfile]


def write(
    firm: Firm, staff: Staff, cars: dict[str, list[int]], shelf: Shelf, random: Random, now: datetime, *, orders: int
) -> None:
    """Write the closed orders of all stores."""
    for code, share in SHARES.items():
        store = firm.stores[code]
        with within(store):
            catalogue = _catalogue(shelf)
            vehicles = list(Vehicle.objects.select_related("model").filter(pk__in=cars[code]))
            owners = dict(
                VehicleOwnership.objects.filter(vehicle_id__in=cars[code], role="owner", until_on=None).values_list(
                    "vehicle_id", "customer_id"
                )
            )
            today = store.local(now)
            days = [*_days(random, today, round(orders * share)), *_lately(random, today, A_DAY[code])]
            numbers = _Numbers(store)
            inspectors = staff.of(store, "inspector") or staff.of(firm.home, "inspector")
            written = [
                _order(store, random.choice(vehicles), owners, staff, catalogue, random, begun, numbers, now)
                for begun in days
            ]
            for start in range(0, len(written), AT_ONCE):
                _flush(store, written[start : start + AT_ONCE], numbers, random)
                write_checks(store, written[start : start + AT_ONCE], inspectors, random)
                write_calls(store, written[start : start + AT_ONCE], now)
                if start == 0:  # else PostgreSQL checks every later row's keys as it did while the tables were empty
                    connection.learn_sizes()  # type: ignore[attr-defined]
            numbers.write(now)
            keeper = acting(staff.of(store, "parts_keeper")[0], "parts_keeper", store)
            write_parts(store, written, shelf, keeper, random, now)
            write_recalls(store, written, now)
            write_visits(store, [one.order for one in written], keeper, now)


def _catalogue(shelf: Shelf) -> Catalogue:
    wanted = {code for code, _ in (*COMBUSTION, *ELECTRIC)}
    ops = {op.code: op for op in LabourOp.objects.select_related("skill").filter(code__in=wanted)}
    hours = {row.op_id: row.hours for row in OpHours.objects.filter(vehicle_class="mid")}
    rates = {row.rate_code: row.price for row in RateCard.objects.filter(vehicle_class="")}
    kits: dict[str, list[tuple[Part, Quantity]]] = defaultdict(list)
    for no, _name, _category, _yuan, _unit, op, quantity in KITS:
        kits[op].append((shelf.kit[no], Quantity.of(quantity)))
    return Catalogue(ops, hours, rates, kits, {row.code: row for row in FlowProfile.objects.order_by("pk")})


def _days(random: Random, now: datetime, count: int) -> list[datetime]:
    """Moments of arrival: weekdays and seasons as shops know them, the oldest first."""
    found: list[date] = []
    while len(found) < count:
        back = random.randint(LATELY + 1, DAYS)
        day = (now - timedelta(days=back)).date()
        season = 1.25 if day.month in (1, 6, 7, 12) else 0.85 if day.month in (2, 3) else 1.0
        if random.random() < season / 1.3 * (0.7 if day.weekday() == 6 else 1.0):
            found.append(day)
    found.sort()
    return [_arrival(random, day, now) for day in found]


def _lately(random: Random, now: datetime, a_day: int) -> list[datetime]:
    """The moments of arrival of the last days, as many at a tenth as in the whole demo: figures are compared with them."""
    days = [(now - timedelta(days=back)).date() for back in range(LATELY, 0, -1)]
    return [
        _arrival(random, day, now)
        for day in days
        for _ in range(max(a_day + random.randint(-1, 1) - (a_day // 3 if day.weekday() == 6 else 0), 0))
    ]


def _arrival(random: Random, day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(8 + random.randint(0, 8), random.randint(0, 59)), tzinfo=now.tzinfo)


class _Numbers:
    """Document numbers of the past, drawn per prefix and day, and the series rows that say how far each day got."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.last: dict[tuple[str, date], int] = defaultdict(int)

    def draw(self, prefix: str, at: datetime) -> str:
        day = self.store.business_date(at)
        self.last[prefix, day] += 1
        return f"{prefix}{self.store.code}{day:%y%m%d}{self.last[prefix, day]:04d}"

    def write(self, now: datetime) -> None:
        known = {(row.prefix, row.business_on): row for row in NumberSeries.objects.all()}
        assert not known.keys() & self.last.keys(), "the past was numbered before"
        NumberSeries.objects.bulk_create(
            [
                NumberSeries(store=self.store, prefix=prefix, business_on=day, last=last, created_at=now)
                for (prefix, day), last in self.last.items()
            ],
            batch_size=AT_ONCE,
        )


def _order(
    store: Store,
    vehicle: Vehicle,
    owners: dict[int, int],
    staff: Staff,
    catalogue: Catalogue,
    random: Random,
    begun: datetime,
    numbers: _Numbers,
    now: datetime,
) -> Written:
    energy = vehicle.model.energy if vehicle.model else ""
    menu = ELECTRIC if energy == "bev" else COMBUSTION
    wanted = dict.fromkeys(
        random.choices([code for code, _ in menu], [weight for _, weight in menu], k=random.choice([1, 1, 2, 3]))
    )
    advisor: Employee = random.choice(staff.of(store, "advisor"))
    end = begun + timedelta(minutes=random.randint(70, 260))
    made = Written(_row(store, vehicle, owners, advisor, begun, end, numbers, random))
    made.order.closed_at = closed_at(made.order, end, now)
    if made.order.closed_at is None:
        made.order.state = "delivered"
    made.order.state_at = made.order.closed_at or end
    found = list(wanted)[-1] if random.randrange(100) < EXTRAS else ""
    for code in wanted:
        if code in catalogue.ops:
            _add_job(made, catalogue, code, begun, is_extra=code == found)
    choose_way(made.order, [catalogue.ops[code] for code in wanted if code in catalogue.ops], catalogue.profiles)
    total = sum((line.net for line in (*made.labour, *(part for part, _ in made.parts))), Money(0))
    made.order.estimate_total = made.order.approved_total = total
    return made


def _row(
    store: Store,
    vehicle: Vehicle,
    owners: dict[int, int],
    advisor: Employee,
    begun: datetime,
    end: datetime,
    numbers: _Numbers,
    random: Random,
) -> WorkOrder:
    promised = end + timedelta(minutes=random.randint(-6, 45))
    km = km_on(vehicle, store.business_date(begun))
    return WorkOrder(
        store=store,
        no=numbers.draw("RO", begun),
        state="closed",
        state_at=end,
        vehicle=vehicle,
        customer_id=owners.get(vehicle.pk),
        plate=vehicle.plate,
        vin=vehicle.vin,
        model_name=vehicle.model.name if vehicle.model else "",
        mileage_in=km,
        mileage_out=km,
        mileage_confirmed=True,
        advisor=advisor,
        old_parts_choice="give_up",
        keys_out=True,
        list_given="link",
        walk_around="done",
        checks=["self_check"],
        received_at=begun,
        opened_at=begun,
        promised_at=promised,
        first_promised_at=promised,
        started_at=begun + timedelta(minutes=12),
        finished_at=end - timedelta(minutes=18),
        ready_at=end - timedelta(minutes=15),
        settled_at=end - timedelta(minutes=4),
        delivered_at=end,
        created_at=begun,
    )


def _add_job(made: Written, catalogue: Catalogue, code: str, at: datetime, *, is_extra: bool) -> None:
    op = catalogue.ops[code]
    hours = catalogue.hours.get(op.pk, Hours.of("0.5"))
    rate = catalogue.rates.get(op.rate_code, Money.yuan(320))
    price = labour_price(hours, rate, fixed=op.fixed_price)
    stamp = {
        "store": made.order.store,
        "order": made.order,
        "created_at": at,
        "decided_at": at,
        "decided_via": "link" if is_extra else "counter",
        "source": "extra" if is_extra else "request",
    }
    line = LabourLine(
        **stamp,
        seq=len(made.labour) + 1,
        name=op.name,
        state="passed",
        op=op,
        op_code=op.code,
        skill_code=op.skill.code if op.skill else "",
        min_level=op.min_level,
        bay_kind=op.bay_kind,
        high_voltage=op.high_voltage,
        regulatory_class=op.regulatory_class,
        std_hours=hours,
        sold_hours=hours,
        rate_code=op.rate_code,
        rate=rate,
        fixed_price=op.fixed_price,
        list_price=rate if op.fixed_price is None else op.fixed_price,
        gross=price.gross,
        net=price.net,
        cost=Money.yuan(60).times(hours),
    )
    made.labour.append(line)
    for part, quantity in catalogue.kits.get(code, ()):
        made.parts.append((_used(part, quantity, line, len(made.parts) + 1, stamp), part))


def _used(part: Part, quantity: Quantity, line: LabourLine, seq: int, stamp: dict[str, Any]) -> PartLine:
    sold = part_price(quantity, part.retail_price)
    cost = unit_cost(part).times(quantity)
    return PartLine(
        **stamp,
        seq=seq,
        name=part.name_zh,
        state="used",
        labour_line=line,
        part=part,
        part_no=part.part_no,
        unit=part.unit,
        quantity=quantity,
        unit_price=part.retail_price,
        list_price=part.retail_price,
        gross=sold.gross,
        net=sold.net,
        cost=cost,
        issued=quantity,
        issued_value=cost,
    )


def _flush(store: Store, batch: list[Written], numbers: _Numbers, random: Random) -> None:
    """Write a batch: orders, spells, lines, bills, bookings, keys, and a little work that was put off."""
    WorkOrder.objects.bulk_create([one.order for one in batch])
    OrderSpell.objects.bulk_create(list(_spells(batch)))
    LabourLine.objects.bulk_create([line for one in batch for line in one.labour])
    PartLine.objects.bulk_create([line for one in batch for line, _ in one.parts])
    write_money(store, batch, numbers.draw, random)
    write_bookings(store, batch, numbers.draw, random)
    search.write_keys_many(
        (
            search.KeySet(store.group_id, store.pk, "order", one.order.pk, tuple(search.document_keys(one.order.no)))
            for one in batch
        ),
        fresh=True,
    )
    Advice.objects.bulk_create(list(_advice(batch, random)))


def _spells(batch: list[Written]) -> Iterator[OrderSpell]:
    for one in batch:
        order = one.order
        assert order.delivered_at is not None
        whole = order.delivered_at - order.received_at
        stretches = CHECKED if "final_check" in order.checks else SKIPPED
        begins = [order.received_at + whole * share / 100 for _, share in stretches]
        ends = [*begins[1:], order.closed_at]
        states = [(state, began, ended) for (state, _), began, ended in zip(stretches, begins, ends, strict=True)]
        if order.closed_at is not None:
            states.append(("closed", order.closed_at, None))
        for state, began, ended in states:
            yield OrderSpell(
                store=order.store, order=order, state=state, began_at=began, ended_at=ended, created_at=began
            )


def _advice(batch: list[Written], random: Random) -> Iterator[Advice]:
    """Work that was put off on seven in a hundred visits; it waits on the car."""
    for one in batch:
        if random.random() < 0.07 and one.labour:
            line = random.choice(one.labour)
            yield Advice(
                store=one.order.store,
                vehicle_id=one.order.vehicle_id,
                order=one.order,
                op_id=line.op_id,
                text=line.name,
                price=line.net,
                advised_at=one.order.received_at,
                created_at=one.order.received_at,
            )
