"""The demo's database, read beside the running program on either engine."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Base:
    """Where the running program keeps its rows: a server's address, else the file in its data directory."""

    data_dir: Path
    url: str = ""

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """The rows of a question with ``:named`` values."""
        if not self.url:
            with closing(sqlite3.connect(f"file:{self.data_dir / 'cheyi.sqlite3'}?mode=ro", uri=True)) as base:
                return base.execute(query, values).fetchall()
        import psycopg

        with psycopg.connect(self.url.replace("postgres:", "postgresql:", 1)) as base:
            return base.execute(re.sub(r":(\w+)", r"%(\1)s", query), values).fetchall()
