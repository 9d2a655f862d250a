"""What the customer put off is on customer care's list thirty days later, until it is taken up or the car is back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cheyi.foundation import todos
from cheyi.foundation.acts import undo
from cheyi.foundation.models import AuditEntry, Todo
from cheyi.workshop import actions
from cheyi.workshop.models import Advice
from cheyi.workshop.rules.following import RECALL
from tests.foundation.org import NOW
from tests.workshop.shop import after, q


@pytest.fixture
def order(shop):
    """An order of which two jobs wait for the customer's word."""
    made = shop.opened("DT004", to=shop.technician())
    actions.add_extra(
        made, jobs=[actions.JobWanted("EL001"), actions.JobWanted("EL003")], by=shop.advisor, now=after(minutes=1)
    )
    return made


def declined(shop, order, *, now=None):
    actions.decline(actions.pending_lines(order), by=shop.advisor, now=now or after(minutes=2))
    return order


def gone(shop, order):
    """The car has left: its only job is done and paid."""
    return shop.handed_over(shop.pay(shop.work(order, shop.technician())), now=after(hours=3))


def test_what_was_put_off_is_one_reminder_in_thirty_days(shop, order):
    declined(shop, order)
    todo = Todo.objects.get(kind=RECALL)
    assert (todo.role, todo.assignee_id, todo.source_kind, todo.source_id) == (
        "care_agent",
        None,
        "workshop.order",
        order.pk,
    )
    assert todo.due_at == datetime(2026, 7, 15, 2, tzinfo=UTC)
    names = " · ".join(Advice.objects.order_by("pk").values_list("text", flat=True))
    assert todos.sentence(todo) == f"联系 沪A80001 车主，工单 {order.no} 里暂不做的：{names}"


def test_a_second_job_put_off_later_joins_the_first(shop, order):
    one, two = actions.pending_lines(order)
    actions.decline([one], by=shop.advisor, now=after(minutes=2))
    actions.decline([two], later=True, by=shop.advisor, now=after(days=1))
    todo = Todo.objects.get(kind=RECALL)
    assert (todo.due_at, todo.facts["jobs"]) == (datetime(2026, 7, 15, 2, tzinfo=UTC), f"{one.name} · {two.name}")


def test_what_was_agreed_to_is_no_reminder(shop, order):
    actions.approve(actions.pending_lines(order), by=shop.advisor, now=after(minutes=2))
    assert not Todo.objects.filter(kind=RECALL).exists()


def test_a_part_that_was_put_off_alone_is_no_advice(shop):
    order = shop.opened("DT004", to=shop.technician())
    part = actions.PartWanted(part_id=shop.pads.pk, quantity=q(1))
    line = actions.add_extra_part(order, part=part, by=shop.advisor, now=after(minutes=1))
    actions.decline([line], by=shop.advisor, now=after(minutes=2))
    assert (Advice.objects.count(), Todo.objects.filter(kind=RECALL).count()) == (0, 0)


def test_an_answer_taken_back_takes_the_reminder_back(shop, order):
    declined(shop, order)
    undo(AuditEntry.objects.get(code="workshop.line.extra_decided").uid, by=shop.advisor, now=after(minutes=3))
    assert Todo.objects.get(kind=RECALL).done_at == after(minutes=3)


def test_one_of_two_jobs_asked_again_leaves_the_other_on_the_list(shop, order):
    declined(shop, order)
    one = shop.labour(order, 1)
    actions.ask_again(order, lines=[("labour", one.pk)], by=shop.advisor, now=after(minutes=3))
    todo = Todo.objects.get(kind=RECALL)
    assert (todo.done_at, todo.facts["jobs"]) == (None, shop.labour(order, 2).name)


def test_a_car_that_comes_back_needs_no_reminder(shop, order):
    gone(shop, declined(shop, order))
    shop.opened("MA001", now=after(days=20))
    assert Todo.objects.get(kind=RECALL).done_at == after(days=20)


def test_a_car_that_is_being_received_needs_none_either(shop, order):
    gone(shop, declined(shop, order))
    actions.receive(vehicle=shop.car(), by=shop.advisor, now=after(days=20))
    assert Todo.objects.get(kind=RECALL).done_at == after(days=20)


def test_another_car_ends_no_reminder(shop, order):
    gone(shop, declined(shop, order))
    shop.opened("MA001", car=shop.car("沪A80002", vin="", owner=False), now=after(days=20))
    assert Todo.objects.get(kind=RECALL).done_at is None


def test_a_visit_that_was_cancelled_puts_the_reminder_back(shop, order):
    gone(shop, declined(shop, order))
    again = shop.opened("MA001", now=after(days=20))
    actions.cancel(again, reason="客户放弃", by=shop.advisor, now=after(days=20, minutes=5))
    open_one = Todo.objects.get(kind=RECALL, done_at=None)
    assert (open_one.source_id, open_one.due_at) == (order.pk, datetime(2026, 7, 15, 2, tzinfo=UTC))


def test_a_reminder_that_was_ticked_off_before_does_not_come_back(shop, order):
    gone(shop, declined(shop, order))
    todos.done(Todo.objects.get(kind=RECALL), by=shop.town.person("care_agent"), now=after(days=10))
    again = shop.opened("MA001", now=after(days=20))
    actions.cancel(again, reason="客户放弃", by=shop.advisor, now=after(days=20, minutes=5))
    assert not Todo.objects.filter(kind=RECALL, done_at=None).exists()


def test_the_day_is_the_stores_own(shop, order):
    declined(shop, order, now=NOW.replace(hour=17))  # one in the morning of the next day where the store stands
    assert Todo.objects.get(kind=RECALL).due_at == datetime(2026, 7, 16, 2, tzinfo=UTC)
