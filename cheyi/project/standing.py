"""Whether there is a database to work on, and what to say when there is none."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from cheyi.project.console import words


def trouble() -> str:
    """Why no command can work here, as a sentence; empty when one can. Makes no file."""
    file = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor == "sqlite" and "memory" not in str(file) and not file.exists():
        return _nothing_yet()
    try:
        stands = MigrationRecorder(connection).has_table()
    except OperationalError as error:
        return words("The database does not answer: %s") % str(error).strip().splitlines()[0]
    return "" if stands else _nothing_yet()


def _nothing_yet() -> str:
    return words("There is no data here yet (%s). Start with: cheyi up") % settings.DATA_DIR
