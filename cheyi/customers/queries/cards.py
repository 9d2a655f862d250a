"""A customer as screens and other packages see him: masked, without a single sealed value in clear."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, QuerySet, Value

from cheyi.customers.models import Customer
from cheyi.customers.queries import hanging
from cheyi.customers.queries.hanging import ConsentLine, ContactLine, HoldLine, label_of
from cheyi.customers.queries.looking import VIEW, seen_by, with_store
from cheyi.customers.rules.limits import FIELDS
from cheyi.foundation import masks
from cheyi.foundation.access import Viewer

REVEAL = "customers.customer.reveal"


@dataclass(frozen=True, slots=True)
class CustomerBrief:
    """One line about a customer; the mobile is masked."""

    id: int
    name: str
    kind: str
    mobile: str
    level: str
    life_cycle: str
    preferred_channel: str
    price_sensitivity: str
    status: str
    at_risk: bool = False

    @property
    def kind_label(self) -> str:
        """What kind of customer, where it is not a person."""
        return "" if self.kind == Customer.Kind.PERSON else label_of(Customer.Kind, self.kind)

    @property
    def level_label(self) -> str:
        """The member level in words."""
        return label_of(Customer.Level, self.level)

    @property
    def life_cycle_label(self) -> str:
        """The life cycle in words."""
        return label_of(Customer.LifeCycle, self.life_cycle)


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """Everything a customer's card shows; numbers and papers masked, names too where the viewer's right says so."""

    id: int
    version: int
    name: str
    kind: str
    gender: str
    birthday_on: date | None
    mobile: str
    second_mobile: str
    wechat: str
    email: str
    id_kind: str
    id_no: str
    address: str
    occupation: str
    hobbies: str
    origin: str
    first_seen_on: date | None
    preferred_channel: str
    preferred_time: str
    price_sensitivity: str
    level: str
    life_cycle: str
    at_risk: bool
    rfm_class: str
    status: str
    shared_phone: bool
    known_since: datetime | None
    advisor: str
    last_visit_on: date | None
    note: str
    external_no: str
    may_reveal: bool
    tags: tuple[str, ...]
    contacts: tuple[ContactLine, ...]
    consents: tuple[ConsentLine, ...]
    holds: tuple[HoldLine, ...]

    def label(self, field: str) -> str:
        """The word on the screen for one of the fields that are chosen from a list."""
        return label_of(LABELLED[field], getattr(self, field))


LABELLED: Mapping[str, type[models.TextChoices]] = {
    "kind": Customer.Kind,
    "gender": Customer.Gender,
    "id_kind": Customer.IdKind,
    "preferred_channel": Customer.Channel,
    "price_sensitivity": Customer.Sensitivity,
    "level": Customer.Level,
    "life_cycle": Customer.LifeCycle,
    "rfm_class": Customer.RfmClass,
    "status": Customer.Status,
}


SHOWN = (
    *("version", "kind", "gender", "id_kind", "occupation", "hobbies", "origin", "first_seen_on", "status"),
    *("preferred_channel", "preferred_time", "price_sensitivity", "level", "life_cycle", "at_risk", "rfm_class"),
    "shared_phone",
)


def card(customer_id: int, viewer: Viewer, *, on: date) -> CustomerCard:
    """The card of a customer whom the viewer may see. Raises Customer.DoesNotExist otherwise. Two queries."""
    row: Any = _with_store(viewer).get(pk=customer_id)
    masked = viewer.masked(VIEW)
    hung = hanging.hanging_on(row.pk, on=on)
    return CustomerCard(
        **{name: getattr(row, name) for name in SHOWN},
        **{name: getattr(row, name).masked for name in FIELDS},
        id=row.pk,
        name=masks.name(row.name) if masked and viewer.reach(VIEW) == "group" else row.name,
        birthday_on=None if masked else row.birthday_on,
        known_since=row.known_since,
        advisor=row.advisor_name or "",
        last_visit_on=row.last_visit_on,
        note=row.note or "",
        external_no=row.external_no or "",
        may_reveal=row.may_reveal,
        tags=hung.tags,
        contacts=hung.contacts,
        consents=hung.consents,
        holds=hung.holds,
    )


def _with_store(viewer: Viewer) -> QuerySet[Customer]:
    """Those the viewer may see, each with what the open store knows of him and whether the viewer may ask for numbers."""
    rows = with_store(seen_by(viewer), viewer).annotate(
        known_since=F("here__created_at"),
        advisor_name=F("here__advisor__name"),
        note=F("here__note"),
        external_no=F("here__external_no"),
    )
    if not viewer.may(REVEAL):
        return rows.annotate(may_reveal=Value(value=False))
    return rows.annotate(may_reveal=Exists(seen_by(viewer, REVEAL).filter(pk=OuterRef("pk"))))


def brief(row: Customer) -> CustomerBrief:
    """One line about a customer whose row is at hand."""
    return CustomerBrief(
        id=row.pk,
        name=row.name,
        kind=row.kind,
        mobile=row.mobile.masked,
        level=row.level,
        life_cycle=row.life_cycle,
        preferred_channel=row.preferred_channel,
        price_sensitivity=row.price_sensitivity,
        status=row.status,
        at_risk=row.at_risk,
    )


def briefs_seen(customer_ids: Iterable[int], viewer: Viewer) -> dict[int, CustomerBrief]:
    """One line each about customers, by id, for a document that names them; of those whom the viewer may see. One query."""
    return {row.pk: brief(row) for row in seen_by(viewer).filter(pk__in=set(customer_ids))}


def name_of(customer: Customer) -> str:
    """The name as screens show it."""
    return customer.name
