"""Lines: what is added, asked, answered, priced, taken off."""

from __future__ import annotations

import pytest

from cheyi.foundation.acts import undo
from cheyi.foundation.models import AuditEntry
from cheyi.kernel import Rate, Refused
from cheyi.parts.models import RequestLine
from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted, PartWanted
from cheyi.workshop.models import Advice, Answer, Finding, LabourLine, PartLine, WorkOrder
from tests.foundation.org import NOW
from tests.workshop.shop import after, everything, q, yuan


def last_undo(shop, code, by):
    return undo(AuditEntry.objects.filter(code=code).latest("pk").uid, by=by, now=NOW)


def states(order):
    tables = (LabourLine, PartLine)
    return [line.state for table in tables for line in table.objects.filter(order=order).order_by("pk")]


def test_a_job_added_at_the_counter_is_approved_and_its_parts_are_kept(shop):
    order = shop.opened("DT004")
    actions.add_line(order, jobs=[JobWanted("CH001")], by=shop.advisor, now=NOW)
    order = shop.fresh(order)
    assert order.estimate_total == order.approved_total == yuan("900.00")
    assert [line.state for line in shop.parts_of(order)] == ["reserved"]
    last_undo(shop, "workshop.line.added", shop.advisor)
    order = shop.fresh(order)
    assert (order.estimate_total, RequestLine.objects.get().state) == (yuan(160), "cancelled")


def test_a_removed_job_takes_its_parts_along_and_comes_back_whole(shop):
    order = shop.opened("MA001", "DT004")
    actions.remove_line(shop.labour(order), reason="客户不做", by=shop.advisor, now=NOW)
    assert states(order) == ["cancelled", "approved", "cancelled", "cancelled"]
    assert shop.fresh(order).estimate_total == yuan(160)
    assert {line.state for line in RequestLine.objects.all()} == {"cancelled"}
    last_undo(shop, "workshop.line.removed", shop.advisor)
    assert states(order) == ["approved", "approved", "reserved", "reserved"]
    assert shop.fresh(order).estimate_total == yuan(800)


def test_a_job_with_an_issued_part_is_not_removed(shop):
    order = shop.opened("MA001")
    shop.hand_out(order)
    before = everything(LabourLine, PartLine, RequestLine)
    with pytest.raises(Refused) as refusal:
        actions.remove_line(shop.labour(order), by=shop.advisor, now=NOW)
    assert refusal.value.code == "workshop.line.part_issued"
    assert everything(LabourLine, PartLine, RequestLine) == before


def test_once_at_work_new_jobs_ask_the_customer(shop):
    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    with pytest.raises(Refused) as refusal:
        actions.add_line(order, jobs=[JobWanted("CH001")], by=shop.advisor, now=NOW)
    assert (refusal.value.code, refusal.value.facts["verb"]) == ("workshop.order.not_now", "add_line")
    actions.add_extra(order, jobs=[JobWanted("CH001")], by=wang, now=NOW)
    order = shop.fresh(order)
    assert (order.state, states(order)) == ("working", ["working", "pending", "pending"])
    assert (order.estimate_total, order.approved_total) == (yuan(900), yuan(160))
    assert RequestLine.objects.count() == 0
    assert shop.told() == ["opened", "started", "asked"]


def test_a_yes_is_kept_with_what_was_shown_and_asks_the_store(shop):
    order = shop.opened("DT004")
    actions.add_extra(order, jobs=[JobWanted("CH001")], by=shop.advisor, now=NOW)
    line = shop.labour(order, 1)
    actions.approve([line], via="phone", answered_by="方太太", by=shop.advisor, now=after(minutes=5))
    line = shop.labour(order, 1)
    assert (line.state, line.decided_via, line.decided_by, line.decided_net) == (
        "approved",
        "phone",
        "方太太",
        yuan(320),
    )
    assert [line.state for line in shop.parts_of(order)] == ["reserved"]
    assert [(row.wording, row.net, row.approved, row.via) for row in Answer.objects.order_by("pk")] == [
        ("前刹车片", yuan(320), True, "phone"),
        ("前刹车片", yuan(420), True, "phone"),
    ]
    assert shop.fresh(order).approved_total == yuan(900)


def test_a_no_waits_as_advice_on_the_car(shop):
    order = shop.opened("DT004")
    actions.add_extra(order, jobs=[JobWanted("CH001")], by=shop.advisor, now=NOW)
    actions.decline([shop.labour(order, 1)], via="link", by=shop.advisor, now=NOW)
    assert states(order) == ["approved", "declined", "declined"]
    row = Advice.objects.get()
    assert (row.text, row.price, row.refused, row.vehicle_id) == ("前刹车片", yuan(320), True, order.vehicle_id)
    assert shop.fresh(order).estimate_total == yuan(160)
    with pytest.raises(Refused) as refusal:
        actions.approve([shop.labour(order, 1)], by=shop.advisor, now=NOW)
    assert refusal.value.code == "workshop.line.not_now"


