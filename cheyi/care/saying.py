"""Sentences for the engine's reasons: why a reading is not believed, why a car is due, why nobody is reminded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cheyi.kernel import Fact, Quantity, Rate, Reason

READINGS: dict[str, str | Promise] = {
    "above_next": _("%(km)s km is more than the %(next)s km read later, on %(next_on)s"),
    "before_built": _("read on %(on)s, before the car was new on %(new_on)s"),
    "below_next": _("%(km)s km is too little before the %(next)s km of %(next_on)s"),
    "beyond_any_car": _("%(km)s km is more than any car shows (%(most)s)"),
    "beyond_its_age": _("%(km)s km is more than the car can have driven since it was new on %(new_on)s (%(most)s)"),
    "corrected": _("the reading of %(on)s says that this was a typing error"),
    "digit_missing": _("a digit is missing: %(km)s?"),
    "digit_too_many": _("a digit too many: %(km)s?"),
    "doubtful": _("marked as doubtful when it was read"),
    "falls": _("%(km)s km is less than the %(last)s km of %(last_on)s"),
    "in_the_future": _("read on %(on)s, which is after today"),
    "jumps": _("%(km)s km is far more than the %(last)s km of %(last_on)s allow (%(most)s)"),
    "looks_replaced": _("%(count)s lower readings since %(since)s: was the odometer exchanged?"),
    "lower": _("%(km)s km is less than the %(last)s km of %(last_on)s"),
    "miles": _("miles instead of kilometres: %(km)s?"),
    "negative": _("less than 0 km"),
    "new_day_contradicted": _("%(count)s readings do not fit a car that was new on %(new_on)s"),
    "new_in_the_future": _("the car cannot have been new on %(new_on)s, which is after today"),
    "no_day": _("no day"),
    "not_whole_km": _("“%(text)s” is not a whole number of km"),
    "stays": _("%(km)s km on %(since)s and still on %(on)s"),
    "swapped_digits": _("two digits swapped: %(km)s?"),
    "too_far": _("%(km)s km is far more than the %(last)s km of %(last_on)s allow (%(most)s)"),
}
DUE: dict[str, str | Promise] = {
    "as_its_group": _("%(km)s km a day as the %(cars)s cars of its model"),
    "as_usual": _("%(km)s km a day, as is usual"),
    "blended": _("%(year)s km a day last year, %(life)s all its life"),
    "counted_from_new": _("no service on file, counted from new on %(new_on)s"),
    "drawn_to_group": _("drawn towards the %(km)s km a day of its model by %(share)s"),
    "due_by_distance": _("due by distance on %(on)s, at %(daily)s km a day"),
    "due_by_time": _("due by time on %(on)s"),
    "energy_unknown": _("I do not know: no schedule for “%(energy)s”"),
    "held_within": _("held between %(least)s and %(most)s km a day"),
    "last_and_present": _("km since the last reading, over %(days)s days"),
    "never_recorded": _("never recorded, ask the customer"),
    "never_serviced_here": _("I do not know: neither a service nor the day the car was new is on file"),
    "new_owner": _("only what the owner since %(since)s has driven"),
    "no_distance_known": _("no distance known yet"),
    "no_measure_known": _("I do not know: the day the car was new is not on file"),
    "no_reading": _("no reading of the odometer"),
    "reading_old": _("last read on %(on)s, %(days)s days ago"),
    "readings_dropped": _("%(count)s readings not believed"),
    "service_before_built": _("I do not know: serviced on %(on)s, before the car was new on %(new_on)s"),
    "service_in_the_future": _("I do not know: the last service is dated %(on)s, after today"),
    "service_reading_doubtful": _("the odometer at the service of %(on)s is not believed"),
    "too_short": _("known for %(days)s days only"),
}
CUSTOMERS: dict[str, str | Promise] = {
    "left_the_base": _("the car has left: sold on or scrapped"),
    "less_than_nothing": _("I do not know: less than no visits or no money"),
    "never_paid": _("I do not know: never paid for a visit"),
    "never_visited": _("I do not know: never here"),
    "no_car_in_the_base": _("I do not know: no car of his is known"),
    "visit_in_the_future": _("I do not know: a visit is dated %(on)s, after today"),
}
SILENCE: dict[str, str | Promise] = {
    "appointment_open": _("has an appointment"),
    "car_gone": _("the car is no longer his"),
    "complaint_open": _("a complaint is open"),
    "due_unknown": _("nobody knows when it is due"),
    "likely_due": _("due about %(on)s, within %(days)s days with a chance of %(chance)s"),
    "not_due_yet": _("due within %(days)s days with a chance of %(chance)s only"),
    "opted_out": _("does not want this kind of message"),
    "quiet_hours": _("quiet hours until %(until)s"),
    "reminded_lately": _("reminded the same way on %(on)s"),
    "touched_enough": _("contacted %(count)s times this week"),
    "visited_lately": _("was here on %(on)s"),
    "yearly_rule": _("drives %(km)s km a year only, due by time on %(on)s"),
}
WEAR: dict[str, str | Promise] = {
    "does_not_fall": _("I do not know: %(first)s then, %(last)s now, no fall beyond measuring"),
    "inspections_left_out": _("%(count)s inspections left out"),
    "inspections_too_few": _("I do not know: two inspections are needed, there is %(count)s"),
    "renewed": _("new since %(on)s"),
    "worn_by_days": _("a line through %(count)s inspections"),
    "worn_by_km": _("a line through %(count)s inspections, limit at %(km)s km"),
}
REASONS = {**READINGS, **DUE, **CUSTOMERS, **SILENCE, **WEAR}


def reason(one: Reason) -> str:
    """A reason in words."""
    return str(REASONS[one.code]) % {name: _plain(name, fact) for name, fact in one.facts.items()}


def reasons(many: Iterable[Reason]) -> str:
    """Reasons in a line."""
    return "，".join(reason(one) for one in many)


def _plain(name: str, fact: Fact) -> str:
    if isinstance(fact, Rate):
        return f"{fact.decimal:.0%}"
    if isinstance(fact, Quantity):
        return f"{fact.decimal:.1f}"
    if isinstance(fact, date):
        return fact.isoformat()
    return f"{fact:,}" if isinstance(fact, int) and name not in {"count", "days", "cars"} else str(fact)
