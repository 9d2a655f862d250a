"""Lists turn their pages by a cursor: the id of the last row given, which the next call sends as ``after``."""

from __future__ import annotations

from typing import TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)
MOST = 50


def turned(rows: models.QuerySet[M], after: int, *, newest_first: bool = False) -> tuple[list[M], int | None]:
    """At most 50 rows beyond the cursor (0 for the beginning), and the cursor of the next page or None on the last.

    Rows come by id, so that nobody is given twice or left out when others are written meanwhile.
    """
    if newest_first:
        rows = (rows.filter(pk__lt=after) if after else rows).order_by("-pk")
    else:
        rows = rows.filter(pk__gt=after).order_by("pk")
    found = list(rows[: MOST + 1])
    return found[:MOST], found[MOST - 1].pk if len(found) > MOST else None
