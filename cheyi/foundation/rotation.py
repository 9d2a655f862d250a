"""Sealing old rows with the newest key while work goes on; both keys open meanwhile (reliability.md 7.4)."""

from __future__ import annotations

from django.db import models

from cheyi.foundation import keyring
from cheyi.foundation.acts import act
from cheyi.foundation.sealed import SealedField


@act
def reseal(model: type[models.Model], *, after: int = 0, limit: int = 500) -> int | None:
    """Seal the next rows behind a primary key with the newest master; gives the last one's key, None when all are done.

    A row that already carries the newest key is left alone. The caller opens the scope of the rows. Raises CannotOpen.
    """
    objects = model._base_manager  # noqa: SLF001
    rows = list(objects.select_for_update().filter(pk__gt=after).order_by("pk")[:limit])
    if not rows:
        return None
    newest = keyring.ring().newest
    for field in model._meta.fields:  # noqa: SLF001
        if not isinstance(field, SealedField):
            continue
        stale = [row for row in rows if 0 < getattr(row, field.name).key_id < newest]
        for row in stale:
            setattr(row, field.name, getattr(row, field.name).clear())
        if stale:
            objects.bulk_update(stale, [field.name])
    last: int = rows[-1].pk
    return last
