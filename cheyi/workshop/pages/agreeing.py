"""What a form says about the second person: in one sentence, who may agree, and above what sum he must."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cheyi.foundation.access import Colleague, colleagues_who_may
from cheyi.foundation.ui.filters import yuan
from cheyi.kernel import Money
from cheyi.settlement.actions.guards import limit_of
from cheyi.settlement.rules.approvals import AGREERS


@dataclass(frozen=True, slots=True)
class Agreement:
    """The sentence, the colleagues who may agree, and the sum up to which nobody needs to (None: always needed).

    ``idle`` while the amount that the form begins with needs nobody.
    """

    sentence: str
    colleagues: tuple[Colleague, ...]
    above: Money | None = None
    idle: bool = False


def to_refund(request: Any, amount: Money, *, before: Money, always: bool = False) -> Agreement:
    """For money that goes back, to begin with ``amount``; ``before`` is what one person alone gave back on it already."""
    people = colleagues_who_may(request.viewer, *AGREERS["refund"])
    if always or not request.viewer.may("settlement.payment.refund"):
        return Agreement(_("Money goes back only when a second person agrees: %(names)s") % _names(people), people)
    limit = limit_of(request.store)
    said = _("Above %(limit)s in all a second person must agree: %(names)s")
    alone = max(limit - before, Money(0))
    return Agreement(said % {"limit": yuan(limit), **_names(people)}, people, alone, amount <= alone)


def to_unsettle(request: Any) -> Agreement:
    """For a settlement that is taken back."""
    people = colleagues_who_may(request.viewer, *AGREERS["unsettle"])
    return Agreement(
        _("A settlement is taken back only when a second person agrees: %(names)s") % _names(people), people
    )


def to_cancel(request: Any) -> Agreement:
    """For an order that is cancelled after it was dispatched, or after parts moved."""
    people = colleagues_who_may(request.viewer, *AGREERS["cancel_order"])
    return Agreement(_("From the dispatch on only a manager cancels: %(names)s") % _names(people), people)


def to_difference(request: Any, limit: Money) -> Agreement:
    """For a till that differs by more than the limit."""
    people = colleagues_who_may(request.viewer, *AGREERS["close_shift"])
    said = _("The difference is above %(limit)s, so a second person must agree: %(names)s")
    return Agreement(said % {"limit": yuan(limit), **_names(people)}, people)


def _names(people: tuple[Colleague, ...]) -> dict[str, str]:
    named = [_("%(name)s (%(role)s)") % {"name": one.name, "role": one.role_label} for one in people]
    return {"names": _(", ").join(named) or _("nobody of this store can yet, ask the administrator for a grant")}
