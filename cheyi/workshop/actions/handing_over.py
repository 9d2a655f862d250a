"""The car leaves: hand-over with its guards, one button with the payment, closing, and coming back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cheyi.customers import actions as customers
from cheyi.foundation.access import SYSTEM, Viewer
from cheyi.foundation.acts import act, announce, audit, lock
from cheyi.foundation.models import Employee, Store
from cheyi.kernel import Rate, Refused
from cheyi.settlement import actions as settlement
from cheyi.settlement import queries as bills
from cheyi.settlement.models import Bill, Payment
from cheyi.vehicles import actions as vehicles
from cheyi.vehicles.models import Vehicle
from cheyi.workshop.actions import stock, telling
from cheyi.workshop.actions.describing import describe
from cheyi.workshop.actions.drafting import JobWanted
from cheyi.workshop.actions.moves import walk
from cheyi.workshop.actions.opening import open_order
from cheyi.workshop.actions.progress import end_link
from cheyi.workshop.actions.settling import settle
from cheyi.workshop.events import OrderCameBack
from cheyi.workshop.models import LabourLine, WorkOrder
from cheyi.workshop.queries.facts import order_facts
from cheyi.workshop.queries.following import is_followed_up
from cheyi.workshop.queries.service import was_serviced
from cheyi.workshop.rules.following import CLOSE_AFTER, demand_over
from cheyi.workshop.rules.life import EDITING, ORDER
from cheyi.workshop.rules.missing import demand
from cheyi.workshop.rules.quality import guarantee, may_come_back

FOLLOW_UP_DAYS = 3
FOLLOW_UP_AT = time(18, 0)
OLD_PARTS = ("take", "give_up", "none")


@dataclass(frozen=True, slots=True)
class LeavingCar:
    """What is said when the car leaves. ``list_given`` is how the settlement list went: printed, link or message.

    Without ``mileage_out`` the car has not moved. The keys stay in the house unless it is said that they go along.
    """

    mileage_out: int | None = None
    old_parts_choice: str = ""
    list_given: str = "link"
    keys_out: bool = False


@act
def hand_over(order: WorkOrder, *, leaving: LeavingCar | None = None, by: Viewer, now: datetime) -> WorkOrder:
    """Give the car back: guarantee begins, next service is computed, a follow-up call falls due in three days at 18:00.

    Raises Refused ``workshop.order.keys_missing``, ``workshop.order.mileage_out_missing``,
    ``workshop.order.old_parts_choice_missing``, ``workshop.order.settlement_list_missing``, ``workshop.order.not_now``.
    """
    order = lock(order)
    ORDER.after(order.state, "hand_over")
    _say(order, leaving or LeavingCar())
    demand("hand_over", order_facts(order))
    store = order.store
    _leave_traces(order, store=store, by=by, now=now)
    walk(
        order,
        "hand_over",
        by=by,
        now=now,
        facts={"mileage_out": order.mileage_out, "old_parts": order.old_parts_choice, "list": order.list_given},
        told={"vehicle_id": order.vehicle_id, "customer_id": order.customer_id},
        mileage_out=order.mileage_out,
        old_parts_choice=order.old_parts_choice,
        list_given=order.list_given,
        keys_out=order.keys_out,
        next_service_on=order.next_service_on,
        next_service_km=order.next_service_km,
    )
    end_link(order, now=now)
    telling.call_back(order, due_at=follow_up_at(store, now), by=by, now=now)
    return order


@act
def pay(
    order: WorkOrder,
    *,
    tenders: Sequence[settlement.Tender],
    old_parts_choice: str = "",
    by: Viewer,
    now: datetime,
) -> list[Payment]:
    """Take the customer's payment, the car stays; what he said about the old parts is kept for the hand-over.

    Raises Refused ``workshop.order.nothing_to_pay``, ``workshop.inspection.old_parts`` for an unknown choice and
    whatever paying refuses.
    """
    order = lock(order)
    open_bills = _open_bills(order)
    if not open_bills:
        raise Refused("workshop.order.nothing_to_pay", no=order.no)
    choice = _known(old_parts_choice)
    if choice and choice != order.old_parts_choice and EDITING.allows(order.state, "describe"):
        order = describe(order, old_parts_choice=choice, by=by, now=now)
    return settlement.take_payment(open_bills, tenders, store=order.store, by=by, now=now)


@act
def pay_and_hand_over(
    order: WorkOrder,
    *,
    tenders: Sequence[settlement.Tender],
    leaving: LeavingCar | None = None,
    by: Viewer,
    now: datetime,
) -> list[Payment]:
    """Take the customer's payment and give the car back in one act; the last payment settles the order.

    Raises Refused ``workshop.order.nothing_to_pay`` and whatever paying and handing over refuse.
    """
    order = lock(order)
    open_bills = _open_bills(order)
    if not open_bills and tenders:
        raise Refused("workshop.order.nothing_to_pay", no=order.no)
    payments: list[Payment] = []
    if open_bills:
        payments = settlement.take_payment(open_bills, tenders, store=order.store, by=by, now=now)
    order = lock(order)
    if order.state == "ready":
        order = settle(order, by=by, now=now)
    hand_over(order, leaving=leaving, by=by, now=now)
    return payments


def _open_bills(order: WorkOrder) -> list[Bill]:
    return [view.bill for view in bills.bills_of(stock.source_of(order)) if not view.is_met]


@act
def close(order: WorkOrder, *, by: Viewer, now: datetime) -> WorkOrder:
    """The order is over: followed up, or handed over 15 days ago.

    Raises Refused ``workshop.order.follow_up_missing``, ``workshop.order.vin_missing``, ``workshop.order.not_now``.
    """
    order = lock(order)
    ORDER.after(order.state, "close")
    closes_on = order.store.business_date((order.delivered_at or now) + CLOSE_AFTER)
    demand_over(delivered_at=order.delivered_at, followed_up=is_followed_up(order), now=now, closes_on=closes_on)
    _take_over_vin(order)
    demand("close", order_facts(order))
    return walk(order, "close", by=by, now=now, vin=order.vin)


def close_followed_up(order_id: int, *, now: datetime) -> None:
    """The owner was called: his order is closed; one without a VIN waits until that is known (``jobs.close_old``)."""
    order = WorkOrder.objects.select_related("vehicle").filter(pk=order_id, state="delivered").first()
    if order is not None and (order.vin or order.vehicle.vin):
        close(order, by=SYSTEM, now=now)


@act
def come_back(
    order: WorkOrder,
    *,
    lines: Sequence[LabourLine],
    responsibility: str = "",
    mileage: int | None = None,
    request_text: str = "",
    dispatch_to: Employee | None = None,
    by: Viewer,
    now: datetime,
) -> WorkOrder:
    """The same fault returns: a rework order on the house, linked to the old one, within the guarantee or agreed.

    Raises Refused ``workshop.order.guarantee_over``, ``workshop.line.nothing_chosen``, ``workshop.line.not_of_order``,
    and those of ``open_order``.
    """
    order = lock(order)
    EDITING.after(order.state, "come_back")
    found = _returning(order, lines)
    store = order.store
    km = mileage if mileage is not None else order.vehicle.last_mileage
    for line in found:
        period = guarantee(
            line.regulatory_class,
            completed_on=store.business_date(order.delivered_at or now),
            km=order.mileage_out or order.mileage_in,
            own_km=line.qa_km,
            own_days=line.qa_days,
        )
        may_come_back(period, today=store.business_date(now), km=km, responsibility=responsibility)
    jobs = [JobWanted(line.op_code, payer="internal", source="rework", discount=Rate(0), parts=()) for line in found]
    rework = open_order(
        vehicle=order.vehicle,
        jobs=jobs,
        customer=order.customer,
        mileage=mileage,
        request_text=request_text,
        order_type="rework",
        dispatch_to=dispatch_to,
        by=by,
        now=now,
    )
    _link(rework, order, found, responsibility)
    telling.review_rework(rework, order, by=by, now=now)
    audit(by, "workshop.order.came_back", order, now=now, rework=rework.pk, responsibility=responsibility)
    announce(OrderCameBack(store_id=order.store_id, happened_at=now, order_id=order.pk, rework_order_id=rework.pk))
    return rework


@act
def set_responsibility(order: WorkOrder, *, responsibility: str, by: Viewer, now: datetime) -> WorkOrder:
    """Say whose fault a comeback was, after it was looked at; it counts as rework from then on.

    Raises Refused ``workshop.order.no_rework``, ``workshop.order.unknown_responsibility``.
    """
    order = lock(order)
    if order.rework_of_id is None:
        raise Refused("workshop.order.no_rework", no=order.no)
    if not responsibility:
        raise Refused("workshop.order.unknown_responsibility", field="responsibility", responsibility="")
    today = order.store.business_date(now)
    may_come_back(guarantee("none", completed_on=today, km=None), today=today, km=None, responsibility=responsibility)
    order.rework_responsibility = responsibility
    order.version += 1
    order.save(update_fields=["rework_responsibility", "version"])
    telling.rework_reviewed(order, by=by, now=now)
    audit(by, "workshop.order.responsibility_set", order, now=now, responsibility=responsibility)
    return order


def follow_up_at(store: Store, now: datetime) -> datetime:
    """Three days after today at 18:00 on the store's clock (domain.md 5.2)."""
    day = store.business_date(now) + timedelta(days=FOLLOW_UP_DAYS)
    return datetime.combine(day, FOLLOW_UP_AT, tzinfo=ZoneInfo(store.zone))


