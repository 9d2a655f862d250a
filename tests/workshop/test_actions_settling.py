"""Bills, payment, settlement, hand-over, and everything taken back again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cheyi.foundation.models import Message, Todo
from cheyi.foundation.refusals import sentence
from cheyi.kernel import Money, Rate, Refused
from cheyi.parts.models import RequestLine
from cheyi.settlement import queries as bills
from cheyi.settlement.actions import Tender
from cheyi.settlement.models import Bill, Payment
from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted, LeavingCar
from cheyi.workshop.actions.stock import source_of
from cheyi.workshop.models import LabourLine, WorkOrder
from tests.foundation.org import NOW
from tests.workshop.shop import after, everything, yuan

NOT_SAID = LeavingCar(old_parts_choice="give_up", keys_out=True)


def open_bills(order):
    return {view.bill.payer_type: view.bill for view in bills.bills_of(source_of(order))}


def test_a_ready_order_has_its_bill_at_once(shop):
    order = shop.ready("MA001")
    (view,) = bills.bills_of(source_of(order))
    assert (view.bill.state, view.bill.net_due, view.bill.source_label) == ("due", yuan(640), order.no)
    assert [(line.kind, line.code, line.amount_text, line.unit, line.net) for line in view.lines] == [
        ("labour", "MA001", "0.6", "h", yuan(192)),
        ("part", "OIL-5W30", "4", "升", yuan(380)),
        ("part", "FLT-001", "1", "个", yuan(68)),
    ]


def test_the_last_payment_settles_the_order(shop):
    order = shop.pay(shop.ready("MA001"))
    assert order.state == "settled"
    assert shop.labour(order).cost == yuan(30)


def test_a_payment_is_refused_while_something_is_missing(shop):
    order = shop.ready("DT004", mileage=None)
    before = everything(WorkOrder, Bill, Payment)
    with pytest.raises(Refused) as refusal:
        shop.pay(order)
    assert (refusal.value.code, refusal.value.facts["target"]) == ("workshop.order.mileage_missing", "mileage")
    assert everything(WorkOrder, Bill, Payment) == before
    actions.confirm_mileage(order, km=20_500, by=shop.advisor, now=NOW)
    assert shop.pay(order).state == "settled"


def test_each_payer_has_his_bill_and_the_shares_add_up(shop):
    wang = shop.technician()
    order = actions.open_order(
        vehicle=shop.car(),
        jobs=[
            JobWanted("EL003", payer="oem"),
            JobWanted("DT004", shares={"customer": Rate(3333), "internal": Rate(6667)}),
        ],
        mileage=20_400,
        order_type="maintenance",
        dispatch_to=shop.employee(wang),
        by=shop.advisor,
        now=NOW,
    )
    order = shop.work(order, wang)
    found = open_bills(order)
    assert {payer: (bill.net_due + bill.rounding_off, bill.state) for payer, bill in found.items()} == {
        "customer": (yuan("53.33"), "due"),
        "oem": (yuan(120), "on_credit"),
        "internal": (yuan("106.67"), "on_credit"),
    }
    assert shop.pay(order).state == "settled"


def test_work_on_the_house_is_settled_by_itself(shop):
    wang = shop.technician()
    order = actions.open_order(
        vehicle=shop.car(),
        jobs=[JobWanted("DT004", payer="internal")],
        mileage=20_400,
        dispatch_to=shop.employee(wang),
        by=shop.advisor,
        now=NOW,
    )
    assert (order.type, shop.work(order, wang).state) == ("internal", "settled")


def test_a_discount_on_a_ready_order_writes_the_bill_anew(shop):
    order = shop.ready("DT004")
    actions.discount(shop.labour(order), rate=Rate.percent(10), reason="老客户", by=shop.advisor, now=NOW)
    assert open_bills(order)["customer"].net_due == yuan(144)
    assert Bill.objects.filter(state="void").count() == 1


def test_a_discount_that_waits_blocks_the_payment(shop):
    order = shop.ready("DT004")
    actions.discount(shop.labour(order), rate=Rate.percent(30), reason="投诉补偿", by=shop.advisor, now=NOW)
    with pytest.raises(Refused) as refusal:
        shop.pay(order)
    assert refusal.value.code == "workshop.order.discount_approval_missing"
    actions.approve_discount(shop.labour(order), by=shop.manager, now=NOW)
    assert shop.pay(order).state == "settled"


def test_the_car_leaves_with_its_traces(shop):
    order = shop.pay(shop.ready("MA001", mileage=20_400))
    order = shop.handed_over(order, mileage_out=20_403, now=after(hours=3))
    assert (order.state, order.delivered_at, order.list_given) == ("delivered", after(hours=3), "link")
    car = shop.fresh(shop.car())
    assert (car.last_mileage, car.last_service_km, car.next_service_km) == (20_403, 20_403, 30_403)
    assert (order.next_service_km, order.next_service_on) == (car.next_service_km, car.next_service_on)
    todo = Todo.objects.get(kind="workshop.todo.call_back")
    assert (todo.role, todo.source_id, todo.due_at) == ("care_agent", order.pk, datetime(2026, 6, 18, 10, tzinfo=UTC))
    assert order.progress_link.expires_at == after(hours=3) + timedelta(days=30)
    assert sorted(shop.told(now=after(hours=3))) == ["delivered", "opened", "settled", "started"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"keys_out": False}, "keys_missing"),
        ({"mileage_out": 20_399}, "mileage_out_missing"),
        ({"old_parts_choice": ""}, "old_parts_choice_missing"),
        ({"list_given": ""}, "settlement_list_missing"),
    ],
)
def test_a_car_leaves_with_keys_mileage_old_parts_and_list(shop, said, code):
    order = shop.pay(shop.ready("MA001"))
    before = everything(WorkOrder, Todo)
    with pytest.raises(Refused) as refusal:
        shop.handed_over(order, **said)
    assert refusal.value.code == f"workshop.order.{code}"
    assert everything(WorkOrder, Todo) == before


def test_an_unpaid_car_stays(shop):
    order = shop.ready("DT004")
    with pytest.raises(Refused) as refusal:
        shop.handed_over(order)
    assert (refusal.value.code, refusal.value.facts["state"]) == ("workshop.order.not_now", "ready")


def test_one_button_takes_the_money_and_hands_the_car_over(shop):
    order = shop.ready("MA001")
    payments = actions.pay_and_hand_over(
        order,
        tenders=[Tender("wechat", yuan(600), "WX1"), Tender("cash", yuan(50))],
        leaving=NOT_SAID,
        by=shop.cashier,
        now=NOW,
    )
    assert [(row.method, row.amount, row.change) for row in payments] == [
        ("wechat", yuan(600), yuan(0)),
        ("cash", yuan(40), yuan(10)),
    ]
    assert shop.fresh(order).state == "delivered"


def test_too_little_money_hands_nothing_over(shop):
    order = shop.ready("MA001")
    before = everything(WorkOrder, Bill, Payment)
    with pytest.raises(Refused) as refusal:
        actions.pay_and_hand_over(
            order, tenders=[Tender("cash", yuan(100))], leaving=NOT_SAID, by=shop.cashier, now=NOW
        )
    assert (refusal.value.code, refusal.value.field) == ("workshop.order.bills_open", "amount")
    assert sentence(refusal.value) == "还差 ¥540.00 没收，先收款"
    assert everything(WorkOrder, Bill, Payment) == before


def test_a_settlement_is_taken_back_by_two_people(shop):
    order = shop.pay(shop.ready("MA001"))
    accountant = shop.town.person("accountant")
    for approver in (None, accountant, shop.advisor):
        with pytest.raises(Refused) as refusal:
            actions.unsettle(order, reason="收错", approver=approver, by=accountant, now=NOW)
        assert refusal.value.code == "workshop.order.second_person"
    order = actions.unsettle(order, reason="收错", approver=shop.manager, by=accountant, now=NOW)
    assert (order.state, order.settled_at) == ("ready", None)
    assert Payment.objects.get().state == "refunded"
    assert open_bills(order)["customer"].state == "due"
    assert shop.pay(order).state == "settled"


def test_a_ready_order_is_reopened_and_its_bill_withdrawn(shop):
    order = shop.ready("MA001")
    order = actions.reopen(order, reason="漏做", by=shop.foreman, now=NOW)
    assert (order.state, order.checks, open_bills(order)) == ("working", [], {})
    assert [line.state for line in shop.parts_of(order)] == ["issued", "issued"]


def test_a_partly_paid_order_is_not_reopened(shop):
    from cheyi.settlement import actions as settlement

    order = shop.ready("MA001")
    settlement.take_payment(
        list(open_bills(order).values()), [Tender("cash", yuan(100))], store=shop.store, by=shop.cashier, now=NOW
    )
    with pytest.raises(Refused) as refusal:
        actions.reopen(order, reason="漏做", by=shop.foreman, now=NOW)
    assert refusal.value.code == "workshop.order.money_taken"
    assert shop.fresh(order).state == "ready"


def test_a_car_without_a_vin_is_closed_when_the_vin_is_known(shop):
    car = shop.car("沪A80009", vin="")
    order = shop.handed_over(shop.pay(shop.ready("DT004", car=car)))
    with pytest.raises(Refused) as refusal:
        actions.close(order, by=shop.manager, now=after(days=16))
    assert refusal.value.code == "workshop.order.vin_missing"
    type(car).objects.filter(pk=car.pk).update(vin="LSVAA4184N2183294")
    order = actions.close(order, by=shop.manager, now=after(days=16))
    assert (order.state, order.vin) == ("closed", "LSVAA4184N2183294")


def test_the_same_fault_comes_back_free_of_charge(shop):
    order = actions.pass_check(shop.ready("CH001"), answers=shop.ticked(), road_test_km=3, by=shop.inspector, now=NOW)
    order = shop.handed_over(shop.pay(order), now=NOW)
    with pytest.raises(Refused) as refusal:
        actions.come_back(order, lines=[shop.labour(order)], mileage=31_000, by=shop.advisor, now=after(days=10))
    assert refusal.value.code == "workshop.order.guarantee_over"
    rework = actions.come_back(order, lines=[shop.labour(order)], mileage=20_900, by=shop.advisor, now=after(days=10))
    line = LabourLine.objects.get(order=rework)
    assert (rework.type, rework.rework_of_id, rework.flow_profile.code) == ("rework", order.pk, "standard")
    assert (line.payer, line.source, line.rework_of) == ("internal", "rework", shop.labour(order))
    assert shop.parts_of(rework) == []
    actions.set_responsibility(rework, responsibility="workshop", by=shop.inspector, now=after(days=10))
    assert shop.fresh(rework).rework_responsibility == "workshop"


def test_an_order_with_nothing_done_is_cancelled(shop):
    order = shop.opened("MA001", to=shop.technician())
    shop.run_jobs()
    order = actions.cancel(order, reason="客户放弃", by=shop.manager, now=NOW)
    assert (order.state, order.cancel_reason) == ("cancelled", "客户放弃")
    assert (order.estimate_total, order.approved_total) == (Money(0), Money(0))
    assert {line.state for line in RequestLine.objects.all()} == {"cancelled"}
    assert Message.objects.get().state == "withdrawn"


def test_an_order_cancelled_at_once_tells_nobody(shop):
    actions.cancel(shop.opened("MA001"), reason="录入错误", by=shop.advisor, now=NOW)
    assert shop.told() == []


def test_parts_that_are_out_come_back_before_the_order_ends(shop):
    order = shop.opened("CH001", to=shop.technician())
    shop.hand_out(order)
    with pytest.raises(Refused) as refusal:
        actions.cancel(order, reason="客户放弃", by=shop.manager, now=NOW)
    assert refusal.value.code == "workshop.order.parts_outstanding"


def test_stopped_work_bills_what_is_done(shop):
    wang = shop.technician()
    order = shop.opened("DT004", "CH001", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    actions.finish_job(shop.labour(order), self_checked=True, by=wang, now=NOW)
    actions.start_job(shop.labour(order, 1), by=wang, now=NOW)
    with pytest.raises(Refused) as refusal:
        actions.cancel(order, reason="客户放弃", by=shop.manager, now=NOW)
    assert refusal.value.code == "workshop.order.work_is_done"
    order = actions.stop_work(order, reason="客户放弃", by=shop.manager, now=after(minutes=5))
    assert (order.state, [shop.labour(order, place).state for place in (0, 1)]) == ("ready", ["passed", "cancelled"])
    assert (shop.parts_of(order)[0].state, open_bills(order)["customer"].net_due) == ("cancelled", yuan(160))


def test_a_promise_moves_and_keeps_its_history(shop):
    order = shop.opened("DT004", promised_at=after(hours=2))
    assert (order.promised_at, order.first_promised_at) == (after(hours=2), after(hours=2))
    with pytest.raises(Refused) as refusal:
        actions.change_promise(order, promised_at=NOW, by=shop.advisor, now=NOW)
    assert refusal.value.code == "workshop.order.promise_in_the_past"
    order = actions.change_promise(order, promised_at=after(hours=5), reason="缺件", by=shop.advisor, now=NOW)
    assert (order.promised_at, order.first_promised_at) == (after(hours=5), after(hours=2))
    assert [(row.old_at, row.new_at, row.reason) for row in order.promises.all()] == [
        (after(hours=2), after(hours=5), "缺件")
    ]


def test_somebody_elses_change_is_noticed(shop):
    order = shop.opened("DT004")
    seen = order.version
    actions.describe(order, diagnosis="异响来自左前", version=seen, by=shop.advisor, now=NOW)
    with pytest.raises(Refused) as refusal:
        actions.describe(order, diagnosis="没有异响", version=seen, by=shop.foreman, now=NOW)
    assert refusal.value.code == "workshop.order.changed_meanwhile"
    assert shop.fresh(order).diagnosis == "异响来自左前"


def test_a_car_without_an_owner_is_not_settled(shop):
    wang = shop.technician()
    order = shop.work(shop.opened("DT004", car=shop.car(owner=False), to=wang), wang)
    with pytest.raises(Refused) as refusal:
        shop.pay(order)
    assert refusal.value.code == "workshop.order.customer_missing"
    actions.set_customer(order, customer=shop.customer(), by=shop.advisor, now=NOW)
    assert shop.pay(order).state == "settled"


def test_the_day_of_the_follow_up_is_the_third(shop):
    from cheyi.workshop.actions.handing_over import follow_up_at

    assert shop.store.local(follow_up_at(shop.store, NOW)).date() == date(2026, 6, 18)
