"""How figures, moments, plates and phone numbers are written on a screen (ux guide 4 and 13)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext, ngettext
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from cheyi.kernel import Hours, Money, Quantity, Rate

NOTHING = "–"
MAINLAND_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][0-9A-Z]{4,6}[\u4e00-\u9fff]?")


def yuan(amount: Money | None) -> str:
    """Money with the sign of the currency, two decimals and thousands commas: ¥1,826.00, -¥54.00; – for none."""
    if amount is None:
        return NOTHING
    if not isinstance(amount, Money):
        raise TypeError(f"yuan takes Money, not {type(amount).__name__}")
    sign = "-" if amount.fen < 0 else ""
    return f"{sign}¥{abs(amount.fen) // 100:,}.{abs(amount.fen) % 100:02d}"


def qty(quantity: Quantity | None, unit: str = "") -> str:
    """A quantity without empty decimals: 4.5, 1,200; with its unit behind a space when given."""
    if quantity is None:
        return NOTHING
    whole, _, rest = f"{quantity.decimal:,.3f}".partition(".")
    rest = rest.rstrip("0")
    text = f"{whole}.{rest}" if rest else whole
    return f"{text} {unit}" if unit else text


def hrs(hours: Hours | None) -> str:
    """Labour hours with one decimal, two where they are needed: 0.8, 1.0, 1.25."""
    if hours is None:
        return NOTHING
    text = f"{hours.decimal:,.2f}"
    return text.removesuffix("0")


def percent(rate: Rate | None, places: int = 1) -> str:
    """A rate as a percentage, half up: 4.7%."""
    if rate is None:
        return NOTHING
    step = 10 ** (2 - places)
    rounded = (abs(rate.parts) * 2 + step) // (2 * step)
    whole, rest = divmod(rounded, 10**places)
    sign = "-" if rate.parts < 0 and rounded else ""
    return f"{sign}{whole}.{rest:0{places}d}%" if places else f"{sign}{whole}%"


def km(distance: int | None) -> str:
    """Whole kilometres with thousands commas: 48,210 km."""
    return NOTHING if distance is None else f"{distance:,} km"


def local(moment: datetime) -> datetime:
    """The moment in the store's zone, which the request has activated. Raises ValueError for a naive moment."""
    return timezone.localtime(moment)


def said_day(value: date, today: date) -> str:
    """A day as 11-22, in another year than today's with its year."""
    return f"{value:%m-%d}" if value.year == today.year else f"{value:%Y-%m-%d}"


def said_moment(at: datetime, now: datetime) -> str:
    """A moment as HH:MM today; with the date on another day, with the year in another year. Both by the same clock."""
    return f"{at:%H:%M}" if at.date() == now.date() else f"{said_day(at, now)} {at:%H:%M}"


def day(value: date | datetime | None, *, year: bool = False) -> str:
    """A date as 11-22, or 2026-11-22 with its year; a moment counts as its date in the store's zone."""
    if value is None:
        return NOTHING
    when = local(value) if isinstance(value, datetime) else value
    return when.strftime("%Y-%m-%d" if year else "%m-%d")


@pass_context
def shown_day(context: Context, value: date | datetime | None, *, year: bool = False) -> str:
    """The same on a page: a day of another year than the page's moment always bears its year."""
    now = context.get("now")
    if value is None or year or not isinstance(now, datetime):
        return day(value, year=year)
    return said_day(local(value) if isinstance(value, datetime) else value, local(now))


def clock(moment: datetime | None) -> str:
    """A moment as HH:MM in the store's zone."""
    return NOTHING if moment is None else local(moment).strftime("%H:%M")


def when(moment: datetime | None, now: datetime) -> str:
    """A moment as ``said_moment`` says it, in the store's zone: how a page prints every moment that may be of another day."""
    return NOTHING if moment is None else said_moment(local(moment), local(now))


def stamp(moment: datetime | None) -> str:
    """A moment with its full date, on paper and in ledgers: 2026-11-22 13:45."""
    return NOTHING if moment is None else f"{local(moment):%Y-%m-%d %H:%M}"


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago under an hour, else the time; with the date on another day, with the year in another year."""
    if moment is None:
        return NOTHING
    passed = now - moment
    if timedelta(0) <= passed < timedelta(hours=1):
        minutes = int(passed.total_seconds()) // 60
        if minutes == 0:
            return gettext("just now")
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    return when(moment, now)


def plate(text: str) -> str:
    """A plate as it is painted, with the point after the province and city: 浙A·D83721. Other texts stay as they are."""
    bare = re.sub(r"[\s·•.\-]", "", text).upper()
    return f"{bare[:2]}·{bare[2:]}" if MAINLAND_PLATE.fullmatch(bare) else text.strip()


def plate_kind(text: str, *, large: bool = False) -> str:
    """The colour of the chip: ``nev`` for eight characters, ``large`` for large vehicles, else nothing (blue)."""
    bare = re.sub(r"[\s·•.\-]", "", text)
    if large:
        return "large"
    return "nev" if len(bare) == 8 and MAINLAND_PLATE.fullmatch(bare.upper()) else ""


def masked_phone(number: str | None) -> str:
    """A phone number with its middle hidden: 199****1234; short ones keep the last two digits."""
    if not number:
        return NOTHING
    digits = re.sub(r"[\s\-]", "", number)
    if len(digits) < 8:
        return "*" * max(len(digits) - 2, 0) + digits[-2:]
    return f"{digits[:-8]}****{digits[-4:]}"


def marked(text: str, wanted: str) -> Markup:
    """The text with the first place that matches what was searched for marked, upper and lower case alike."""
    at = text.lower().find(wanted.lower()) if wanted else -1
    if at < 0:
        return escape(text)
    end = at + len(wanted)
    return Markup("{}<mark>{}</mark>{}").format(text[:at], text[at:end], text[end:])


def initial(name: str) -> str:
    """The first character of a name, for the round mark beside it."""
    return name.strip()[:1].upper()


FILTERS = {
    "yuan": yuan,
    "qty": qty,
    "hrs": hrs,
    "percent": percent,
    "km": km,
    "day": shown_day,
    "clock": clock,
    "when": when,
    "stamp": stamp,
    "ago": ago,
    "plate": plate,
    "plate_kind": plate_kind,
    "masked_phone": masked_phone,
    "initial": initial,
    "marked": marked,
}
