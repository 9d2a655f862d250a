"""Sentences for talking points, suggestions and the engine's reasons; their codes and facts come from rules and engine."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cheyi.foundation.access.roles import ROLES
from cheyi.foundation.ui.filters import said_day, said_moment, yuan
from cheyi.kernel import Money, Rate, Reason
from cheyi.workshop.engine.remedies import Remedy
from cheyi.workshop.queries.presence import Away
from cheyi.workshop.rules.pricing import Given, agreers, least, limit_of
from cheyi.workshop.rules.suggesting import Point, Suggestion

Facts = Mapping[str, object]
HOUR, DAY, TEN = 60, 1440, 10
LENGTHS = ("minutes", "spare")

POINTS: dict[str, str | Promise] = {
    "recall": gettext_lazy("Open recall: %(title)s. Free of charge, offer to do it now"),
    "advice": gettext_lazy("Advised on %(on)s and not done: %(text)s, %(price)s"),
    "here_before": gettext_lazy("Was here on %(on)s, before this system: ask what was done"),
    "first_visit": gettext_lazy("First visit here: show the workshop"),
    "first_visit_ask": gettext_lazy(
        "First visit here: show the workshop, ask for a phone number for the progress link"
    ),
    "insurance": gettext_lazy("Insurance ends on %(on)s"),
    "inspection": gettext_lazy("Annual inspection due on %(on)s"),
    "birthday": gettext_lazy("Birthday on %(on)s"),
    "note": gettext_lazy("Noted: %(text)s"),
}

REASONS: dict[str, str | Promise] = {
    "above_the_need": gettext_lazy("level %(level)s, needs %(required)s"),
    "certificate_missing": gettext_lazy("no valid high-voltage certificate"),
    "changed_technician": gettext_lazy("somebody else than planned before"),
    "dragged": gettext_lazy("placed by hand"),
    "dragged_to_nobody": gettext_lazy("placed by hand with somebody who is not here"),
    "frozen": gettext_lazy("starts in a moment, stays where it is"),
    "free_now": gettext_lazy("free now"),
    "just_enough_skill": gettext_lazy("just enough skill, experts stay free"),
    "knows_model": gettext_lazy("knows the model"),
    "level_too_low": gettext_lazy("skill level %(level)s, needs %(required)s"),
    "no_bay": gettext_lazy("no bay for it"),
    "no_ev_safe_bay": gettext_lazy("no bay that is safe for high voltage"),
    "no_minutes": gettext_lazy("no standard time"),
    "no_shift_left": gettext_lazy("no shift left until %(until)s"),
    "no_tool": gettext_lazy("tool missing: %(kind)s"),
    "nobody_able": gettext_lazy("nobody here has the skill"),
    "nobody_certified": gettext_lazy("nobody here has a valid high-voltage certificate"),
    "nobody_present": gettext_lazy("nobody with the skill is here today"),
    "not_present": gettext_lazy("not here today"),
    "nothing_to_do": gettext_lazy("nothing to plan"),
    "part_comes_later": gettext_lazy("part here at %(until)s"),
    "part_overdue": gettext_lazy("part was expected at %(expected)s and is not here"),
    "part_without_date": gettext_lazy("waits for a part, no date yet"),
    "only_one_able": gettext_lazy("the only one who can"),
    "promise_kept": gettext_lazy("keeps the promise with %(spare)s to spare"),
    "promise_late": gettext_lazy("%(minutes)s after the promise"),
    "queue": gettext_lazy("%(minutes)s of work in hand"),
    "running": gettext_lazy("in work now"),
    "same_car_before": gettext_lazy("worked on this car %(times)s times"),
    "shift_ends_before": gettext_lazy("shift ends before it is done"),
    "shift_too_short": gettext_lazy("longer than any shift"),
    "starts_now": gettext_lazy("starts now"),
    "starts_when_free": gettext_lazy("starts at %(until)s"),
    "starts_with_shift": gettext_lazy("starts at %(until)s"),
    "steps_in_a_circle": gettext_lazy("its steps wait for each other"),
    "strong_for_difficult": gettext_lazy("level %(level)s for a hard fault"),
    "waits_for_bay": gettext_lazy("bay free at %(until)s"),
    "waits_for_part": gettext_lazy("part here at %(until)s"),
    "waits_for_step": gettext_lazy("step before ends at %(until)s"),
    "waits_for_technician": gettext_lazy("technician free at %(until)s"),
    "waits_for_unplanned": gettext_lazy("waits for another step"),
}


REMEDIES: dict[str, str | Promise] = {
    "other_technician": gettext_lazy("give it to %(who)s at %(start)s"),
    "earlier_gap": gettext_lazy("take the earlier gap"),
    "go_first": gettext_lazy("put it first; others %(others)s later"),
    "one_level_below": gettext_lazy("%(who)s can try it, level %(level)s instead of %(required)s"),
    "overtime": gettext_lazy("%(who)s stays %(minutes)s longer"),
    "part_from_store": gettext_lazy("part from another store by %(arrives)s"),
    "part_and_new_promise": gettext_lazy("part from another store by %(arrives)s, promise %(ready)s instead"),
    "part_by": gettext_lazy("part here by %(until)s"),
    "new_promise": gettext_lazy("promise %(ready)s instead"),
}


def remedy(one: Remedy, people: Mapping[int, str], now: datetime) -> str:
    """What would keep a promise, in words; ``people`` are names by technician."""
    words = _readable(one.what.facts, now)
    words["who"] = people.get(int(str(one.what.facts.get("technician") or 0)), "")
    words["ready"] = said_moment(one.ready_at.astimezone(now.tzinfo), now)
    words["others"] = lasting(float(str(one.what.facts.get("others_late") or 0)))
    text = REMEDIES.get(one.what.code)
    return str(text) % words if text else ""


def point(one: Point, today: date) -> str:
    """A talking point in words; a day of another year bears its year."""
    if one.code == "since_last":
        return _since_last(one.facts)
    if one.code == "first_visit" and not one.facts["phone"]:
        return str(POINTS["first_visit_ask"])
    return str(POINTS[one.code]) % _readable(one.facts, today)


def _since_last(facts: Facts) -> str:
    days = int(str(facts["days"]))
    when = (
        ngettext("%(n)d month", "%(n)d months", days // 30) % {"n": days // 30}
        if days >= 30
        else ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    )
    words = {
        "when": when,
        "works": facts["works"],
        "km": f"{facts['km']:,}" if facts["km"] else "",
        "job": facts["job"],
    }
    if facts["km"] and facts["job"]:
        return _("%(when)s and %(km)s km since the last visit (%(works)s); %(job)s is due") % words
    if facts["job"]:
        return _("%(when)s since the last visit (%(works)s); %(job)s is due") % words
    if facts["km"]:
        return _("%(when)s and %(km)s km since the last visit (%(works)s)") % words
    return _("%(when)s since the last visit (%(works)s)") % words


def why(one: Suggestion) -> str:
    """Why a job is suggested, in a word or two."""
    texts = {
        "due_km": _("%(km)s km") % {"km": f"{one.facts['km']:,}"} if one.why == "due_km" else "",
        "due_months": _("%(months)s months") % one.facts if one.why == "due_months" else "",
        "advised": _("advised"),
        "booked": _("booked"),
        "common": "",
    }
    return texts[one.why]


def reason(one: Reason, now: datetime) -> str:
    """One reason of the engine in words, its moments as seen from ``now``; an unknown one says nothing."""
    text = REASONS.get(one.code)
    return str(text) % _readable(one.facts, now) if text else ""


SLOTS: dict[str, str | Promise] = {
    "calm_hours": gettext_lazy("quiet hours"),
    "busy_hours": gettext_lazy("busy hours"),
    "as_wished": gettext_lazy("as wished"),
    "nobody_able": gettext_lazy("nobody here has the skill"),
    "fully_booked": gettext_lazy("everything is booked until %(until)s"),
}


def slot(many: tuple[Reason, ...], now: datetime) -> str:
    """Why a slot is offered, or why none is."""
    return _("; ").join(str(SLOTS[one.code]) % _readable(one.facts, now) for one in many if one.code in SLOTS)


def reasons(many: tuple[Reason, ...], now: datetime) -> str:
    """Reasons in a line."""
    return _("; ").join(text for one in many if (text := reason(one, now)))


def beyond(what: Given, kind: str, roles: Collection[str]) -> str:
    """What a line gives away beyond the limit of somebody with these roles, what that limit is, and who agrees."""
    limit = limit_of(roles, kind)
    agree = [str(ROLES[role]) for role in agreers(what, kind)]
    words = {
        "percent": what.rate.percents,
        "listed": yuan(what.listed),
        "limit": limit.percents,
        "least": yuan(least(what.listed, limit)),
        "who": _(" or ").join(agree),
    }
    if agree:
        return (
            _("%(percent)s%% off the list price %(listed)s; your limit is %(limit)s%%, so %(least)s. %(who)s agrees")
            % words
        )
    return (
        _("%(percent)s%% off the list price %(listed)s, nobody agrees to that; your limit is %(limit)s%%, so %(least)s")
        % words
    )


def lasting(minutes: float) -> str:
    """How long: minutes under an hour, hours under two days, else days: 40 min, 19 h, 3 d."""
    whole = max(round(minutes), 0)
    if whole < HOUR:
        return _("%(n)s min") % {"n": whole}
    if whole < 2 * DAY:
        return _("%(n)s h") % {"n": _short(whole / HOUR)}
    return _("%(n)s d") % {"n": _short(whole / DAY)}


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= TEN else f"{number:.1f}".removesuffix(".0")


def _readable(facts: Mapping[str, object], now: date) -> dict[str, object]:
    return {name: _fact(name, value, now) for name, value in facts.items()}


def _fact(name: str, value: object, now: date) -> object:
    if name in LENGTHS and isinstance(value, int | float):
        return lasting(value)
    if isinstance(value, datetime) and isinstance(now, datetime) and name != "on":
        return said_moment(value.astimezone(now.tzinfo), now)
    if isinstance(value, date):
        return said_day(value, now)
    if isinstance(value, Money):
        return yuan(value)
    if isinstance(value, Rate):
        return f"{value.decimal:.0%}"
    return value if value is not None else ""


def away(one: Away, now: datetime) -> str:
    """When somebody is not here, short: ``now`` is local."""
    starts, ends = (at.astimezone(now.tzinfo) for at in (one.span.start, one.span.end))
    if starts > now:
        return _("leaves at %(at)s") % {"at": said_moment(starts, now)}
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    if ends == midnight:
        return _("not here today")
    back = said_day(ends.date(), now.date()) if ends.time() == time(0) else said_moment(ends, now)
    return _("away, back %(at)s") % {"at": back}
