"""Brands, series and models: put on file, repeatable without doubling."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict, Unpack

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import act, audit
from cheyi.foundation.models import Store
from cheyi.kernel import Refused
from cheyi.vehicles.models import Brand, Series, VehicleModel
from cheyi.vehicles.models.catalogue import Energy


class ModelDetails(TypedDict, total=False):
    """What a model promises and wants; kilometres, months, millilitres."""

    name_en: str
    size_class: str
    displacement_ml: int | None
    engine_code: str
    transmission: str
    from_year: int | None
    to_year: int | None
    service_km: int
    service_months: int
    warranty_months: int
    warranty_km: int
    battery_warranty_months: int | None
    battery_warranty_km: int | None


@act
def put_brand(*, code: str, name: str, store: Store, by: Viewer, now: datetime, name_en: str = "") -> Brand:
    """The brand with this code in the store's group, made or renamed."""
    row, created = Brand.objects.update_or_create(
        group_id=store.group_id,
        code=code,
        defaults={"name": name, "name_en": name_en},
        create_defaults={"name": name, "name_en": name_en, "created_at": now, "created_by_id": by.user_id},
    )
    if created:
        audit(by, "vehicles.brand.added", row, now=now, number=code)
    return row


@act
def put_series(*, brand: Brand, code: str, name: str, by: Viewer, now: datetime, name_en: str = "") -> Series:
    """The series with this code of a brand, made or renamed."""
    row, created = Series.objects.update_or_create(
        group_id=brand.group_id,
        brand=brand,
        code=code,
        defaults={"name": name, "name_en": name_en},
        create_defaults={"name": name, "name_en": name_en, "created_at": now, "created_by_id": by.user_id},
    )
    if created:
        audit(by, "vehicles.series.added", row, now=now, number=code)
    return row


@act
def put_model(
    *,
    series: Series,
    code: str,
    name: str,
    energy: str,
    by: Viewer,
    now: datetime,
    **details: Unpack[ModelDetails],
) -> VehicleModel:
    """The model with this code of a series, made or changed. Raises Refused ``vehicles.vehicle.unknown_choice``."""
    if energy not in Energy.values:
        raise Refused("vehicles.vehicle.unknown_choice", field="energy", value=energy)
    columns: dict[str, Any] = {"name": name, "energy": energy, **details}
    row, created = VehicleModel.objects.update_or_create(
        group_id=series.group_id,
        series=series,
        code=code,
        defaults=columns,
        create_defaults={**columns, "created_at": now, "created_by_id": by.user_id},
    )
    if created:
        audit(by, "vehicles.model.added", row, now=now, number=code)
    return row