def test_an_answer_is_taken_back_while_nobody_acted_on_it(shop):
    order = shop.opened("DT004")
    actions.add_extra(order, jobs=[JobWanted("CH001")], by=shop.advisor, now=NOW)
    actions.approve([shop.labour(order, 1)], by=shop.advisor, now=NOW)
    last_undo(shop, "workshop.line.extra_decided", shop.advisor)
    assert states(order) == ["approved", "pending", "pending"]
    assert RequestLine.objects.get().state == "cancelled"
    actions.decline([shop.labour(order, 1)], by=shop.advisor, now=NOW)
    last_undo(shop, "workshop.line.extra_decided", shop.advisor)
    assert (states(order), Advice.objects.get().resolved_at) == (["approved", "pending", "pending"], NOW)
    assert Answer.objects.count() == 4


def test_a_finding_with_an_operation_becomes_a_proposed_line(shop):
    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    finding = actions.report_finding(
        order, item="前刹车片薄", measured="2", unit="mm", op=shop.op("CH001"), urgency="now", by=wang, now=NOW
    )
    finding = shop.fresh(finding)
    assert (finding.system, finding.line, finding.reported_by) == ("CH", shop.labour(order, 1), "王建国")
    assert shop.labour(order, 1).state == "pending"
    actions.approve([shop.labour(order, 1)], by=shop.advisor, now=NOW)
    assert shop.fresh(finding).decision == "approve"
    assert Finding.objects.count() == 1


def test_a_finding_without_words_is_refused(shop):
    order = shop.opened("DT004")
    with pytest.raises(Refused) as refusal:
        actions.report_finding(order, item=" ", by=shop.advisor, now=NOW)
    assert refusal.value.code == "workshop.finding.no_words"


def test_an_extra_approved_when_the_car_was_ready_opens_the_order_again(shop):
    order = shop.ready("DT004")
    actions.add_extra(order, jobs=[JobWanted("CH001")], by=shop.advisor, now=NOW)
    actions.approve([shop.labour(order, 1)], by=shop.advisor, now=after(hours=1))
    order = shop.fresh(order)
    assert (order.state, states(order)) == ("working", ["passed", "approved", "reserved"])


def test_a_discount_within_the_own_limit_stands_and_a_larger_one_waits(shop):
    order = shop.opened("CH001")
    line = actions.discount(shop.labour(order), rate=Rate.percent(10), reason="老客户", by=shop.advisor, now=NOW)
    assert (line.net, line.discount_waits) == (yuan(288), False)
    line = actions.discount(line, rate=Rate.percent(20), reason="老客户", by=shop.advisor, now=NOW)
    assert (line.net, line.discount_waits) == (yuan(256), True)
    with pytest.raises(Refused) as refusal:
        actions.approve_discount(line, by=shop.advisor, now=NOW)
    assert refusal.value.code == "workshop.line.discount_too_high"
    assert not actions.approve_discount(line, by=shop.manager, now=NOW).discount_waits
    assert shop.fresh(order).estimate_total == yuan("676.00")


def test_a_discount_is_undone_to_the_rate_before(shop):
    order = shop.opened("CH001")
    actions.discount(shop.labour(order), rate=Rate.percent(10), reason="老客户", by=shop.advisor, now=NOW)
    last_undo(shop, "workshop.line.discounted", shop.advisor)
    assert (shop.labour(order).net, shop.fresh(order).estimate_total) == (yuan(320), yuan(740))


def test_below_cost_only_the_store_manager_sells(shop):
    order = shop.opened("CH001")
    shop.hand_out(order)
    (part,) = shop.parts_of(order)
    assert part.cost == yuan(40)
    with pytest.raises(Refused) as refusal:
        actions.change_price(part, unit_price=yuan(39), reason="处理", by=shop.advisor, now=NOW)
    assert refusal.value.code == "workshop.line.below_cost"
    assert shop.parts_of(order)[0].net == yuan(420)
    assert actions.change_price(part, unit_price=yuan(39), reason="处理", by=shop.manager, now=NOW).net == yuan(39)


