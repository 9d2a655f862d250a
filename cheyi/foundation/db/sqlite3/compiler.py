"""Django's compilers for SQLite, with the texts of INSERTs kept."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models.sql import compiler
from django.db.models.sql.compiler import SQLAggregateCompiler, SQLCompiler, SQLDeleteCompiler, SQLUpdateCompiler

from cheyi.foundation.db.inserting import AS_IT_IS, WHOLE_NUMBERS, KeptInserts

__all__ = ["SQLAggregateCompiler", "SQLCompiler", "SQLDeleteCompiler", "SQLInsertCompiler", "SQLUpdateCompiler"]


class SQLInsertCompiler(KeptInserts, compiler.SQLInsertCompiler):  # type: ignore[misc]
    """SQLite takes whole numbers of every width as they are."""

    _kept: ClassVar[dict[Any, Any]] = {}
    as_it_is = {
        **AS_IT_IS,
        models.IntegerField: WHOLE_NUMBERS,
        models.BigIntegerField: WHOLE_NUMBERS,
        models.PositiveIntegerField: WHOLE_NUMBERS,
        models.PositiveSmallIntegerField: WHOLE_NUMBERS,
    }
