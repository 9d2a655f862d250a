"""Warehouses, bins and what a part fits, for machines."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Field, Router, Schema

from cheyi.foundation.api import Body, Id, question, verb
from cheyi.parts import access, actions
from cheyi.parts.api.shapes import DoneOut
from cheyi.parts.models import Place, Warehouse
from cheyi.vehicles.models import Brand, Series, VehicleModel

router = Router()
Year = Annotated[int, Field(ge=1900, le=2199)]


class WarehouseIn(Body):
    """A warehouse by its code."""

    code: Annotated[str, Field(min_length=1, max_length=8)]
    name: Annotated[str, Field(min_length=1, max_length=30)]
    values_by_lot: bool = False


class BinsIn(Body):
    """Codes of bins like ``A-03-2-01``."""

    codes: list[Annotated[str, Field(max_length=20)]] = Field(min_length=1, max_length=1000)


class FitIn(Body):
    """Which cars a part fits, or with ``excluded`` does not: one of model, series, brand, and years."""

    model_id: Id | None = None
    series_id: Id | None = None
    brand_id: Id | None = None
    year_from: Year | None = None
    year_to: Year | None = None
    excluded: bool = False

    def said(self) -> dict[str, Any]:
        """As the action takes it."""
        return {
            "model": VehicleModel.objects.get(pk=self.model_id) if self.model_id else None,
            "series": Series.objects.get(pk=self.series_id) if self.series_id else None,
            "brand": Brand.objects.get(pk=self.brand_id) if self.brand_id else None,
            **self.model_dump(exclude_none=True, include={"year_from", "year_to", "excluded"}),
        }


class WarehouseOut(Schema):
    """A warehouse of the store."""

    id: int
    code: str
    name: str
    kind: str


class WarehousesOut(Schema):
    """The store's warehouses."""

    warehouses: list[WarehouseOut]


class PlaceOut(Schema):
    """A bin."""

    id: int
    code: str


class PlacesOut(Schema):
    """Bins of a warehouse."""

    places: list[PlaceOut]


@question(router, "/warehouses", permission="parts.stock.view", response=WarehousesOut)
def warehouses(request: Any) -> Any:  # noqa: ARG001 - the door opens the scope
    """The open store's warehouses."""
    return {"warehouses": list(Warehouse.objects.order_by("pk"))}


@question(router, "/warehouses/{int:warehouse_id}/places", permission="parts.stock.view", response=PlacesOut)
def places(request: Any, warehouse_id: int) -> Any:  # noqa: ARG001 - the door opens the scope
    """The bins of a warehouse, by code."""
    rows = Place.objects.filter(warehouse=access.warehouse(warehouse_id))
    return {"places": list(rows.order_by("code", "pk"))}


@verb(router, "/warehouses/add", permission="parts.warehouse.edit", response=WarehouseOut)
def add_warehouse(request: Any, body: WarehouseIn) -> Any:
    """Add a warehouse with its first place."""
    words = {"kind": Warehouse.Kind.CONSUMABLE, "store": request.store, "by": request.viewer, "now": request.now}
    return actions.add_warehouse(**body.model_dump(), **words)


@verb(router, "/warehouses/{int:warehouse_id}/add-bins", permission="parts.warehouse.edit", response=PlacesOut)
def add_bins(request: Any, warehouse_id: int, body: BinsIn) -> Any:
    """Add bins; those that are there already stay."""
    house = access.warehouse(warehouse_id)
    made = actions.add_bins(warehouse=house, codes=body.codes, by=request.viewer, now=request.now)
    return {"places": made}


@verb(router, "/parts/{int:part_id}/add-fit", permission="parts.part.edit", response=DoneOut)
def add_fit(request: Any, part_id: int, body: FitIn) -> Any:
    """Say which cars a part fits, or does not."""
    return actions.add_fit(access.part(part_id), **body.said(), by=request.viewer, now=request.now)
