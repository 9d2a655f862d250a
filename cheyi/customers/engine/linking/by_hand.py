"""The baseline: what a sensible clerk finds by sorting the sheet by every number, then by the two most telling columns."""

from __future__ import annotations

from collections import defaultdict

from cheyi.customers.engine.linking.columns import Column, Table

LARGEST_GROUP = 50
NUMBERS = ("phone", "plate", "vin", "id_number")
DISTINCTIVE = 0.5


def by_hand(table: Table) -> frozenset[tuple[int, int]]:
    """Pairs of record numbers that are equal in a number of one's own, or in the two other columns that tell most.

    In normal form already, so the clerk is a careful one; groups of more than fifty tell him nothing.
    """
    numbers = [column for column in table.columns if _is_number(column)]
    others = [column for column in table.columns if not _is_number(column)]
    others.sort(key=lambda column: (-len(column.values) / max(column.filled, 1), column.name))
    keys: list[tuple[Column, ...]] = [(column,) for column in numbers]
    if len(others) > 1:
        keys.append((others[0], others[1]))
    return frozenset(pair for key in keys for pair in _equal(table, key))


def _is_number(column: Column) -> bool:
    distinct = len(column.values) > DISTINCTIVE * column.filled
    return column.kind in NUMBERS or (column.kind == "code" and distinct)


def _equal(table: Table, columns: tuple[Column, ...]) -> list[tuple[int, int]]:
    groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for record, values in enumerate(zip(*(column.codes[:, 0].tolist() for column in columns), strict=True)):
        if min(values) >= 0:
            groups[values].append(record)
    return [
        (one, other)
        for group in groups.values()
        if len(group) <= LARGEST_GROUP
        for place, one in enumerate(group)
        for other in group[place + 1 :]
        if table.one_file or one < table.left <= other
    ]
