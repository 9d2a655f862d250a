"""The fields of a customer's card that are changed where they stand, and what their forms send."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _

from cheyi.customers.actions.contacting import SEPARATE
from cheyi.customers.models import Consent, Customer
from cheyi.customers.pages.forms import CHOICES, day_of
from cheyi.customers.queries import ConsentLine, ContactLine, CustomerCard
from cheyi.foundation.models import Store
from cheyi.foundation.pages.cells import Cell, More

OF_THE_NUMBER = (
    More("confirmed_new", _("It is somebody else"), "on", when=("customers.customer.maybe_same",)),
    More(
        "shared_phone",
        _("Two people share this number"),
        "on",
        when=("customers.customer.already_here", "customers.customer.phone_elsewhere"),
    ),
    More(
        "confirmed",
        _("The number is right although it looks like a dummy"),
        "customers.phone.placeholder",
        when=("customers.phone.placeholder",),
    ),
)
ID_KIND = More("id_kind", _("Kind of paper"), choices=Customer.IdKind.choices)


def _choice(name: str, label: Any, *, empty: bool = True) -> Cell:
    return Cell(name, label, "choice", CHOICES[name], "–" if empty else "")


WHO = (
    Cell("name", _("Name")),
    Cell("mobile", _("Phone"), "tel", sealed=True, more=OF_THE_NUMBER),
    Cell("second_mobile", _("Second phone"), "tel", sealed=True, more=OF_THE_NUMBER),
    Cell("wechat", _("WeChat"), sealed=True),
    Cell("email", _("E-mail"), sealed=True),
    Cell("address", _("Address"), sealed=True),
    Cell("id_no", _("ID number"), sealed=True, hint=_("Only where a law or a contract asks for it"), more=(ID_KIND,)),
    _choice("preferred_channel", _("Prefers")),
    Cell("preferred_time", _("Best time")),
)
ABOUT = (
    _choice("kind", _("Kind"), empty=False),
    _choice("level", _("Member level"), empty=False),
    _choice("gender", _("Form of address")),
    Cell("birthday_on", _("Birthday"), "day"),
    Cell("occupation", _("Occupation")),
    Cell("hobbies", _("Hobbies")),
    _choice("price_sensitivity", _("Attitude to prices")),
    Cell("origin", _("Origin")),
)
NOTE = Cell("note", _("Note"), "long", hint=_("Of this store, for the next one who serves him"))
CELLS = {cell.name: cell for cell in (*WHO, *ABOUT, NOTE)}
YES_NO = (("1", _("yes")), ("0", _("no")))
CONTACT = {
    cell.name: cell
    for cell in (
        Cell("name", _("Name")),
        Cell("relation", _("Relation"), "choice", CHOICES["relation"]),
        Cell("mobile", _("Phone"), "tel", sealed=True, more=OF_THE_NUMBER[2:]),
        Cell("may_approve", _("May approve work"), "choice", YES_NO),
        Cell("may_pick_up", _("May collect the car"), "choice", YES_NO),
    )
}
SEPARATELY = More("separate", _("Asked on its own (needed for sharing and location)"), "on")
WITHDRAWN = ("", _("Withdraw"))
ALWAYS = frozenset(["name", "mobile", "kind", "level", "note"])
FOLLOWING = {"name": ("gender", "kind"), "id_no": ("birthday_on", "gender")}
"""Fields that may follow from what was typed in another."""


def cell_of(name: str) -> Cell:
    """The field with a name. Raises Http404."""
    if name not in CELLS:
        raise Http404(f"field {name}")
    return CELLS[name]


def contact_cell(contact_id: int, name: str) -> Cell:
    """The field of somebody who speaks for the customer. Raises Http404."""
    if name not in CONTACT:
        raise Http404(f"field {name}")
    return CONTACT[name].of(f"contact-{contact_id}")


def contact_cells(contact_id: int) -> list[Cell]:
    """All fields of one of them."""
    return [cell.of(f"contact-{contact_id}") for cell in CONTACT.values()]


def contact_value(contact: ContactLine, cell: Cell) -> str:
    """What stands in a field of a contact, the phone masked."""
    value = getattr(contact, cell.name)
    return str(int(value)) if isinstance(value, bool) else value


def contact_typed(cell: Cell, posted: QueryDict) -> dict[str, Any]:
    """The same as ``typed`` for a field of a contact."""
    found = typed(cell, posted)
    return {name: value == "1" if name.startswith("may_") else value for name, value in found.items()}


def consent_cell(purpose: str, given: ConsentLine | None, store: Store) -> Cell:
    """What a customer allows for one purpose: how it was given, or that it is withdrawn. Raises Http404."""
    labels = dict(Consent.Purpose.choices)
    if purpose not in labels:
        raise Http404(f"purpose {purpose}")
    cell = Cell("channel", labels[purpose], "choice", Consent.Channel.choices, "–", key=f"consent-{purpose}")
    if given is not None:
        since = f"{dict(Consent.Channel.choices)[given.channel]} · {store.local(given.given_at):%Y-%m-%d}"
        return replace(cell, choices=((given.channel, since), WITHDRAWN), empty="")
    return replace(cell, more=(SEPARATELY,)) if purpose in SEPARATE else cell


def consents(card: CustomerCard, store: Store) -> list[tuple[str, Cell, str]]:
    """All purposes of a card, each with its field and what stands in it; dated by the store's clock."""
    given = {line.purpose: line for line in card.consents}
    return [
        (one, consent_cell(one, line, store), line.channel if line else "")
        for one in Consent.Purpose.values
        for line in [given.get(one)]
    ]


def typed(cell: Cell, posted: QueryDict) -> dict[str, Any]:
    """What the form of one field says, in the words of ``edit``; nothing for a sealed one that was left empty.

    Raises Refused for a day that is none.
    """
    text = posted.get(cell.name, "").strip()
    if cell.kind == "day":
        return {cell.name: day_of(text, cell.name) if text else None}
    if not cell.sealed:
        return {cell.name: text}
    if posted.get("clear") == cell.name:
        return {cell.name: ""}
    more = {"id_kind": posted.get("id_kind", "")} if cell.name == "id_no" else {}
    return {cell.name: text, **more} if text else {}
