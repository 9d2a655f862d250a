"""Receiving a car and opening its order; nothing but the car is needed (domain.md 5.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Unpack

from django.db.models import Exists, OuterRef

from cheyi.customers import actions as customers
from cheyi.customers.models import Customer
from cheyi.foundation import search
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, announce, audit, lock
from cheyi.foundation.models import Employee, Store
from cheyi.foundation.numbering import draw
from cheyi.foundation.questions import Question
from cheyi.foundation.scope import current
from cheyi.kernel import Refused
from cheyi.vehicles import actions as vehicles
from cheyi.vehicles.models import Vehicle, VehicleStore
from cheyi.vehicles.rules import mileage as mileage_rules
from cheyi.workshop.actions import drafting, moves, stock
from cheyi.workshop.actions.drafting import FIRST, Draft, JobWanted, next_seqs
from cheyi.workshop.actions.placing import Placement, assignments_for, place_all
from cheyi.workshop.actions.progress import link_for
from cheyi.workshop.actions.said import Reception, Said
from cheyi.workshop.events import OrderDispatched, OrderOpened, OrderReceived
from cheyi.workshop.models import Advice, Appointment, Assignment, FlowProfile, LabourLine, OrderSpell, WorkOrder
from cheyi.workshop.queries.catalogue import Catalogue, car_kind, catalogue_for
from cheyi.workshop.queries.opening import open_orders, payer_of, profile_of
from cheyi.workshop.rules.flow import ORDER_TYPES, strictest
from cheyi.workshop.rules.jobs import order_type
from cheyi.workshop.rules.life import APPOINTMENT, ORDER

AT_COUNTER = "counter"
LOCKED = Question(
    lambda vehicle, store: (
        Vehicle.objects.filter(pk=vehicle)
        .select_for_update(of=("self",))
        .select_related("model")
        .annotate(is_known=Exists(VehicleStore.objects.filter(store_id=store, vehicle_id=OuterRef("pk"))))
    )
)


def home_store() -> Store:
    """The store whose scope is open."""
    return Store.objects.get(pk=current().home_store_id or 0)


@act
def receive(
    *, vehicle: Vehicle, store: Store | None = None, by: Viewer, now: datetime, **words: Unpack[Said]
) -> WorkOrder:
    """Begin to receive a car: a draft without number, to which walk-around and wishes are added.

    Raises Refused ``workshop.order.car_has_order`` as ``open_order``.
    """
    said = Reception(**words)
    store = store or home_store()
    _possible(said.mileage, store, now)
    vehicle, is_known = _locked(vehicle, store)
    _one_order_per_car(vehicle, store=store, reason=said.second_order_reason, but=None)
    kind = _type(said.order_type, Catalogue(), ())
    order = _new(vehicle, store=store, said=said, order_type=kind, profile=profile_of(kind, "none"), by=by, now=now)
    order.state = ORDER.after("", "receive")
    payer = payer_of(vehicle, said.customer, store=store, by=by)
    order.customer = payer.customer
    order.save(force_insert=True)
    OrderSpell.objects.bulk_create([moves.spell_of(order, now, by)])
    _record_mileage(order, vehicle, said, by=by, now=now)
    _know(order, None if is_known else vehicle, None if payer.is_known else payer.customer, by=by, now=now)
    audit(by, "workshop.order.received", order, now=now, plate=order.plate, undo=_cancelling(order))
    announce(OrderReceived(store_id=store.pk, happened_at=now, order_id=order.pk, vehicle_id=vehicle.pk))
    return order


@act
def open_order(
    *,
    vehicle: Vehicle,
    jobs: Sequence[JobWanted] = (),
    draft: WorkOrder | None = None,
    dispatch_to: Employee | None = None,
    placements: Sequence[Placement] = (),
    store: Store | None = None,
    by: Viewer,
    now: datetime,
    **words: Unpack[Said],
) -> WorkOrder:
    """Open a work order: number, lines with hours, parts and prices, parts asked for, and dispatched when told to whom.

    Jobs asked for at the counter count as approved. ``placements`` name the line by its place in ``jobs`` (0, 1, …).
    ``draft`` continues a reception, ``store`` is the open one where the caller has it at hand. Raises Refused ``workshop.order.car_has_order`` (naming the other order) unless
    ``second_order_reason`` says why, ``vehicles.mileage.…``, ``workshop.line.…``, ``workshop.order.…`` of
    the dispatch rules.
    """
    said = Reception(**words)
    store = store or home_store()
    _possible(said.mileage, store, now)
    vehicle, is_known = _locked(vehicle, store)
    draft = lock(draft) if draft is not None else None
    reason = said.second_order_reason or (draft.second_order_reason if draft else "")
    _one_order_per_car(vehicle, store=store, reason=reason, but=draft)
    catalogue = catalogue_for(
        {job.op_code for job in jobs}, car_kind(vehicle), store_id=store.pk, on=store.business_date(now)
    )
    payer = payer_of(vehicle, said.customer or (draft.customer if draft else None), store=store, by=by)
    order, made = _drawn_up(
        vehicle, jobs, catalogue, customer=payer.customer, store=store, said=said, draft=draft, by=by, now=now
    )
    placed = _placed(made, dispatch_to, placements)
    assignments = assignments_for(placed, order=order, on=store.business_date(now), by=by, now=now)
    before = _enter(order, dispatched=bool(assignments), by=by, now=now)
    wanted = stock.mark_requested(made.parts)
    drafting.write(made)
    Assignment.objects.bulk_create(assignments)
    link_for(order, by=by, now=now)
    _record_mileage(order, vehicle, said, by=by, now=now)
    _know(order, None if is_known else vehicle, None if payer.is_known else payer.customer, by=by, now=now)
    _convert(said.appointment, order, by=by, now=now)
    _take_up_advice(jobs, order, now=now)
    stock.ask(order, wanted, store=store, by=by, now=now)
    if draft is not None:
        _bring_along(order, by=by, now=now)
    keys = search.KeySet(store.group_id, store.pk, "order", order.pk, tuple(search.document_keys(order.no)))
    search.write_keys_many([keys], fresh=True)
    _record(order, before, [one.technician_id for one in assignments], jobs, by=by, now=now)
    return order


def _locked(vehicle: Vehicle, store: Store) -> tuple[Vehicle, bool]:
    """The car's row, locked, with its model, and whether the store knows it. One query."""
    row = LOCKED.first(vehicle=vehicle.pk, store=store.pk)
    if row is None:
        raise Vehicle.DoesNotExist
    return row, row.is_known


