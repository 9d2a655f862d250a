"""What must hold at every moment (reliability.md 3): the list that ``cheyi check`` runs, and the foundation's own part.

A package registers its proofs in ``<package>/invariants.py``; each yields one sentence per violation and repairs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection

from cheyi.foundation.guards import declarations, installing, on_sqlite
from cheyi.foundation.models import IdempotencyKey, Job
from cheyi.foundation.scope import everywhere

Proof = Callable[[], Iterable[str]]
P = TypeVar("P", bound=Proof)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Invariant:
    """One proof under the code of its rule; ``name`` is the function's, ``title`` its first line."""

    code: str
    name: str
    title: str
    proof: Proof


@dataclass(frozen=True, slots=True)
class Finding:
    """What a proof found: the first violations in words, and how many there are."""

    invariant: Invariant
    violations: tuple[str, ...]
    count: int


REGISTERED: dict[str, Invariant] = {}


def invariant(code: str) -> Callable[[P], P]:
    """Register a proof of ``I1`` … ``I13``; it runs with every row in sight. Raises ValueError for a doubled one."""

    def register(proof: P) -> P:
        name = f"{proof.__module__}.{proof.__qualname__}"
        if name in REGISTERED:
            raise ValueError(f"{name} is registered twice")
        title = (proof.__doc__ or proof.__name__).strip().splitlines()[0]
        REGISTERED[name] = Invariant(code, name, title, proof)
        return proof

    return register


def check(codes: Iterable[str] = ()) -> Iterator[Finding]:
    """Run all proofs, or those of some codes, in the order of their codes."""
    wanted = set(codes)
    for each in sorted(REGISTERED.values(), key=lambda one: (int(one.code[1:]), one.name)):
        if wanted and each.code not in wanted:
            continue
        with everywhere(f"check of {each.code}"):
            violations = list(each.proof())
        yield Finding(each, tuple(violations[:SHOWN]), len(violations))


@invariant("I6")
def answered_keys() -> Iterator[str]:
    """Every kept idempotency key has the answer of its effect."""
    for key in IdempotencyKey.objects.filter(status=None).iterator():
        yield f"key {key.pk} of {key.owner} at {key.endpoint} has no answer"


@invariant("I7")
def links_inside_one_scope() -> Iterator[str]:
    """Every link between scoped rows stays in one store, legal entity or group."""
    present = set(connection.introspection.table_names())
    for table in declarations.tables():
        for link in table.links:
            if {link.table, link.parent} <= present:
                yield from _crossing(link)


def _crossing(link: declarations.Link) -> Iterator[str]:
    sql = (
        f'SELECT child."id" FROM "{link.table}" child WHERE child."{link.column}" IS NOT NULL '  # noqa: S608 - our names
        f"AND NOT EXISTS ({on_sqlite.same_scope(link, 'child')})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        for (row,) in cursor.fetchall():
            yield f"{link.table} {row}: {link.column} lies in another scope"


@invariant("I8")
def guards_stand() -> Iterator[str]:
    """The database refuses changes of append-only rows, foreign links and (PostgreSQL) rows outside the scope."""
    yield from installing.missing()


@invariant("I10")
def jobs_end_in_one_way() -> Iterator[str]:
    """A job that has ended says when, and one that has not is not ended."""
    ended = (Job.State.DONE, Job.State.DEAD, Job.State.WITHDRAWN)
    for row in Job.objects.filter(state__in=ended, finished_at=None).iterator():
        yield f"job {row.pk} ({row.name}) is {row.state} without a moment"
    for row in Job.objects.exclude(state__in=ended).exclude(finished_at=None).iterator():
        yield f"job {row.pk} ({row.name}) is {row.state} but has ended"
