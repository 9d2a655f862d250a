"""Which days can be somebody's birthday."""

from __future__ import annotations

from datetime import date

from cheyi.kernel import Refused

OLDEST_YEARS = 120


def check_birthday(day: date | None, *, today: date) -> None:
    """Refuse a birthday that is yet to come (``customers.customer.unborn``) or longer ago than anybody lives (``.too_old``)."""
    if day is None:
        return
    if day > today:
        raise Refused("customers.customer.unborn", field="birthday_on", day=day.isoformat())
    if day.year < today.year - OLDEST_YEARS:
        raise Refused("customers.customer.too_old", field="birthday_on", day=day.isoformat(), years=OLDEST_YEARS)
