"""The page of to-dos: by when they are due, with what one needs for the call, ticked off, each with its undo."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.foundation import todos
from cheyi.foundation.models import AuditEntry, Todo
from cheyi.foundation.sources import Source
from cheyi.workshop.models import Advice, CallBack
from cheyi.workshop.queries.figures import day_figures
from tests.customers.visits import send
from tests.foundation.org import NOW
from tests.workshop.shop import everything, yuan
from tests.workshop.test_pages_reception import at_desk

PAGE = "/todos"


@pytest.fixture
def order(shop):
    shop.stands_at_midday()
    return shop.handed_over(shop.pay(shop.ready("DT004")))


@pytest.fixture
def agent(shop):
    return at_desk(shop.town.person("care_agent"))


@pytest.fixture
def manager(shop):
    return at_desk(shop.manager)


def due(**apart):
    """The call is due so long after the present, which pages read at the edge."""
    Todo.objects.update(due_at=datetime.now(UTC) + timedelta(**apart))


def plain_text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().split('<div id="todos"')[1]).split())


def record(client, order, outcome, note=""):
    return send(client, f"/workshop/orders/{order.pk}/record-call", htmx=True, outcome=outcome, note=note)


def undo_latest(client):
    entry = AuditEntry.objects.exclude(inverse=None).latest("pk")
    return send(client, f"/undo/{entry.uid}", htmx=True)


def test_the_care_agent_lands_on_the_calls_to_make(agent, order):
    assert agent.get("/").headers["Location"] == PAGE
    assert '<a class="rail-item" href="/todos" aria-current="page"' in agent.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("apart", "heading"),
    [({"hours": -30}, "超时"), ({"minutes": 30}, "今天"), ({"days": 2}, "以后")],
)
def test_to_dos_stand_by_when_they_are_due(agent, order, apart, heading):
    due(**apart)
    text = plain_text(agent.get(PAGE))
    assert text.split(">", 1)[-1].strip().startswith(f"{heading} 1 沪A·80001")


def test_all_that_the_call_needs_stands_there_and_the_number_is_masked(shop, agent, order):
    Advice.objects.create(
        store=shop.store,
        vehicle=order.vehicle,
        order=order,
        text="更换前刹车片",
        price=yuan(420),
        advised_at=NOW,
        created_at=NOW,
    )
    text = plain_text(agent.get(PAGE))
    for wanted in ("方志强", "199****1111", f"工单 {order.no}", "全车安全检查（32项）", "更换前刹车片 ¥420.00"):
        assert wanted in text
    assert "19900001111" not in text
    address = f"/customers/{order.customer_id}/masked/mobile"
    assert f'hx-get="{address}"' in agent.get(PAGE).content.decode()
    assert "/reveal" in agent.get(address).content.decode()


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("satisfied", "沪A80001：满意"),
        ("not_satisfied", "沪A80001：不满意，已列入经理的待办"),
        ("not_reached", "沪A80001：没打通，明天再打"),
    ],
)
def test_one_key_says_what_came_of_the_call_and_the_undo_takes_it_back(agent, order, outcome, said):
    before = list(Todo.objects.values("pk", "due_at", "done_at"))
    answer = record(agent, order, outcome, "说了几句")
    assert (answer.status_code, answer["HX-Trigger"]) == (200, "cheyi:changed")
    assert said in unquote(answer.headers["X-Toast"])
    assert CallBack.objects.get().outcome == outcome
    assert undo_latest(agent).status_code == 200
    assert list(Todo.objects.filter(kind="workshop.todo.call_back").values("pk", "due_at", "done_at")) == before


def test_the_buttons_have_the_keys_of_outcomes(agent, order):
    found = re.findall(r'data-key="(\d)" name="outcome" value="(\w+)"', agent.get(PAGE).content.decode())
    assert found == [("1", "satisfied"), ("2", "not_satisfied"), ("3", "not_reached")]


def test_a_complaint_without_words_is_refused_beside_the_note(agent, order):
    before = everything(CallBack, Todo)
    answer = record(agent, order, "not_satisfied", "  ")
    assert (answer.status_code, answer["X-Problem"]) == (422, "workshop.call.no_note")
    assert 'data-field="note"' in answer.content.decode()
    assert everything(CallBack, Todo) == before


def test_the_manager_reads_what_was_said_and_ticks_it_off_with_undo(shop, agent, manager, order):
    record(agent, order, "not_satisfied", "还是有异响")
    assert "还是有异响" in plain_text(manager.get(PAGE))
    todo = Todo.objects.get(kind="workshop.todo.complaint")
    done = send(manager, f"{PAGE}/{todo.pk}/done", htmx=True)
    assert (done.status_code, done["HX-Redirect"]) == (200, PAGE)
    assert "没有等你的事" in plain_text(manager.get(PAGE))
    assert undo_latest(manager).status_code == 200
    assert "还是有异响" in plain_text(manager.get(PAGE))


def test_a_complaint_stands_among_the_manager_s_decisions_until_it_is_dealt_with(shop, agent, manager, order):
    record(agent, order, "not_satisfied", "还是有异响")
    first = day_figures(shop.store, datetime.now(UTC)).decisions[0]
    assert (first.code, first.order_id, first.plate, first.text) == ("complaint", order.pk, "沪A80001", "还是有异响")
    assert "客户不满意" in manager.get("/workshop/today").content.decode()
    send(manager, f"{PAGE}/{Todo.objects.get(kind='workshop.todo.complaint').pk}/done", htmx=True)
    assert day_figures(shop.store, datetime.now(UTC)).decisions == ()


def test_what_is_not_his_or_another_store_s_is_not_there(shop, agent, order):
    todo = Todo.objects.get()
    neighbour = shop.town.person("care_agent", "邻店回访", store=shop.town.sister)
    for client in (at_desk(shop.advisor), at_desk(neighbour)):
        assert order.plate[:3] not in plain_text(client.get(f"{PAGE}?open={todo.pk}"))
        assert send(client, f"{PAGE}/{todo.pk}/done", htmx=True).status_code == 404
    assert record(at_desk(neighbour), order, "satisfied").status_code == 404
    assert Todo.objects.get().done_at is None


def test_a_technician_finds_what_came_back_on_his_phone_with_the_way_to_the_job(shop):
    wang = shop.technician()
    line = shop.labour(shop.opened("DT004", to=wang))
    todos.remind_to(
        store=shop.store,
        kind="workshop.todo.sent_back",
        source=Source("workshop.line", line.pk, line.order.no),
        assignee=shop.employee(wang),
        facts={"plate": "沪A80001", "job": line.name, "reason": "异响"},
        due_at=NOW,
        now=NOW,
    )
    text = at_desk(wang).get(PAGE).content.decode()
    assert 'class="phone-top"' in text
    assert f'href="/workshop/jobs/{line.pk}"' in text
    assert f"沪A80001：{line.name}质检退回（异响）" in text


def test_every_role_finds_the_page_by_its_settings_and_by_ctrl_k(shop):
    keeper = at_desk(shop.keeper)
    assert 'href="/todos"' in keeper.get("/account").content.decode()
    assert 'href="/todos"' in keeper.get("/search?q=待办&commands=1").content.decode()


def test_sixty_to_dos_cost_as_many_queries_as_one(shop, agent, order):
    todo = Todo.objects.get()

    def counted():
        with CaptureQueriesContext(connection) as context:
            assert agent.get(PAGE).status_code == 200
        return len(context.captured_queries)

    alone = counted()
    for number in range(59):
        todos.remind_to(
            store=shop.store,
            kind=f"workshop.todo.{'call_back' if number % 2 else 'sent_back'}",
            source=Source("workshop.order", 10_000 + number, f"RO{number}"),
            role="care_agent",
            facts=todo.facts | {"job": "", "reason": ""},
            due_at=todo.due_at + timedelta(minutes=number),
            now=NOW,
        )
    assert (alone, counted()) == (9, 9)
