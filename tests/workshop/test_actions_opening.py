"""Opening an order: nothing but the car is needed, prices and parts follow, one open order per car."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.translation import override

from cheyi.foundation.models import AuditEntry, Fact, SearchKey
from cheyi.foundation.scope import within
from cheyi.kernel import Hours, Rate, Refused
from cheyi.parts.models import PartsRequest, RequestLine
from cheyi.vehicles.models import MileageReading
from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted, PartWanted
from cheyi.workshop.models import Assignment, FeeLine, LabourLine, OrderSpell, PartLine, ProgressLink, WorkOrder
from tests.foundation.org import NOW
from tests.workshop.shop import VIN, everything, q, yuan


def test_an_order_needs_nothing_but_the_car(shop):
    car = shop.car(owner=False)
    order = actions.open_order(vehicle=car, by=shop.advisor, now=NOW)
    assert (order.no, order.state, order.plate, order.type) == ("ROSH012606150001", "open", "沪A80001", "repair")
    assert (order.customer, order.mileage_in, order.mileage_confirmed) == (None, None, False)
    assert [spell.state for spell in OrderSpell.objects.filter(order=order)] == ["open"]
    assert ProgressLink.objects.get(order=order).expires_at is None


def test_a_job_brings_its_hours_rate_and_parts(shop):
    order = shop.opened("MA001")
    line = shop.labour(order)
    assert (line.state, line.std_hours, line.sold_hours, line.rate) == (
        "approved",
        Hours.of("0.6"),
        Hours.of("0.6"),
        yuan(320),
    )
    assert (line.gross, line.net, line.decided_net, line.decided_via) == (yuan(192), yuan(192), yuan(192), "counter")
    assert [(one.part_no, str(one.quantity), one.net) for one in shop.parts_of(order)] == [
        ("OIL-5W30", "4", yuan(380)),
        ("FLT-001", "1", yuan(68)),
    ]
    assert (order.estimate_total, order.approved_total) == (yuan(640), yuan(640))
    assert (order.type, order.flow_profile.code, order.regulatory_class) == ("maintenance", "express", "level_1")


def test_parts_are_asked_for_and_kept_at_once(shop):
    order = shop.opened("MA001")
    assert [line.state for line in shop.parts_of(order)] == ["reserved", "reserved"]
    request = PartsRequest.objects.get()
    assert (request.source_kind, request.source_id, request.source_label) == ("workshop.order", order.pk, order.no)
    assert (request.plate, request.vin_end) == (order.plate, order.vin[-6:]) == ("沪A80001", VIN[-6:])
    assert list(RequestLine.objects.order_by("pk").values_list("source_line_id", flat=True)) == [
        line.pk for line in shop.parts_of(order)
    ]


def test_a_part_that_is_not_there_is_short_and_the_order_opens_all_the_same(shop):
    rare = shop.part("RARE-1", "稀有件", "999")
    order = actions.open_order(
        vehicle=shop.car(),
        jobs=[JobWanted("CH001", parts=[PartWanted(q(1), shop.pads.pk), PartWanted(q(2), rare.pk)])],
        by=shop.advisor,
        now=NOW,
    )
    assert [line.state for line in shop.parts_of(order)] == ["reserved", "backordered"]
    assert order.state == "open"


def test_the_customers_own_part_costs_nothing_and_is_not_asked_for(shop):
    order = actions.open_order(
        vehicle=shop.car(),
        jobs=[JobWanted("CH001", parts=[PartWanted(q(1), name="自带刹车片")])],
        by=shop.advisor,
        now=NOW,
    )
    (line,) = shop.parts_of(order)
    assert (line.name, line.grade, line.state, line.net) == ("自带刹车片", "customer", "approved", yuan(0))
    assert PartsRequest.objects.count() == 0


def test_a_member_gets_his_discount_and_the_maker_the_claim_rate(shop):
    car = shop.car(level="gold")
    order = actions.open_order(
        vehicle=car, jobs=[JobWanted("MA001"), JobWanted("EL003", payer="oem")], by=shop.advisor, now=NOW
    )
    own, claim = shop.labour(order, 0), shop.labour(order, 1)
    assert (own.discount_rate, own.discount, own.net) == (Rate.percent(10), yuan("19.20"), yuan("172.80"))
    assert [line.discount for line in shop.parts_of(order)] == [yuan(19), yuan("3.40")]
    assert (claim.rate_code, claim.rate, claim.discount, claim.net) == ("W", yuan(150), yuan(0), yuan(120))


def test_a_fee_operation_becomes_a_fee(shop):
    order = shop.opened("DT007")
    fee = FeeLine.objects.get(order=order)
    assert (fee.fee, fee.name, fee.net, fee.state) == ("towing", "救援拖车", yuan(400), "approved")
    assert LabourLine.objects.count() == 0


def test_an_order_can_be_dispatched_in_the_same_act(shop):
    wang = shop.technician()
    order = shop.opened("MA001", "DT004", to=wang)
    assert order.state == "dispatched"
    assert [line.state for line in LabourLine.objects.order_by("seq")] == ["assigned", "assigned"]
    assert set(Assignment.objects.values_list("technician_id", flat=True)) == {wang.employee_id}
    assert list(
        Fact.objects.filter(code__startswith="workshop.order").order_by("pk").values_list("code", flat=True)
    ) == [
        "workshop.order.opened",
        "workshop.order.dispatched",
    ]
    assert [spell.state for spell in OrderSpell.objects.order_by("pk")] == ["open", "dispatched"]


def test_an_unread_odometer_is_expected_to_have_gone_on_since_it_was_last_read(shop):
    first = shop.opened("MA001", mileage=20_000)
    actions.cancel(first, reason="重复开单", by=shop.advisor, now=NOW)
    later = actions.open_order(vehicle=first.vehicle, by=shop.advisor, now=NOW + timedelta(days=30))
    assert (later.vehicle.avg_daily_km, later.mileage_in) == (q("40"), 20_000 + 30 * 40)
    assert later.mileage_confirmed is False


def test_the_mileage_is_recorded_and_a_lower_one_needs_its_reason(shop):
    order = shop.opened("MA001")
    assert (order.mileage_in, order.mileage_confirmed) == (20_400, True)
    actions.cancel(order, reason="重复开单", by=shop.advisor, now=NOW)
    before = everything(WorkOrder, MileageReading, PartsRequest)
    with pytest.raises(Refused) as refusal:
        shop.opened("MA001", mileage=20_000)
    assert refusal.value.code == "vehicles.mileage.lower"
    assert everything(WorkOrder, MileageReading, PartsRequest) == before
    assert shop.opened("MA001", mileage=20_000, mileage_reason="typo").mileage_in == 20_000


def test_a_second_order_of_the_car_is_refused_and_names_the_first(shop):
    first = shop.opened("MA001")
    before = everything(WorkOrder, LabourLine, PartLine, PartsRequest, AuditEntry)
    with pytest.raises(Refused) as refusal:
        shop.opened("CH001", by=shop.town.person("advisor", "李娜"))
    assert refusal.value.code == "workshop.order.car_has_order"
    assert (refusal.value.field, refusal.value.facts["no"], refusal.value.facts["order"]) == (
        "second_order_reason",
        first.no,
        first.pk,
    )
    assert everything(WorkOrder, LabourLine, PartLine, PartsRequest, AuditEntry) == before
    assert shop.opened("CH001", second_order_reason="保险另开单").no == "ROSH012606150002"


def test_an_order_in_a_sister_store_asks_for_a_reason_too(shop):
    car = shop.car()
    sister = shop.town.sister
    with within(sister):
        actions.open_order(
            vehicle=car, second_order_reason="", by=shop.town.person("advisor", "西湖", store=sister), now=NOW
        )
    with pytest.raises(Refused) as refusal:
        shop.opened("MA001")
    assert refusal.value.code == "workshop.order.car_has_order_elsewhere"
    assert (refusal.value.facts["store"], refusal.value.facts["order"]) == ("西湖店", 0)
    assert shop.opened("MA001", second_order_reason="车已先开走").state == "open"


def test_a_delivered_car_may_have_a_new_order(shop):
    order = shop.handed_over(shop.pay(shop.ready("DT004")))
    assert order.state == "delivered"
    assert shop.opened("MA001", now=NOW + timedelta(days=30), mileage=21_000).state == "open"


@pytest.mark.parametrize(
    ("job", "code"),
    [
        (JobWanted("XX999"), "workshop.line.unknown_operation"),
        (JobWanted("MA001", payer="uncle"), "workshop.line.unknown_payer"),
        (JobWanted("MA001", shares={"customer": Rate.percent(50)}), "workshop.line.shares_not_whole"),
        (JobWanted("MA001", parts=[PartWanted(q(0))]), "workshop.line.bad_quantity"),
        (JobWanted("MA001", parts=[PartWanted(q(1), 999_999)]), "workshop.line.unknown_part"),
    ],
)
def test_a_job_that_cannot_be_is_refused_and_nothing_is_written(shop, job, code):
    car = shop.car()
    before = everything(WorkOrder, LabourLine, PartsRequest, SearchKey, AuditEntry)
    with pytest.raises(Refused) as refusal:
        actions.open_order(vehicle=car, jobs=[JobWanted("DT004"), job], by=shop.advisor, now=NOW)
    assert refusal.value.code == code
    assert everything(WorkOrder, LabourLine, PartsRequest, SearchKey, AuditEntry) == before


def test_a_reception_becomes_the_order_with_what_was_said(shop):
    draft = actions.receive(vehicle=shop.car(), request_text="刹车异响", by=shop.advisor, now=NOW)
    assert (draft.no, draft.state) == ("", "draft")
    actions.add_line(draft, jobs=[JobWanted("CH001")], by=shop.advisor, now=NOW)
    assert [line.state for line in shop.parts_of(draft)] == ["approved"]
    order = actions.open_order(
        vehicle=shop.car(),
        draft=draft,
        jobs=[JobWanted("MA001")],
        mileage=20_400,
        by=shop.advisor,
        now=NOW + timedelta(minutes=5),
    )
    assert (order.pk, order.no, order.state, order.request_text) == (draft.pk, "ROSH012606150001", "open", "刹车异响")
    assert [line.op_code for line in LabourLine.objects.order_by("seq")] == ["CH001", "MA001"]
    assert {line.state for line in shop.parts_of(order)} == {"reserved"}
    order = shop.fresh(order)
    assert order.estimate_total == yuan("1380.00")
    assert [(spell.state, spell.ended_at is None) for spell in OrderSpell.objects.order_by("pk")] == [
        ("draft", False),
        ("open", True),
    ]


def test_undoing_the_opening_cancels_it_and_frees_the_shelf(shop):
    from cheyi.foundation.acts import undo

    order = shop.opened("MA001", to=shop.technician())
    entry = AuditEntry.objects.get(code="workshop.order.opened")
    with override("en"):
        words = undo(entry.uid, by=shop.advisor, now=NOW)
    order = shop.fresh(order)
    assert (order.state, words) == ("cancelled", f"Order {order.no} is cancelled")
    assert {line.state for line in shop.parts_of(order)} == {"cancelled"}
    assert [(line.on_hand, line.reserved) for line in shop.pads.balances.all()] == [(q(40), q(0))]
    assert SearchKey.objects.filter(thing="order").count() == 0
    assert shop.opened("MA001").state == "open"
