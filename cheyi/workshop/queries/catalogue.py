"""What the workshop can do to one car and what it asks: operations with hours, kits, rates and part prices."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from cheyi.foundation.questions import Question
from cheyi.kernel import Hours, Money, Quantity, Refused
from cheyi.parts.models import Part, StorePart
from cheyi.vehicles.models import Vehicle
from cheyi.workshop.models import LabourOp, OpHours, OpPart, RateCard
from cheyi.workshop.rules.jobs import KitPart, Operation
from cheyi.workshop.rules.pricing import class_of, hours_for


@dataclass(frozen=True, slots=True)
class CarKind:
    """What the catalogue asks of a car: its class, energy, model and series."""

    vehicle_class: str = "mid"
    energy: str = ""
    model_id: int | None = None
    series_id: int | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Operations by code as they apply to one car, and the store's rates of the day."""

    operations: Mapping[str, Operation] = field(default_factory=dict)
    rates: Mapping[str, Money] = field(default_factory=dict)

    def operation(self, code: str) -> Operation:
        """Raises Refused ``workshop.line.unknown_operation``."""
        try:
            return self.operations[code]
        except KeyError:
            raise Refused("workshop.line.unknown_operation", field="jobs", operation=code) from None


def car_kind(vehicle: Vehicle) -> CarKind:
    """The kind of a car; one query when its model is not loaded."""
    model = vehicle.model
    if model is None:
        return CarKind(class_of("", litres(vehicle.displacement_ml)), vehicle.energy)
    return CarKind(
        class_of(model.size_class, litres(model.displacement_ml)),
        vehicle.energy or model.energy,
        model.pk,
        model.series_id,
    )


def litres(millilitres: int | None) -> Quantity | None:
    """Displacement in litres."""
    return None if millilitres is None else Quantity(millilitres)


def catalogue_for(codes: Collection[str], car: CarKind, *, store_id: int, on: date) -> Catalogue:
    """The operations of some codes for a car, with the store's rates and part prices on a day. Three queries.

    Unknown codes are left out; ``Catalogue.operation`` refuses them.
    """
    if not codes:
        return Catalogue(rates=rates_of(car.vehicle_class, on=on))
    found, hours = _operations(codes)
    kits = _kits([op["pk"] for op in found.values()], car, store_id)
    made = {code: _operation(op, hours.get(code, {}), kits.get(op["pk"], ()), car) for code, op in found.items()}
    return Catalogue(made, rates_of(car.vehicle_class, on=on))


OP_COLUMNS = (
    "pk",
    "code",
    "name",
    "system",
    "rate_code",
    "skill__code",
    "min_level",
    "difficult",
    "bay_kind",
    "high_voltage",
    "regulatory_class",
    "fixed_price",
    "is_fee",
    "qa_km",
    "qa_days",
)
FROM_HOURS = tuple(f"op__{name}" for name in OP_COLUMNS)
HOURS = Question(
    lambda codes: OpHours.objects.filter(op__code__in=codes, op__active=True).values_list(
        "vehicle_class", "hours", *FROM_HOURS
    )
)
RATES = Question(
    lambda classes, on: RateCard.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=on), valid_from__lte=on, vehicle_class__in=classes
    )
)
Row = Mapping[str, Any]


def _operations(codes: Collection[str]) -> tuple[dict[str, Row], dict[str, dict[str, Hours]]]:
    """The active operations of some codes with their hours, as plain rows; fees, without hours, cost a second query."""
    found: dict[str, Row] = {}
    hours: dict[str, dict[str, Hours]] = {}
    for vehicle_class, amount, *columns in HOURS(codes=codes):
        op = dict(zip(OP_COLUMNS, columns, strict=True))
        found.setdefault(op["code"], op)
        hours.setdefault(op["code"], {})[vehicle_class] = amount
    without = set(codes) - found.keys()
    if without:
        fees = LabourOp.objects.filter(code__in=without, active=True)
        found.update({op["code"]: op for op in fees.values(*OP_COLUMNS)})
    return found, hours


