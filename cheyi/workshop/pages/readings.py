"""What an odometer shows, as people type it."""

from __future__ import annotations

from cheyi.foundation.pages.numbers import number_in
from cheyi.kernel import Refused


def kilometres(text: str, field: str) -> int:
    """Whole kilometres, with or without commas. Raises Refused ``workshop.form.bad_mileage`` beside the field."""
    km = number_in(text.replace(",", "").replace("，", ""))
    if km is None:
        raise Refused("workshop.form.bad_mileage", field=field, text=text.strip()[:20])
    return km
