"""The demo as ``make run`` builds it, on the engine under test: its counts, its states, and nothing that does not add up."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.project.databases import drop_own_database, own_database
from tests.project.running import CHEYI, Server, environment

pytestmark = [pytest.mark.race, pytest.mark.django_db]

LIVE = {
    "draft": 3,
    "open": 9,
    "dispatched": 8,
    "working": 15,
    "hold": 8,
    "qc": 4,
    "wash": 2,
    "ready": 5,
    "settled": 2,
    "delivered": 3,
    "cancelled": 1,
}
COUNT = """
from datetime import UTC, datetime, timedelta
from django.db.models import Count, F
from cheyi.foundation.models import Employee, Store
from cheyi.foundation.scope import everywhere
from cheyi.workshop.models import Appointment, OrderSpell, WorkOrder
with everywhere("counting"):
    home = Store.objects.get(code="HZ01")
    today = home.local(datetime.now(UTC)).replace(hour=0, minute=0, second=0, microsecond=0)
    orders = WorkOrder.objects.order_by()
    def states(some): return sorted(some.values_list("state").annotate(n=Count("pk")))
    old, lately = orders.filter(received_at__lt=today - timedelta(days=17)), orders.filter(store=home)
    lately = lately.filter(received_at__gte=today - timedelta(days=17), received_at__lt=today)
    days = {home.local(one).date() for one in lately.values_list("received_at", flat=True)}
    last = {}
    for car, km in orders.order_by("received_at").values_list("vehicle_id", "mileage_in"):
        assert km >= last.get(car, 0), (car, km, last[car])
        last[car] = km
    print(Store.objects.count(), Employee.objects.count(), states(orders.filter(created_at__gte=today)), states(old))
    print(len(days), sorted({state for state, _ in states(lately)}))
    print([WorkOrder.objects.filter(type=one, state="closed").exists() for one in ("maintenance", "repair", "detailing")])
    unchecked = OrderSpell.objects.filter(state="qc", ended_at__gt=F("began_at")).exclude(order__qc_records__level="final")
    print(unchecked.filter(ended_at__lt=today).count())
    extras = orders.filter(labour__source="extra", state="closed").distinct().count()
    print(20 <= 100 * extras // orders.filter(state="closed").count() <= 30)
    ahead = Appointment.objects.filter(store=home, state="confirmed").values_list("wanted_at", flat=True)
    print(sorted({(home.local(one).date() - today.date()).days for one in ahead}))
    over = Appointment.objects.filter(over_booked=True)
    print({row.store_id == home.pk for row in over}, 1 <= len(over) <= 2)
"""


@pytest.fixture
def start(tmp_path):
    """Runs a program on a demo of its own; what it said and how it ended."""
    settings = environment(tmp_path / "demo", **own_database("_demo"))

    def run(*words):
        answer = subprocess.run(words, env=settings, capture_output=True, text=True, check=False)
        return answer.returncode, answer.stdout + answer.stderr

    yield run
    drop_own_database("_demo")


def test_the_demo_is_built_once_with_sixty_live_orders_in_every_state_and_adds_up(start):
    code, said = start(*CHEYI, "demo", "--midday")
    assert code == 0, said
    code, said = start(*CHEYI, "check")
    assert (code, said.splitlines()[-1]) == (0, "Everything adds up."), said
    code, said = start(CHEYI[0], "-c", f"from cheyi.project.cli import set_up_django\nset_up_django()\n{COUNT}")
    assert code == 0, said
    assert said.splitlines() == [
        f"3 48 {sorted(LIVE.items())} [('closed', 900)]",
        "17 ['closed', 'delivered']",
        "[True, True, True]",
        "0",
        "True",
        f"{list(range(15))}",
        "{True} True",
    ]
    assert start(*CHEYI, "demo")[1].startswith("The demo is there already")


def test_a_started_demo_prints_who_may_sign_in(tmp_path):
    (tmp_path / "demo").mkdir(mode=0o700)
    (tmp_path / "demo" / "demo").write_text("built\n")
    account = {"name": "advisor", "role": "advisor", "person": "陈雨桐", "password": "made-up-here"}
    (tmp_path / "demo" / "demo-accounts.json").write_text(json.dumps([account]), encoding="utf-8")
    server = Server(tmp_path / "demo", own_database("_demo"))
    try:
        server.wait()
        server.wait_until(lambda: "made-up-here" in server.said)
        assert server.said.rstrip().endswith("advisor            made-up-here   陈雨桐")
    finally:
        server.kill()
        drop_own_database("_demo")
