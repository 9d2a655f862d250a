"""Brands, series, models and recalls of the group."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Field, Query, Router, Schema

from cheyi.foundation.api import Body, Cursor, Day, Id, question, turned, verb
from cheyi.vehicles import actions
from cheyi.vehicles.models import Brand, Series, VehicleModel

router = Router()
VIEW, EDIT = "vehicles.vehicle.view", "vehicles.model.edit"
Code = Annotated[str, Field(min_length=1, max_length=20)]
Name = Annotated[str, Field(min_length=1, max_length=30)]
Km = Annotated[int, Field(ge=0, le=2_000_000)]
Months = Annotated[int, Field(ge=0, le=600)]


class BrandIn(Body):
    """A brand by its code; the same code again renames it."""

    code: Code
    name: Name
    name_en: Annotated[str, Field(max_length=40)] = ""


class SeriesIn(BrandIn):
    """A series of a brand."""

    brand_id: Id


class ModelIn(Body):
    """A model of a series with what it promises and wants."""

    series_id: Id
    code: Code
    name: Annotated[str, Field(min_length=1, max_length=80)]
    energy: Annotated[str, Field(max_length=10)]
    size_class: Literal["small", "mid", "large"] = "mid"
    service_km: Km | None = None
    service_months: Months | None = None
    warranty_months: Months | None = None
    warranty_km: Km | None = None

    def details(self) -> dict[str, Any]:
        """What was sent beside the series."""
        return self.model_dump(exclude_none=True, exclude={"series_id"})


class RecallIn(Body):
    """A recall with the VINs that it names; sent again it adds new ones."""

    code: Annotated[str, Field(min_length=1, max_length=30)]
    title: Annotated[str, Field(min_length=1, max_length=100)]
    vins: list[Annotated[str, Field(max_length=30)]] = Field(max_length=5000)
    from_on: Day
    brand_id: Id | None = None


class AskedModelsIn(Body):
    """Which models: of a series, of a brand."""

    series_id: Id | None = None
    brand_id: Id | None = None
    after: Cursor = 0


class BrandOut(Schema):
    """A brand."""

    id: int
    code: str
    name: str
    name_en: str


class BrandsOut(Schema):
    """The group's brands."""

    brands: list[BrandOut]


class SeriesOut(Schema):
    """A series."""

    id: int
    brand_id: int
    code: str
    name: str
    name_en: str


class AllSeriesOut(Schema):
    """The group's series."""

    series: list[SeriesOut]


class ModelOut(Schema):
    """A model; kilometres and months."""

    id: int
    series_id: int
    code: str
    name: str
    energy: str
    size_class: str
    service_km: int | None
    service_months: int | None


class ModelsOut(Schema):
    """A page of models; ``next`` is the cursor of the following page."""

    models: list[ModelOut]
    next: int | None


class RecallOut(Schema):
    """A recall."""

    id: int
    code: str
    title: str


@question(router, "/brands", permission=VIEW, response=BrandsOut)
def brands(request: Any) -> Any:  # noqa: ARG001 - the door opens the scope
    """The group's brands."""
    return {"brands": list(Brand.objects.order_by("code"))}


@question(router, "/series", permission=VIEW, response=AllSeriesOut)
def series(request: Any) -> Any:  # noqa: ARG001 - the door opens the scope
    """The group's series."""
    return {"series": list(Series.objects.order_by("brand__code", "code"))}


@question(router, "/models", permission=VIEW, response=ModelsOut)
def models(request: Any, asked: Query[AskedModelsIn]) -> Any:  # noqa: ARG001 - the door opens the scope
    """The group's models, at most 50 at once."""
    wanted = {"series_id": asked.series_id, "series__brand_id": asked.brand_id}
    rows = VehicleModel.objects.filter(**{name: value for name, value in wanted.items() if value})
    found, following = turned(rows, asked.after)
    return {"models": found, "next": following}


@verb(router, "/brands/put", permission=EDIT, response=BrandOut)
def put_brand(request: Any, body: BrandIn) -> Any:
    """Make or rename a brand."""
    return actions.put_brand(**body.model_dump(), store=request.store, by=request.viewer, now=request.now)


@verb(router, "/series/put", permission=EDIT, response=SeriesOut)
def put_series(request: Any, body: SeriesIn) -> Any:
    """Make or rename a series of a brand."""
    brand = Brand.objects.get(pk=body.brand_id)
    said = body.model_dump(exclude={"brand_id"})
    return actions.put_series(brand=brand, **said, by=request.viewer, now=request.now)


@verb(router, "/models/put", permission=EDIT, response=ModelOut)
def put_model(request: Any, body: ModelIn) -> Any:
    """Make or change a model of a series."""
    row = Series.objects.get(pk=body.series_id)
    return actions.put_model(series=row, **body.details(), by=request.viewer, now=request.now)


@verb(router, "/recalls/open", permission=EDIT, response=RecallOut)
def open_recall(request: Any, body: RecallIn) -> Any:
    """Put a recall on file."""
    brand = Brand.objects.get(pk=body.brand_id) if body.brand_id else None
    said = body.model_dump(exclude={"brand_id"})
    return actions.open_recall(brand=brand, **said, store=request.store, by=request.viewer, now=request.now)
