"""A customer as screens and other packages see him: masked, without a single sealed value in clear."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models

from cheyi.customers.models import Consent, ContactHold, Customer, CustomerContact, CustomerStore, CustomerTag
from cheyi.customers.queries.consents import holds
from cheyi.customers.queries.looking import VIEW, seen_by
from cheyi.customers.rules.limits import FIELDS
from cheyi.foundation import masks
from cheyi.foundation.access import Viewer


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
        return "" if self.kind == Customer.Kind.PERSON else _label(Customer.Kind, self.kind)

    @property
    def level_label(self) -> str:
        """The member level in words."""
        return _label(Customer.Level, self.level)

    @property
    def life_cycle_label(self) -> str:
        """The life cycle in words."""
        return _label(Customer.LifeCycle, self.life_cycle)


def _label(choices: type[models.TextChoices], code: str) -> str:
    return str(choices(code).label) if code else ""


@dataclass(frozen=True, slots=True)
class ContactLine:
    """Somebody who speaks for the customer."""

    id: int
    name: str
    mobile: str
    relation: str
    may_approve: bool
    may_pick_up: bool

    @property
    def relation_label(self) -> str:
        """Who this is to the customer, in words."""
        return _label(CustomerContact.Relation, self.relation)


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """A consent in force."""

    purpose: str
    label: str
    channel: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A hold in force."""

    id: int
    reach: str
    reason: str
    until_on: date | None

    @property
    def reach_label(self) -> str:
        """What is on hold, in words."""
        return _label(ContactHold.Reach, self.reach)

    @property
    def reason_label(self) -> str:
        """Why, in words."""
        return _label(ContactHold.Reason, self.reason)


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
    tags: tuple[str, ...]
    contacts: tuple[ContactLine, ...]
    consents: tuple[ConsentLine, ...]
    holds: tuple[HoldLine, ...]

    def label(self, field: str) -> str:
        """The word on the screen for one of the fields that are chosen from a list."""
        return _label(LABELLED[field], getattr(self, field))


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
    """The card of a customer whom the viewer may see. Raises Customer.DoesNotExist otherwise. Six queries."""
    row = seen_by(viewer).get(pk=customer_id)
    here = CustomerStore.objects.filter(customer=row, store_id=viewer.store_id or 0).select_related("advisor").first()
    masked = viewer.masked(VIEW)
    return CustomerCard(
        **{name: getattr(row, name) for name in SHOWN},
        **{name: getattr(row, name).masked for name in FIELDS},
        id=row.pk,
        name=masks.name(row.name) if masked and viewer.reach(VIEW) == "group" else row.name,
        birthday_on=None if masked else row.birthday_on,
        known_since=here.created_at if here else None,
        advisor=here.advisor.name if here and here.advisor else "",
        last_visit_on=here.last_visit_on if here else None,
        note=here.note if here else "",
        external_no=here.external_no if here else "",
        tags=_tags(row),
        contacts=contacts(row.pk),
        consents=_consents(row),
        holds=tuple(_hold(hold) for hold in holds(row.pk, on=on)),
    )


def _tags(row: Customer) -> tuple[str, ...]:
    return tuple(CustomerTag.objects.filter(customer=row).order_by("pk").values_list("tag__name", flat=True))


def _consents(row: Customer) -> tuple[ConsentLine, ...]:
    rows = Consent.objects.filter(customer=row, withdrawn_at=None).order_by("pk")
    return tuple(ConsentLine(one.purpose, str(one.get_purpose_display()), one.channel, one.given_at) for one in rows)


def _hold(hold: ContactHold) -> HoldLine:
    return HoldLine(hold.pk, hold.reach, hold.reason, hold.until_on)


def contacts(customer_id: int) -> tuple[ContactLine, ...]:
    """Who speaks for a customer now, masked."""
    rows = CustomerContact.objects.filter(customer_id=customer_id, left_at=None).order_by("pk")
    return tuple(
        ContactLine(one.pk, one.name, one.mobile.masked, one.relation, one.may_approve, one.may_pick_up) for one in rows
    )


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


def briefs(customer_ids: Iterable[int]) -> dict[int, CustomerBrief]:
    """One line each about customers of the group, by id, for a document that names them. One query."""
    rows = Customer.objects.filter(pk__in=set(customer_ids))
    return {row.pk: brief(row) for row in rows}


def briefs_seen(customer_ids: Iterable[int], viewer: Viewer) -> dict[int, CustomerBrief]:
    """The same, only of those whom the viewer may see. One query."""
    return {row.pk: brief(row) for row in seen_by(viewer).filter(pk__in=set(customer_ids))}


def name_of(customer: Customer) -> str:
    """The name as screens show it."""
    return customer.name