def _say(order: WorkOrder, leaving: LeavingCar) -> None:
    order.mileage_out = order.mileage_in if leaving.mileage_out is None else leaving.mileage_out
    order.old_parts_choice = _known(leaving.old_parts_choice) or order.old_parts_choice
    order.list_given = leaving.list_given
    order.keys_out = leaving.keys_out


def _known(choice: str) -> str:
    if choice and choice not in OLD_PARTS:
        raise Refused("workshop.inspection.old_parts", field="old_parts_choice")
    return choice


def _leave_traces(order: WorkOrder, *, store: Store, by: Viewer, now: datetime) -> None:
    """What vehicle and customer learn from the visit: mileage, last and next service, the visit itself."""
    today, source = store.business_date(now), stock.source_of(order)
    vehicle: Vehicle = order.vehicle
    if order.mileage_out is not None and order.mileage_out > (vehicle.last_mileage or 0):
        vehicles.record_mileage(vehicle, km=order.mileage_out, source=source, store=store, by=by, now=now)
    if was_serviced(order) and order.mileage_out is not None:
        served = vehicles.record_service(vehicle, on=today, km=order.mileage_out, by=by, now=now)
        served.refresh_from_db(fields=["next_service_on", "next_service_km"])
        order.next_service_on, order.next_service_km = served.next_service_on, served.next_service_km
    vehicles.know(vehicle, store=store, paper=source, visit_on=today, by=by, now=now)
    if order.customer is not None:
        customers.know(order.customer, store=store, paper=source, visit_on=today, by=by, now=now)


def _take_over_vin(order: WorkOrder) -> None:
    """The VIN that became known after the order was opened."""
    order.vin = order.vin or order.vehicle.vin


def _returning(order: WorkOrder, lines: Sequence[LabourLine]) -> list[LabourLine]:
    if not lines:
        raise Refused("workshop.line.nothing_chosen", field="lines")
    wanted = {line.pk for line in lines}
    found = list(LabourLine.objects.filter(order=order, pk__in=wanted).order_by("seq"))
    if len(found) != len(wanted):
        raise Refused("workshop.line.not_of_order", order=order.no)
    return found


def _link(rework: WorkOrder, order: WorkOrder, lines: Sequence[LabourLine], responsibility: str) -> None:
    rework.rework_of, rework.rework_responsibility = order, responsibility
    rework.save(update_fields=["rework_of", "rework_responsibility"])
    old = {line.op_code: line for line in lines}
    for line in LabourLine.objects.filter(order=rework):
        line.rework_of = old.get(line.op_code)
        line.save(update_fields=["rework_of"])
