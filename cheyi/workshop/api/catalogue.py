"""The workshop's catalogue for machines: operations with hours and kits, packages, hourly rates."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from ninja import Field, Query, Router, Schema

from cheyi.foundation.api import Body, Cursor, Fen, Id, Thousandths, question, turned, verb
from cheyi.kernel import Hours, Money, Quantity
from cheyi.parts.access import part
from cheyi.workshop import access
from cheyi.workshop.actions import cataloguing
from cheyi.workshop.actions.cataloguing import OperationEntry
from cheyi.workshop.models import LabourOp, Package, RateCard

router = Router()
VIEW, EDIT = "workshop.catalogue.view", "workshop.catalogue.edit"
System = Field(max_length=4)


class AskedOperationsIn(Body):
    """Which operations: whose code begins like this, of a system."""

    code: str = Field(default="", max_length=20)
    system: str = Field(default="", max_length=4)
    after: Cursor = 0


class HoursIn(Body):
    """Standard hours in hundredths for a class of car."""

    vehicle_class: Literal["small", "mid", "large"]
    hours: int = Field(ge=0, le=100_000)


class OperationIn(Body):
    """An operation as a shop enters it; the same code again changes it."""

    code: str = Field(min_length=1, max_length=20)
    name: str = Field(min_length=1, max_length=60)
    system: str = Field(min_length=1, max_length=4)
    hours: list[HoursIn] = Field(default_factory=list, max_length=3)
    name_en: str = Field(default="", max_length=80)
    search_words: str = Field(default="", max_length=200)
    skill: str = Field(default="", max_length=20)
    min_level: int = Field(default=1, ge=1, le=5)
    difficult: bool = False
    high_voltage: bool = False
    rate_code: str = Field(default="M", min_length=1, max_length=2)
    fixed_price_fen: Fen | None = Field(default=None, ge=0)
    is_fee: bool = False
    qa_km: int = Field(default=0, ge=0, le=1_000_000)
    qa_days: int = Field(default=0, ge=0, le=10_000)

    def entry(self) -> OperationEntry:
        """As the action takes it."""
        plain = self.model_dump(exclude={"hours", "fixed_price_fen"})
        hours: dict[str, Hours] = {one.vehicle_class: Hours(one.hours) for one in self.hours}
        price = Money(self.fixed_price_fen) if self.fixed_price_fen is not None else None
        return OperationEntry(**plain, hours=hours, fixed_price=price)


class KitIn(Body):
    """Which part and how much of it (thousandths) an operation brings."""

    part_id: Id
    quantity: Thousandths
    slot: str = Field(default="", max_length=20)


class OperationOut(Schema):
    """An operation; its fixed price in fen, or None when hours and rate make it."""

    id: int
    code: str
    name: str
    name_en: str
    system: str
    min_level: int
    high_voltage: bool
    rate_code: str
    fixed_price_fen: int | None
    active: bool

    @classmethod
    def of(cls, row: LabourOp) -> OperationOut:
        """The shape of a row."""
        names = ("code", "name", "name_en", "system", "min_level", "high_voltage", "rate_code", "active")
        price = row.fixed_price.fen if row.fixed_price is not None else None
        return cls(id=row.pk, fixed_price_fen=price, **{name: getattr(row, name) for name in names})


class OperationsOut(Schema):
    """A page of operations; ``next`` is the cursor of the following page."""

    operations: list[OperationOut]
    next: int | None


class KitOut(Schema):
    """A part of an operation's kit."""

    op_id: int
    part_id: int
    quantity: int


class PackageOut(Schema):
    """A package: its operations by code, and its price in fen when it has one of its own."""

    id: int
    code: str
    name: str
    ops: list[str]
    price_fen: int | None


class PackagesOut(Schema):
    """A page of packages; ``next`` is the cursor of the following page."""

    packages: list[PackageOut]
    next: int | None


class RateOut(Schema):
    """The price of an hour of one kind of work from a day on."""

    rate_code: str
    name: str
    vehicle_class: str
    price_fen: int
    valid_from: date
    valid_until: date | None


class RatesOut(Schema):
    """All hourly rates of the store."""

    rates: list[RateOut]


class AskedIn(Body):
    """From where on."""

    after: Cursor = 0


@question(router, "/operations", permission=VIEW, response=OperationsOut)
def operations(request: Any, asked: Query[AskedOperationsIn]) -> OperationsOut:  # noqa: ARG001 - the door's scope
    """The group's operations, at most 50 at once."""
    rows = LabourOp.objects.filter(code__startswith=asked.code)
    rows = rows.filter(system=asked.system) if asked.system else rows
    found, following = turned(rows, asked.after)
    return OperationsOut(operations=[OperationOut.of(row) for row in found], next=following)


@question(router, "/packages", permission=VIEW, response=PackagesOut)
def packages(request: Any, asked: Query[AskedIn]) -> PackagesOut:  # noqa: ARG001 - the door's scope
    """The group's packages, at most 50 at once."""
    found, following = turned(Package.objects.filter(active=True), asked.after)
    rows = [
        PackageOut(id=one.pk, code=one.code, name=one.name, ops=one.ops, price_fen=one.price.fen if one.price else None)
        for one in found
    ]
    return PackagesOut(packages=rows, next=following)


@question(router, "/rates", permission=VIEW, response=RatesOut)
def rates(request: Any) -> RatesOut:  # noqa: ARG001 - the door's scope
    """The open store's hourly rates, past and coming ones too."""
    names = ("rate_code", "name", "vehicle_class", "valid_from", "valid_until")
    rows = RateCard.objects.order_by("rate_code", "vehicle_class", "valid_from")
    return RatesOut(
        rates=[RateOut(price_fen=row.price.fen, **{name: getattr(row, name) for name in names}) for row in rows]
    )


@verb(router, "/operations/put", permission=EDIT, response=OperationOut)
def put_operation(request: Any, body: OperationIn) -> OperationOut:
    """Write an operation, a new one or a changed one."""
    row = cataloguing.put_operation(body.entry(), store=request.store, by=request.viewer, now=request.now)
    return OperationOut.of(row)


@verb(router, "/operations/{int:op_id}/set-kit", permission=EDIT, response=KitOut)
def set_kit(request: Any, op_id: int, body: KitIn) -> KitOut:
    """Say which part and how much of it an operation brings."""
    row = cataloguing.set_kit(
        access.operation(op_id),
        part=part(body.part_id),
        quantity=Quantity(body.quantity),
        slot=body.slot,
        by=request.viewer,
        now=request.now,
    )
    return KitOut(op_id=row.op_id, part_id=row.part_id, quantity=row.quantity.parts)
