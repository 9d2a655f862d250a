"""Many cars at once, for import and demo: the checks of ``add``, the same rows and keys, few statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Literal
from zoneinfo import ZoneInfo

from cheyi.customers.rules.texts import as_typed
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit
from cheyi.foundation.models import Store
from cheyi.foundation.search import KeySet, write_keys_many
from cheyi.foundation.sources import Source
from cheyi.kernel import Quantity, Refused
from cheyi.vehicles.actions.adding import Details
from cheyi.vehicles.actions.identifying import PlateForm, VinForm, read_both
from cheyi.vehicles.actions.keys import THING, keys_of
from cheyi.vehicles.actions.knowing import know
from cheyi.vehicles.actions.reading import columns_of
from cheyi.vehicles.models import MileageReading, Plate, Vehicle, VehicleModel, VehicleOwnership, VehicleStore
from cheyi.vehicles.rules import mileage as rules

AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkRow:
    """One car of a list; ``ref`` is how the caller calls the row. Mileage in km as read on ``mileage_on``."""

    ref: str
    plate: str = ""
    vin: str = ""
    plate_kind: str = ""
    model: VehicleModel | None = None
    owner_id: int | None = None
    owner_from_on: date | None = None
    mileage: int | None = None
    mileage_on: date | None = None
    avg_daily_km: Quantity = rules.USUAL_DAILY_KM
    last_service_on: date | None = None
    last_service_km: int | None = None
    next_service_on: date | None = None
    next_service_km: int | None = None
    last_visit_on: date | None = None
    advisor_id: int | None = None
    note: str = ""
    details: Details = field(default_factory=Details)
    confirmed: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: ``new``, ``here`` (on file already), ``linked`` (a sister store's), or ``refused``."""

    ref: str
    kind: Literal["new", "here", "linked", "refused"]
    vehicle_id: int | None = None
    problem: Refused | None = None


@dataclass(slots=True)
class _New:
    row: BulkRow
    vehicle: Vehicle


@act
def bulk_add(
    rows: Sequence[BulkRow],
    *,
    store: Store,
    by: Viewer,
    now: datetime,
    paper: Source,
    confirmed: Collection[str] = (),
) -> list[Outcome]:
    """Put many cars on file; one outcome per row, in their order.

    A car that is on file (same VIN, or same plate) is left as it is, so the same list twice doubles none. A plate or
    VIN that stands on two different cars refuses the later row (``vehicles.vehicle.plate_taken``, ``.two_cars``). No
    facts are announced; one audit row tells the count.
    """
    outcomes: dict[str, Outcome] = {}
    for start in range(0, len(rows), AT_ONCE):
        outcomes |= _Batch(rows[start : start + AT_ONCE], store, now, by, confirmed).write(paper)
    made = sum(one.kind == "new" for one in outcomes.values())
    if made:
        audit(by, "vehicles.vehicle.imported", None, now=now, paper=paper.kind, paper_id=paper.id, count=made)
    return [outcomes[row.ref] for row in rows]


