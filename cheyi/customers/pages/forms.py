"""What the forms of a customer's card send, read into the words of the actions."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cheyi.customers.imports import day
from cheyi.customers.models import Consent, ContactHold, Customer, CustomerContact
from cheyi.kernel import Refused

SEALED = ("mobile", "second_mobile", "wechat", "email", "id_no", "address")
OPEN = ("name", "kind", "gender", "occupation", "hobbies", "origin", "preferred_channel", "preferred_time")
MORE = ("price_sensitivity", "level")
CONFIRMABLE = ("customers.phone.placeholder",)
CHOICES = {
    "kind": Customer.Kind.choices,
    "gender": Customer.Gender.choices,
    "id_kind": Customer.IdKind.choices,
    "preferred_channel": Customer.Channel.choices,
    "price_sensitivity": Customer.Sensitivity.choices,
    "level": Customer.Level.choices,
    "relation": CustomerContact.Relation.choices,
    "purpose": Consent.Purpose.choices,
    "consent_channel": Consent.Channel.choices,
    "reach": ContactHold.Reach.choices,
    "hold_reason": ContactHold.Reason.choices,
}

REASONS = (
    ("call", _("To call")),
    ("message", _("To write")),
    ("check", _("To compare it")),
    ("correct", _("To correct it")),
    ("paper", _("For a paper")),
    ("wish", _("The customer asks")),
)


def details(posted: QueryDict) -> dict[str, Any]:
    """The fields of a new card that hold something. Raises Refused for a day that is none."""
    found: dict[str, Any] = {name: text for name in (*OPEN, *MORE, *SEALED, "id_kind") if (text := _text(posted, name))}
    if text := _text(posted, "birthday_on"):
        found["birthday_on"] = day_of(text, "birthday_on")
    return found


def insisted(posted: QueryDict) -> dict[str, Any]:
    """What the person insists on: somebody else after all, a shared number, a dummy number."""
    return {
        "confirmed_new": "confirmed_new" in posted,
        "shared_phone": "shared_phone" in posted,
        "confirmed": tuple(code for code in posted.getlist("confirmed") if code in CONFIRMABLE),
    }


def day_of(text: str, field: str) -> Any:
    """A day that was typed or chosen. Raises Refused beside the field."""
    try:
        return day(text)
    except Refused as refused:
        raise Refused(refused.code, field=field, text=text) from None


def _text(posted: QueryDict, name: str) -> str:
    return posted.get(name, "").strip()