def _possible(mileage: int | None, store: Store, now: datetime) -> None:
    """Raises Refused ``vehicles.mileage.out_of_range`` before anything is written."""
    if mileage is not None:
        mileage_rules.check(mileage, store.business_date(now), last=None)


def _one_order_per_car(vehicle: Vehicle, *, store: Store, reason: str, but: WorkOrder | None) -> None:
    """The locked vehicle row makes two advisors wait for each other; the second one sees the first one's order."""
    others = [one for one in open_orders(vehicle, store=store) if but is None or one.id != but.pk]
    if others and not reason.strip():
        other = others[0]
        code = "car_has_order" if other.store_id == store.pk else "car_has_order_elsewhere"
        raise Refused(
            f"workshop.order.{code}",
            field="second_order_reason",
            no=other.no or "–",
            order=other.id if other.store_id == store.pk else 0,
            store=other.store_name,
            since=other.since.isoformat(),
            plate=vehicle.plate or vehicle.vin,
        )


def _type(wanted: str, catalogue: Catalogue, jobs: Sequence[JobWanted]) -> str:
    if wanted and wanted not in ORDER_TYPES:
        raise Refused("workshop.order.unknown_type", field="order_type", order_type=wanted)
    systems = [catalogue.operation(job.op_code).system for job in jobs]
    return wanted or order_type(systems, [job.payer for job in jobs])


