"""What happens before every start: data directory, keys, schema, guards, static files, the set-up link."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path

from cheyi.project import data_dir
from cheyi.project.console import complain, say, words
from cheyi.project.console import later as _

NAME = "prepare"
HELP = _("Make the data directory ready for a start (part of up)")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the server will be found."""
    parser.add_argument("--address", default="http://127.0.0.1:8000", help=_("where the server will be found"))


def run(options: argparse.Namespace) -> int:
    """Make ready, and print the one-time link of an empty installation."""
    return _prepare(options.address) if make_directory() else 1


def make_directory() -> bool:
    """Make the data directory with its keys, then set up Django, whose settings read them; False when that cannot be."""
    from cheyi.foundation.keyring import KeyTrouble  # noqa: PLC0415 - loads cryptography

    os.umask(0o077)
    directory = Path(os.environ.get("CHEYI_DATA", "data")).resolve()
    try:
        data_dir.make(directory)
    except (data_dir.TooOpen, KeyTrouble) as trouble:
        complain(words("Nothing was started: %s") % trouble)
        return False
    from cheyi.project.cli import set_up_django  # noqa: PLC0415

    set_up_django()
    return True


def _prepare(address: str) -> int:
    from cheyi.foundation.guards import installing  # noqa: PLC0415 - Django is set up only now
    from cheyi.foundation.web import static  # noqa: PLC0415
    from cheyi.project import setting_up  # noqa: PLC0415
    from cheyi.project.schema import is_behind, migrate  # noqa: PLC0415

    if is_behind() or installing.missing():
        migrate()
    static.collect()
    if setting_up.is_empty():
        token = setting_up.offer_link(now=datetime.now(UTC))
        say(words("This installation is empty. Set it up within 60 minutes, once, here:"))
        say(f"    {address}/set-up/{token}")
    return 0
