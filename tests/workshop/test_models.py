"""What the database itself refuses, whoever writes."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from cheyi.foundation.scope import OutOfScope, within
from cheyi.kernel import Hours, Quantity, Rate
from cheyi.workshop import actions
from cheyi.workshop.models import (
    Answer,
    Assignment,
    FlowProfile,
    JobClock,
    LabourLine,
    OpHours,
    OpPart,
    OrderSpell,
    PartLine,
    PromiseChange,
    RateCard,
    TechnicianSkill,
    WorkOrder,
)
from tests.foundation.org import NOW
from tests.workshop.shop import after, q, yuan


def refused(change) -> bool:
    """Whether the database says no, with everything else left as it was."""
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return True
    return False


def copy_of(row, **changes):
    row.pk = None
    row._state.adding = True
    if hasattr(row, "uid"):
        from uuid import uuid4

        row.uid = uuid4()
    for name, value in changes.items():
        setattr(row, name, value)
    return row


def test_a_car_has_one_open_order_per_store_unless_a_reason_stands_there(shop):
    order = shop.opened("DT004")
    second = copy_of(shop.fresh(order), no="ROSH01X")
    assert refused(second.save)
    second.second_order_reason = "保险另开单"
    second.save()
    assert WorkOrder.objects.filter(vehicle=order.vehicle).count() == 2


def test_a_closed_order_does_not_stand_in_the_way(shop):
    order = shop.opened("DT004")
    WorkOrder.objects.filter(pk=order.pk).update(state="cancelled")
    copy_of(shop.fresh(order), no="ROSH01X", state="open").save()
    assert WorkOrder.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"no": ""},
        {"state": "hold"},
        {"hold_reason": "wait_parts"},
        {"state": "delivered"},
        {"mileage_in": 2_000_001},
        {"mileage_out": 20_399},
    ],
    ids=["number", "hold without reason", "reason without hold", "delivered unpaid", "mileage", "mileage out"],
)
def test_an_order_cannot_be_written_wrong(shop, change):
    order = shop.opened("DT004")
    assert refused(lambda: WorkOrder.objects.filter(pk=order.pk).update(**change))


def test_a_line_always_adds_up(shop):
    line = shop.labour(shop.opened("CH001"))
    rows = LabourLine.objects.filter(pk=line.pk)
    assert refused(lambda: rows.update(net=yuan(319)))
    assert refused(lambda: rows.update(discount_rate=Rate(10_001)))
    assert refused(lambda: rows.update(sold_hours=Hours(-1)))
    assert refused(copy_of(line).save)


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": Quantity(0)},
        {"issued": q(2)},
        {"returned": q(1)},
        {"part": None},
    ],
)
def test_a_part_line_keeps_its_quantities_in_order(shop, change):
    order = shop.opened("CH001")
    assert refused(lambda: PartLine.objects.filter(order=order).update(**change))


def test_a_technician_has_one_running_clock(shop):
    wang = shop.technician()
    order = shop.opened("MA001", "CH001", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    clock = JobClock.objects.get()
    assert refused(copy_of(clock, line=shop.labour(order, 1)).save)
    clock = JobClock.objects.get()
    assert refused(lambda: JobClock.objects.filter(pk=clock.pk).update(stopped_at=after(hours=-1)))


def test_a_technician_stands_on_a_line_once_with_a_share(shop):
    shop.opened("MA001", to=shop.technician())
    row = Assignment.objects.get()
    assert refused(lambda: Assignment.objects.filter(pk=row.pk).update(share=Rate(0)))
    assert refused(copy_of(row).save)


def test_an_order_is_in_one_state_at_a_time(shop):
    shop.opened("DT004")
    assert refused(copy_of(OrderSpell.objects.get()).save)


@pytest.mark.parametrize("level", [0, 6])
def test_a_level_goes_from_one_to_five(shop, level):
    shop.technician()
    assert refused(lambda: TechnicianSkill.objects.update(level=level))


def test_the_catalogue_has_each_thing_once(shop):
    assert refused(copy_of(OpHours.objects.first()).save)
    assert refused(copy_of(OpPart.objects.first()).save)
    assert refused(copy_of(RateCard.objects.first()).save)
    assert refused(copy_of(FlowProfile.objects.first()).save)


def test_answers_and_promises_are_never_changed(shop):
    order = shop.opened("DT004")
    actions.add_extra(order, jobs=[actions.JobWanted("CH001")], by=shop.advisor, now=NOW)
    actions.approve([shop.labour(order, 1)], by=shop.advisor, now=NOW)
    actions.change_promise(order, promised_at=after(hours=1), by=shop.advisor, now=NOW)
    for table, change in ((Answer, {"approved": False}), (PromiseChange, {"reason": "x"})):
        row = table.objects.first()
        assert refused(lambda table=table, row=row, change=change: table.objects.filter(pk=row.pk).update(**change))
        assert refused(row.delete)


def test_another_stores_order_is_neither_seen_nor_written(shop):
    order = shop.opened("DT004")
    with within(shop.town.sister):
        assert WorkOrder.objects.count() == 0
        with pytest.raises(OutOfScope):
            order.save()