def _drawn_up(
    vehicle: Vehicle,
    jobs: Sequence[JobWanted],
    catalogue: Catalogue,
    *,
    customer: Customer | None,
    store: Store,
    said: Reception,
    draft: WorkOrder | None,
    by: Viewer,
    now: datetime,
) -> tuple[WorkOrder, Draft]:
    """The order, not yet saved, with its lines, not yet written."""
    kind = _type(said.order_type, catalogue, jobs)
    heaviest = _heaviest(catalogue, jobs)
    profile = profile_of(kind, heaviest)
    order = _continued(draft, said, kind, profile) if draft else None
    order = order or _new(vehicle, store=store, said=said, order_type=kind, profile=profile, by=by, now=now)
    order.customer = customer
    order.regulatory_class = heaviest
    made = drafting.draft(
        order,
        jobs,
        catalogue,
        level=customer.level if customer else "normal",
        state="approved",
        decided={"decided_at": now, "decided_by": by.name, "decided_via": AT_COUNTER},
        first_seq=next_seqs(order) if draft else FIRST,
        by=by,
        now=now,
    )
    order.estimate_total = order.approved_total = made.net
    order.no = draw(store, "RO", now)
    return order, made


def _heaviest(catalogue: Catalogue, jobs: Sequence[JobWanted]) -> str:
    return strictest([catalogue.operation(job.op_code).regulatory_class for job in jobs])


def _new(
    vehicle: Vehicle,
    *,
    store: Store,
    said: Reception,
    order_type: str,
    profile: FlowProfile,
    by: Viewer,
    now: datetime,
) -> WorkOrder:
    return WorkOrder(
        store=store,
        created_at=now,
        created_by_id=by.user_id,
        state="",
        state_at=now,
        received_at=now,
        vehicle=vehicle,
        plate=vehicle.plate,
        vin=vehicle.vin,
        model_name=vehicle.model.name if vehicle.model else vehicle.model_text,
        mileage_in=_expected_km(vehicle, store.business_date(now)) if said.mileage is None else said.mileage,
        mileage_confirmed=said.mileage is not None,
        advisor_id=by.employee_id,
        type=order_type,
        flow_profile=profile,
        sender=said.sender,
        energy_in=said.energy,
        request_text=said.request_text,
        promised_at=said.promised_at,
        first_promised_at=said.promised_at,
        waits_in_store=said.waits_in_store,
        wash_wanted=said.wash_wanted,
        second_order_reason=said.second_order_reason.strip(),
        appointment=said.appointment,
    )


def _expected_km(vehicle: Vehicle, on: date) -> int | None:
    """What the odometer will show, as the reception page says it; None for a car that was never read."""
    if vehicle.last_mileage is None or vehicle.last_mileage_on is None:
        return vehicle.last_mileage
    last = mileage_rules.Reading(vehicle.last_mileage, vehicle.last_mileage_on)
    return mileage_rules.estimated_km(last, vehicle.avg_daily_km, on)


def _continued(draft: WorkOrder, said: Reception, order_type: str, profile: FlowProfile) -> WorkOrder:
    """The draft with what was said since; empty answers leave what stands there."""
    answers: dict[str, Any] = {
        "sender": said.sender,
        "energy_in": said.energy,
        "request_text": said.request_text,
        "promised_at": said.promised_at,
        "first_promised_at": said.promised_at,
        "second_order_reason": said.second_order_reason.strip(),
        "appointment": said.appointment,
        "mileage_in": said.mileage,
    }
    for name, value in answers.items():
        if value not in {None, ""}:
            setattr(draft, name, value)
    draft.mileage_confirmed = draft.mileage_confirmed or said.mileage is not None
    draft.type, draft.flow_profile = order_type, profile
    draft.waits_in_store |= said.waits_in_store
    draft.wash_wanted |= said.wash_wanted
    return draft


def _placed(made: Draft, technician: Employee | None, placements: Sequence[Placement]) -> list[Any]:
    """Which unwritten line goes to whom."""
    if placements:
        return [(made.labour[one.line_id], one) for one in placements]
    if technician is None:
        return []
    if not made.labour:
        raise Refused("workshop.order.diagnosis_missing", verb="dispatch", count=1, target="lines", also=[])
    return place_all(made.labour, technician)


