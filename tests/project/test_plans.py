"""How SQLite finds rows in a large group: by the index that finds few, never along the scope column."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Q

from cheyi.customers.models import Customer, CustomerStore
from cheyi.customers.queries import looking as customers
from cheyi.foundation.models import AuditEntry
from cheyi.foundation.scope import within
from cheyi.parts.models import Move, Part, PartsRequest, RequestLine
from cheyi.settlement.models import Bill
from cheyi.vehicles.models import Vehicle, VehicleOwnership
from cheyi.vehicles.queries import looking as vehicles
from cheyi.workshop.models import Assignment, JobClock, LabourLine, PartLine, WorkOrder
from tests.foundation.org import found_town

pytestmark = pytest.mark.django_db
HUNDRED = [f"{number:032x}" for number in range(100)]
LOOK_UPS = {
    "cars by number of row": (lambda: vehicles.known().filter(pk__in=[1, 2, 3]), "INTEGER PRIMARY KEY (rowid=?)"),
    "a car by its plate": (lambda: Vehicle.objects.filter(plate="沪A80001"), "(group_id=? AND plate=?)"),
    "cars by their VINs": (lambda: Vehicle.objects.filter(vin__in=["A", "B"]), "(group_id=? AND vin=?)"),
    "people by number of row": (lambda: customers.known().filter(pk__in=[1, 2, 3]), "INTEGER PRIMARY KEY (rowid=?)"),
    "a person by mobile": (lambda: Customer.objects.filter(mobile_index="x"), "(mobile_index=?)"),
    "people by a number and those a slip away": (
        lambda: Customer.objects.filter(
            Q(mobile_index__in=HUNDRED) | Q(second_mobile_index__in=HUNDRED), merged_into=None
        ),
        "MULTI-INDEX OR",
    ),
    "who was merged into a person": (lambda: Customer.objects.filter(merged_into_id=1), "(merged_into_id=?)"),
    "a person by his old number": (
        lambda: CustomerStore.objects.filter(external_no="7"),
        "(store_id=? AND external_no=?)",
    ),
    "cars of people": (
        lambda: VehicleOwnership.objects.filter(customer_id__in=[1, 2], until_on=None).order_by("-pk"),
        "(customer_id=?)",
    ),
    "jobs of an order": (lambda: LabourLine.objects.filter(order_id=1).order_by("seq"), "order_id=?"),
    "parts of jobs": (lambda: PartLine.objects.filter(labour_line_id__in=[1, 2]), "(labour_line_id=?)"),
    "who is on a job": (lambda: Assignment.objects.filter(line_id__in=[1], ended_at=None), "line_id=?)"),
    "whose clock runs": (lambda: JobClock.objects.filter(technician_id=1, stopped_at=None), "technician_id=?"),
    "lines of a request": (lambda: RequestLine.objects.filter(request_id=1), "(request_id=?)"),
    "a part by its number": (lambda: Part.objects.filter(number_key="BYD"), "number_key=?)"),
    "moves of a part": (lambda: Move.objects.filter(part_id=1), "part_id=?)"),
    "bills of an order": (
        lambda: Bill.objects.filter(source_kind="workshop.order", source_id=1),
        "(store_id=? AND source_kind=? AND source_id=?)",
    ),
    "orders in the house": (
        lambda: WorkOrder.objects.filter(state__in=["open", "working"]).order_by("pk"),
        "(store_id=? AND state=?)",
    ),
    "requests to serve": (
        lambda: PartsRequest.objects.filter(state__in=["submitted", "reserved"]).order_by("needed_at")[:60],
        "(store_id=? AND state=?)",
    ),
    "living orders of a car": (lambda: WorkOrder.objects.filter(vehicle_id=1, state="open"), "(vehicle_id=?)"),
    "the trail of a thing": (
        lambda: AuditEntry.objects.filter(thing="workshop.order", thing_id=1),
        "thing=? AND thing_id=?)",
    ),
}


@pytest.fixture
def at_home():
    with within(found_town().store):
        yield


@pytest.mark.parametrize("name", LOOK_UPS)
def test_a_look_up_reads_the_rows_that_it_finds(name, at_home):
    look_up, wanted = LOOK_UPS[name]
    found = look_up()
    assert list(found) == []
    if connection.vendor == "sqlite":
        assert wanted in found.explain(), found.explain()


def test_every_index_has_its_expectation():
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            assert "sqlite_stat1" not in connection.introspection.table_names(cursor)
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name LIKE 'workshop%'")
        indexes = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT idx, stat FROM sqlite_stat1 WHERE tbl LIKE 'workshop%'")
        told = dict(cursor.fetchall())
    assert set(told) == indexes
    assert told["workshop_order_advisor"].startswith("1000000 333333 ")
