"""Customers from a file: rows read and validated; then put on file with comparison and keys, beside the bare rows.

python tools/bench/bulk.py             on the demo in CHEYI_DATA (made by ``cheyi demo``), SQLite or DATABASE_URL

Everything is rolled back at the end.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cheyi.project.settings")

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from cheyi.customers import actions  # noqa: E402
from cheyi.customers.imports import KIND  # noqa: E402
from cheyi.customers.models import Customer  # noqa: E402
from cheyi.foundation.access import SYSTEM  # noqa: E402
from cheyi.foundation.models import Store  # noqa: E402
from cheyi.foundation.scope import everywhere, within  # noqa: E402
from cheyi.foundation.sources import Source  # noqa: E402
from cheyi.project.garbage import spare_the_collector  # noqa: E402
from tests.simulators import people  # noqa: E402

SEED = 101
WANTED_ROWS_PER_SECOND = 2_000
WARM = 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=2_000, help="customers in the list")
    options = parser.parse_args()
    spare_the_collector()  # as the command does before it imports
    with everywhere("measuring"):
        store = Store.objects.order_by("pk").first()
    if store is None:
        raise SystemExit("there is no demo here: run cheyi demo first")
    print(f"{connection.vendor}, {options.rows} rows, seed {SEED}, load {os.getloadavg()[0]:.1f}")
    _tell("read and validated", options.rows, _validated(options.rows))
    with within(store), transaction.atomic():
        whole, bare = _measured(store, options.rows)
        transaction.set_rollback(True)
    _tell("checked, compared, written", options.rows, whole)
    print(f"bare rows: {bare:.2f} CPU-seconds, so {whole / bare:.1f} times as much")
    return 0


def _tell(what: str, rows: int, took: float) -> None:
    rate = rows / took
    print(f"{what}: {took:.2f} CPU-seconds, {rate:.0f} rows a CPU-second (wanted ≥ {WANTED_ROWS_PER_SECOND})")


def _validated(count: int) -> float:
    """CPU-seconds for the cells of so many rows as ``cheyi import`` reads and checks them, before anything is looked up."""
    drawn = people.people(random.Random(SEED + 1), count)
    cells = [{"external_no": f"K{one.entity}", "name": one.name, "mobile": one.phone} for one in drawn]
    prepared, took = _timed(lambda: [KIND.prepare(str(place), row) for place, row in enumerate(cells)])
    if any(one.faults for one in prepared):
        raise SystemExit("rows that are right were found at fault")
    return took  # type: ignore[no-any-return]


def _measured(store: Store, count: int) -> tuple[float, float]:
    """CPU-seconds for the action, and for its customers' bare rows inserted once more."""
    drawn = people.people(random.Random(SEED), count + WARM)
    rows = [actions.BulkRow(ref=str(one.entity), name=one.name, mobile=one.phone) for one in drawn]
    paper = Source("onboarding.batch", 0, "bench")
    now = datetime.now(UTC)

    def add(part: list[actions.BulkRow]) -> list[actions.Outcome]:
        return actions.bulk_add(part, store=store, by=SYSTEM, now=now, paper=paper)

    add(rows[:WARM])
    outcomes, whole = _timed(lambda: add(rows[WARM:]))
    copies = list(Customer.objects.filter(pk__in=[one.customer_id for one in outcomes if one.kind == "new"]))
    if len(copies) < count * 0.9:
        raise SystemExit(f"only {len(copies)} of {count} rows are new: nothing to compare with")
    for copy in copies:
        copy.pk, copy.uid, copy.shared_phone = None, uuid4(), True
    return whole, _timed(lambda: Customer.objects.bulk_create(copies))[1]


def _timed(step: Callable[[], Any]) -> tuple[Any, float]:
    started = process_time()
    found = step()
    return found, process_time() - started


if __name__ == "__main__":
    sys.exit(main())
