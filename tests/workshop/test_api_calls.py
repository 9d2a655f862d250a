"""The call of the third day by machine."""

from __future__ import annotations

import pytest

from cheyi.workshop.models import CallBack
from tests.customers.visits import browser
from tests.workshop.test_api_people import call


@pytest.fixture
def order(shop):
    return shop.handed_over(shop.pay(shop.ready("DT004")))


@pytest.fixture
def agent(shop):
    return browser(shop.town.person("care_agent"))


def test_a_call_is_written_down_and_taken_back(shop, order, agent):
    made = call(agent, f"/orders/{order.pk}/record-call", outcome="not_satisfied", note="还是有异响")
    row = CallBack.objects.get()
    wanted = {"id": row.pk, "order_id": order.pk, "outcome": "not_satisfied", "next_at": None}
    assert (made.status_code, made.json()) == (200, wanted)
    undone = call(agent, f"/undo/{made.headers['X-Undo']}")
    assert (undone.status_code, undone.json()) == (200, {"message": "沪A80001 的回访还要做"})
    later = call(agent, f"/orders/{order.pk}/record-call", outcome="not_reached").json()
    assert later["next_at"].endswith("T10:00:00Z")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"outcome": "asleep"}, 422, "foundation.form.invalid"),
        ({"outcome": "not_satisfied"}, 422, "workshop.call.no_note"),
        ({"outcome": "satisfied", "note": "好" * 501}, 422, "foundation.form.invalid"),
    ],
)
def test_what_tells_nothing_is_refused(shop, order, agent, body, status, code):
    refused = call(agent, f"/orders/{order.pk}/record-call", **body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert not CallBack.objects.exists()


def test_the_call_is_not_ticked_off_and_others_do_not_make_it(shop, order, agent):
    todo = agent.get("/api/v1/todos").json()["todos"][0]
    ticked = call(agent, f"/todos/{todo['id']}/done")
    assert (ticked.status_code, ticked.json()["code"]) == (422, "workshop.call.say_outcome")
    neighbour = shop.town.person("care_agent", "邻店回访", store=shop.town.sister)
    for person, status in ((neighbour, 404), (shop.town.person("advisor", "另一位"), 404), (shop.keeper, 403)):
        answer = call(browser(person), f"/orders/{order.pk}/record-call", outcome="satisfied")
        assert (person.name, answer.status_code) == (person.name, status)
    assert not CallBack.objects.exists()
