"""A moment without its zone means two things, so no verb and no question takes one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

import pytest
from django.test import Client
from ninja import Schema
from pydantic import TypeAdapter, ValidationError

from cheyi.foundation.api import Body
from cheyi.foundation.models import User
from cheyi.foundation.scope import within
from cheyi.project.accounts import make_token
from cheyi.project.api import api
from cheyi.workshop.models import Appointment
from tests.workshop.shop import open_shop

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)


def shapes(of: type[Schema] = Schema) -> Iterator[type[Schema]]:
    """Everything that a call can say."""
    for shape in of.__subclasses__():
        if shape.__module__.startswith("cheyi.") and (issubclass(shape, Body) or shape.__name__.endswith("In")):
            yield shape
        yield from shapes(shape)


def test_no_field_of_any_call_takes_a_moment_without_its_zone():
    assert api.urls  # every package's calls are known
    asked = []
    for shape in shapes():
        for name, field in shape.model_fields.items():
            of = TypeAdapter(Annotated[field.annotation, field])
            said = json.dumps(of.json_schema())
            if "date-time" not in said or "$defs" in said:  # what stands inside is asked by itself
                continue
            asked.append(f"{shape.__name__}.{name}")
            assert of.validate_python("2026-11-28T09:00:00+08:00") == datetime(2026, 11, 28, 1, tzinfo=UTC), asked[-1]
            for bare in ("2026-11-28T09:00:00", "2026-11-28 09:00", "2026-11-28"):
                with pytest.raises(ValidationError):
                    of.validate_python(bare)
    assert len(asked) >= 9, " ".join(asked)


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["", "Z", "+08:00"])
def test_an_appointment_needs_the_zone_of_its_moment(zone):
    shop = open_shop()
    token = make_token(User.objects.get(pk=shop.advisor.user_id), store=shop.store, name="desk", now=datetime.now(UTC))
    with within(shop.store):
        shop.never_closes()
        car = shop.car("沪A81234")
    body = {"wanted_at": f"{SOON:%Y-%m-%dT%H:%M:%S}{zone}", "vehicle_id": car.pk}
    answer = Client(raise_request_exception=False).post(
        "/api/v1/appointments/book",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k1"},
    )
    with within(shop.store):
        booked = list(Appointment.objects.values_list("wanted_at", flat=True))
    if zone:
        assert (answer.status_code, booked) == (200, [SOON - timedelta(hours=8 if zone == "+08:00" else 0)])
    else:
        assert (answer.status_code, answer.json()["code"], booked) == (422, "foundation.form.invalid", [])
        assert list(answer.json()["fields"]) == ["wanted_at"]
