"""A car's file: its profile with all that happened to it over time, plates, people, readings, recalls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cheyi.customers.queries import CustomerBrief, brief, whose
from cheyi.customers.queries import seen_by as customers_seen_by
from cheyi.foundation.access import Viewer
from cheyi.foundation.sources import Source
from cheyi.foundation.unions import Fields, Part, side_by_side
from cheyi.vehicles.models import MileageReading, Plate, RecallVehicle, VehicleOwnership
from cheyi.vehicles.queries.profiles import CUSTOMER_VIEW, VehicleProfile, profile_of, with_store

MOST_READINGS = 40


@dataclass(frozen=True, slots=True)
class PlateLine:
    """A plate that the car carried."""

    number: str
    from_on: date
    until_on: date | None


ORIGINS: dict[str, str | Promise] = {
    "vehicles.vehicle": _("noted on the card"),
    "project.import": _("taken over from %(label)s"),
    "project.demo": _("invented for the demo"),
}
"""How a reading came, by the kind of its source, where that is no paper whose number says it."""


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """What somebody was to the car, and from when until when."""

    customer: CustomerBrief
    role: str
    label: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """A reading of the odometer, with the reason given for an odd one and the paper it came with."""

    km: int
    read_on: date
    reason: str
    source: Source

    @property
    def origin(self) -> str:
        """Where it comes from, in words: why an odd one was taken, else how it came, else the number of its paper."""
        if self.reason:
            return str(MileageReading.Reason(self.reason).label)
        if self.source.kind in ORIGINS:
            return str(ORIGINS[self.source.kind]) % {"label": self.source.label}
        return self.source.label


@dataclass(frozen=True, slots=True)
class Curve:
    """A car's readings as a line: points in a box of 600 by 120, its first and last day and the highest reading."""

    points: tuple[tuple[int, int], ...]
    first_on: date
    last_on: date
    highest: int

    @property
    def path(self) -> str:
        """The points as an SVG polyline reads them."""
        return " ".join(f"{x},{y}" for x, y in self.points)


CURVE_WIDTH, CURVE_HEIGHT = 600, 120


def curve_of(readings: Sequence[ReadingLine]) -> Curve | None:
    """The curve of some readings in any order; None where they are fewer than two, or all of one day."""
    rows = sorted(readings, key=lambda row: (row.read_on, row.km))
    if len(rows) < 2 or rows[0].read_on == rows[-1].read_on:
        return None
    days = (rows[-1].read_on - rows[0].read_on).days
    highest = max(1, *(row.km for row in rows))
    points = tuple(
        (
            round(CURVE_WIDTH * (row.read_on - rows[0].read_on).days / days),
            round(CURVE_HEIGHT * (1 - row.km / highest)),
        )
        for row in rows
    )
    return Curve(points, rows[0].read_on, rows[-1].read_on, highest)


@dataclass(frozen=True, slots=True)
class CarFile:
    """All that a car's own page shows; readings the newest first, plates and people the present ones first."""

    car: VehicleProfile
    plates: tuple[PlateLine, ...]
    owners: tuple[OwnerLine, ...]
    readings: tuple[ReadingLine, ...]
    curve: Curve | None


def file_of(vehicle_id: int, viewer: Viewer) -> CarFile:
    """The file of a car that the viewer may see, its people as far as he may see them. Three queries.

    Raises Vehicle.DoesNotExist.
    """
    vehicle = with_store(viewer).get(pk=vehicle_id)
    owners = owners_of(vehicle_id, viewer)
    past = _past(vehicle_id, vehicle.vin)
    readings = tuple(_reading(row) for row in past["reading"])
    owner = next((one.customer for one in owners if one.role == "owner" and one.until_on is None), None)
    return CarFile(
        profile_of(vehicle, owner, tuple(f"{row['code']} {row['label']}" for row in past["recall"])),
        tuple(PlateLine(row["code"], row["on"], row["until"]) for row in past["plate"]),
        tuple(owners),
        readings,
        curve_of(readings),
    )


def owners_of(vehicle_id: int, viewer: Viewer) -> list[OwnerLine]:
    """Who owns, uses, pays for and brings the car; former ones too. Only people the viewer may see. One query."""
    if not viewer.may(CUSTOMER_VIEW):
        return []
    rows = VehicleOwnership.objects.filter(whose("customer_id", customers_seen_by(viewer)), vehicle_id=vehicle_id)
    found = rows.select_related("customer").order_by("-from_on", "-pk")
    return [
        OwnerLine(brief(row.customer), row.role, str(row.get_role_display()), row.from_on, row.until_on)
        for row in sorted(found, key=lambda row: row.until_on is not None)
    ]


def _reading(row: dict[str, Any]) -> ReadingLine:
    return ReadingLine(row["km"], row["on"], row["code"], Source(row["kind"], row["id"], row["label"]))


COMMON: Fields = {
    "code": models.CharField(),
    "kind": models.CharField(),
    "label": models.CharField(),
    "km": models.PositiveIntegerField(),
    "on": models.DateField(),
    "until": models.DateField(),
    "at": models.DateTimeField(),
}


READING = {
    "code": "reason",
    "kind": "source_kind",
    "label": "source_label",
    "km": "km",
    "on": "read_on",
    "at": "read_at",
}


def _past(vehicle_id: int, vin: str) -> dict[str, list[dict[str, Any]]]:
    """Readings and plates, the newest first, and open recalls, the oldest first. One query."""
    readings = MileageReading.objects.filter(vehicle_id=vehicle_id)
    latest = MileageReading.objects.filter(pk__in=readings.order_by("-read_at", "-pk").values("pk")[:MOST_READINGS])
    plates = Plate.objects.filter(vehicle_id=vehicle_id)
    recalls = RecallVehicle.objects.filter(vin=vin, done_on=None) if vin else RecallVehicle.objects.none()
    found = side_by_side(
        COMMON,
        Part("reading", latest, READING),
        Part("plate", plates, {"code": "number", "on": "from_on", "until": "until_on"}),
        Part("recall", recalls, {"code": "recall__code", "label": "recall__title"}),
    )
    for what, column in (("reading", "at"), ("plate", "on")):
        found[what].sort(key=lambda row: (row[column], row["id"]), reverse=True)
    return found
