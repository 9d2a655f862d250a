"""Measure the deciding engines on files that anybody can bring: job-shops, demand by month, lists of records."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cheyi.kernel import Refused
from cheyi.project.console import complain, say, words
from cheyi.project.console import later as _

NAME = "bench"
HELP = _("Measure an engine on a file: dispatch, parts, duplicates")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One engine each, with the files it reads."""
    engines = parser.add_subparsers(dest="engine", required=True, metavar="ENGINE", parser_class=type(parser))
    dispatch = engines.add_parser("dispatch", help=words(_("a flexible job-shop: makespan and bound")))
    dispatch.add_argument("--instance", type=Path, required=True, help=_("text file in the usual format"))
    dispatch.add_argument("--seconds", type=float, default=2.0, help=_("CPU seconds that it may take"))
    dispatch.set_defaults(measure=_dispatch)
    parts = engines.add_parser("parts", help=words(_("demand, part by month: quantile losses and stock for a service")))
    parts.add_argument("--series", type=Path, required=True, help=_("CSV file, a row a part, a column a month"))
    parts.set_defaults(measure=_parts)
    doubles = engines.add_parser("duplicates", help=words(_("records that are one person: pairs with scores")))
    doubles.add_argument("--records", type=Path, required=True, help=_("CSV file with a head"))
    doubles.add_argument(
        "--against", type=Path, help=_("a second file; without it the first one is searched in itself")
    )
    doubles.add_argument(
        "--columns", nargs="+", default=[], help=_("columns to compare, each with its kind if wanted (tel:phone); all")
    )
    doubles.add_argument("--key", default="", help=_("column that names a record"))
    doubles.add_argument("--out", type=Path, help=_("where the pairs go; the terminal"))
    doubles.add_argument("--maybe", action="store_true", help=_("also the pairs to ask about"))
    doubles.set_defaults(measure=_duplicates)


def run(options: argparse.Namespace) -> int:
    """Measure; 1 when a file cannot be used, with the reason."""
    try:
        options.measure(options)
    except Refused as refused:
        complain(_sentence(refused))
        return 1
    return 0


def _sentence(refused: Refused) -> str:
    """Django is needed for nothing but these words."""
    from cheyi.foundation import refusals  # noqa: PLC0415
    from cheyi.project.cli import set_up_django  # noqa: PLC0415

    set_up_django()
    return refusals.sentence(refused)


def _dispatch(options: argparse.Namespace) -> None:
    from cheyi.workshop.engine.bench import bench_dispatch  # noqa: PLC0415 - only the engine that is asked for

    for line in bench_dispatch(options.instance, options.seconds):
        say(line)


def _parts(options: argparse.Namespace) -> None:
    from cheyi.parts.engine.bench import bench_parts  # noqa: PLC0415

    for line in bench_parts(options.series):
        say(line)


def _duplicates(options: argparse.Namespace) -> None:
    from cheyi.customers.engine import bench  # noqa: PLC0415

    columns = [name for given in options.columns for name in given.split(",") if name]
    result = bench.run(options.records, options.against, columns, key=options.key)
    if options.out is None:
        result.write(sys.stdout, maybe=options.maybe)
    else:
        with options.out.open("w", encoding="utf-8", newline="") as stream:
            result.write(stream, maybe=options.maybe)
    complain(result.summary())
