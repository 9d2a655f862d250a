"""Sentences for the stock engine's reasons: history, lead times, classes, stocking, pooling, slow stock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cheyi.kernel import Fact, Money, Quantity, Rate, Reason

HISTORY: dict[str, str | Promise] = {
    "after_the_window": _("%(count)s lines after these months left out"),
    "before_the_window": _("%(count)s lines before these months left out"),
    "joined_from": _("with the demand of %(count)s superseded numbers"),
    "returns_exceed_demand": _("%(quantity)s more came back than was asked for"),
}
LEAD_TIMES: dict[str, str | Promise] = {
    "as_agreed": _("nothing received yet, %(days)s days as agreed"),
    "drawn_to_agreed": _("few deliveries (%(lines)s), drawn towards the agreed %(days)s days"),
    "drawn_to_supplier": _("%(lines)s own deliveries, drawn towards %(others)s of the same supplier's other parts"),
    "from_receipts": _("from %(lines)s deliveries of this part"),
    "receipts_not_believed": _("%(count)s deliveries with impossible days or quantities left out"),
    "still_open": _("%(count)s orders still open count as waited until today"),
}
CLASSES: dict[str, str | Promise] = {
    "never_moved": _("never handed out in the %(days)s days since it came"),
    "not_on_hand": _("none on hand"),
    "not_out_for": _("not handed out for %(days)s days"),
    "on_hand_only": _("on hand for %(days)s days only"),
    "outbound_in_the_future": _("handed out on %(on)s, which is after today"),
}
STOCKING: dict[str, str | Promise] = {
    "always_kept": _("always kept, %(level)s at least"),
    "at_least": _("the supplier sells at least %(quantity)s"),
    "backordered": _("%(quantity)s are waited for"),
    "ends": _("at the end of its life, demand falls"),
    "held_to_most": _("held to the most set by hand, %(level)s"),
    "held_to_shelf_life": _("held to %(level)s, what is wanted within its %(months)s months of life"),
    "in_packs": _("%(quantity)s in packs of %(pack)s"),
    "more_than_lasts": _("%(quantity)s are more than is wanted within its %(months)s months of life"),
    "no_history": _("new, reckoned from parts like it"),
    "not_worth_keeping": _("a piece would have to be wanted with a chance of %(chance)s to be worth keeping"),
    "on_order_only": _("ordered only when wanted"),
    "price_missing": _("no purchase price, counted as a cheap part"),
    "worth_keeping": _("worth keeping up to %(level)s, each piece wanted with a chance of at least %(chance)s"),
}
POOLING: dict[str, str | Promise] = {
    "buy_rest": _("buy %(quantity)s for %(cost)s"),
    "giver_keeps": _("%(giver)s keeps %(keeps)s, its own level is %(level)s"),
    "lies_idle": _("idle at %(giver)s for %(days)s days"),
    "moved_instead_of_bought": _(
        "%(quantity)s from %(giver)s, %(minutes)s minutes away, saves %(saved)s against buying"
    ),
    "no_idle_stock": _("no other store has any to spare"),
    "not_cheaper": _("from %(giver)s it would cost %(cost)s, buying %(price)s"),
    "packs_not_opened": _("packs of %(pack)s are not opened"),
    "saves_no_pack": _("%(giver)s has some, but that would not save a pack of %(pack)s"),
    "too_far": _("%(giver)s has some, but no way from there is known"),
}
SLOW: dict[str, str | Promise] = {
    "expires_first": _("%(quantity)s expire in %(days)s days before anybody needs them"),
    "keep_pays": _("keeping brings %(money)s, the next best %(next_best)s"),
    "never_asked_for": _("nobody has ever asked for it"),
    "nobody_expected": _("nobody is expected to ask for it any more"),
    "no_price": _("no selling price is known"),
    "nothing_idle": _("nothing beyond the store's own level"),
    "promote_at": _("%(cut)s off sells it in about %(months)s months"),
    "return_until": _("the supplier takes it back for %(days)s more days at a fee of %(fee)s"),
    "scrap_value": _("scrap brings %(money)s"),
    "sells_in": _("%(quantity)s would take about %(months)s months to sell"),
    "too_new": _("came only %(days)s days ago"),
    "wanted_elsewhere": _("%(store)s needs %(quantity)s within about %(months)s months"),
}
REASONS = {**HISTORY, **LEAD_TIMES, **CLASSES, **STOCKING, **POOLING, **SLOW}


def reason(one: Reason) -> str:
    """A reason in words."""
    return str(REASONS[one.code]) % {name: _plain(fact) for name, fact in one.facts.items()}


def reasons(many: Iterable[Reason]) -> str:
    """Reasons in a line."""
    return "，".join(reason(one) for one in many)


def _plain(fact: Fact) -> str:
    if isinstance(fact, Rate):
        return f"{fact.decimal:.0%}"
    if isinstance(fact, Money):
        return f"¥{fact.decimal:,.2f}"
    if isinstance(fact, Quantity | str):
        return str(fact)
    return fact.isoformat() if isinstance(fact, date) else f"{fact:,}"
