"""The only place with SQL of our own: what the ORM cannot say in one statement, on both engines.

Every function compares the ids it is given with the scope in force, as a scoped table would.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import product
from typing import Any

from django.db import connection

from cheyi.foundation.scope import OutOfScope, current

NEXT_NUMBER = """
    INSERT INTO foundation_numberseries (store_id, prefix, business_on, last, created_at, created_by_id)
    VALUES (%s, %s, %s, %s, %s, NULL)
    ON CONFLICT (store_id, prefix, business_on)
    DO UPDATE SET last = foundation_numberseries.last + excluded.last
    RETURNING last
"""
KEY_COLUMNS = ("group_id", "store_id", "key", "thing", "target_id", "rank")
KEY_TYPES = ("bigint", "bigint", "text", "text", "bigint", "smallint")
INSERT_KEYS = f"INSERT INTO foundation_searchkey ({', '.join(KEY_COLUMNS)}) "
ONE_KEY = f"VALUES ({', '.join(['%s'] * len(KEY_COLUMNS))})"
KEY_ARRAYS = f"SELECT * FROM unnest({', '.join(f'%s::{kind}[]' for kind in KEY_TYPES)})"  # noqa: S608
# In the order of the whole index: "store_id IS NULL" is no constant to PostgreSQL, which would sort all that it finds.
FOUND_KEYS = """
    SELECT key, rank, thing, target_id FROM (
        SELECT k.key, k.rank, k.thing, k.target_id FROM foundation_searchkey k
        WHERE k.group_id = %s AND k.store_id {store} AND k.key >= %s AND k.key < %s{thing}{others}
        ORDER BY k.group_id, k.store_id, k.thing, k.key, k.rank LIMIT %s
    ) AS found
"""
OTHER_WORD = """
        AND EXISTS (
            SELECT 1 FROM foundation_searchkey o
            WHERE o.group_id = %s AND o.thing = k.thing AND o.target_id = k.target_id
            AND (o.store_id = %s OR o.store_id IS NULL) AND o.key || '' >= %s AND o.key || '' < %s
        )"""

Range = tuple[str, str]
FoundKey = tuple[str, int, str, int]


def demand(kind: str, wanted: int) -> None:
    """Raises NoScope or OutOfScope when rows of this group or store are not open here."""
    scope = current()
    if not scope.is_open and wanted not in scope.ids(kind):
        raise OutOfScope(f"{kind} {wanted} is outside the scope")


def next_number(*, store_id: int, prefix: str, business_on: date, count: int, now: datetime) -> int:
    """Count a series up by ``count`` in one statement and give its new last number."""
    demand("store", store_id)
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBER, [store_id, prefix, business_on, count, now])
        row: tuple[int] = cursor.fetchone()
    return row[0]


def insert_keys(rows: Sequence[tuple[int, int | None, str, str, int, int]]) -> None:
    """Insert search keys given as (group, store or None, key, thing, target, rank), as fast as the engine can."""
    if not rows:
        return
    for group_id in {row[0] for row in rows}:
        demand("group", group_id)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(INSERT_KEYS + KEY_ARRAYS, [list(column) for column in zip(*rows, strict=True)])
        else:
            cursor.executemany(INSERT_KEYS + ONE_KEY, rows)


def found_keys(
    *, group_id: int, store_id: int, ranges: Sequence[Range], things: Sequence[str], others: Sequence[Range], limit: int
) -> Iterator[FoundKey]:
    """Keys of the store and of the whole group within some ranges, at most ``limit`` of each thing.

    Each thing is asked for by itself, as the index has them: a rare one is not looked for among a hundred thousand others.
    ``others`` are ranges of further words: a target counts only if it has a key in each of them.
    """
    demand("group", group_id)
    demand("store", store_id)
    kinds = [(" AND k.thing = %s", [thing]) for thing in things] or [("", [])]
    places: tuple[tuple[str, list[int]], ...] = (("= %s", [store_id]), ("IS NULL", []))
    selects: list[str] = []
    values: list[Any] = []
    for (low, high), (store, place), (thing, kind) in product(ranges, places, kinds):
        selects.append(FOUND_KEYS.format(store=store, thing=thing, others=OTHER_WORD * len(others)))
        values += [group_id, *place, low, high, *kind]
        values += [value for other in others for value in (group_id, store_id, *other)]
        values.append(limit)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), values)
        yield from cursor.fetchall()
