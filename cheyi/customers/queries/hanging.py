"""What hangs on a customer's card beside his own fields: tags, people who speak for him, consents and holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from cheyi.customers.models import Consent, ContactHold, CustomerContact, CustomerTag
from cheyi.foundation.unions import Fields, Part, side_by_side


def label_of(choices: type[models.TextChoices], code: str) -> str:
    """The word on the screen for a code; nothing for none."""
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
        return label_of(CustomerContact.Relation, self.relation)


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
        return label_of(ContactHold.Reach, self.reach)

    @property
    def reason_label(self) -> str:
        """Why, in words."""
        return label_of(ContactHold.Reason, self.reason)


@dataclass(frozen=True, slots=True)
class Hanging:
    """All that hangs on a card, in the order in which it came; the strictest hold first."""

    tags: tuple[str, ...]
    contacts: tuple[ContactLine, ...]
    consents: tuple[ConsentLine, ...]
    holds: tuple[HoldLine, ...]


COMMON: Fields = {
    "name": models.CharField(),
    "code": models.CharField(),
    "may_approve": models.BooleanField(),
    "may_pick_up": models.BooleanField(),
    "uid": models.UUIDField(),
    "mobile": models.BinaryField(),
    "given_at": models.DateTimeField(),
    "until_on": models.DateField(),
}


def hanging_on(customer_id: int, *, on: date) -> Hanging:
    """Tags, present contacts (masked), consents in force and holds in force on a day. One query."""
    tags = CustomerTag.objects.filter(customer_id=customer_id)
    consents = Consent.objects.filter(customer_id=customer_id, withdrawn_at=None)
    found = side_by_side(
        COMMON,
        _contacts(customer_id),
        Part("tag", tags, {"name": "tag__name"}),
        Part("consent", consents, {"name": "purpose", "code": "channel", "given_at": "given_at"}),
        Part("hold", _holds(customer_id, on), {"name": "reach", "code": "reason", "until_on": "until_on"}),
    )
    holds = sorted(found["hold"], key=lambda row: row["name"] != ContactHold.Reach.ALL)
    return Hanging(
        tuple(row["name"] for row in found["tag"]),
        tuple(_contact(row) for row in found["contact"]),
        tuple(_consent(row) for row in found["consent"]),
        tuple(HoldLine(row["id"], row["name"], row["code"], row["until_on"]) for row in holds),
    )


def contacts(customer_id: int) -> tuple[ContactLine, ...]:
    """Who speaks for a customer now, masked. One query."""
    return tuple(_contact(row) for row in side_by_side(COMMON, _contacts(customer_id))["contact"])


def _contacts(customer_id: int) -> Part:
    rows = CustomerContact.objects.filter(customer_id=customer_id, left_at=None)
    same = {name: name for name in ("name", "may_approve", "may_pick_up", "uid", "mobile")}
    return Part("contact", rows, {**same, "code": "relation"})


def _holds(customer_id: int, on: date) -> QuerySet[ContactHold]:
    in_force = Q(until_on=None) | Q(until_on__gte=on)
    return ContactHold.objects.filter(in_force, customer_id=customer_id, lifted_at=None)


def _contact(row: dict[str, Any]) -> ContactLine:
    sealed = CustomerContact(uid=row["uid"], mobile=row["mobile"]).mobile
    return ContactLine(row["id"], row["name"], sealed.masked, row["code"], row["may_approve"], row["may_pick_up"])


def _consent(row: dict[str, Any]) -> ConsentLine:
    return ConsentLine(row["name"], label_of(Consent.Purpose, row["name"]), row["code"], row["given_at"])
