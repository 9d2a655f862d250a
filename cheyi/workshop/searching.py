"""The workshop's part of the one search box: cars and people with the role's main act, orders, and what to begin."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from cheyi.customers.queries import CustomerBrief
from cheyi.foundation import search
from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.foundation.searching import HitGroup, SearchHit, searcher
from cheyi.vehicles.queries import CarLine
from cheyi.vehicles.queries import search as search_cars
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.queries.labels import state_words
from cheyi.workshop.rules.status import is_late, status_of

CARS, ORDERS = 6, 4
OPENS = "workshop.order.open_order"


@searcher(order=10)
def cars(text: str, viewer: Viewer, store: Store, now: datetime) -> HitGroup | None:
    """Cars and their owners, then customers without a car; whoever opens orders goes straight to reception."""
    del now
    if not viewer.may("vehicles.vehicle.view"):
        return None
    found = search_cars(text, store=store, viewer=viewer, limit=CARS)
    hits = [_car(one, viewer) for one in found.cars] + [_person(one, viewer) for one in found.customers]
    return HitGroup(_("Cars and customers"), tuple(hits[:CARS]))


def _car(one: CarLine, viewer: Viewer) -> SearchHit:
    file_url = reverse("vehicles:card", args=[one.id])
    opens = viewer.may(OPENS)
    tail = f"VIN …{one.vin[-6:]}" if one.vin else ""
    phone = one.owner.mobile if one.owner else ""
    return SearchHit(
        url=reverse("workshop:car", args=[one.id]) if opens else file_url,
        action=_("Receive") if opens else _("Open"),
        title=one.owner.name if one.owner else one.model_name,
        detail=one.model_name if one.owner else "",
        note=" · ".join(piece for piece in (phone, tail) if piece),
        plate=one.plate,
        code="" if one.plate else one.vin[-8:],
        is_nev=one.is_nev,
        file_url=file_url,
        preview_url=reverse("workshop:preview", args=[one.id]) if opens else "",
    )


def _person(one: CustomerBrief, viewer: Viewer) -> SearchHit:
    file_url = reverse("customers:card", args=[one.id])
    opens = viewer.may(OPENS)
    return SearchHit(
        url=f"{reverse('workshop:new-car')}?{urlencode({'customer': one.id})}" if opens else file_url,
        action=_("New car") if opens else _("Open"),
        title=one.name,
        detail=_("no car on file"),
        note=one.mobile,
        file_url=file_url,
        symbol="user",
    )


@searcher(order=20)
def orders(text: str, viewer: Viewer, store: Store, now: datetime) -> HitGroup | None:
    """Orders by number or by a piece of the plate, those in the shop first."""
    if not viewer.may("workshop.order.view") or viewer.reach("workshop.order.view") == "own":
        return None
    hits = search.look_up(text, store, things=("order",), limit=ORDERS)
    rows = {row.pk: row for row in WorkOrder.objects.filter(pk__in=[hit.target_id for hit in hits])}
    return HitGroup(_("Orders"), tuple(_order(rows[hit.target_id], now) for hit in hits if hit.target_id in rows))


def _order(row: WorkOrder, now: datetime) -> SearchHit:
    status = status_of(row.state, hold_reason=row.hold_reason, late=is_late(row.promised_at, row.state, now=now))
    return SearchHit(
        url=reverse("workshop:order", args=[row.pk]),
        action=_("Open"),
        title=row.plate or row.vin,
        detail=row.model_name,
        code=row.no,
        status_key="bad" if status.bad else status.key,
        status=state_words(row.state, row.hold_reason),
    )


@searcher(order=90)
def begin(text: str, viewer: Viewer, store: Store, now: datetime) -> HitGroup | None:
    """A new car with the typed text."""
    del store, now
    if not viewer.may(OPENS):
        return None
    url = f"{reverse('workshop:new-car')}?{urlencode({'text': text})}"
    hit = SearchHit(url=url, action=_("New car"), title=_("Open an order for a new car"), detail=f"“{text}”")
    return HitGroup(_("Actions"), (hit,), kind="actions")
