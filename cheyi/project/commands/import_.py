"""Take over a business's own tables."""

from __future__ import annotations

import argparse
import shlex
from datetime import UTC, datetime
from pathlib import Path

from cheyi.foundation import refusals
from cheyi.foundation.access import SYSTEM
from cheyi.foundation.models import Store
from cheyi.kernel import Refused
from cheyi.project.console import complain, say, words
from cheyi.project.console import later as _
from cheyi.project.garbage import spare_the_collector
from cheyi.project.importing import KINDS, Outcome, run_file, write_template, write_to_correct

NAME = "import"
HELP = _("Take over customers, vehicles, parts, stock, staff or operations from an .xlsx or .csv file")
SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which kind of file, where, and whether to write."""
    parser.add_argument("what", nargs="*", metavar="KIND FILE", help=" ".join(KINDS))
    parser.add_argument("--apply", action="store_true", help=_("write it; without this it is only tried out"))
    parser.add_argument(
        "--spare",
        action="store_true",
        help=_("leave cells empty that cannot be read and can be spared; their text goes into the note"),
    )
    parser.add_argument("--store", default="", help=_("store code; needed when there are several stores"))
    parser.add_argument("--template", choices=sorted(KINDS), metavar="KIND", help=_("write an empty file to fill in"))


def needs_data(options: argparse.Namespace) -> bool:
    """An empty file can be had before the first start."""
    return not options.template


def run(options: argparse.Namespace) -> int:
    """Write a template, try a file out, or apply it. The exit code is 1 when something has to be corrected."""
    try:
        if options.template:
            return _template(options.template, Path(*options.what[:1] or [f"{options.template}.xlsx"]), options.store)
        if len(options.what) != len(("KIND", "FILE")) or options.what[0] not in KINDS:
            complain(words("Say what and from where: cheyi import customers FILE.xlsx"))
            complain("  ".join(KINDS))
            return 2
        spare_the_collector()
        kind, file = KINDS[options.what[0]], Path(options.what[1])
        store = _store(options.store)
        outcome = run_file(
            kind, file, store=store, by=SYSTEM, now=datetime.now(UTC), apply=options.apply, spare=options.spare
        )
    except Refused as refused:
        complain(refusals.sentence(refused))
        return 1
    return _tell(outcome, file, has_accounts=kind.code == "staff")


def _template(code: str, path: Path, store: str) -> int:
    if path.exists():
        raise Refused("project.import.file_exists", file=str(path))
    write_template(KINDS[code], path)
    say(words("Written: %s") % path)
    command = shlex.join(["cheyi", "import", code, str(path), *(["--store", store] if store else [])])
    say(words("Fill it in, then try it: %s") % command)
    return 0


def _store(code: str) -> Store:
    stores = list(Store.objects.order_by("code"))
    if code:
        stores = [store for store in stores if store.code == code.upper()]
    if not stores:
        raise Refused("project.token.unknown_store", store=code) if code else Refused("project.import.no_store")
    if len(stores) > 1:
        raise Refused("project.import.which_store", stores=" ".join(store.code for store in stores))
    return stores[0]


def _tell(outcome: Outcome, file: Path, *, has_accounts: bool) -> int:
    """Print the counts, the first problems, and where the file to correct lies."""
    for head in outcome.unknown_heads:
        say(words("Column not taken over: %s") % head)
    if outcome.printed:
        shown = ", ".join(map(str, outcome.printed[:SHOWN])) + (" …" if len(outcome.printed) > SHOWN else "")
        say(words("Left out as headings, page numbers or totals: rows %s") % shown)
    counts = outcome.counts
    say(
        words("%(rows)s rows: %(new)s new, %(here)s on file already, %(linked)s linked, %(refused)s to correct")
        % {"rows": len(outcome.rows), **{kind: counts.get(kind, 0) for kind in ("new", "here", "linked", "refused")}}
    )
    _tell_doubts(outcome)
    if outcome.bad:
        return _tell_bad(outcome, file)
    if outcome.applied:
        say(words("Written."))
        if has_accounts and counts.get("new", 0):
            say(
                words(
                    "Each new account sets its password by a link: the administrator makes one on the page Colleagues"
                )
            )
    else:
        say(words("Nothing was written. With --apply it is."))
    return 0


def _tell_doubts(outcome: Outcome) -> None:
    ordered = outcome.doubts()
    for doubt, numbers in ordered[:SHOWN]:
        if len(numbers) == 1:
            say(words("  row %(row)s, please look: %(doubt)s") % {"row": numbers[0], "doubt": doubt})
        else:
            facts = {"count": len(numbers), "row": numbers[0], "doubt": doubt}
            say(words("  %(count)s rows from row %(row)s on, please look: %(doubt)s") % facts)
    if len(ordered) > SHOWN:
        say(words("  … and %s more") % (len(ordered) - SHOWN))


def _tell_bad(outcome: Outcome, file: Path) -> int:
    for row in outcome.bad[:SHOWN]:
        say(words("  row %(row)s: %(why)s") % {"row": row.number, "why": "; ".join(row.reasons)})
    if len(outcome.bad) > SHOWN:
        say(words("  … and %s more") % (len(outcome.bad) - SHOWN))
    mark = words("to-correct")
    path = file.with_name(f"{file.stem}-{mark}.csv")
    write_to_correct(path, head=outcome.head, rows=outcome.to_correct())
    say(words("Nothing was written. Correct these rows and import the file again: %s") % path)
    return 1
