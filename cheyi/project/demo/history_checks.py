"""Which way an order of the past went: its type, its flow, and what the inspector wrote down about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from cheyi.foundation.models import Employee, Store
from cheyi.workshop.models import FlowProfile, LabourOp, QCRecord, WorkOrder
from cheyi.workshop.rules.flow import OFF, profile_for, strictest
from cheyi.workshop.rules.jobs import order_type
from cheyi.workshop.rules.quality import checklist, needs_road_test

if TYPE_CHECKING:
    from cheyi.project.demo.history import Written


def choose_way(order: WorkOrder, ops: Iterable[LabourOp], profiles: dict[str, FlowProfile]) -> None:
    """Type, class, profile and checks as the jobs ask for them."""
    jobs = list(ops)
    order.type = order_type([op.system for op in jobs], ["customer"])
    order.regulatory_class = strictest([op.regulatory_class for op in jobs])
    offered = {code: tuple(row.order_types) for code, row in profiles.items()}
    order.flow_profile = profiles[profile_for(order.type, order.regulatory_class, offered)]
    if order.flow_profile.steps["final_check"] != OFF:
        order.checks = ["final_check", "self_check"]


def write_checks(store: Store, batch: Iterable[Written], inspectors: list[Employee], random: Random) -> None:
    """The final check of each order whose profile has one."""
    QCRecord.objects.bulk_create(
        [_record(store, one, random.choice(inspectors), random) for one in batch if "final_check" in one.order.checks]
    )


def _record(store: Store, one: Written, inspector: Employee, random: Random) -> QCRecord:
    order = one.order
    assert order.ready_at is not None
    at = order.ready_at - timedelta(minutes=2)
    driven = any(
        needs_road_test(system=line.op.system, skill=line.skill_code, bay_kind=line.bay_kind)
        for line in one.labour
        if line.op
    )
    return QCRecord(
        store=store,
        order=order,
        level="final",
        items=dict.fromkeys(checklist("final", high_voltage=any(line.high_voltage for line in one.labour)), True),
        road_test_km=random.randint(2, 6) if driven else None,
        result=QCRecord.Result.PASSED,
        inspector=inspector,
        inspector_name=inspector.name,
        checked_at=at,
        created_at=at,
    )
