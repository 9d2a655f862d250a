"""Orders opened by several desks at once through one running server, on either engine.

python tools/bench/desks.py                on the demo in CHEYI_DATA (made by ``cheyi demo``), SQLite or DATABASE_URL

Each desk keeps one connection, as a browser does, and opens order after order of five jobs by the form of the reception
page. The server is the program as a shop starts it: one process for the web, its threads, the worker beside it.
"""

from __future__ import annotations

import argparse
import http.client
import os
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.bench.search import _running, _session  # noqa: I001 - sets Django up

from django.conf import settings
from django.db import connection, connections

from cheyi.foundation.scope import everywhere
from tools.bench.chain import JOBS, free_cars

SECRET = "b" * 32
WARM = 4


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--desks", type=int, default=4)
    parser.add_argument("--orders", type=int, default=80, help="orders to open, by all desks together")
    options = parser.parse_args()
    with everywhere("measuring"):
        cars = free_cars(options.orders + WARM * options.desks)
        cookie = _session("advisor")
    vendor = connection.vendor
    connections.close_all()
    with _running() as port, ThreadPoolExecutor(options.desks) as desks:
        warm, rest = cars[: WARM * options.desks], cars[WARM * options.desks :]
        for _ in desks.map(lambda share: _opened(port, cookie, share), _shares(warm, options.desks)):
            pass
        started = perf_counter()
        took = [
            each for one in desks.map(lambda s: _opened(port, cookie, s), _shares(rest, options.desks)) for each in one
        ]
        wall = perf_counter() - started
    cuts = quantiles(took, n=20)
    print(
        f"{vendor}: {len(took)} orders of 5 jobs by {options.desks} desks at once through HTTP: {len(took) / wall:.0f} a"
        f" second (wanted ≥ 30), p50 {cuts[9] * 1000:.0f} ms, p95 {cuts[18] * 1000:.0f} ms; load {os.getloadavg()[0]:.1f}"
    )
    return 0 if len(took) / wall >= 30 else 1


def _shares(cars: list[int], desks: int) -> list[list[int]]:
    return [cars[first::desks] for first in range(desks)]


def _opened(port: int, cookie: str, cars: list[int]) -> list[float]:
    """Seconds for each car's order over one connection."""
    desk = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={SECRET}",
        "X-CSRFToken": SECRET,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    took = []
    for car in cars:
        form = [("job", f"{code}|customer|") for code in JOBS] + [("act", "open"), ("_key", str(uuid.uuid4()))]
        started = perf_counter()
        desk.request("POST", f"/workshop/reception/cars/{car}/open", urlencode(form), headers)
        answer = desk.getresponse()
        answer.read()
        took.append(perf_counter() - started)
        if answer.status != 303:
            raise SystemExit(f"not opened: {answer.status} {answer.headers.get('X-Problem')}")
    desk.close()
    return took


if __name__ == "__main__":
    sys.exit(main())