class _Batch:
    """Up to 500 rows: read once, compared with what is on file and with each other, written in a few statements."""

    def __init__(
        self, rows: Sequence[BulkRow], store: Store, now: datetime, by: Viewer, confirmed: Collection[str]
    ) -> None:
        self.store, self.now, self.by = store, now, by
        self.today = store.business_date(now)
        self.outcomes: dict[str, Outcome] = {}
        self.new: list[_New] = []
        self.doubles: list[tuple[str, _New]] = []
        read = [(row, form) for row in rows if (form := self._read(row, confirmed))]
        self.by_vin, self.by_plate, self.here = self._on_file([form for _, form in read])
        self.new_by_vin: dict[str, _New] = {}
        self.new_by_plate: dict[str, _New] = {}
        self.read = read

    def _read(self, row: BulkRow, confirmed: Collection[str]) -> tuple[PlateForm, VinForm] | None:
        allowed = {*confirmed, *row.confirmed}
        try:
            plate, vin = read_both(
                row.plate, row.vin, kind=row.plate_kind, this_year=self.today.year, confirmed=allowed
            )
            if row.mileage is not None:
                rules.check(row.mileage, row.mileage_on or self.today, last=None)
        except Refused as refused:
            self.outcomes[row.ref] = Outcome(row.ref, "refused", problem=refused)
            return None
        return plate, vin

    def _on_file(
        self, forms: Sequence[tuple[PlateForm, VinForm]]
    ) -> tuple[dict[str, Vehicle], dict[str, Vehicle], frozenset[int]]:
        rows = Vehicle.objects.filter(group_id=self.store.group_id)
        found_vins = list(rows.filter(vin__in={vin.number for _, vin in forms} - {""}))
        found_plates = list(rows.filter(plate__in={plate.number for plate, _ in forms} - {""}))
        ids = {row.pk for row in (*found_vins, *found_plates)}
        here = VehicleStore.objects.filter(store=self.store, vehicle_id__in=ids).values_list("vehicle_id", flat=True)
        return {row.vin: row for row in found_vins}, {row.plate: row for row in found_plates}, frozenset(here)

    def write(self, paper: Source) -> dict[str, Outcome]:
        """Compare and write; the outcome of each row."""
        for row, (plate, vin) in self.read:
            try:
                self._place(row, plate, vin, paper)
            except Refused as refused:
                self.outcomes[row.ref] = Outcome(row.ref, "refused", problem=refused)
        self._insert(paper)
        return self.outcomes

    def _place(self, row: BulkRow, plate: PlateForm, vin: VinForm, paper: Source) -> None:
        by_vin, by_plate = self.by_vin.get(vin.number), self.by_plate.get(plate.number)
        existing = by_vin or by_plate
        if by_vin and by_plate and by_vin.pk != by_plate.pk:
            raise Refused("vehicles.vehicle.two_cars", field="plate", plate=plate.number, tail=vin.number[-6:])
        if existing is not None:
            _same_vin(existing, plate, vin)
            self._known(row, existing, paper)
            return
        double = self.new_by_vin.get(vin.number) or self.new_by_plate.get(plate.number)
        if double is not None:
            _same_vin(double.vehicle, plate, vin)
            self.doubles.append((row.ref, double))
            return
        made = _New(row, self._made(row, plate, vin))
        self.new.append(made)
        if vin.number:
            self.new_by_vin[vin.number] = made
        if plate.number:
            self.new_by_plate[plate.number] = made

    def _known(self, row: BulkRow, vehicle: Vehicle, paper: Source) -> None:
        kind: Literal["here", "linked"] = "here"
        if vehicle.pk not in self.here:
            know(vehicle, store=self.store, paper=paper, by=self.by, now=self.now)
            kind = "linked"
        self.outcomes[row.ref] = Outcome(row.ref, kind, vehicle.pk)

    def _made(self, row: BulkRow, plate: PlateForm, vin: VinForm) -> Vehicle:
        vehicle = Vehicle(
            **columns_of(row.details, model=row.model, plate=plate, vin=vin),
            group_id=self.store.group_id,
            vin=vin.number,
            vin_stem=vin.stem,
            plate=plate.number,
            plate_kind=plate.kind,
            avg_daily_km=row.avg_daily_km,
            last_service_on=row.last_service_on,
            last_service_km=row.last_service_km,
            next_service_on=row.next_service_on,
            next_service_km=row.next_service_km,
            created_at=self.now,
            created_by_id=self.by.user_id,
            updated_at=self.now,
            updated_by_id=self.by.user_id,
        )
        if row.mileage is not None:
            vehicle.last_mileage = row.mileage
            vehicle.last_mileage_on = row.mileage_on or self.today
            vehicle.last_mileage_at = self._moment(vehicle.last_mileage_on)
        return vehicle

    def _moment(self, day: date) -> datetime:
        return self.now if day == self.today else datetime.combine(day, time(12), tzinfo=ZoneInfo(self.store.zone))

    def _insert(self, paper: Source) -> None:
        Vehicle.objects.bulk_create([one.vehicle for one in self.new])
        made: dict[str, Any] = {"group_id": self.store.group_id, **self._stamp()}
        VehicleStore.objects.bulk_create([self._knowing(one, paper) for one in self.new])
        Plate.objects.bulk_create(
            Plate(
                vehicle=one.vehicle, number=one.vehicle.plate, kind=one.vehicle.plate_kind, from_on=self.today, **made
            )
            for one in self.new
            if one.vehicle.plate
        )
        VehicleOwnership.objects.bulk_create(
            VehicleOwnership(
                vehicle=one.vehicle,
                customer_id=one.row.owner_id,
                from_on=one.row.owner_from_on or one.vehicle.purchase_on or self.today,
                **made,
            )
            for one in self.new
            if one.row.owner_id
        )
        MileageReading.objects.bulk_create(
            self._reading(one.vehicle, one.row.mileage, one.row.mileage_on or self.today, paper)
            for one in self.new
            if one.row.mileage is not None
        )
        write_keys_many(
            (
                KeySet(self.store.group_id, self.store.pk, THING, one.vehicle.pk, keys_of(one.vehicle))
                for one in self.new
            ),
            fresh=True,
        )
        for one in self.new:
            self.outcomes[one.row.ref] = Outcome(one.row.ref, "new", one.vehicle.pk)
        for ref, one in self.doubles:
            self.outcomes[ref] = Outcome(ref, "here", one.vehicle.pk)

    def _stamp(self) -> dict[str, Any]:
        return {"created_at": self.now, "created_by_id": self.by.user_id}

    def _knowing(self, one: _New, paper: Source) -> VehicleStore:
        return VehicleStore(
            store=self.store,
            vehicle=one.vehicle,
            source_kind=paper.kind,
            source_id=paper.id,
            source_label=paper.label,
            advisor_id=one.row.advisor_id,
            last_visit_on=one.row.last_visit_on,
            note=as_typed(one.row.note)[:200],
            **self._stamp(),
        )

    def _reading(self, vehicle: Vehicle, km: int, on: date, paper: Source) -> MileageReading:
        return MileageReading(
            group_id=self.store.group_id,
            vehicle=vehicle,
            km=km,
            read_at=self._moment(on),
            read_on=on,
            source_kind=paper.kind,
            source_id=paper.id,
            source_label=paper.label,
            **self._stamp(),
        )


def _same_vin(vehicle: Vehicle, plate: PlateForm, vin: VinForm) -> None:
    """Refuse a row that has the plate of a car with another VIN."""
    if vin.number and vehicle.vin and vehicle.vin != vin.number:
        raise Refused("vehicles.vehicle.plate_taken", field="plate", plate=plate.number, tail=vehicle.vin[-6:])
