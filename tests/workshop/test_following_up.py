"""The call of the third day: what comes of it, who hears of a complaint, and to-dos that end by themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cheyi.customers.models import ContactHold
from cheyi.foundation import todos
from cheyi.foundation.acts import to_undo, undo
from cheyi.foundation.models import AuditEntry, Fact, Todo
from cheyi.kernel import Refused
from cheyi.workshop import access, actions
from cheyi.workshop.actions import telling
from cheyi.workshop.models import CallBack
from tests.foundation.org import NOW
from tests.workshop.shop import after, everything

DUE = datetime(2026, 6, 18, 10, tzinfo=UTC)  # three days after the hand-over at 18:00 in Shanghai
CALLED = after(days=3)


@pytest.fixture
def agent(shop):
    return shop.town.person("care_agent")


@pytest.fixture
def order(shop):
    return shop.handed_over(shop.pay(shop.ready("DT004")))


def called(order, agent, outcome, note="", *, now=CALLED):
    return actions.record_call(order, outcome=outcome, note=note, by=agent, now=now)


def waiting(viewer):
    return [(one.kind.removeprefix("workshop.todo."), one.due_at) for one in todos.todos_of(viewer)]


def results():
    rows = Fact.objects.filter(code="foundation.todo.settled").order_by("pk")
    return [(row.facts["kind"], row.facts["source_id"], row.facts["result"]) for row in rows]


def test_a_customer_who_is_satisfied_ends_the_call(shop, order, agent):
    call = called(order, agent, "satisfied", " 一切都好 ")
    assert (call.outcome, call.note, call.created_by_id) == ("satisfied", "一切都好", agent.user_id)
    assert (waiting(agent), waiting(shop.manager)) == ([], [])
    assert results() == [("workshop.todo.call_back", order.pk, "satisfied")]
    assert AuditEntry.objects.get(code="workshop.order.call_recorded").facts == {"outcome": "satisfied"}


def test_a_complaint_goes_to_the_manager_with_what_was_said_and_stops_offers_until_he_has_dealt_with_it(
    shop, order, agent
):
    called(order, agent, "not_satisfied", "还是有异响")
    assert waiting(agent) == []
    assert waiting(shop.manager) == [("complaint", after(days=3, hours=4))]
    complaint = Todo.objects.get(kind="workshop.todo.complaint")
    assert todos.sentence(complaint) == f"沪A80001 的车主在回访工单 {order.no} 时不满意：给他回电话"
    hold = ContactHold.objects.get(customer=order.customer)
    assert (hold.reason, hold.reach, hold.source_id, hold.lifted_at) == ("complaint", "marketing", order.pk, None)
    dealt = after(days=4)
    todos.done(complaint, by=shop.manager, now=dealt)
    assert shop.fresh(hold).lifted_at == dealt
    undo(to_undo().uid, by=shop.manager, now=after(days=4, seconds=5))
    assert [row.lifted_at for row in ContactHold.objects.order_by("pk")] == [dealt, None]


def test_where_there_is_a_service_manager_the_complaint_is_his(shop, order, agent):
    head = shop.town.person("service_manager")
    called(order, agent, "not_satisfied", "等得太久")
    assert (waiting(head), waiting(shop.manager)) == ([("complaint", after(days=3, hours=4))], [])


def test_who_is_not_reached_is_called_tomorrow_and_after_the_third_try_no_more(shop, order, agent):
    for days in (1, 2):
        called(order, agent, "not_reached", now=CALLED + timedelta(days=days - 1))
        assert waiting(agent) == [("call_back", DUE + timedelta(days=days))]
    assert results() == []
    called(order, agent, "not_reached", now=CALLED + timedelta(days=2))
    assert waiting(agent) == []
    assert results() == [("workshop.todo.call_back", order.pk, "not_reached")]


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"outcome": "asleep"}, "unknown_outcome", "outcome"),
        ({"outcome": "not_satisfied", "note": "  "}, "no_note", "note"),
        ({"outcome": "satisfied", "note": "好" * 501}, "long_note", "note"),
    ],
)
def test_a_call_that_tells_nothing_is_refused(shop, order, agent, said, code, field):
    before = everything(CallBack, Todo, ContactHold, Fact)
    with pytest.raises(Refused) as refusal:
        called(order, agent, **said)
    assert (refusal.value.code, refusal.value.field) == (f"workshop.call.{code}", field)
    assert everything(CallBack, Todo, ContactHold, Fact) == before


def test_an_order_that_waits_for_no_call_takes_none(shop, order, agent):
    called(order, agent, "satisfied")
    before = everything(CallBack, Todo, Fact)
    with pytest.raises(Refused) as refusal:
        called(order, agent, "satisfied")
    assert refusal.value.code == "workshop.call.not_waiting"
    assert everything(CallBack, Todo, Fact) == before


@pytest.mark.parametrize("outcome", ["satisfied", "not_satisfied", "not_reached"])
def test_a_call_taken_back_is_to_be_made_on_its_day_as_if_nothing_was_said(shop, order, agent, outcome):
    called(order, agent, outcome, "说错了")
    said = undo(to_undo().uid, by=agent, now=CALLED + timedelta(seconds=5))
    assert said == "沪A80001 的回访还要做"
    assert (waiting(agent), waiting(shop.manager)) == ([("call_back", DUE)], [])
    assert not ContactHold.objects.filter(lifted_at=None).exists()
    for days in range(3):
        called(order, agent, "not_reached", now=CALLED + timedelta(days=days))
    assert waiting(agent) == []


def test_a_call_after_which_another_was_made_is_not_taken_back(shop, order, agent):
    called(order, agent, "not_reached")
    first = to_undo()
    called(order, agent, "satisfied", now=after(days=4))
    with pytest.raises(Refused) as refusal:
        undo(first.uid, by=agent, now=after(days=4, minutes=1))
    assert refusal.value.code == "workshop.call.later_one"


def test_the_call_is_not_ticked_off_without_saying_what_came_of_it(shop, order, agent):
    with pytest.raises(Refused) as refusal:
        todos.done(Todo.objects.get(kind="workshop.todo.call_back"), by=agent, now=CALLED)
    assert refusal.value.code == "workshop.call.say_outcome"


def test_an_advisor_calls_his_own_customers_and_nobody_else_s(shop, order):
    other = shop.town.person("advisor", "另一位")
    assert access.order_to_call(shop.advisor, order.pk) == order
    with pytest.raises(Exception, match="WorkOrder") as missing:
        access.order_to_call(other, order.pk)
    assert type(missing.value).__name__ == "Http404"


def test_nobody_is_called_about_a_car_of_the_house_or_without_an_owner(shop, order):
    Todo.objects.all().delete()
    for said in ({"type": "internal"}, {"type": "pdi"}, {"type": "repair", "customer": None}):
        for name, value in said.items():
            setattr(order, name, value)
        telling.call_back(order, due_at=DUE, by=shop.advisor, now=NOW)
    assert not Todo.objects.exists()


def test_an_order_that_is_closed_is_called_about_no_more(shop, order, agent):
    actions.close(order, by=shop.manager, now=after(days=16))
    assert waiting(agent) == []


def sent_back(shop, technician, *codes):
    order = shop.opened(*codes, to=technician)
    shop.hand_out(order)
    order = shop.work(order, technician)
    line = shop.labour(order, len(codes) - 1)
    return actions.send_back(order, lines=[line], reason="异响", by=shop.inspector, now=NOW), line


def test_what_came_back_from_the_check_ends_when_the_job_is_done_again_and_not_before(shop):
    wang = shop.technician()
    _, line = sent_back(shop, wang, "EN001")
    assert waiting(wang) == [("sent_back", NOW)]
    actions.start_job(line, by=wang, now=after(hours=1))
    assert waiting(wang) == [("sent_back", NOW)]
    actions.finish_job(line, by=wang, now=after(hours=2))
    assert waiting(wang) == []
    actions.reopen_job(line, by=wang, now=after(hours=2, seconds=5))
    assert waiting(wang) == [("sent_back", NOW)]
    actions.start_job(line, by=wang, now=after(hours=3))
    actions.finish_job(line, by=wang, now=after(hours=4))
    assert results() == [("workshop.todo.sent_back", line.pk, "")] * 2


@pytest.mark.parametrize(("ends", "codes"), [("cancel", ("EN001",)), ("stop_work", ("EL003", "EN001"))])
def test_what_came_back_from_the_check_ends_with_the_work(shop, ends, codes):
    wang = shop.technician()
    order, _ = sent_back(shop, wang, *codes)
    assert waiting(wang) == [("sent_back", NOW)]
    getattr(actions, ends)(order, reason="不修了", by=shop.manager, now=after(hours=1))
    assert waiting(wang) == []
