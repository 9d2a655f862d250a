"""The table of the chain: opening an order, the search box, an order's page - beside the bare database in the same run.

python tools/bench/chain.py            on the demo in CHEYI_DATA (made by ``cheyi demo``), SQLite or DATABASE_URL

Requests go through the whole stack (middleware, sign-in, templates) in this process. "Bare" is the database alone doing
the same: for writes the rows that one order leaves behind are inserted again into empty tables with the same indexes and
committed; for reads the statements of the page are run again.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import uuid
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from statistics import mean, quantiles
from time import perf_counter, process_time
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cheyi.project.settings")

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from cheyi.foundation.models import User  # noqa: E402
from cheyi.foundation.scope import everywhere  # noqa: E402
from cheyi.foundation.web.viewers import SESSION_USER  # noqa: E402
from cheyi.project.demo.stock import KITS  # noqa: E402
from cheyi.project.garbage import spare_the_collector  # noqa: E402
from cheyi.vehicles.models import Vehicle, VehicleStore  # noqa: E402
from cheyi.workshop.models import LabourLine, LabourOp, PartLine, WorkOrder  # noqa: E402
from cheyi.workshop.planned import forget  # noqa: E402

FORM = "application/x-www-form-urlencoded"
HOME, SIXTY = "HZ01", 60
JOBS = ("MA001", "CH001", "MA007", "DT004", "EL001")
WRITTEN = (
    "workshop_workorder",
    "workshop_labourline",
    "workshop_partline",
    "workshop_orderspell",
    "workshop_progresslink",
    "parts_partsrequest",
    "parts_requestline",
    "parts_reservation",
    "foundation_auditentry",
    "foundation_fact",
    "foundation_job",
    "foundation_searchkey",
    "foundation_idempotencykey",
)
Statement = tuple[str, Any]
ROW = "| {:<44} | {:>8} | {:>8} | {:>8} | {:>8} | {:>6} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--orders", type=int, default=60, help="orders to open")
    options = parser.parse_args()
    spare_the_collector()  # as the program does before it serves
    with everywhere("measuring"):
        client = _client("advisor")
        print(f"{connection.vendor}, {Vehicle.objects.count()} cars, {WorkOrder.objects.count()} orders\n")
        print(ROW.format("what", "p50 ms", "p95 ms", "CPU ms", "bare ms", "ratio"))
        print(ROW.format("-" * 44, *["-" * 7 + ":"] * 4, "-" * 5 + ":"))
        _opening(client, options.orders)
        _searching(client)
        _order_page(client)
        _board(_client("foreman"))
    return 0


def _client(name: str) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    session = client.session
    session[SESSION_USER] = User.objects.get(name=name).pk
    session.save()
    return client


def free_cars(most: int) -> list[int]:
    """Cars that the home store knows and has no order open for, at most so many."""
    busy = WorkOrder.objects.exclude(state__in=["closed", "cancelled"]).values("vehicle_id")
    here = VehicleStore.objects.filter(store__code=HOME).values("vehicle_id")
    free = Vehicle.objects.filter(pk__in=here).exclude(pk__in=busy).order_by("pk")
    return list(free.values_list("pk", flat=True)[:most])


def _opening(client: Client, count: int) -> None:
    """Open orders of five jobs by the form of the reception page."""
    cars = free_cars(count + 3)
    if len(cars) < 4:
        raise SystemExit("No car of the demo is free of orders any more: build it anew (cheyi demo --full).")
    tables = [name for name in WRITTEN if name in connection.introspection.table_names()]

    def once(car: int) -> None:
        form = {"job": [f"{code}|customer|" for code in JOBS], "act": "open", "_key": str(uuid.uuid4())}
        answer = client.post(f"/workshop/reception/cars/{car}/open", urlencode(form, doseq=True), FORM)
        if answer.status_code != 303:
            raise SystemExit(f"not opened: {answer.status_code} {answer.headers.get('X-Problem')}")

    for car in cars[:2]:
        once(car)
    statements = _statements(lambda: once(cars[2]))
    tops = {name: _top(name) for name in tables}
    took = _timed([lambda car=car: once(car) for car in cars[3:]])
    bare = _bare_writes(tops, len(cars) - 3)
    _tell(f"open an order of 5 jobs ({len(statements)} statements)", took, bare)
    print(f"{'':>4}{len(took) / sum(wall for wall, _ in took):.0f} orders a second in one process")


def _top(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")
        return int(cursor.fetchone()[0])


def _bare_writes(tops: dict[str, int], orders: int) -> float:
    """Seconds per order for inserting the rows that the orders left into empty tables with the same indexes."""
    kept = {}
    as_owner = getattr(connection, "as_owner", nullcontext)
    with as_owner(), connection.cursor() as cursor:
        for table, top in tops.items():
            cursor.execute(f"SELECT * FROM {table} WHERE id > {top} ORDER BY id")
            kept[table] = cursor.fetchall()
            _like(cursor, table)
        started = perf_counter()
        for number in range(orders):
            with transaction.atomic():
                for table, rows in kept.items():
                    share = rows[number * len(rows) // orders : (number + 1) * len(rows) // orders]
                    if share:
                        holes = ", ".join(["%s"] * len(share[0]))
                        cursor.executemany(f"INSERT INTO bare_{table} VALUES ({holes})", share)
        took = (perf_counter() - started) / orders
        for table in kept:
            cursor.execute(f"DROP TABLE bare_{table}")
    return took


def _like(cursor: Any, table: str) -> None:
    """An empty table of the same columns, checks and indexes, without foreign keys and guards."""
    if connection.vendor == "postgresql":
        cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING CONSTRAINTS INCLUDING INDEXES)")
        return
    cursor.execute(f"CREATE TABLE bare_{table} AS SELECT * FROM {table} WHERE 1 = 0")
    cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL", [table])
    for (sql,) in cursor.fetchall():
        cursor.execute(re.sub(r'INDEX "([^"]+)" ON "([^"]+)"', r'INDEX "bare_\1" ON "bare_\2"', sql))


def _searching(client: Client) -> None:
    """Type plate tails, initials and phone tails as the box sends them."""
    cars = list(Vehicle.objects.order_by("pk").values_list("plate", flat=True)[:40])
    typed = [plate[-4:] for plate in cars if plate] + ["wj", "zl", "lm", "5678", "0012"]
    client.get("/search", {"q": typed[0]})
    statements = _statements(lambda: client.get("/search", {"q": typed[1]}))
    took = _timed([lambda text=text: client.get("/search", {"q": text}) for text in typed * 3])
    _tell(f"search ({len(statements)} statements)", took, _again(statements))


def _order_page(client: Client) -> None:
    """The page of an order of sixty lines."""
    order = _long_order(client)
    path = f"/workshop/orders/{order.pk}"
    client.get(path)
    answer = client.get(path)
    statements = _statements(lambda: client.get(path))
    if answer.status_code != 200:
        raise SystemExit(f"no page: {answer.status_code} {path}")
    took = _timed([lambda: client.get(path)] * 40)
    lines = LabourLine.objects.filter(order=order).count() + PartLine.objects.filter(order=order).count()
    _tell(f"order page, {lines} lines ({len(statements)} statements)", took, _again(statements))


def _board(client: Client) -> None:
    """The board, and the answer that nothing has changed, which every open board asks for each five seconds.

    The board is made with the plan of this minute at hand, as for the second who looks, and planned anew.
    """
    path = "/workshop/board/rows"

    def anew() -> None:
        forget()
        client.get(path)

    client.get(path)
    statements = _statements(lambda: client.get(path))
    bare = _again(statements)
    _tell(f"board, plan at hand ({len(statements)} statements)", _timed([lambda: client.get(path)] * 20), bare)
    _tell("board, planned anew", _timed([anew] * 20), bare)
    until = perf_counter() + 60  # a minute may end in between: then the mark is taken once more
    while perf_counter() < until:
        tag = client.get(path).headers["ETag"]
        answers: list[int] = []

        def ask(tag: str = tag, answers: list[int] = answers) -> None:
            answers.append(client.get(path, headers={"if-none-match": tag}).status_code)

        statements = _statements(ask)
        took = _timed([ask] * 100)
        if set(answers) == {304}:
            return _tell(f"board unchanged, 304 ({len(statements)} statements)", took, _again(statements))
    raise SystemExit(f"{path} never says that nothing changed")


def _long_order(client: Client) -> WorkOrder:
    busy = WorkOrder.objects.exclude(state__in=["closed", "cancelled"]).values("vehicle_id")
    car = VehicleStore.objects.filter(store__code=HOME).exclude(vehicle_id__in=busy).order_by("-pk")[0].vehicle_id
    ops = LabourOp.objects.filter(active=True, high_voltage=False).order_by("pk")[: SIXTY - len(KITS) // 2]
    form = {"job": [f"{op.code}|customer|" for op in ops], "act": "open", "_key": str(uuid.uuid4())}
    answer = client.post(f"/workshop/reception/cars/{car}/open", form)
    if answer.status_code != 303:
        raise SystemExit(f"not opened: {answer.status_code} {answer.headers.get('X-Problem')}")
    return WorkOrder.objects.latest("pk")


def _statements(step: Callable[[], object]) -> list[Statement]:
    """What a step sends to the database, transactions not counted."""
    found: list[Statement] = []

    def heard(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE")):
            found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(heard):
        step()
    return found


def _again(statements: list[Statement]) -> float:
    """Seconds for the reading statements of a page, sent once more without anything around them."""
    reads = [(sql, params) for sql, params in statements if sql.startswith("SELECT")]
    with connection.cursor() as cursor:
        started = perf_counter()
        for _ in range(20):
            for sql, params in reads:
                cursor.execute(sql, params)
                cursor.fetchall()
        return (perf_counter() - started) / 20


def _timed(steps: list[Callable[[], object]]) -> list[tuple[float, float]]:
    """Seconds on the wall and of CPU for each step."""
    took = []
    for step in steps:
        started, began = perf_counter(), process_time()
        step()
        took.append((perf_counter() - started, process_time() - began))
    return took


def _tell(what: str, took: list[tuple[float, float]], bare: float) -> None:
    walls = [wall for wall, _ in took]
    middle, late = quantiles(walls, n=20)[9] * 1000, quantiles(walls, n=20)[18] * 1000
    cpu = mean(cpu for _, cpu in took) * 1000
    figures = (f"{middle:.1f}", f"{late:.1f}", f"{cpu:.1f}", f"{bare * 1000:.1f}", f"{mean(walls) / bare:.1f}")
    print(ROW.format(what, *figures))


if __name__ == "__main__":
    sys.exit(main())
