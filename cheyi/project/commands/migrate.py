"""Bring the database to the schema of this version."""

from __future__ import annotations

import argparse

from cheyi.project.commands.prepare import make_directory
from cheyi.project.console import complain, say, words
from cheyi.project.console import later as _

NAME = "migrate"
HELP = _("Bring the database to the schema of this version, with all its guards")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One flag."""
    parser.add_argument(
        "--check", action="store_true", help=_("only tell whether something is to be done (exit code 1)")
    )


def run(options: argparse.Namespace) -> int:
    """Migrate, or tell."""
    if options.check:
        return _tell()
    if not make_directory():
        return 1
    from cheyi.project import schema  # noqa: PLC0415 - settings read the keys just made

    schema.migrate(verbosity=1)
    return 0


def _tell() -> int:
    from cheyi.project.cli import set_up_django  # noqa: PLC0415

    set_up_django()
    from cheyi.foundation.guards import installing  # noqa: PLC0415
    from cheyi.project import schema, standing  # noqa: PLC0415

    if trouble := standing.trouble():
        complain(trouble)
        return 1
    behind = schema.is_behind() or bool(installing.missing())
    say(words("The schema is behind. Run: cheyi migrate") if behind else words("The schema is up to date."))
    return int(behind)
