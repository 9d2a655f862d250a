"""Django's SQLite backend with safe pragmas, the write gate and the tripwire (reliability.md 4.3 and 5.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.backends.sqlite3 import base, operations

from cheyi.foundation.db.gate import GateShut, Pass, WriteGate, gate_of
from cheyi.foundation.db.lazily import Execute, watched

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "recursive_triggers": 1,
}
TUNING = ("journal_size_limit = 67108864", "cache_size = -8000", "temp_store = MEMORY")
READS = ("SELECT", "PRAGMA", "EXPLAI", "SAVEPO", "RELEAS", "ROLLBA", "COMMIT", "BEGIN ", "BEGIN", "VACUUM", "ATTACH")


class DatabaseOperations(operations.DatabaseOperations):
    """Adds emptying a test database whose rows are guarded by triggers."""

    compiler_module = "cheyi.foundation.db.sqlite3.compiler"

    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        """Empty the tables without their guards, which are put back in the same transaction. Raises outside tests."""
        if not settings.TESTING:
            raise OperationalError("only a test database is emptied")
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {self.quote_name(name)}")
            for sql in [*sql_list, *(sql for _, sql in triggers)]:
                cursor.execute(sql)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that queues for the gate before it writes and gives the pass back when the transaction is over."""

    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pass: Pass | None = None
        self.execute_wrappers.append(self._queue_single_writes)
        self.execute_wrappers.append(watched)

    @property
    def _gate(self) -> WriteGate | None:
        name = str(self.settings_dict["NAME"])
        return None if self.is_in_memory_db() else gate_of(Path(name))

    @property
    def _patience(self) -> float:
        return float(self.settings_dict["OPTIONS"].get("timeout", 20))

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the file with the pragmas that durability rests on. Raises OperationalError when one does not take."""
        connection = super().get_new_connection(conn_params)
        for name, wanted in PRAGMAS.items():
            connection.execute(f"PRAGMA {name} = {wanted}")
            got = connection.execute(f"PRAGMA {name}").fetchone()[0]
            if got != wanted and not (name == "journal_mode" and got == "memory"):
                connection.close()
                raise OperationalError(f"SQLite keeps {name} at {got}; {wanted} is needed")
        for tuning in TUNING:
            connection.execute(f"PRAGMA {tuning}")
        return connection

    def learn_sizes(self) -> None:
        """Nothing: what the planner is to expect is written down at each migration (``expectations``)."""

    def _enter(self) -> None:
        gate = self._gate
        if gate is None or self._pass is not None:
            return
        try:
            self._pass = gate.enter(self._patience)
        except GateShut as error:
            raise OperationalError(f"database is locked: {error}") from error

    def _leave(self) -> None:
        held, self._pass = self._pass, None
        if held is not None:
            held.give_back()

    def _leave_when_over(self) -> None:
        """A failed COMMIT leaves the transaction open: the pass stays until it is rolled back or closed."""
        try:
            over = self.connection is None or not self.connection.in_transaction
        except self.Database.ProgrammingError:
            over = True
        if over:
            self._leave()

    def _start_transaction_under_autocommit(self) -> None:
        self._enter()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> Any:
        try:
            return super()._commit()  # type: ignore[misc]
        finally:
            self._leave_when_over()

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._leave_when_over()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._leave()

    def _queue_single_writes(self, execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """A write outside a transaction is a transaction of its own."""
        if self._pass is not None or self.in_atomic_block or sql.lstrip(" (\n")[:6].upper() in READS:
            return execute(sql, params, many, context)
        with self._turn():
            return execute(sql, params, many, context)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        self._enter()
        try:
            yield
        finally:
            self._leave_when_over()
