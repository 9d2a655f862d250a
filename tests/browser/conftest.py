"""A real program on demo data and a real Chromium; a missing browser is said loudly, never counted as passed."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.base import Base
from tests.browser.cars import cars_away
from tests.browser.person import Person
from tests.chromium import CHROMIUM, FLAGS
from tests.project.databases import drop_own_database, own_database

CHEYI = [sys.executable, "-m", "cheyi.project.cli"]
BUILD_SECONDS = 600
START_SECONDS = 90
PATIENCE = 20_000
"""Milliseconds until what a person waits for counts as not come: a busy machine is slow, not wrong."""
ROOT = Path(__file__).resolve().parents[2]
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items):
    """Mark everything here, and fail loudly where CI has no browser."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Program:
    """A running Cheyi with its demo accounts."""

    address: str
    accounts: dict[str, dict[str, str]]
    base: Base


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def database(django_db_blocker):
    """Where the program keeps its rows: on the engine under test, one for each of the processes that test side by side."""
    ending = "_browser" + os.environ.get("PYTEST_XDIST_WORKER", "")
    with django_db_blocker.unblock():
        yield own_database(ending)
        drop_own_database(ending)


def build(data_dir: Path, environment: dict[str, str]) -> None:
    """`cheyi demo` into this directory, as it stands at midday."""
    subprocess.run([*CHEYI, "demo", "--midday"], cwd=ROOT, env=environment, check=True, timeout=BUILD_SECONDS)


def build_once(data_dir: Path, environment: dict[str, str], shared: Path) -> None:
    """The same, built by the first process that asks and copied by the others; only where a directory holds it all."""
    master = shared / "demo"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not master.exists():
            half = shared / "demo.half"
            shutil.rmtree(half, ignore_errors=True)
            build(half, environment | {"CHEYI_DATA": str(half)})
            half.rename(master)
    shutil.copytree(master, data_dir, dirs_exist_ok=True)


@pytest.fixture(scope="session")
def program(database, tmp_path_factory):
    """A demo in a directory of its own, then `cheyi up` until the tests are over."""
    if CHROMIUM is None:
        message = "no Chromium on this machine: the browser tests did NOT run (apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    data_dir = Path(tempfile.mkdtemp(prefix="cheyi-browser-"))
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("CHEYI_", "PYTEST_"))}
    environment |= {"CHEYI_DATA": str(data_dir), "PYTHONWARNINGS": "default", **database}
    if database or "PYTEST_XDIST_WORKER" not in os.environ:
        build(data_dir, environment)
    else:
        build_once(data_dir, environment, tmp_path_factory.getbasetemp().parent)
    running = subprocess.Popen([*CHEYI, "up", "--port", str(port)], cwd=ROOT, env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", running)
        rows = json.loads((data_dir / "demo-accounts.json").read_text("utf-8"))
        base = Base(data_dir, database.get("DATABASE_URL", ""))
        yield Program(f"http://127.0.0.1:{port}", {row["role"]: row for row in rows}, base)
    finally:
        running.terminate()
        running.wait(20)
        shutil.rmtree(data_dir, ignore_errors=True)


def wait_for(address: str, running: subprocess.Popen) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert running.poll() is None, "the program has stopped"
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} does not answer")


@pytest.fixture
def ids(program):
    """One record of each kind of the home store, to look at: as they stand now, for other tests carry them on."""
    order = (
        "select max(o.id) from workshop_workorder o join foundation_store s on s.id = o.store_id where s.code = 'HZ01'"
    )
    queries = {state: f"{order} and o.state = '{state}'" for state in ("working", "qc", "ready")}
    here = "join foundation_store s on s.id = store_id where s.code = 'HZ01'"
    queries["request"] = f"select max(request_id) from parts_requestline {here} and state = 'backordered'"
    queries["part"] = f"select min(part_id) from parts_balance {here} and on_hand > 0"
    queries["car"] = (
        "select min(vehicle_id) from vehicles_vehiclestore v join foundation_store s on s.id = v.store_id where s.code = 'HZ01'"
    )
    queries["technician"] = f"select min(employee_id) from workshop_technicianprofile {here}"
    queries["customer"] = f"select customer_id from vehicles_vehicleownership where vehicle_id = ({queries['car']})"
    return {name: program.base.rows(query)[0][0] for name, query in queries.items()}


@pytest.fixture(scope="session")
def cars_at_home(program):
    """The cars that are away before anything was done; tests take them out."""
    return cars_away(program.base)


@pytest.fixture
def cars(cars_at_home):
    """Cars that are not in the shop, each for one test."""

    def one_by_one():
        while cars_at_home:
            yield cars_at_home.pop(0)
        pytest.fail("the demo has too few cars that are away")

    return one_by_one()


@pytest.fixture
def car_of_initials(cars_at_home):
    """Such a car whose owner's three initials lead to him alone."""
    car = cars_at_home.pop()
    assert car.initials, "the demo has too few owners with initials of their own"
    return car


@pytest.fixture(scope="session")
def entrances():
    """How each role came in: its cookies and the page on which it landed."""
    return {}


@pytest.fixture(scope="session")
def browser(program, playwright):
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
    yield chromium
    chromium.close()


@pytest.fixture
def person(program, browser, entrances, cars_at_home):
    """Sign in as a role: ``person("advisor")``; ``size`` and ``language`` as wished. Reports page errors at the end.

    The first of a role comes in through the sign-in page, as do those who say so with ``at_door``; later ones bring
    his cookies and stand on the page on which he landed, which opens when it is first looked at.
    """
    people: list[Person] = []

    def sign_in(
        role: str,
        *,
        size: tuple[int, int] = (1440, 900),
        language: str = "zh-CN",
        dark: bool = False,
        at_door: bool = False,
    ) -> Person:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=language,
            color_scheme="dark" if dark else "light",
            has_touch=size[0] < 500,
        )
        one = Person(context, program.address, program.accounts[role])
        people.append(one)
        if at_door or role not in entrances:
            one.sign_in(language)
            entrances[role] = one.entrance()
        else:
            one.comes_in(language, *entrances[role])
        return one

    yield sign_in
    troubles = [trouble for one in people for trouble in one.troubles]
    for one in people:
        one.context.close()
    assert troubles == []
