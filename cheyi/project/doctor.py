"""The examinations of ``cheyi doctor``: each says what it looked at, whether it is well, and what to do if not."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.db import DatabaseError, connection

from cheyi.foundation import disk, keyring
from cheyi.foundation.db.sqlite3.base import PRAGMAS
from cheyi.foundation.guards import installing
from cheyi.foundation.jobs.presence import Fate, Presence
from cheyi.foundation.models import AuditEntry, Job
from cheyi.project import data_dir, schema
from cheyi.project.console import words

OLDEST_CLOCK = datetime(2026, 1, 1, tzinfo=UTC)
SKEW = timedelta(seconds=5)
# Told apart: encryption and host names are settled by how ``cheyi up`` is started, not in the settings.
SETTLED_BY_UP = {
    "security.W004",
    "security.W008",
    "security.W012",
    "security.W016",
    "security.W020",
    "security.W001",
    "security.W002",
    "security.W019",
}


@dataclass(frozen=True, slots=True)
class Result:
    """One examination."""

    name: str
    is_well: bool
    text: str = ""


Examination = Callable[[], Iterator[Result]]


def examine() -> Iterator[Result]:
    """All examinations in order; one that breaks counts as not well."""
    for name, examination in EXAMINATIONS:
        try:
            yield from examination()
        except (DatabaseError, OSError, RuntimeError) as trouble:
            yield Result(words(name), is_well=False, text=str(trouble))


def _files() -> Iterator[Result]:
    try:
        data_dir.demand_closed(settings.DATA_DIR)
        keyring.read_keys(settings.KEYS_DIR)
    except (data_dir.TooOpen, keyring.KeyTrouble, FileNotFoundError) as trouble:
        yield Result(words("Files and keys"), is_well=False, text=str(trouble))
    else:
        yield Result(words("Files and keys"), is_well=True, text=str(settings.DATA_DIR))


def _database() -> Iterator[Result]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            yield from _sqlite(cursor)
        else:
            yield from _postgresql(cursor)


def _sqlite(cursor: object) -> Iterator[Result]:
    wrong = []
    for name, wanted in PRAGMAS.items():
        got = cursor.execute(f"PRAGMA {name}").fetchone()[0]  # type: ignore[attr-defined]
        if got != wanted:
            wrong.append(f"{name} = {got}")
    yield Result("SQLite", is_well=not wrong, text=", ".join(wrong) or str(settings.DATABASES["default"]["NAME"]))
    found = cursor.execute("PRAGMA quick_check(5)").fetchall()  # type: ignore[attr-defined]
    yield Result(words("Database file"), is_well=found == [("ok",)], text="; ".join(row[0] for row in found))


def _postgresql(cursor: object) -> Iterator[Result]:
    cursor.execute(  # type: ignore[attr-defined]
        "SELECT rolname, rolsuper OR rolbypassrls, current_setting('server_version_num')::int / 10000"
        " FROM pg_roles WHERE rolname = current_user"
    )
    role, too_strong, version = cursor.fetchone()  # type: ignore[attr-defined]
    yield Result("PostgreSQL", is_well=version >= 15, text=str(version))
    text = words("works as %s") % role
    if too_strong:
        text += words("; this role passes row-level security: run cheyi migrate as a role that may create cheyi_app")
    yield Result(words("Database role"), is_well=not too_strong, text=text)


def _guards() -> Iterator[Result]:
    behind = schema.is_behind()
    yield Result(words("Schema"), is_well=not behind, text=words("behind: run cheyi migrate") if behind else "")
    missing = installing.missing()
    yield Result(words("Guards in the database"), is_well=not missing, text="; ".join(missing[:3]))


def _disk() -> Iterator[Result]:
    space = disk.space()
    yield Result(words("Disk"), is_well=space.takes_uploads, text=words("%s MB free") % space.megabytes)


def _clock() -> Iterator[Result]:
    now = datetime.now(UTC)
    latest = AuditEntry.objects.order_by("-pk").values_list("at", flat=True).first()
    wrong = now < OLDEST_CLOCK or (latest is not None and latest > now + SKEW)
    text = words("behind the last record of %s") % latest if wrong else f"{now:%Y-%m-%d %H:%M} UTC"
    yield Result(words("Clock"), is_well=not wrong, text=text)


def _work() -> Iterator[Result]:
    dead = Job.objects.filter(state=Job.State.DEAD).count()
    yield Result(words("Dead jobs"), is_well=not dead, text=words("%s; look: cheyi jobs") % dead if dead else "0")
    directory = Path(settings.DATA_DIR) / "workers"
    alive = 0
    if directory.is_dir():
        me = Presence(directory)
        names = [file.stem.replace("-", ":") for file in directory.glob("*.lock")]
        alive = sum(me.fate(name) is Fate.ALIVE for name in names if name != me.name)
        me.leave()
    late = Job.objects.filter(state=Job.State.WAITING, due_at__lte=datetime.now(UTC) - timedelta(minutes=5)).count()
    text = words("%(alive)s here; %(late)s jobs wait longer than five minutes") % {"alive": alive, "late": late}
    yield Result(words("Workers"), is_well=not late, text=text)


def _deployment() -> Iterator[Result]:
    call_command("check", stdout=io.StringIO(), stderr=io.StringIO())
    found = [
        message
        for message in checks.run_checks(include_deployment_checks=True)
        if message.id not in SETTLED_BY_UP and message.level >= checks.WARNING
    ]
    if settings.DEBUG:
        yield Result(words("Debugging"), is_well=False, text=words("CHEYI_DEBUG is set"))
    yield Result(
        words("Settings"), is_well=not found, text="; ".join(f"{message.id} {message.msg}" for message in found)
    )


EXAMINATIONS: list[tuple[str, Examination]] = [
    ("Files and keys", _files),
    ("Database", _database),
    ("Schema", _guards),
    ("Disk", _disk),
    ("Clock", _clock),
    ("Workers", _work),
    ("Settings", _deployment),
]
