"""What an order may cost the database (design.md 10)."""

from __future__ import annotations

from collections import Counter

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted
from cheyi.workshop.models import WorkOrder
from tests.foundation.org import NOW
from tests.workshop.test_pages_reception import at_desk

MOST_STATEMENTS = 35
OVER_HTTP = 40


def statements(context) -> list[str]:
    return [row["sql"] for row in context.captured_queries]


def test_an_order_of_five_jobs_with_parts_is_opened_in_few_statements(shop):
    car, wang = shop.car(level="gold"), shop.employee(shop.technician())
    jobs = [JobWanted(code) for code in ("MA001", "CH001", "MA007", "DT004", "EL001")]
    with CaptureQueriesContext(connection) as context:
        order = actions.open_order(vehicle=car, jobs=jobs, mileage=20_400, dispatch_to=wang, by=shop.advisor, now=NOW)
    assert order.state == "dispatched"
    assert len(shop.parts_of(order)) == 3
    assert len(statements(context)) <= MOST_STATEMENTS, Counter(sql[:40] for sql in statements(context))


def test_a_longer_order_costs_no_more_statements(shop):
    counts = []
    for plate, codes in (("沪A80001", ["MA001"]), ("沪A80002", ["MA001", "CH001", "MA007", "DT004", "EL001"])):
        car = shop.car(plate, vin="", owner=False)
        with CaptureQueriesContext(connection) as context:
            actions.open_order(vehicle=car, jobs=[JobWanted(code) for code in codes], by=shop.advisor, now=NOW)
        counts.append(len(statements(context)))
    assert counts[0] == counts[1]


def test_the_same_over_http_takes_forty_with_session_rights_and_key(shop):
    car, wang = shop.car(level="gold"), shop.technician()
    jobs = [f"{code}|customer|" for code in ("MA001", "CH001", "MA007", "DT004", "EL001")]
    form = {"_key": "k" * 24, "job": jobs, "technician": wang.employee_id, "act": "dispatch"}
    client = at_desk(shop.advisor)
    with CaptureQueriesContext(connection) as context:
        answer = client.post(f"/workshop/reception/cars/{car.pk}/open", form)
    order = WorkOrder.objects.get()
    assert (answer.status_code, order.state, order.labour.count()) == (303, "dispatched", 5)
    assert len(statements(context)) <= OVER_HTTP, Counter(sql[:40] for sql in statements(context))
