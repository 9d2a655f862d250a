"""Contacts, consents and holds of a customer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Field, Router, Schema

from cheyi.customers import access, actions
from cheyi.customers.api.files import card_of
from cheyi.customers.api.shapes import ChangeContactIn, ConsentIn, ContactHoldIn, ContactIn, CustomerOut, WithdrawIn
from cheyi.customers.models import Tag
from cheyi.customers.queries import CustomerCard
from cheyi.foundation.api import Body, Nothing, question, verb

router = Router()


@verb(router, "/customers/{int:customer_id}/add-contact", permission="customers.customer.edit", response=CustomerOut)
def add_contact(request: Any, customer_id: int, body: ContactIn) -> CustomerCard:
    """Note somebody who speaks for the customer."""
    customer = access.customer_to_edit(request.viewer, customer_id)
    actions.add_contact(customer, **body.model_dump(), by=request.viewer, now=request.now)
    return card_of(request, customer_id)


@verb(router, "/contacts/{int:contact_id}/edit", permission="customers.customer.edit", response=CustomerOut)
def edit_contact(request: Any, contact_id: int, body: ChangeContactIn) -> CustomerCard:
    """Change what is on file of somebody who speaks for the customer; what is left out stays."""
    contact = access.contact_to_edit(request.viewer, contact_id)
    sent: Any = body.model_dump(exclude_unset=True, exclude_none=True, exclude={"version", "confirmed"})
    confirmed = tuple(body.confirmed)
    actions.edit_contact(contact, version=body.version, confirmed=confirmed, **sent, by=request.viewer, now=request.now)
    return card_of(request, contact.customer_id)


@verb(router, "/contacts/{int:contact_id}/drop", permission="customers.customer.edit", response=CustomerOut)
def drop_contact(request: Any, contact_id: int, body: Nothing) -> CustomerCard:
    """This person no longer speaks for the customer."""
    del body
    contact = access.contact(request.viewer, contact_id)
    actions.drop_contact(contact, by=request.viewer, now=request.now)
    return card_of(request, contact.customer_id)


@verb(
    router, "/customers/{int:customer_id}/record-consent", permission="customers.consent.record", response=CustomerOut
)
def record_consent(request: Any, customer_id: int, body: ConsentIn) -> CustomerCard:
    """Write down a consent."""
    customer = access.customer_to_edit(request.viewer, customer_id)
    actions.record_consent(customer, **body.model_dump(), by=request.viewer, now=request.now)
    return card_of(request, customer_id)


@verb(
    router, "/customers/{int:customer_id}/withdraw-consent", permission="customers.consent.record", response=CustomerOut
)
def withdraw_consent(request: Any, customer_id: int, body: WithdrawIn) -> CustomerCard:
    """The customer takes a consent back."""
    customer = access.customer_to_edit(request.viewer, customer_id)
    actions.withdraw_consent(customer, purpose=body.purpose, by=request.viewer, now=request.now)
    return card_of(request, customer_id)


@verb(
    router,
    "/customers/{int:customer_id}/hold-contact",
    permission="customers.customer.hold_contact",
    response=CustomerOut,
)
def hold_contact(request: Any, customer_id: int, body: ContactHoldIn) -> CustomerCard:
    """Leave the customer alone."""
    customer = access.customer_to_edit(request.viewer, customer_id)
    actions.hold_contact(customer, **body.model_dump(), by=request.viewer, now=request.now)
    return card_of(request, customer_id)


@verb(router, "/holds/{int:hold_id}/release", permission="customers.customer.hold_contact", response=CustomerOut)
def release_hold(request: Any, hold_id: int, body: Nothing) -> CustomerCard:
    """The customer may be contacted again."""
    del body
    hold = access.hold(request.viewer, hold_id)
    actions.release_hold(hold, by=request.viewer, now=request.now)
    return card_of(request, hold.customer_id)


class TagCodeIn(Body):
    """A tag by its code."""

    code: Annotated[str, Field(min_length=1, max_length=20)]


class NewTagIn(TagCodeIn):
    """A new tag for the group."""

    name: Annotated[str, Field(min_length=1, max_length=30)]
    name_en: Annotated[str, Field(max_length=40)] = ""


class TagOut(Schema):
    """A tag of the group."""

    code: str
    name: str
    name_en: str


class TagsOut(Schema):
    """The group's tags."""

    tags: list[TagOut]


class ContactedIn(Body):
    """A contact that took place: over which channel, what for, what came of it."""

    channel: Literal["phone", "sms", "wechat", "wecom", "email"]
    purpose: Literal["service", "marketing"]
    outcome: Annotated[str, Field(max_length=30)] = ""


@question(router, "/customer-tags", permission="customers.customer.view", response=TagsOut)
def tags(request: Any) -> Any:  # noqa: ARG001 - the door opens the scope
    """The group's tags."""
    return {"tags": list(Tag.objects.order_by("code"))}


@verb(router, "/customer-tags/make", permission="customers.customer.edit", response=TagOut)
def make_tag(request: Any, body: NewTagIn) -> Any:
    """Make a tag for the group; a code that is taken gives the tag on file."""
    return actions.make_tag(**body.model_dump(), store=request.store, by=request.viewer, now=request.now)


@verb(router, "/customers/{int:customer_id}/tag", permission="customers.customer.edit", response=CustomerOut)
def tag(request: Any, customer_id: int, body: TagCodeIn) -> CustomerCard:
    """Put a tag on a customer."""
    customer = access.customer_to_edit(request.viewer, customer_id)
    actions.tag(customer, code=body.code, by=request.viewer, now=request.now)
    return card_of(request, customer_id)


@verb(router, "/customers/{int:customer_id}/untag", permission="customers.customer.edit", response=CustomerOut)
def untag(request: Any, customer_id: int, body: TagCodeIn) -> CustomerCard:
    """Take a tag off a customer."""
    customer = access.customer_to_edit(request.viewer, customer_id)
    actions.untag(customer, code=body.code, by=request.viewer, now=request.now)
    return card_of(request, customer_id)


@verb(router, "/customers/{int:customer_id}/log-contact", permission="customers.customer.edit", response=CustomerOut)
def log_contact(request: Any, customer_id: int, body: ContactedIn) -> CustomerCard:
    """Write down a contact that took place; it counts for the touch limit."""
    customer = access.customer_to_edit(request.viewer, customer_id)
    actions.log_contact(customer, **body.model_dump(), by=request.viewer, now=request.now)
    return card_of(request, customer_id)
