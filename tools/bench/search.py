"""The search box over a group of 300,000 cars: through HTTP, beside the bare database, on either engine.

python tools/bench/search.py                       into CHEYI_DATA (a demo made by ``cheyi demo``), SQLite or DATABASE_URL
python tools/bench/search.py --cars 20000          a smaller group

Invented customers and cars are added to the demo's home store by the bulk actions of the import until there are enough,
which also tells how fast an import writes. Then a person types plate tails, initials, names, phone and VIN tails, letter by
letter as the box sends them, to a running server.
"""

from __future__ import annotations

import argparse
import http.client
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import quantiles
from time import perf_counter, process_time
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cheyi.project.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection, connections  # noqa: E402

from cheyi.customers import actions as customers  # noqa: E402
from cheyi.customers.actions import BulkRow as CustomerRow  # noqa: E402
from cheyi.foundation.access import SYSTEM  # noqa: E402
from cheyi.foundation.models import Store, User  # noqa: E402
from cheyi.foundation.scope import everywhere, within  # noqa: E402
from cheyi.foundation.sources import Source  # noqa: E402
from cheyi.foundation.web.viewers import SESSION_USER  # noqa: E402
from cheyi.parts import actions as parts  # noqa: E402
from cheyi.parts.actions import BulkPart  # noqa: E402
from cheyi.parts.models import Part  # noqa: E402
from cheyi.project.demo import names  # noqa: E402
from cheyi.project.demo.cars import _vin  # noqa: E402
from cheyi.vehicles import actions as vehicles  # noqa: E402
from cheyi.vehicles.actions import BulkRow as CarRow  # noqa: E402
from cheyi.vehicles.models import Vehicle  # noqa: E402
from tests.project.running import Server  # noqa: E402

PAPER = Source("bench", 0, "bench")
SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
ROW = "| {:<44} | {:>8} | {:>8} | {:>8} | {:>8} |"
PORTION = 5_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cars", type=int, default=300_000)
    parser.add_argument("--parts", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=200, help="texts typed letter by letter")
    options = parser.parse_args()
    home = Store.objects.get(code="HZ01")
    with within(home):
        _grow(home, options.cars)
        _shelve(home, options.parts)
    with everywhere("measuring"):
        counts = f"{Vehicle.objects.count():,} cars, {Part.objects.count():,} parts"
        questions = list(_questions(Random(11), options.questions))
        cookie = _session("advisor")
    print(f"{connection.vendor}, {counts}\n")
    print(ROW.format("what", "requests", "p50 ms", "p95 ms", "p99 ms"))
    print(ROW.format("-" * 44, *["-" * 7 + ":"] * 4))
    connections.close_all()
    with _running() as port:
        for kind, texts in questions:
            _tell(f"search by {kind}, letter by letter", _asked(port, cookie, texts))
        everything = [text for _, texts in questions for text in texts]
        _tell("search, all of them", _asked(port, cookie, everything))
    return 0


def _grow(store: Store, wanted: int) -> None:
    random = Random(300)
    there = Vehicle.objects.count()
    started, made = process_time(), 0
    while there + made < wanted:
        made += _portion(store, random, there + made, min(PORTION, wanted - there - made))
    if made:
        took = process_time() - started
        print(f"{made:,} customers with a car each in {took:.0f} CPU s: {2 * made / took:,.0f} rows/s")


def _portion(store: Store, random: Random, first: int, count: int) -> int:
    now = datetime.now(UTC)
    people = [
        CustomerRow(ref=str(n), name=names.person(random), mobile=f"1{random.randint(3_000_000_000, 9_999_999_999)}")
        for n in range(first, first + count)
    ]
    owners = customers.bulk_add(people, store=store, by=SYSTEM, now=now, paper=PAPER)
    cars = [
        CarRow(
            ref=owner.ref,
            plate=f"{random.choice('浙沪苏皖')}{random.choice('ABCDEFGH')}" + "".join(random.choices(SIGNS, k=5)),
            vin=_vin("LSV", random, int(owner.ref) % 1_000_000, 2020),
            owner_id=owner.customer_id,
        )
        for owner in owners
        if owner.customer_id is not None
    ]
    return sum(one.kind == "new" for one in vehicles.bulk_add(cars, store=store, by=SYSTEM, now=now, paper=PAPER))


def _shelve(store: Store, wanted: int) -> None:
    there = Part.objects.count()
    started = process_time()
    rows = [BulkPart(ref=str(n), part_no=f"B{n:06d}-{n % 89:02d}K", name_zh=f"配件 {n}") for n in range(there, wanted)]
    for start in range(0, len(rows), PORTION):
        parts.bulk_add_parts(rows[start : start + PORTION], group_id=store.group_id, by=SYSTEM, now=datetime.now(UTC))
    if rows:
        took = process_time() - started
        print(f"{len(rows):,} parts in {took:.0f} CPU s: {len(rows) / took:,.0f} rows/s")


def _questions(random: Random, count: int) -> Iterator[tuple[str, list[str]]]:
    """What people type, by kind, every beginning of it from two signs on."""
    ids = list(Vehicle.objects.order_by("pk").values_list("pk", flat=True))
    cars = list(Vehicle.objects.filter(pk__in=random.sample(ids, count)))
    initials = [names.person(random) for _ in cars]
    kinds = {
        "plate tail": [car.plate[-4:] for car in cars if car.plate],
        "VIN tail": [car.vin[-6:] for car in cars if car.vin],
        "name": initials,
        "phone tail": [f"{random.randint(0, 9999):04d}" for _ in cars],
        "initials": ["".join(random.choices("bcdfghjlmnpqstwxyz", k=3)) for _ in cars],
        "part number": [f"B{random.randint(1000, 99_000):06d}"[:6] for _ in cars],
    }
    for kind, texts in kinds.items():
        yield kind, [text[:size] for text in texts for size in range(2, len(text) + 1)]


def _session(name: str) -> str:
    session = SessionStore()
    session[SESSION_USER] = User.objects.get(name=name).pk
    session.save()
    return str(session.session_key)


@contextmanager
def _running() -> Iterator[int]:
    """The port of a server of its own; it ends with the bench, also when a time limit or a closed terminal ends that."""
    directory = Path(os.environ["CHEYI_DATA"]).resolve()
    address = os.environ.get("DATABASE_URL", "")
    server = Server(directory, {"DATABASE_URL": address} if address else {})

    def stop(*_: object) -> None:
        """Without the server the desks that still ask come to an end too."""
        server.process.terminate()
        raise SystemExit(128 + signal.SIGTERM)

    before = {sign: signal.signal(sign, stop) for sign in (signal.SIGTERM, signal.SIGHUP)}
    try:
        server.wait()
        yield server.port
    finally:
        for sign, act in before.items():
            signal.signal(sign, act)
        server.end()


def _asked(port: int, cookie: str, texts: list[str]) -> list[float]:
    """Seconds for each text over one connection, as a browser keeps it."""
    connection_ = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}", "HX-Request": "true"}
    took = []
    for text in texts:
        started = perf_counter()
        connection_.request("GET", f"/search?{urlencode({'q': text})}", headers=headers)
        answer = connection_.getresponse()
        body = answer.read()
        took.append(perf_counter() - started)
        if answer.status != 200 or not body:
            raise SystemExit(f"{text}: {answer.status}")
    connection_.close()
    return took


def _tell(what: str, took: list[float]) -> None:
    cuts = quantiles(took, n=100)
    print(ROW.format(what, len(took), *(f"{cuts[place - 1] * 1000:.1f}" for place in (50, 95, 99))), flush=True)


if __name__ == "__main__":
    sys.exit(main())
