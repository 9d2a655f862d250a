"""Who changed which field of a row since somebody read it: so two people may edit one card, and nothing is lost.

An act that changes fields counts the row's ``version`` up and writes both into its audit row: ``fields`` and
``version``. A form carries the version that was read; only a field that was changed since stands in its way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cheyi.foundation.models import AuditEntry
from cheyi.kernel import Refused


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that somebody else changed: who and when; unknown where no record tells."""

    field: str
    by: str = ""
    at: datetime | None = None


def changed_since(
    row: Any, version: int | None, fields: Iterable[str], *, store_id: int | None = None, own: Collection[str] = ()
) -> Changed | None:
    """The first of some fields that was changed after a version of the row was read; None when none was.

    ``own`` are fields that each store has for itself: only changes made in the store count. A version for which no
    record tells what changed, or that is yet to come, counts for every field. One query, none for the present version.
    """
    if version is None or version == row.version:
        return None
    known: set[int] = set()
    found: dict[str, Changed] = {}
    for entry in _records(row, version):
        known.add(entry.facts["version"])
        for name in entry.facts["fields"]:
            if name not in own or entry.store_id == store_id:
                found.setdefault(name, Changed(name, entry.actor_name, entry.at))
    told = sum(one <= row.version for one in known)
    in_the_dark = version > row.version or told < row.version - version
    return next((found.get(name, Changed(name)) for name in fields if in_the_dark or name in found), None)


def _records(row: Any, version: int) -> list[AuditEntry]:
    rows = AuditEntry.objects.filter(
        thing=row._meta.label_lower,  # noqa: SLF001 - Django keeps a model's name there
        thing_id=row.pk,
        facts__has_keys=["fields", "version"],
        facts__version__gt=version,
    )
    return list(rows.order_by("-pk"))


def demand_unchanged(code: str, changed: Changed | None) -> None:
    """Raise the refusal ``code`` at the field that somebody else changed meanwhile; nothing for None.

    Fields of a row that hangs on another are called ``contact-12.name``; their form knows them as ``name``.
    """
    if changed is not None:
        raise Refused(code, field=changed.field.rpartition(".")[2], who=changed.by or "–")
