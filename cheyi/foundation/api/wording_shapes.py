"""What is said about a field whose value does not fit its shape, in the asked language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, str | Promise] = {
    "missing": _("is missing"),
    "extra_forbidden": _("is not known here"),
    "greater_than_equal": _("must be at least %(ge)s"),
    "greater_than": _("must be more than %(gt)s"),
    "less_than_equal": _("must be at most %(le)s"),
    "less_than": _("must be less than %(lt)s"),
    "string_too_long": _("has more than %(max_length)s characters"),
    "string_too_short": _("has fewer than %(min_length)s characters"),
    "too_long": _("has more than %(max_length)s entries"),
    "too_short": _("has fewer than %(min_length)s entries"),
    "literal_error": _("must be one of: %(expected)s"),
    "enum": _("must be one of: %(expected)s"),
    "timezone_aware": _("must say its time zone, like 2026-06-15T09:00:00+08:00"),
    "not_a_time": _("must be a time like 08:30"),
    "far_from_our_time": _("must lie between the years 1900 and 2199"),
}
GROUPS: dict[str, str | Promise] = {
    "string": _("must be a text"),
    "int": _("must be a whole number"),
    "bool": _("must be true or false"),
    "date": _("must be a date like 2026-06-15"),
    "datetime": _("must be a moment like 2026-06-15T09:00:00+08:00"),
    "uuid": _("must be an identifier of a file, as it was given"),
    "list": _("must be a list"),
    "dict": _("must be an object"),
    "model": _("must be an object"),
}
ELSE: str | Promise = _("does not fit")


def sentence(error: Mapping[str, Any]) -> str:
    """What is wrong with one value, after the field's name."""
    kind = str(error.get("type", ""))
    if kind in KINDS:
        return str(KINDS[kind]) % dict(error.get("ctx", {}))
    return str(GROUPS.get(kind.split("_", maxsplit=1)[0], ELSE))


def place(error: Mapping[str, Any]) -> str:
    """Where in the call the value stands: ``wanted_at``, ``jobs.0.op_code``."""
    steps = list(error.get("loc", ()))[1:]
    if len(steps) > 1 and steps[0] in {"body", "asked"}:
        steps = steps[1:]
    return ".".join(str(step) for step in steps)
