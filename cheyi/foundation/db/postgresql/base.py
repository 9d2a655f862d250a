"""Django's PostgreSQL backend with time limits, the least role and the scope that row-level security reads.

The scope stands in session settings that are compared before every statement with the scope in force and sent only when
it changed. A rollback takes settings back that were made inside it, so they are sent anew afterwards. A pooler between
the program and the server must therefore keep sessions together (PgBouncer: session mode).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.backends.postgresql import base, operations
from psycopg import ClientCursor
from psycopg.pq import TransactionStatus

from cheyi.foundation.db.lazily import Execute, scope_in_force, watched

if TYPE_CHECKING:
    from cheyi.foundation.scope import Scope

APP_ROLE = "cheyi_app"
PREPARED = 300  # statements kept ready by a connection; all pages together ask some hundred different ones
# Compiling a plan (jit) costs more than any of our statements, and a guess at many rows is enough to set it off.
SETTINGS = {
    "statement_timeout": "15s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
    "jit": "off",
}
MOST_VALUES = 2**16 - 1
NOT_SENT = object()
SET_SCOPE = (
    "SELECT set_config('cheyi.store_ids', %s, false), set_config('cheyi.group_ids', %s, false),"
    " set_config('cheyi.legal_entity_ids', %s, false), set_config('cheyi.open', %s, false)"
)
CONTROL = ("SAVEPOINT", "ROLLBACK TO", "RELEASE")


def _array(ids: frozenset[int]) -> str:
    return "{" + ",".join(str(each) for each in sorted(ids)) + "}"


class DatabaseOperations(operations.DatabaseOperations):
    """Adds emptying a test database whose rows are guarded by triggers and policies."""

    compiler_module = "cheyi.foundation.db.postgresql.compiler"

    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        """Empty the tables that hold rows, as owner and without triggers. Raises OperationalError outside tests."""
        if not settings.TESTING:
            raise OperationalError("only a test database is emptied")
        tables = self.connection.introspection.django_table_names(only_existing=True, include_views=False)
        probe = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {self.quote_name(table)})"  # noqa: S608 - our own names
            for table in tables
            if table != "django_migrations"
        )
        wrapper: Any = self.connection
        with wrapper.as_owner(), transaction.atomic(using=wrapper.alias):
            # Past Django's cursor: nothing here belongs to a scope.
            wrapper.connection.execute("SET LOCAL session_replication_role = replica")
            for (table,) in wrapper.connection.execute(probe).fetchall():
                wrapper.connection.execute(f"DELETE FROM {self.quote_name(table)}")  # noqa: S608 - our own names


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that works as the least role and tells the server which stores' rows it may see."""

    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sent: object = NOT_SENT
        self._owner_depth = 0
        self.execute_wrappers.append(self._keep_scope)
        self.execute_wrappers.append(watched)
        self.execute_wrappers.append(self._bind_here)

    # --- who ------------------------------------------------------------------------------------------------------

    def init_connection_state(self) -> None:
        """Set the time limits and take the least role, where the database knows it."""
        super().init_connection_state()
        self._sent = NOT_SENT
        self.connection.prepared_max = PREPARED
        if self._owner_depth == 0:
            self._take_role()
            if not self.connection.autocommit:
                self.connection.commit()

    def _take_role(self) -> None:
        chosen = "; ".join(f"SET {name} = '{value}'" for name, value in SETTINGS.items())
        with self.connection.cursor() as cursor:
            cursor.execute(chosen)
            cursor.execute("SELECT pg_has_role(oid, 'MEMBER') FROM pg_roles WHERE rolname = %s", [APP_ROLE])
            row = cursor.fetchone()
            usable = row is not None and row[0] and self._is_installed(cursor)
            if usable:
                cursor.execute(f"SET ROLE {APP_ROLE}")

    @staticmethod
    def _is_installed(cursor: Any) -> bool:
        """Whether the guards of this database have let the role in (before the first migration they have not)."""
        cursor.execute(
            "SELECT has_table_privilege(%s, c.oid, 'SELECT') FROM pg_class c WHERE c.oid = to_regclass('foundation_job')",
            [APP_ROLE],
        )
        row = cursor.fetchone()
        return bool(row and row[0])

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """Work as the role that signed in: migrations, guards, emptying test tables."""
        self._owner_depth += 1
        try:
            if self._owner_depth == 1:
                self.ensure_connection()
                self.connection.execute("RESET ROLE; SET statement_timeout = 0; SET lock_timeout = '60s'")
            yield
        finally:
            self._owner_depth -= 1
            if self._owner_depth == 0 and self._can_speak():
                self._take_role()

    def learn_sizes(self) -> None:
        """Count what the tables hold, for the planner: after many rows at once, and where autovacuum does not."""
        with self.as_owner(), self.wrap_database_errors:
            self.connection.execute("ANALYZE")

    def _can_speak(self) -> bool:
        """Not when it is closed, nor inside a failed transaction, whose rollback brings the role back by itself."""
        if self.connection is None or self.connection.closed:
            return False
        status: int = self.connection.info.transaction_status
        return status != TransactionStatus.INERROR

    def _bind_here(self, execute: Execute, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """Put more values into the text than the server takes beside it: a list of numbers, rows of an import."""
        if params and not many and len(params) > MOST_VALUES:
            sql, params = ClientCursor(self.connection).mogrify(sql, params), None
        return execute(sql, params, many, context)

    # --- which rows -----------------------------------------------------------------------------------------------

    def _keep_scope(self, execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        wanted = scope_in_force()
        if wanted is not self._sent and wanted != self._sent and not str(sql).startswith(CONTROL):
            self._send_scope(wanted)
        return execute(sql, params, many, context)

    def _send_scope(self, scope: Scope | None) -> None:
        self.validate_no_broken_transaction()
        self.ensure_connection()
        kinds = ("store", "group", "legal_entity")
        values = [_array(scope.ids(kind) if scope else frozenset()) for kind in kinds]
        with self.wrap_database_errors:
            self.connection.execute(SET_SCOPE, [*values, "on" if scope and scope.is_open else "off"])
        self._sent = scope

    def _rollback(self) -> Any:
        self._sent = NOT_SENT
        return super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._sent = NOT_SENT

    def _close(self) -> Any:
        self._sent = NOT_SENT
        return super()._close()  # type: ignore[misc]
