"""Asking an address as somebody, with a body that fits its shape; what it does is taken back."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.foundation.web import viewers
from cheyi.foundation.web.viewers import SESSION_PROVED, SESSION_STORE, SESSION_USER
from cheyi.project.api import described
from tests.permissions.rows import ARGUMENT, THINGS, Row
from tests.permissions.world import Ids

FIXED = {
    "kind": "labour",
    "piece": "320",
    "purpose": "service",
    "field": "mobile",
    "slot": "mobile",
    "code": "taken",
    "question": "hold",
    "asked": "move",
    "table": "customers",
}
# Names of fields of the API's bodies that mean a row of our world.
FIELDS = {
    **THINGS,
    "technician_id": "technician",
    "brand_id": "brand",
    "series_id": "series",
    "to_place_id": "place",
    "place_id": "place",
    "number": "plate",
    "successor_id": "part",
    "substitute_id": "part",
    "labour_line_id": "line",
}
SOON = datetime.now(UTC) + timedelta(days=3)
_keys = count(1)


def signed_in(viewer: Viewer) -> Client:
    """A browser in which the viewer is signed in at his store."""
    client = Client(raise_request_exception=False)
    session = client.session
    session[SESSION_USER], session[SESSION_STORE] = viewer.user_id, viewer.store_id
    session[SESSION_PROVED] = datetime.now(UTC).timestamp()
    session.save()
    return client


@contextmanager
def read_once() -> Iterator[None]:
    """Each signed-in person and each token's is read from the tables the first time only: what a request does to him is taken back."""
    person, by_token = cache(viewers.load_person), viewers.viewer_by_token
    tokens: dict[str, Any] = {}

    def load(user_id: int, *, store_id: int | None) -> Any:
        return _own_store(person(user_id, store_id=store_id))

    def find(text: str, now: datetime) -> Any:
        if text not in tokens:
            tokens[text] = by_token(text, now)
        return _own_store(tokens[text])

    with mock.patch.object(viewers, "load_person", load), mock.patch.object(viewers, "viewer_by_token", find):
        yield


def _own_store(found: tuple[Viewer, Store] | None) -> tuple[Viewer, Store] | None:
    """A store of its own for each request: a page may change what it holds in its hands."""
    return found and (found[0], copy.copy(found[1]))


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is written inside is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(
    client: Client, row: Row, ids: Ids, *, fields: Mapping[str, Any] | None = None, piece: bool = False
) -> HttpResponse:
    """Send the row's request, naming these rows; ``piece`` asks as htmx does, for whom no whole page is drawn."""
    address = address_of(row, ids)
    htmx = {"HX-Request": "true"} if piece else {}
    key = {"Idempotency-Key": f"asked-{next(_keys)}", **htmx}
    if row.address.startswith("/api/"):
        query, body = _api_call(row, ids)
        if row.method == "GET":
            return client.get(address, query)
        if row.address.endswith(("/look-elsewhere", "/adopt")):
            body = {"number": ids["plate" if "/vehicles/" in row.address else "mobile"]}
        if row.address.endswith("/keep-photo"):
            return client.post(address, {"photo": _picture()}, headers=key)
        return client.post(address, body, content_type="application/json", headers=key)
    if row.method == "GET":
        return client.get(address, fields or {}, headers=htmx)
    return client.post(address, {**_form(row, ids), **(fields or {})}, headers=key)


def _picture() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(content, "PNG")
    return SimpleUploadedFile("pads.png", content.getvalue(), "image/png")


def address_of(row: Row, ids: Ids) -> str:
    """The row's address with the ids in their places."""
    things = {name: row.thing if name.endswith("_id") else name for name in ARGUMENT.findall(row.address)}
    things["uid"] = "file" if "piece" in things else "audit"
    return ARGUMENT.sub(lambda found: str(FIXED.get(found[1]) or ids[things[found[1]]]), row.address)


def _form(row: Row, ids: Ids) -> dict[str, Any]:
    """What a form must say so that it finds all the rows that it names."""
    return {
        "/workshop/board/lines/<int:line_id>/move": {"to": ids.get("technician", "")},
        "/workshop/orders/<int:order_id>/dispatch": {"technician": ids.get("technician", "")},
        "/workshop/jobs/<int:line_id>/part": {"part": ids.get("part", "")},
        "/vehicles/<int:vehicle_id>/owner": {"customer": ids.get("customer", "")},
        "/customers/<int:customer_id>/edit": {"field": "hobbies", "version": "1"},
        "/customers/contacts/<int:contact_id>/edit": {"field": "relation", "relation": "other", "version": "1"},
        "/vehicles/<int:vehicle_id>/edit": {"field": "body_colour", "version": "1"},
        "/customers/<int:customer_id>/reveal": {"slot": "mobile", "reason": "call"},
        "/import/try": {"table": "customers"},
        "/import/apply": {"table": "customers"},
    }.get(row.address, {})


@cache
def schema() -> dict[str, Any]:
    """The description of the API, read once for all tests: nobody changes it."""
    return described()


def _api_call(row: Row, ids: Ids) -> tuple[dict[str, Any], dict[str, Any]]:
    operation = schema()["paths"].get(re.sub(ARGUMENT, r"{\1}", row.address), {}).get(row.method.lower(), {})
    asked = {
        one["name"]: sample(one["schema"], one["name"], ids)
        for one in operation.get("parameters", ())
        if one["in"] == "query" and one.get("required")
    }
    shape = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return asked, sample(shape, "", ids) if shape else {}


def sample(shape: dict[str, Any], name: str, ids: Ids) -> Any:
    """A value of a shape: only what is required, ids from our world."""
    if "$ref" in shape:
        shape = schema()["components"]["schemas"][shape["$ref"].split("/")[-1]]
    if "anyOf" in shape:
        shape = next(one for one in shape["anyOf"] if one.get("type") != "null")
    if name in FIELDS:
        return ids.get(FIELDS[name], 0)
    if "enum" in shape or "const" in shape:
        return shape.get("const", shape.get("enum", [None])[0])
    if shape.get("type") == "array":
        return [sample(shape["items"], name.removesuffix("s"), ids) for _ in range(shape.get("minItems", 0))]
    if "properties" in shape:
        return {one: sample(shape["properties"][one], one, ids) for one in shape.get("required", ())}
    return _plain(shape)


def _plain(shape: dict[str, Any]) -> Any:
    kind = shape.get("type", "object")
    if kind == "object":
        return {}
    if kind == "string":
        return {"date-time": SOON.isoformat(), "date": f"{SOON:%Y-%m-%d}"}.get(
            shape.get("format", ""), "x" * max(shape.get("minLength", 1), 1)
        )
    return True if kind == "boolean" else max(1, int(shape.get("minimum", 1)))
