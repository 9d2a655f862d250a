"""Django's compilers for PostgreSQL, with the texts of INSERTs kept."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.backends.postgresql import compiler
from django.db.backends.postgresql.compiler import (
    SQLAggregateCompiler,
    SQLCompiler,
    SQLDeleteCompiler,
    SQLUpdateCompiler,
)

from cheyi.foundation.db.inserting import KeptInserts

__all__ = ["SQLAggregateCompiler", "SQLCompiler", "SQLDeleteCompiler", "SQLInsertCompiler", "SQLUpdateCompiler"]


class SQLInsertCompiler(KeptInserts, compiler.SQLInsertCompiler):  # type: ignore[misc]
    """A number goes as wide as its column is, so only words and keys are taken as they are."""

    _kept: ClassVar[dict[Any, Any]] = {}
