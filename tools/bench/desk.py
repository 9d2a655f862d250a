"""The desk at a million customers: is the person typed in on file? Through HTTP, on either engine.

python tools/bench/desk.py                         into CHEYI_DATA (a demo made by ``cheyi demo``), SQLite or DATABASE_URL
python tools/bench/desk.py --customers 50000       a smaller group

The table is filled by the database itself with rows that have a name, a blind index and nothing else, since a hundred
blind indexes are all that a look-up asks for; whom it finds are the customers of the demo. Then an advisor types people:
known ones with a slip in the number (they are found, nothing is written), and new ones (they are put on file).
"""

from __future__ import annotations

import argparse
import http.client
import sys
import uuid
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from random import Random
from statistics import quantiles
from time import perf_counter
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.bench.search import _running, _session  # noqa: I001 - sets Django up

from django.conf import settings
from django.db import connection, connections

from cheyi.customers.engine.phones import is_placeholder
from cheyi.customers.models import Customer, CustomerStore
from cheyi.foundation.scope import everywhere
from cheyi.project.demo import names
from tools.bench.chain import HOME

SECRET = "b" * 32
ASKED, WRITTEN = {409, 422}, {303}
ROW = "| {:<44} | {:>8} | {:>8} | {:>8} | {:>8} |"
SERIES = {
    "sqlite": "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series LIMIT {count}) ",
    "postgresql": "WITH series(n) AS (SELECT generate_series(1, {count})) ",
}
FRESH = {
    "sqlite": {"uid": "lower(hex(randomblob(16)))", "mobile_index": "lower(hex(randomblob(16)))"},
    "postgresql": {"uid": "gen_random_uuid()", "mobile_index": "replace(gen_random_uuid()::text, '-', '')"},
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--people", type=int, default=500, help="people typed, of each kind")
    options = parser.parse_args()
    random = Random(101)
    with everywhere("measuring"):
        known = _slipped(random, options.people)
        _fill(options.customers)
        count, cookie = Customer.objects.count(), _session("advisor")
    if connection.vendor == "postgresql":
        connection.learn_sizes()
    fresh = [(names.person(random), f"1{random.randint(3_000_000_000, 9_999_999_999)}") for _ in range(options.people)]
    print(f"{connection.vendor}, {count:,} customers\n")
    print(ROW.format("who is typed", "requests", "p50 ms", "p95 ms", "p99 ms"))
    print(ROW.format("-" * 44, *["-" * 7 + ":"] * 4), flush=True)
    connections.close_all()
    with _running() as port:
        _typed(port, cookie, known[:20])
        missed = _tell("on file, the number one slip off: asked about", _typed(port, cookie, known[20:]), ASKED)
        missed += _tell("new: looked up and put on file", _typed(port, cookie, fresh), WRITTEN)
    return 1 if missed else 0


def _slipped(random: Random, count: int) -> list[tuple[str, str]]:
    """Customers of the home store by name, each with two neighbouring digits of the number swapped."""
    found = []
    here = CustomerStore.objects.filter(store__code=HOME).values("customer_id")
    for row in Customer.objects.filter(pk__in=here).exclude(mobile_tail_index="").order_by("pk").iterator():
        number = row.mobile.clear()
        at = random.randint(3, 9)
        slipped = f"{number[:at]}{number[at + 1]}{number[at]}{number[at + 2 :]}"
        if len(number) == 11 and slipped != number and not is_placeholder(number):
            found.append((row.name, slipped))
    return random.sample(found, min(count, len(found)))


def _fill(wanted: int) -> None:
    """Rows like the last customer's, nameable by their number only."""
    like = Customer.objects.latest("pk")
    missing = max(wanted - Customer.objects.count(), 0)
    columns = {field.column: field for field in Customer._meta.concrete_fields if not field.primary_key}  # noqa: SLF001
    sealed = ("mobile", "second_mobile", "wechat", "email", "id_no", "address")
    indexes = ("mobile_tail_index", "second_mobile_index", "second_mobile_tail_index", "wechat_index", "id_no_index")
    fresh = {**FRESH[connection.vendor], "name": "'张伟'", **dict.fromkeys(indexes, "''")}
    fresh |= dict.fromkeys(sealed, "X''" if connection.vendor == "sqlite" else "''::bytea")
    chosen = ", ".join(fresh.get(column, f'"{column}"') for column in columns)
    fields = ", ".join(f'"{column}"' for column in columns)
    source = f"SELECT {chosen} FROM customers_customer, series WHERE id = {like.pk}"
    with getattr(connection, "as_owner", nullcontext)(), connection.cursor() as cursor:
        if missing:
            series = SERIES[connection.vendor].format(count=missing)
            cursor.execute(f"INSERT INTO customers_customer ({fields}) {series}{source}")


def _typed(port: int, cookie: str, people: list[tuple[str, str]]) -> list[tuple[int, float]]:
    """Status and seconds for each person, over one connection, as a browser keeps it."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    cookies = f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={SECRET}"
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": SECRET}
    took = []
    for name, mobile in people:
        body = urlencode({"name": name, "mobile": mobile, "_key": str(uuid.uuid4())})
        started = perf_counter()
        line.request("POST", "/customers/new", body, {**headers, "Origin": f"http://127.0.0.1:{port}"})
        answer = line.getresponse()
        answer.read()
        took.append((answer.status, perf_counter() - started))
    line.close()
    return took


def _tell(what: str, took: list[tuple[int, float]], wanted: set[int]) -> int:
    """Print a line; 1 where it is too slow, or where not nearly all were answered as wanted."""
    cuts = quantiles([seconds for _, seconds in took], n=100)
    print(ROW.format(what, len(took), *(f"{cuts[place - 1] * 1000:.1f}" for place in (50, 95, 99))), flush=True)
    right = sum(status in wanted for status, _ in took) / len(took)
    print(f"    answered as they should be: {right:.1%} {Counter(status for status, _ in took)}; wanted: p99 ≤ 20 ms")
    return int(cuts[98] > 0.020 or right < 0.95)


if __name__ == "__main__":
    sys.exit(main())
