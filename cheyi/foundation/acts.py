"""What every verb shares: one transaction, the lock, the audit row, the announced facts, and undo."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import OperationalError, models, transaction

from cheyi.foundation import events, scope
from cheyi.foundation.access.viewer import Viewer
from cheyi.foundation.models import AuditEntry, Fact, Job
from cheyi.kernel import Refused

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)

RETRIES = 3
RETRIED_SQLSTATES = {"40001", "40P01"}


@dataclass
class Gathered:
    """What an act leaves behind, written in one INSERT each when it ends."""

    audits: list[AuditEntry] = field(default_factory=list)
    facts: list[tuple[Fact, events.Event]] = field(default_factory=list)
    reverses: AuditEntry | None = None

    def write(self) -> None:
        """Insert the audit rows, the facts and a job for each reaction that comes afterwards."""
        if self.audits:
            AuditEntry.objects.bulk_create(self.audits)
            _undoable.set(next((one for one in reversed(self.audits) if one.inverse), _undoable.get()))
        if self.facts:
            Fact.objects.bulk_create([row for row, _ in self.facts])
            jobs = [
                Job(
                    name=events.reaction_name(reaction),
                    fact=row,
                    store_id=row.store_id,
                    due_at=row.happened_at,
                    created_at=row.happened_at,
                )
                for row, event in self.facts
                for reaction in events.AFTERWARDS[type(event)]
            ]
            if jobs:
                Job.objects.bulk_create(jobs)


_Inverse = Callable[..., str]

_gathered: ContextVar[Gathered | None] = ContextVar("cheyi_gathered", default=None)
_owned: ContextVar[bool] = ContextVar("cheyi_owned_transaction", default=False)
_reversing: ContextVar[AuditEntry | None] = ContextVar("cheyi_reversing", default=None)
_undoable: ContextVar[AuditEntry | None] = ContextVar("cheyi_undoable", default=None)
address: ContextVar[str | None] = ContextVar("cheyi_address", default=None)
INVERSES: dict[str, _Inverse] = {}


def act(function: Callable[P, R]) -> Callable[P, R]:
    """Make a verb: the outermost one opens the transaction, inner ones join it.

    A refusal undoes everything that the outermost act wrote. Deadlocks and serialization failures are tried three
    times when the act owns its transaction (reliability.md 4.4).
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _gathered.get() is not None:
            return function(*args, **kwargs)
        call = functools.partial(_outermost, function, *args, **kwargs)
        return call() if transaction.get_connection().in_atomic_block else retried(call)

    return run


def _outermost(function: Callable[..., R], *args: Any, **kwargs: Any) -> R:
    with transaction.atomic(savepoint=not _owned.get()):
        gathered = Gathered()
        token = _gathered.set(gathered)
        try:
            result = function(*args, **kwargs)
            gathered.write()
        finally:
            _gathered.reset(token)
        return result


def retried(call: Callable[[], R]) -> R:
    """Run a whole transaction, again when PostgreSQL asks for it."""
    for left in range(RETRIES - 1, -1, -1):
        try:
            return call()
        except OperationalError as error:
            if not left or getattr(error.__cause__, "sqlstate", None) not in RETRIED_SQLSTATES:
                raise
    raise AssertionError("unreachable")


@contextmanager
def owned_transaction() -> Iterator[None]:
    """Say that the surrounding transaction is given up whole on any refusal, so acts need no savepoint."""
    token = _owned.set(True)
    try:
        with transaction.atomic():
            yield
    finally:
        _owned.reset(token)


def lock(row: M) -> M:
    """The fresh row, locked until the act ends. Raises the model's DoesNotExist when it is gone or out of scope."""
    rows: models.QuerySet[M] = type(row)._default_manager.select_for_update(of=("self",))  # noqa: SLF001
    return rows.get(pk=row.pk)


def audit(
    by: Viewer,
    code: str,
    thing: models.Model | None,
    *,
    undo: tuple[str, dict[str, Any]] | None = None,
    now: datetime | None = None,
    **facts: Any,
) -> AuditEntry:
    """Record who did what; written when the act ends. Facts are plain values, never sealed ones.

    ``undo`` names a registered inverse and its arguments; the answer's toast offers it. Raises RuntimeError outside an
    act.
    """
    gathered = _inside()
    in_force = scope.current_or_none()
    entry = AuditEntry(
        at=now or by.now(),
        actor_id=by.user_id,
        actor_name=by.name,
        group_id=getattr(thing, "group_id", None) or by.group_id,
        store_id=getattr(thing, "store_id", None) or (in_force.home_store_id if in_force else None) or by.store_id,
        code=code,
        thing=thing._meta.label_lower if thing is not None else "",  # noqa: SLF001
        thing_id=thing.pk if thing is not None else None,
        address=address.get(),
        facts=facts,
        inverse={"verb": undo[0], "arguments": undo[1]} if undo else None,
        reverses=_reversing.get() if not any(row.reverses_id for row in gathered.audits) else None,
    )
    gathered.audits.append(entry)
    return entry


def announce(event: events.Event) -> None:
    """Say that something happened: a fact row, the reactions of this transaction now, the others as jobs."""
    gathered = _inside()
    row = Fact(code=event.code, store_id=event.store_id, happened_at=event.happened_at, facts=events.pack(event))
    gathered.facts.append((row, event))
    for reaction in events.TOGETHER[type(event)]:
        reaction(event)


def _inside() -> Gathered:
    gathered = _gathered.get()
    if gathered is None:
        raise RuntimeError("only an act may record or announce something")
    return gathered


def inverse(verb: str) -> Callable[[_Inverse], _Inverse]:
    """Register what undoes an act; it gets the arguments that the audit row keeps, and returns the toast's words."""

    def register(function: _Inverse) -> _Inverse:
        INVERSES[verb] = function
        return function

    return register


def to_undo() -> AuditEntry | None:
    """The latest act of this request that offers its undo; for the toast."""
    return _undoable.get()


def forget_undo() -> None:
    """A new request has not yet done anything."""
    _undoable.set(None)


@act
def undo(uid: UUID, *, by: Viewer, now: datetime) -> str:
    """Undo an act with the same permission as its inverse; a second undo answers as the first (reliability.md 4.5).

    Raises Refused ``foundation.undo.impossible`` when there is nothing to undo or it is another store's.
    """
    entry = AuditEntry.objects.filter(uid=uid, store_id=by.store_id).first()
    if entry is None or entry.inverse is None:
        raise Refused("foundation.undo.impossible")
    verb = entry.inverse["verb"]
    if not by.may(verb):
        raise Refused("foundation.undo.not_allowed")
    if AuditEntry.objects.filter(reverses=entry).exists():
        raise Refused("foundation.undo.done_already")
    token = _reversing.set(entry)
    try:
        return INVERSES[verb](by=by, now=now, **entry.inverse["arguments"])
    finally:
        _reversing.reset(token)
