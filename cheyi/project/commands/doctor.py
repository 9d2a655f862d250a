"""Is this installation well?"""

from __future__ import annotations

import argparse

from cheyi.project.console import later as _
from cheyi.project.console import say, words
from cheyi.project.doctor import examine

NAME = "doctor"
HELP = _("Examine this installation: files, keys, database, guards, disk, clock, workers, settings")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def needs_data(options: argparse.Namespace) -> bool:
    """What is missing is what it tells."""
    del options
    return False


def run(options: argparse.Namespace) -> int:
    """Print every examination; the exit code is 1 when something is not well."""
    del options
    ill = 0
    for result in examine():
        say(f"{'✓' if result.is_well else '✗'} {result.name}{': ' if result.text else ''}{result.text}")
        ill += not result.is_well
    say(words("%s things are not well") % ill if ill else words("All is well."))
    return int(bool(ill))