def rates_of(vehicle_class: str, *, on: date) -> dict[str, Money]:
    """The store's hourly rates by code: one for the class of the car wins over one for all."""
    rows = RATES(classes=["", vehicle_class], on=on)
    return {row.rate_code: row.price for row in sorted(rows, key=lambda row: (bool(row.vehicle_class), row.valid_from))}


def part_facts(part_ids: Collection[int], *, store_id: int) -> dict[int, KitPart]:
    """Prices of some parts in a store, each with the quantity of one step. Two queries."""
    own = _own_prices(part_ids, store_id)
    rows = Part.objects.filter(pk__in=part_ids).values_list("pk", "qty_step", *PART_COLUMNS)
    return {
        part_id: _kit_part(dict(zip(PART_COLUMNS, columns, strict=True)), part_id, step, own.get(part_id))
        for part_id, step, *columns in rows
    }


def _operation(op: Row, hours: Mapping[str, Hours], kit: Sequence[KitPart], car: CarKind) -> Operation:
    return Operation(
        id=op["pk"],
        hours=Hours(0) if op["is_fee"] and not hours else hours_for(hours, car.vehicle_class),
        skill=op["skill__code"] or "",
        kit=tuple(kit),
        **{name: value for name, value in op.items() if name not in {"pk", "skill__code"}},
    )


KIT_COLUMNS = ("op_id", "part_id", "slot", "quantity", "model_id", "series_id", "pk")
PART_COLUMNS = ("part_no", "name_zh", "unit", "grade", "retail_price", "claim_price", "internal_price")
FROM_KIT = (*KIT_COLUMNS, *(f"part__{name}" for name in PART_COLUMNS))

NO_ROW = 0
"""The number that no row has: a car without a model gets what is made for all models."""
KITS = Question(
    lambda ops, model, series, store: (
        OpPart.objects.filter(
            Q(model_id=model) | Q(model__isnull=True),
            Q(series_id=series) | Q(series__isnull=True),
            op_id__in=ops,
            part__active=True,
        )
        .annotate(
            own_price=Subquery(
                StorePart.objects.filter(store_id=store, part_id=OuterRef("part_id")).values("retail_price")[:1]
            )
        )
        .values_list(*FROM_KIT, "own_price")
    )
)


def _kits(op_ids: Sequence[int], car: CarKind, store_id: int) -> dict[int, tuple[KitPart, ...]]:
    """Per operation and slot the row that is made for the model, else for the series, else for all."""
    rows = KITS(ops=op_ids, model=car.model_id or NO_ROW, series=car.series_id or NO_ROW, store=store_id)
    found: list[Row] = [dict(zip((*KIT_COLUMNS, *PART_COLUMNS, "own_price"), columns, strict=True)) for columns in rows]
    chosen: dict[tuple[int, str], Row] = {}
    for row in sorted(found, key=lambda row: (row["model_id"] is not None, row["series_id"] is not None, -row["pk"])):
        chosen[row["op_id"], row["slot"] or f"#{row['part_id']}"] = row
    kits: dict[int, list[KitPart]] = {}
    for row in sorted(chosen.values(), key=lambda row: row["pk"]):
        kits.setdefault(row["op_id"], []).append(_kit_part(row, row["part_id"], row["quantity"], row["own_price"]))
    return {op_id: tuple(parts) for op_id, parts in kits.items()}


def _own_prices(part_ids: Collection[int], store_id: int) -> dict[int, Money]:
    if not part_ids:
        return {}
    rows = StorePart.objects.filter(store_id=store_id, part_id__in=part_ids, retail_price__isnull=False)
    return {part_id: price for part_id, price in rows.values_list("part_id", "retail_price") if price is not None}


def _kit_part(part: Row, part_id: int, quantity: Quantity, own_price: Money | None) -> KitPart:
    return KitPart(
        part_id=part_id,
        part_no=part["part_no"],
        name=part["name_zh"],
        unit=part["unit"],
        grade=part["grade"],
        quantity=quantity,
        retail=part["retail_price"] if own_price is None else own_price,
        claim=part["claim_price"],
        internal=part["internal_price"],
    )
