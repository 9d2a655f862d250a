"""One thing that stands in the database as a guard, under a name that changes with its definition."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

PREFIX = "cheyi_"


@dataclass(frozen=True, slots=True)
class Guard:
    """``kind`` is trigger, policy, constraint or index; ``sql`` creates it, with ``{name}`` where its name stands."""

    kind: str
    what: str
    table: str
    sql: str

    @property
    def name(self) -> str:
        """The name by which it is found again; another definition has another name."""
        digest = sha256(f"{self.table}|{self.sql}".encode()).hexdigest()[:12]
        return f"{PREFIX}{self.what}_{digest}"

    @property
    def create(self) -> str:
        """The statement that makes it."""
        return self.sql.replace("{name}", self.name)