def test_a_price_that_rises_after_the_answer_asks_for_a_new_one(shop):
    from cheyi.workshop.queries.facts import order_facts
    from cheyi.workshop.rules.missing import missing

    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    actions.change_price(shop.labour(order), unit_price=yuan(400), reason="加急", by=shop.advisor, now=NOW)
    assert ("answer", "settle") in [(one.code, one.blocks) for one in missing(order_facts(shop.fresh(order)))]
    actions.agree_to_price(shop.labour(order), via="phone", answered_by="方志强", by=shop.advisor, now=NOW)
    assert ("answer", "settle") not in [(one.code, one.blocks) for one in missing(order_facts(shop.fresh(order)))]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unit_price": yuan(300), "reason": " "}, "workshop.line.no_reason"),
        ({"unit_price": yuan(-1), "reason": "错"}, "workshop.line.bad_amount"),
    ],
)
def test_a_price_needs_a_reason_and_is_not_negative(shop, change, code):
    order = shop.opened("DT004")
    with pytest.raises(Refused) as refusal:
        actions.change_price(shop.labour(order), by=shop.advisor, now=NOW, **change)
    assert refusal.value.code == code
    assert shop.labour(order).net == yuan(160)


def test_payers_share_a_line_and_the_split_is_undone(shop):
    order = shop.opened("CH001")
    halves = {"customer": Rate.percent(50), "insurer": Rate.percent(50)}
    actions.split_payers(shop.labour(order), payer="insurer", shares=halves, by=shop.advisor, now=NOW)
    assert shop.labour(order).shares == [["customer", 5000], ["insurer", 5000]]
    assert shop.parts_of(order)[0].payer == "insurer"
    last_undo(shop, "workshop.line.payers_split", shop.advisor)
    assert (shop.labour(order).payer, shop.labour(order).shares, shop.parts_of(order)[0].payer) == (
        "customer",
        [],
        "customer",
    )


def test_less_of_a_part_frees_the_rest(shop):
    order = shop.opened("MA001")
    oil = actions.change_quantity(shop.parts_of(order)[0], quantity=q("3.5"), by=shop.advisor, now=NOW)
    assert (str(oil.quantity), oil.net, oil.state) == ("3.5", yuan("332.50"), "reserved")
    assert [(row.on_hand, row.reserved) for row in shop.oil.balances.all()] == [(q(40), q("3.5"))]


def test_a_part_half_handed_out_may_stay_at_that(shop):
    from cheyi.parts import actions as parts

    order = shop.opened("MA001")
    line = RequestLine.objects.get(part=shop.oil)
    parts.issue(line, quantity=q(3), typed_number="OIL-5W30", by=shop.keeper, now=NOW)
    with pytest.raises(Refused) as refusal:
        actions.change_quantity(shop.parts_of(order)[0], quantity=q("2.5"), by=shop.advisor, now=NOW)
    assert refusal.value.code == "workshop.line.part_issued"
    oil = actions.change_quantity(shop.parts_of(order)[0], quantity=q(3), by=shop.advisor, now=NOW)
    assert (oil.state, str(oil.quantity), oil.net) == ("issued", "3", yuan(285))
    assert RequestLine.objects.get(part=shop.oil).state == "issued"


def test_a_single_part_joins_an_order(shop):
    order = shop.opened("DT004")
    line = actions.add_part(order, part=PartWanted(q(1), shop.pads.pk), by=shop.advisor, now=NOW)
    assert (shop.fresh(line).state, line.net, shop.fresh(order).estimate_total) == ("reserved", yuan(420), yuan(580))


def test_a_fee_added_during_work_asks_the_customer(shop):
    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    early = actions.add_fee(order, name="拖车", amount=yuan(300), fee="towing", by=shop.advisor, now=NOW)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    late = actions.add_sublet(order, name="外加工焊接", price=yuan(200), cost=yuan(120), by=shop.advisor, now=NOW)
    assert (early.state, late.state, late.source) == ("approved", "pending", "extra")
    order = shop.fresh(order)
    assert (order.estimate_total, order.approved_total) == (yuan(660), yuan(460))
    actions.approve([late], via="phone", by=shop.advisor, now=NOW)
    assert shop.fresh(order).approved_total == yuan(660)


def test_a_settled_order_is_frozen(shop):
    order = shop.pay(shop.ready("DT004"))
    assert order.state == "settled"
    before = everything(WorkOrder, LabourLine)
    for attempt in (
        lambda: actions.discount(shop.labour(order), rate=Rate.percent(5), reason="x", by=shop.advisor, now=NOW),
        lambda: actions.change_price(shop.labour(order), unit_price=yuan(1), reason="x", by=shop.manager, now=NOW),
        lambda: actions.add_extra(order, jobs=[JobWanted("MA001")], by=shop.advisor, now=NOW),
        lambda: actions.remove_line(shop.labour(order), by=shop.advisor, now=NOW),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.code == "workshop.order.not_now"
    assert everything(WorkOrder, LabourLine) == before
