"""One day in the workshop: a service, a noise that turns out to be more, a part that comes back, a fault that returns."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cheyi.kernel import Money, Refused


def test_a_car_comes_for_service_and_leaves_paid(store):
    anna, wang = store.advisor("Anna"), store.technician("Wang")
    order = anna.receives("沪A80001", mileage=20_400, wants="20,000 km service")
    assert (order.state, store.free("oil filter")) == ("open", 39)
    anna.dispatches(order, to=wang)
    wang.takes(order, "oil filter", 1)
    wang.takes(order, "oil", 4)
    wang.finishes(order)
    assert order.state == "ready"
    store.cashier.takes_payment(order, Money.yuan(640))
    assert order.state == "settled"
    anna.hands_over(order)
    assert order.state == "delivered"
    assert (store.stock("oil filter"), store.stock("oil")) == (39, 36)
    assert store.todos_of("care_agent") == [
        f"Call the owner of 沪A80001: is everything right after order {order.no}? +3"
    ]


def test_a_noise_becomes_brake_pads_that_the_owner_approves_on_his_phone(store):
    anna, wang = store.advisor("Anna"), store.technician("Wang")
    order = anna.receives("沪A80001", mileage=41_000, wants="brakes squeal")
    owner = store.owner_of(order)
    assert owner.sees == "received"
    anna.dispatches(order, to=wang)
    wang.starts(order)
    assert owner.sees == "in_work"
    wang.finds(order, "前刹车片只剩 2 mm", proposes="front brake pads")
    assert (owner.sees, owner.proposals()) == ("your_answer", ["前刹车片"])
    owner.approves("前刹车片")
    assert (owner.sees, store.part_states(order)) == ("in_work", ["reserved"])
    wang.takes(order, "brake pads", 1)
    wang.finishes(order)
    assert order.state == "qc"
    store.inspector.passes(order)
    assert (order.state, owner.sees) == ("ready", "to_settle")
    store.cashier.takes_payment(order, Money.yuan(1000), Money.yuan(60))
    anna.hands_over(order)
    assert (order.state, owner.sees, store.stock("brake pads")) == ("delivered", "handed_over", 39)


def test_what_the_owner_declines_waits_for_his_next_visit(store):
    anna, wang = store.advisor("Anna"), store.technician("Wang")
    order = anna.receives("沪A80001", mileage=41_000, wants="safety check")
    anna.dispatches(order, to=wang)
    wang.starts(order)
    wang.finds(order, "前刹车片只剩 3 mm", proposes="front brake pads")
    store.owner_of(order).declines("前刹车片")
    wang.finishes(order)
    store.cashier.takes_payment(order, Money.yuan(160))
    anna.hands_over(order)
    (advice,) = order.vehicle.advice.all()
    assert (advice.text, advice.refused, advice.resolved_at) == ("前刹车片", True, None)
    assert store.stock("brake pads") == 40


def test_the_inspector_sends_a_job_back_and_its_hours_are_billed_once(store):
    anna, wang = store.advisor("Anna"), store.technician("Wang")
    order = anna.receives("沪A80001", mileage=41_000, wants="brakes squeal")
    anna.dispatches(order, to=wang)
    wang.finishes(order)
    store.inspector.sends_back(order, because="异响还在")
    assert (order.state, order.sent_back) == ("working", 1)
    wang.finishes(order)
    store.inspector.passes(order)
    (bill,) = store.open_bills(order)
    assert bill.net_due == Money.yuan(320)


def test_a_part_that_was_not_needed_goes_back_on_the_shelf(store):
    anna, wang = store.advisor("Anna"), store.technician("Wang")
    order = anna.receives("沪A80001", mileage=20_400, wants="20,000 km service")
    anna.dispatches(order, to=wang)
    wang.takes(order, "oil filter", 1)
    wang.takes(order, "oil", 4)
    store.keeper.takes_back(order, "oil", 1)
    wang.finishes(order)
    assert (order.state, store.stock("oil")) == ("ready", 37)
    (bill,) = store.open_bills(order)
    assert bill.net_due == Money.yuan(545)


def test_a_job_waits_for_the_part_that_the_keeper_has_ordered_and_begins_when_it_is_here(store):
    anna, wang = store.advisor("Anna"), store.technician("Wang")
    store.keeper.finds_none("brake pads")
    order = anna.receives("沪A80001", mileage=41_000, wants="front brake pads")
    assert (store.part_states(order), store.begins(order)) == (["backordered"], None)
    assert store.cannot_begin() == [("沪A80001", "前刹车片", "前刹车片")]
    tomorrow = store.clock.now.replace(hour=2, minute=0) + timedelta(days=1)  # 10:00 by the store's clock
    store.keeper.orders(order, "brake pads", here_at=tomorrow)
    assert store.begins(order) == tomorrow
    assert store.cannot_begin() == [("沪A80001", "前刹车片", "前刹车片")]
    store.keeper.receives("brake pads", 2)
    assert (store.part_states(order), store.begins(order)) == (["reserved"], store.clock.now)
    assert store.cannot_begin() == []
    anna.dispatches(order, to=wang)
    wang.takes(order, "brake pads", 1)
    wang.finishes(order)
    store.inspector.passes(order)
    assert (order.state, store.stock("brake pads")) == ("ready", 1)


def test_two_advisors_open_the_same_car_and_one_of_them_wins(store):
    anna, lina = store.advisor("Anna"), store.advisor("Lina")
    order = anna.receives("沪A80001", mileage=20_400, wants="20,000 km service")
    with pytest.raises(Refused) as refusal:
        lina.receives("沪A80001", mileage=20_400, wants="safety check")
    assert (refusal.value.code, refusal.value.facts["no"]) == ("workshop.order.car_has_order", order.no)
    assert store.free("oil filter") == 39


def test_nobody_leaves_without_paying(store):
    anna, wang = store.advisor("Anna"), store.technician("Wang")
    order = anna.receives("沪A80001", mileage=20_400, wants="safety check")
    anna.dispatches(order, to=wang)
    wang.finishes(order)
    with pytest.raises(Refused) as refusal:
        anna.hands_over(order)
    assert (refusal.value.code, refusal.value.facts["state"]) == ("workshop.order.not_now", "ready")
