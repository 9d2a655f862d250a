"""Filling the catalogue: what is shipped, and what a shop enters or imports; repeatable without doubling."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from cheyi.foundation import search
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit, lock
from cheyi.foundation.models import Employee, Store
from cheyi.kernel import Hours, Money, Quantity, Refused
from cheyi.parts.models import Part
from cheyi.vehicles.models import Series, VehicleModel
from cheyi.workshop.models import (
    FlowProfile,
    LabourOp,
    MaintenanceSchedule,
    OpHours,
    OpPart,
    Package,
    RateCard,
    ScheduleNode,
    Skill,
    TechnicianProfile,
    TechnicianSkill,
)
from cheyi.workshop.queries.shipped import Row, rows
from cheyi.workshop.rules import flow
from cheyi.workshop.rules.pricing import VEHICLE_CLASSES

SHIPPED_SINCE = date(2020, 1, 1)
PROFILE_NAMES = {"express": "快保", "standard": "标准", "major": "事故与大修"}
OP_FIELDS = (
    "name",
    "name_en",
    "search_words",
    "system",
    "skill",
    "min_level",
    "difficult",
    "bay_kind",
    "high_voltage",
    "regulatory_class",
    "rate_code",
    "fixed_price",
    "is_fee",
    "qa_km",
    "qa_days",
    "energies",
)


@dataclass(frozen=True, slots=True)
class OperationEntry:
    """An operation as a shop enters it; ``hours`` by vehicle class."""

    code: str
    name: str
    system: str
    hours: Mapping[str, Hours] = field(default_factory=dict)
    name_en: str = ""
    search_words: str = ""
    skill: str = ""
    min_level: int = 1
    difficult: bool = False
    bay_kind: str = ""
    high_voltage: bool = False
    regulatory_class: str = "none"
    rate_code: str = "M"
    fixed_price: Money | None = None
    is_fee: bool = False
    qa_km: int = 0
    qa_days: int = 0
    energies: tuple[str, ...] = ()


@act
def load_shipped(*, store: Store, by: Viewer, now: datetime) -> dict[str, int]:
    """Give a store and its group the shipped catalogue: what is there already stays as it is. How many rows were added."""
    stamp = {"created_at": now, "created_by_id": by.user_id}
    group = {**stamp, "group_id": store.group_id}
    added = {"skills": _add_new(Skill, "code", [Skill(**group, **_named(row)) for row in rows("skills")])}
    entries = [entry_of(row) for row in rows("ops")]
    known = set(LabourOp.objects.values_list("code", flat=True))
    added["operations"] = put_operations([one for one in entries if one.code not in known], store=store, by=by, now=now)
    added["packages"] = _add_new(Package, "code", [Package(**group, **_package(row)) for row in rows("packages")])
    added["schedules"] = _schedules(group)
    added["rates"] = _rates(store, stamp)
    added["profiles"] = _profiles(store, stamp)
    if any(added.values()):
        audit(by, "workshop.catalogue.loaded", store, now=now, added=added)
    return added


def put_operations(entries: Sequence[OperationEntry], *, store: Store, by: Viewer, now: datetime) -> int:
    """Write operations with hours and search keys, new ones and changed ones. Belongs in an act. How many."""
    if not entries:
        return 0
    skills = {skill.code: skill for skill in Skill.objects.all()}
    stamp = {"created_at": now, "created_by_id": by.user_id, "group_id": store.group_id}
    ops = [LabourOp(**stamp, **_columns(one, skills)) for one in entries]
    LabourOp.objects.bulk_create(
        ops, update_conflicts=True, unique_fields=["group", "code"], update_fields=[*OP_FIELDS, "active"]
    )
    by_code = {op.code: op for op in LabourOp.objects.filter(code__in=[one.code for one in entries])}
    OpHours.objects.bulk_create(
        [
            OpHours(**stamp, op=by_code[one.code], vehicle_class=name, hours=hours)
            for one in entries
            for name, hours in one.hours.items()
        ],
        update_conflicts=True,
        unique_fields=["group", "op", "vehicle_class"],
        update_fields=["hours"],
    )
    search.write_keys_many(
        search.KeySet(store.group_id, None, "op", by_code[one.code].pk, tuple(_keys(one))) for one in entries
    )
    return len(entries)


@act
def put_operation(entry: OperationEntry, *, store: Store, by: Viewer, now: datetime) -> LabourOp:
    """Write one operation, new or changed. Raises Refused ``workshop.technician.unknown_skill``."""
    if entry.skill and not Skill.objects.filter(code=entry.skill).exists():
        raise Refused("workshop.technician.unknown_skill", field="skill", skill=entry.skill)
    put_operations([entry], store=store, by=by, now=now)
    op = LabourOp.objects.get(code=entry.code)
    audit(by, "workshop.catalogue.operation_put", op, now=now, number=entry.code)
    return op


@act
def set_kit(
    op: LabourOp,
    *,
    part: Part,
    quantity: Quantity,
    model: VehicleModel | None = None,
    series: Series | None = None,
    slot: str = "",
    by: Viewer,
    now: datetime,
) -> OpPart:
    """Say which part and how much of it an operation brings, for all cars, a series or a model.

    Raises Refused ``workshop.line.bad_quantity``, ``workshop.operation.one_filter``.
    """
    op = lock(op)
    if quantity <= Quantity(0):
        raise Refused("workshop.line.bad_quantity", field="quantity", quantity=str(quantity))
    if model is not None and series is not None:
        raise Refused("workshop.operation.one_filter", field="series")
    row, _ = OpPart.objects.update_or_create(
        op=op,
        part=part,
        model=model,
        series=series,
        defaults={"quantity": quantity, "slot": slot},
        create_defaults={
            "quantity": quantity,
            "slot": slot,
            "group_id": op.group_id,
            "created_at": now,
            "created_by_id": by.user_id,
        },
    )
    audit(by, "workshop.catalogue.kit_set", op, now=now, part=part.part_no, quantity=str(quantity))
    return row


@act
def put_technician(
    employee: Employee,
    *,
    store: Store,
    skills: Mapping[str, int],
    high_voltage_no: str = "",
    high_voltage_until: date | None = None,
    hourly_cost: Money | None = None,
    by: Viewer,
    now: datetime,
) -> TechnicianProfile:
    """Write what a technician of a store can do. Raises Refused ``workshop.technician.unknown_skill``, ``.bad_level``."""
    known = {skill.code: skill for skill in Skill.objects.all()} | {skill.name: skill for skill in Skill.objects.all()}
    for name, level in skills.items():
        if name not in known:
            raise Refused("workshop.technician.unknown_skill", field="skills", skill=name)
        if not 1 <= level <= 5:
            raise Refused("workshop.technician.bad_level", field="skills", skill=name, level=level)
    stamp = {"store": store, "created_at": now, "created_by_id": by.user_id}
    facts = {
        "high_voltage_no": high_voltage_no,
        "high_voltage_until": high_voltage_until,
        "hourly_cost": hourly_cost,
        "active": True,
    }
    profile, _ = TechnicianProfile.objects.update_or_create(
        employee=employee, defaults=facts, create_defaults={**stamp, **facts}
    )
    TechnicianSkill.objects.bulk_create(
        [TechnicianSkill(**stamp, profile=profile, skill=known[name], level=level) for name, level in skills.items()],
        update_conflicts=True,
        unique_fields=["store", "profile", "skill"],
        update_fields=["level"],
    )
    audit(by, "workshop.technician.edited", profile, now=now, skills=dict(skills))
    return profile


def entry_of(row: Row) -> OperationEntry:
    """An operation of the shipped file."""
    return OperationEntry(
        code=row["code"],
        name=row["name"],
        name_en=row["name_en"],
        search_words=row["search_words"],
        system=row["system"],
        skill=row["skill"],
        min_level=int(row["min_level"]),
        difficult=bool(row["difficult"]),
        bay_kind=row["bay_kind"],
        high_voltage=bool(row["high_voltage"]),
        regulatory_class=row["regulatory_class"],
        rate_code=row["rate_code"],
        fixed_price=Money.yuan(row["fixed_price"]) if row["fixed_price"] else None,
        is_fee=bool(row["is_fee"]),
        qa_km=int(row["qa_km"]),
        qa_days=int(row["qa_days"]),
        energies=tuple(row["energies"].split()),
        hours={name: Hours.of(row[name]) for name in VEHICLE_CLASSES if row[name]},
    )


def _columns(one: OperationEntry, skills: Mapping[str, Skill]) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(one, name) for name in OP_FIELDS if name not in {"skill", "energies"}}
    return {
        **values,
        "code": one.code,
        "skill": skills.get(one.skill),
        "energies": list(one.energies),
        "active": True,
    }


def _keys(one: OperationEntry) -> Iterable[search.Key]:
    yield from search.code_keys(one.code)
    for words in (one.name, *one.search_words.split()):
        yield from search.name_keys(words)
    for place, word in enumerate(one.name_en.split()):
        yield search.Key(word, min(place + 1, 9))


def _add_new(table: type[Skill | Package | MaintenanceSchedule], key: str, made: Sequence[Any]) -> int:
    known = set(table.objects.values_list(key, flat=True))
    fresh = [row for row in made if getattr(row, key) not in known]
    table.objects.bulk_create(fresh)
    return len(fresh)


def _named(row: Row) -> dict[str, str]:
    return {name: row[name] for name in ("code", "name", "name_en")}


def _package(row: Row) -> dict[str, Any]:
    price = Money.yuan(row["price"]) if row["price"] else None
    return {**_named(row), "energies": row["energies"].split(), "price": price, "ops": row["ops"].split()}


def _number(text: str) -> int | None:
    return int(text) if text else None


def _schedules(group: Mapping[str, Any]) -> int:
    made = [
        MaintenanceSchedule(
            **group,
            code=row["code"],
            name=row["name"],
            energies=row["energies"].split(),
            first_km=_number(row["first_km"]),
            first_months=_number(row["first_months"]),
            every_km=int(row["every_km"]),
            every_months=int(row["every_months"]),
        )
        for row in rows("schedules")
    ]
    added = _add_new(MaintenanceSchedule, "code", made)
    schedules = {row.code: row for row in MaintenanceSchedule.objects.all()}
    ops = {row.code: row for row in LabourOp.objects.all()}
    known = set(ScheduleNode.objects.values_list("schedule__code", "op__code"))
    nodes = [
        ScheduleNode(
            **group,
            schedule=schedules[row["schedule"]],
            op=ops[row["op"]],
            every_km=_number(row["every_km"]),
            every_months=_number(row["every_months"]),
        )
        for row in rows("schedule_nodes")
        if (row["schedule"], row["op"]) not in known and row["op"] in ops
    ]
    ScheduleNode.objects.bulk_create(nodes)
    return added + len(nodes)


def _rates(store: Store, stamp: Mapping[str, Any]) -> int:
    known = set(RateCard.objects.values_list("rate_code", flat=True))
    fresh = [
        RateCard(
            **stamp,
            store=store,
            rate_code=row["rate_code"],
            name=row["name"],
            price=Money.yuan(row["price"]),
            valid_from=SHIPPED_SINCE,
        )
        for row in rows("rates")
        if row["rate_code"] not in known
    ]
    RateCard.objects.bulk_create(fresh)
    return len(fresh)


def _profiles(store: Store, stamp: Mapping[str, Any]) -> int:
    known = set(FlowProfile.objects.values_list("code", flat=True))
    fresh = [
        FlowProfile(
            **stamp,
            store=store,
            code=one.code,
            name=PROFILE_NAMES[one.code],
            order_types=list(one.order_types),
            steps=dict(one.steps),
            start_from_open=one.start_from_open,
            advisor_dispatches=one.advisor_dispatches,
        )
        for one in flow.SHIPPED
        if one.code not in known
    ]
    FlowProfile.objects.bulk_create(fresh)
    return len(fresh)
