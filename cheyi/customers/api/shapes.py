"""What the customers' API takes and gives. Sealed values are masked everywhere."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema

from cheyi.foundation.api import Body, Day, Id

Text = Annotated[str, Field(max_length=200)]


class ContactOut(Schema):
    """Somebody who speaks for a customer; the mobile is masked."""

    id: int
    name: str
    mobile: str
    relation: str
    may_approve: bool
    may_pick_up: bool


class HoldOut(Schema):
    """A hold on contacts in force."""

    id: int
    reach: str
    reason: str
    until_on: date | None


class ConsentOut(Schema):
    """A consent in force."""

    purpose: str
    channel: str
    given_at: datetime


class CustomerOut(Schema):
    """A customer's card; ``version`` goes back with a change."""

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
    address: str
    id_no: str
    preferred_channel: str
    preferred_time: str
    price_sensitivity: str
    level: str
    life_cycle: str
    status: str
    first_seen_on: date | None
    last_visit_on: date | None
    tags: list[str]
    contacts: list[ContactOut]
    consents: list[ConsentOut]
    holds: list[HoldOut]


class BriefOut(Schema):
    """One line about a customer; the mobile is masked."""

    id: int
    name: str
    kind: str
    mobile: str
    level: str
    life_cycle: str


class CustomersOut(Schema):
    """Customers that a search found, or a page of all; at most 50. ``next`` is the cursor of the following page."""

    customers: list[BriefOut]
    next: int | None = None


class ElsewhereOut(Schema):
    """Somebody whom sister stores know, masked."""

    customer_id: int
    name: str
    mobile: str
    stores: list[str]


class FoundElsewhereOut(Schema):
    """Who in the group has a whole number."""

    customers: list[ElsewhereOut]


class FieldsIn(Body):
    """What may be known of a customer; what is left out stays as it is, an empty text clears."""

    name: Text | None = None
    mobile: Text | None = None
    second_mobile: Text | None = None
    wechat: Text | None = None
    email: Text | None = None
    address: Text | None = None
    id_kind: Text | None = None
    id_no: Text | None = None
    kind: Text | None = None
    gender: Text | None = None
    birthday_on: Day | None = None
    occupation: Text | None = None
    hobbies: Text | None = None
    origin: Text | None = None
    preferred_channel: Text | None = None
    preferred_time: Text | None = None
    price_sensitivity: Text | None = None
    level: Text | None = None
    confirmed_new: bool = False
    shared_phone: bool = False
    confirmed: list[Text] = Field(default_factory=list, max_length=10)

    def typed(self) -> dict[str, Any]:
        """The fields that were sent, without what the person insists on."""
        insisted = {"version", "confirmed_new", "shared_phone", "confirmed"}
        sent = self.model_dump(exclude_unset=True, exclude=insisted)
        return {name: value for name, value in sent.items() if value is not None or name == "birthday_on"}

    def insisted(self) -> dict[str, Any]:
        """What the person insists on."""
        return {
            "confirmed_new": self.confirmed_new,
            "shared_phone": self.shared_phone,
            "confirmed": tuple(self.confirmed),
        }


class ChangeIn(FieldsIn):
    """The same with the store's own note, and with the version that was read."""

    version: int
    note: Annotated[str, Field(max_length=400)] | None = None


class WholeNumberIn(Body):
    """A whole number, in the body so that it stands in no address."""

    number: Text
    customer_id: Id | None = None


class RevealIn(Body):
    """Which sealed value (``mobile``, ``id_no`` …, or ``contact-12``) is looked at, and why."""

    slot: Text
    reason: Text


class RevealedOut(Schema):
    """Where the clear value may be fetched for a minute."""

    address: str


class ClearOut(Schema):
    """A clear value."""

    text: str


class ContactIn(Body):
    """Somebody who speaks for the customer."""

    name: Text
    mobile: Text = ""
    relation: Text = "other"
    may_approve: bool = False
    may_pick_up: bool = False


class ChangeContactIn(Body):
    """What changes of somebody who speaks for the customer, with the version of the customer that was read."""

    version: int
    name: Text | None = None
    mobile: Text | None = None
    relation: Text | None = None
    may_approve: bool | None = None
    may_pick_up: bool | None = None
    confirmed: list[Text] = Field(default_factory=list, max_length=10)


class ConsentIn(Body):
    """What the customer allowed; ``separate`` for what the law wants asked on its own."""

    purpose: Text
    channel: Text
    wording_version: Annotated[str, Field(max_length=20)]
    separate: bool = False


class WithdrawIn(Body):
    """Which consent is taken back."""

    purpose: Text


class ContactHoldIn(Body):
    """Leave the customer alone."""

    reason: Text
    reach: Text = "marketing"
    until_on: Day | None = None
