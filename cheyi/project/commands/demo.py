"""Build the demo group in its own data directory."""

from __future__ import annotations

import argparse
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from cheyi.project import data_dir
from cheyi.project.console import complain, say, words
from cheyi.project.console import later as _

NAME = "demo"
HELP = _("Build an invented demo group with history, once, in its own data directory")
MARK = "demo"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How much of it."""
    parser.add_argument("--full", action="store_true", help=_("all of it instead of a tenth of the history"))
    parser.add_argument(
        "--midday", action="store_true", help=_("early afternoon in the invented stores, whatever the time is here")
    )


def run(options: argparse.Namespace) -> int:
    """Build the demo unless it is there; refuse a directory that holds a real installation."""
    os.umask(0o077)
    directory = Path(os.environ.get("CHEYI_DATA", "data")).resolve()
    mark = directory / MARK
    if mark.exists() and mark.read_text("utf-8").startswith("built"):
        say(words("The demo is there already: %s") % directory)
        return 0
    if not mark.exists() and (directory / "cheyi.sqlite3").exists():
        complain(words("%s holds a real installation. The demo needs a directory of its own") % directory)
        return 1
    try:
        data_dir.make(directory)
    except data_dir.TooOpen as trouble:
        complain(words("Nothing was started: %s") % trouble)
        return 1
    mark.write_text("building\n", "utf-8")
    return _build(mark, full=options.full, midday=options.midday)


def _build(mark: Path, *, full: bool, midday: bool) -> int:
    from cheyi.project.cli import set_up_django  # noqa: PLC0415 - settings read the directory just made

    set_up_django()
    from cheyi.project.demo.building import build  # noqa: PLC0415 - Django is set up only now
    from cheyi.project.garbage import spare_the_collector  # noqa: PLC0415
    from cheyi.project.schema import migrate  # noqa: PLC0415

    spare_the_collector()
    started = time.monotonic()
    migrate()
    build(
        datetime.now(UTC),
        tenth=not full,
        midday=midday,
        tell=lambda what: say(f"  {time.monotonic() - started:5.1f} s  {what}"),
    )
    mark.write_text("built\n", "utf-8")
    say(words("The demo is built in %s seconds.") % f"{time.monotonic() - started:.1f}")
    return 0
