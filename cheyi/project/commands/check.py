"""Prove that the books add up."""

from __future__ import annotations

import argparse

from cheyi.foundation import invariants
from cheyi.project.console import later as _
from cheyi.project.console import say, words

NAME = "check"
HELP = _("Prove the invariants: stock, money, links, guards. Tells every violation, repairs nothing")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which proofs."""
    parser.add_argument("codes", nargs="*", metavar="I2", help=_("only these invariants"))


def run(options: argparse.Namespace) -> int:
    """Run the proofs; the exit code is 1 when one fails, 2 for an unknown code."""
    known = {each.code for each in invariants.REGISTERED.values()}
    if unknown := set(options.codes) - known:
        say(words("Unknown: %s") % ", ".join(sorted(unknown)))
        return 2
    failed = 0
    for finding in invariants.check(options.codes):
        mark = "✗" if finding.count else "✓"
        say(f"{mark} {finding.invariant.code:<4}{finding.invariant.title}")
        for line in finding.violations:
            say(f"      {line}")
        if finding.count > len(finding.violations):
            say(words("      … and %s more") % (finding.count - len(finding.violations)))
        failed += finding.count
    say(words("%s violations") % failed if failed else words("Everything adds up."))
    return 1 if failed else 0
