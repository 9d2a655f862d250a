"""Times and days as people type them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time

from cheyi.kernel import Refused

TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]?([0-5][0-9])")
MIDNIGHT = re.compile(r"24[:.]?00")


def plain(text: str) -> str:
    """A text with half-width digits and colons, without blanks around it."""
    return unicodedata.normalize("NFKC", text).strip()


def time_of(text: str, field: str) -> time:
    """A time like 08:30, 8.30 or 830. Raises Refused ``foundation.calendar.bad_time`` beside the field."""
    found = TIME.fullmatch(plain(text))
    if found is None:
        raise Refused("foundation.calendar.bad_time", field=field, text=text.strip()[:20])
    return time(int(found[1]), int(found[2]))


def end_of(text: str, field: str) -> time:
    """The same, where 24:00 is the midnight that ends the day: 00:00."""
    return time(0) if MIDNIGHT.fullmatch(plain(text)) else time_of(text, field)


def day_of(text: str, field: str) -> date:
    """A day like 2026-06-15. Raises Refused ``foundation.calendar.no_day``, ``.bad_day`` beside the field."""
    if not plain(text):
        raise Refused("foundation.calendar.no_day", field=field)
    try:
        return date.fromisoformat(plain(text))
    except ValueError:
        raise Refused("foundation.calendar.bad_day", field=field, text=text.strip()[:20]) from None