def _enter(order: WorkOrder, *, dispatched: bool, by: Viewer, now: datetime) -> str:
    """Write the order in the state it enters, with its spells; the state before."""
    before = order.state
    fresh = order.pk is None
    spells = []
    order.state = ORDER.after(order.state, "open_order")
    order.opened_at = now
    spells.append(moves.spell_of(order, now, by))
    if dispatched:
        spells[0].ended_at = now
        order.state = ORDER.after(order.state, "dispatch")
        spells.append(moves.spell_of(order, now, by))
    order.state_at = now
    if not fresh:
        order.version += 1
        OrderSpell.objects.filter(order=order, ended_at__isnull=True).update(ended_at=now)
    order.save(force_insert=fresh)
    for spell in spells:
        spell.order = order
    OrderSpell.objects.bulk_create(spells)
    return before


def _record_mileage(order: WorkOrder, vehicle: Vehicle, said: Reception, *, by: Viewer, now: datetime) -> None:
    if said.mileage is not None:
        vehicles.record_mileage(
            vehicle,
            km=said.mileage,
            source=stock.source_of(order),
            reason=said.mileage_reason,
            store=order.store,
            by=by,
            now=now,
        )


def _know(order: WorkOrder, vehicle: Vehicle | None, customer: Customer | None, *, by: Viewer, now: datetime) -> None:
    """A store that has not known the car or its customer knows them by this paper."""
    about: dict[str, Any] = {"store": order.store, "paper": stock.source_of(order), "by": by, "now": now}
    if vehicle is not None:
        vehicles.know(vehicle, **about)
    if customer is not None:
        customers.know(customer, **about)


def _convert(appointment: Appointment | None, order: WorkOrder, *, by: Viewer, now: datetime) -> None:
    """An appointment that became an order; one that nobody marked as arrived arrives now."""
    if appointment is None:
        return
    appointment = lock(appointment)
    if appointment.state == "requested":
        appointment.state = APPOINTMENT.after(appointment.state, "confirm")
    if appointment.state in {"confirmed", "no_show"}:
        appointment.state = APPOINTMENT.after(appointment.state, "arrive")
        appointment.arrived_at = now
    appointment.state = APPOINTMENT.after(appointment.state, "open_order")
    appointment.save(update_fields=["state", "arrived_at"])
    audit(by, "workshop.appointment.converted", appointment, now=now, order=order.pk)


def _take_up_advice(jobs: Sequence[JobWanted], order: WorkOrder, *, now: datetime) -> None:
    taken = [job.advice_id for job in jobs if job.advice_id is not None]
    if taken:
        waiting = Advice.objects.filter(pk__in=taken, vehicle_id=order.vehicle_id, resolved_at__isnull=True)
        waiting.update(resolved_by=order, resolved_at=now)


def _bring_along(order: WorkOrder, *, by: Viewer, now: datetime) -> None:
    """What was written on the draft before: its parts are asked for too, its lines count."""
    stock.ask_for_approved(order, by=by, now=now)
    classes = LabourLine.objects.filter(order=order).values_list("regulatory_class", flat=True)
    order.regulatory_class = strictest(list(classes))
    order.save(update_fields=["regulatory_class"])
    moves.retotal(order)


def _cancelling(order: WorkOrder) -> tuple[str, dict[str, Any]]:
    return ("workshop.order.cancel", {"order_id": order.pk})


def _record(
    order: WorkOrder, before: str, technicians: list[int], jobs: Sequence[JobWanted], *, by: Viewer, now: datetime
) -> None:
    audit(
        by,
        "workshop.order.opened",
        order,
        now=now,
        undo=_cancelling(order),
        before=before,
        after="open",
        no=order.no,
        plate=order.plate,
        jobs=[job.op_code for job in jobs],
        total=order.estimate_total.fen,
        second_order_reason=order.second_order_reason,
    )
    about: dict[str, Any] = {"store_id": order.store_id, "happened_at": now, "order_id": order.pk}
    announce(OrderOpened(**about, vehicle_id=order.vehicle_id))
    if technicians:
        people = tuple(sorted(set(technicians)))
        audit(
            by, "workshop.order.dispatched", order, now=now, before="open", after=order.state, technicians=list(people)
        )
        announce(OrderDispatched(**about, technician_ids=people))
