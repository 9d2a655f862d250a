"""A lower price is the discount that it is: judged with the line's discount by one limit (domain.md 5.3, 10.4)."""

from importlib import import_module

import pytest
from django.apps import apps

from cheyi.foundation.acts import undo
from cheyi.foundation.models import AuditEntry
from cheyi.kernel import Hours, Money, Quantity, Rate, Refused
from cheyi.workshop import actions
from cheyi.workshop.models import FeeLine, LabourLine, PartLine, SubletLine
from cheyi.workshop.rules.pricing import DEAREST
from tests.foundation.org import NOW
from tests.workshop.shop import everything, yuan
from tests.workshop.test_actions_lines import last_undo

FEN = Money(1)


def priced(line, price, *, by):
    return actions.change_price(line, unit_price=price, reason="老客户", by=by, now=NOW)


def less(line, percent, *, by):
    return actions.discount(line, rate=Rate.percent(percent), reason="老客户", by=by, now=NOW)


@pytest.fixture
def line(shop):
    """One hour at 320 yuan."""
    line = shop.labour(shop.opened("CH001"))
    assert (line.sold_hours, line.rate, line.list_price) == (Hours.of(1), yuan(320), yuan(320))
    return line


@pytest.mark.parametrize(
    ("price", "waits"),
    [
        (yuan(320), False),
        (yuan(288), False),
        (yuan(288) - FEN, True),
        (FEN, True),
        (Money(0), True),
        (yuan(320) + FEN, False),
        (DEAREST, False),
    ],
)
def test_an_advisor_s_price_stands_down_to_ten_percent_below_the_list(shop, line, price, waits):
    changed = priced(line, price, by=shop.advisor)
    assert (changed.net, changed.discount_waits) == (price, waits)


@pytest.mark.parametrize("price", [Money(-1), yuan(-1), DEAREST + FEN, yuan(10**9)])
def test_a_price_below_nothing_or_beyond_all_reason_is_refused(shop, line, price):
    before = everything(LabourLine, PartLine)
    with pytest.raises(Refused) as refusal:
        priced(line, price, by=shop.advisor)
    assert refusal.value.code == ("workshop.line.bad_amount" if price < Money(0) else "workshop.line.too_dear")
    assert everything(LabourLine, PartLine) == before


@pytest.mark.parametrize(("hours", "waits"), [("1", False), ("0.9", False), ("0.89", True), ("0", True), ("2", False)])
def test_fewer_hours_are_a_lower_price(shop, line, hours, waits):
    changed = actions.change_price(line, hours=Hours.of(hours), reason="老客户", by=shop.advisor, now=NOW)
    assert (changed.net, changed.discount_waits) == (yuan(320).times(Hours.of(hours)), waits)


@pytest.mark.parametrize(("price", "waits"), [(yuan(399), False), (yuan(399) - FEN, True), (yuan(500), False)])
def test_a_part_s_price_stands_down_to_five_percent_below_the_list(shop, price, waits):
    (part,) = shop.parts_of(shop.opened("CH001"))
    assert part.list_price == yuan(420)
    changed = priced(part, price, by=shop.advisor)
    assert (changed.net, changed.discount_waits) == (price, waits)


@pytest.mark.parametrize(("amount", "waits"), [("190", False), ("189.99", True), ("0", True), ("300", False)])
def test_a_fee_s_list_is_what_it_was_put_on_the_order_for(shop, amount, waits):
    order = shop.opened("DT004")
    fee = actions.add_fee(order, name="拖车", amount=yuan(200), by=shop.advisor, now=NOW)
    assert priced(fee, yuan(amount), by=shop.advisor).discount_waits is waits


def test_price_and_discount_together_keep_to_one_limit_whichever_comes_first(shop, line):
    line = less(priced(line, yuan(304), by=shop.advisor), 5, by=shop.advisor)
    assert (line.net, line.discount_waits) == (yuan("288.80"), False)
    line = less(line, "5.27", by=shop.advisor)
    assert (line.net, line.discount_waits) == (yuan("287.98"), True)
    line = less(line, 10, by=shop.advisor)
    assert (line.net, line.discount_waits) == (yuan("273.60"), True)


def test_discount_and_then_price_keep_to_the_same_limit(shop, line):
    line = less(line, 10, by=shop.advisor)
    assert (line.net, line.discount_waits) == (yuan(288), False)
    line = priced(line, yuan(320) - FEN, by=shop.advisor)
    assert (line.net, line.discount_waits) == (yuan("287.99"), True)
    assert priced(line, yuan(320), by=shop.advisor).discount_waits is False


def test_price_and_hours_in_two_steps_keep_to_the_same_limit(shop, line):
    line = priced(line, yuan(288), by=shop.advisor)
    line = actions.change_price(line, hours=Hours.of("0.99"), reason="老客户", by=shop.advisor, now=NOW)
    assert (line.net, line.discount_waits) == (yuan("285.12"), True)


def test_a_price_above_the_list_does_not_make_room_for_a_larger_discount(shop, line):
    line = less(priced(line, yuan(640), by=shop.advisor), 50, by=shop.advisor)
    assert (line.net, line.discount_waits) == (yuan(320), True)


def test_fewer_pieces_leave_the_list_of_a_piece(shop):
    oil = shop.parts_of(shop.opened("MA001"))[0]
    oil = actions.change_quantity(oil, quantity=Quantity.of(2), by=shop.advisor, now=NOW)
    assert (oil.listed, priced(oil, yuan("90.25"), by=shop.advisor).discount_waits) == (yuan(190), False)
    assert priced(oil, yuan("90.24"), by=shop.advisor).discount_waits is True


def test_a_member_s_discount_counts_within_the_same_limit(shop):
    car = shop.car(level="silver")
    line = shop.labour(shop.opened("CH001", car=car))
    assert (line.net, line.list_price, line.discount_waits) == (yuan(304), yuan(320), False)
    line = priced(line, yuan("303.15"), by=shop.advisor)
    assert (line.net, line.discount_waits) == (yuan("287.99"), True)


def test_a_lower_price_waits_for_whoever_may_agree_to_it(shop, line):
    line = priced(line, yuan(200), by=shop.advisor)
    with pytest.raises(Refused) as refusal:
        actions.approve_discount(line, by=shop.advisor, now=NOW)
    assert refusal.value.code == "workshop.line.discount_too_high"
    assert refusal.value.facts == {"percent": "37.5", "limit": "10", "listed": yuan(320), "least": yuan(288)}
    service = shop.town.person("service_manager")
    with pytest.raises(Refused) as refusal:
        actions.approve_discount(line, by=service, now=NOW)
    assert (refusal.value.facts["limit"], refusal.value.facts["least"]) == ("20", yuan(256))
    assert actions.approve_discount(line, by=shop.manager, now=NOW).discount_waits is False
    assert shop.fresh(line).net == yuan(200)


def test_nobody_agrees_to_more_than_the_store_manager_s_limit(shop, line):
    line = priced(line, yuan(192) - FEN, by=shop.advisor)
    with pytest.raises(Refused) as refusal:
        actions.approve_discount(line, by=shop.manager, now=NOW)
    assert refusal.value.code == "workshop.line.discount_nobody"
    line = priced(line, yuan(192), by=shop.advisor)
    assert actions.approve_discount(line, by=shop.manager, now=NOW).discount_waits is False


def test_the_manager_s_own_price_stands_within_his_limit(shop, line):
    assert priced(line, yuan(192), by=shop.manager).discount_waits is False
    assert priced(line, yuan(192) - FEN, by=shop.manager).discount_waits is True


def test_what_a_manager_agreed_to_stands_while_no_more_is_given(shop, line):
    line = actions.approve_discount(priced(line, yuan(200), by=shop.advisor), by=shop.manager, now=NOW)
    line = priced(line, yuan(210), by=shop.advisor)
    assert (line.net, line.discount_waits) == (yuan(210), False)
    assert priced(line, yuan(210) - FEN, by=shop.advisor).discount_waits is True


def test_a_lower_price_that_waits_blocks_the_payment(shop):
    order = shop.ready("DT004")
    priced(shop.labour(order), yuan(100), by=shop.advisor)
    with pytest.raises(Refused) as refusal:
        shop.pay(order)
    assert refusal.value.code == "workshop.order.discount_approval_missing"


def test_what_is_not_agreed_to_costs_its_list_price_again_and_that_is_undone(shop, line):
    line = actions.change_price(
        less(line, 10, by=shop.advisor),
        unit_price=yuan(100),
        hours=Hours.of("0.5"),
        reason="老客户",
        by=shop.advisor,
        now=NOW,
    )
    assert (line.net, line.discount_waits) == (yuan(45), True)
    line = actions.refuse_discount(line, by=shop.manager, now=NOW)
    assert (line.rate, line.sold_hours, line.discount_rate, line.net) == (yuan(320), Hours.of(1), Rate(0), yuan(320))
    assert (line.discount_waits, shop.fresh(line.order).estimate_total) == (False, yuan(740))
    undo(AuditEntry.objects.get(code="workshop.line.discount_refused").uid, by=shop.manager, now=NOW)
    line = shop.fresh(line)
    assert (line.rate, line.sold_hours, line.discount_rate, line.net) == (
        yuan(100),
        Hours.of("0.5"),
        Rate.percent(10),
        yuan(45),
    )
    assert line.discount_waits is True


def test_not_agreeing_needs_something_that_waits(shop, line):
    with pytest.raises(Refused) as refusal:
        actions.refuse_discount(line, by=shop.manager, now=NOW)
    assert refusal.value.code == "workshop.line.discount_waits_not"


def test_a_price_above_the_list_stays_when_its_discount_is_not_agreed_to(shop, line):
    line = actions.refuse_discount(
        less(priced(line, yuan(400), by=shop.advisor), 50, by=shop.advisor), by=shop.manager, now=NOW
    )
    assert (line.rate, line.net) == (yuan(400), yuan(400))


def test_a_lower_price_that_is_undone_waits_for_nobody(shop, line):
    priced(line, yuan(1), by=shop.advisor)
    undo(AuditEntry.objects.get(code="workshop.line.price_changed").uid, by=shop.advisor, now=NOW)
    line = shop.fresh(line)
    assert (line.net, line.discount_waits) == (yuan(320), False)


def test_lines_from_before_there_was_a_list_price_count_by_what_they_cost_then(shop, line):
    order = line.order
    actions.add_fee(order, name="拖车", amount=yuan(200), by=shop.advisor, now=NOW)
    actions.add_sublet(order, name="四轮定位", price=yuan(150), by=shop.advisor, now=NOW)
    tables = (LabourLine, PartLine, FeeLine, SubletLine)
    before = everything(*tables)
    for table in tables:
        table.objects.update(list_price=Money(0))
    import_module("cheyi.workshop.migrations.0007_list_price").as_priced(apps, None)
    assert everything(*tables) == before


def test_a_line_of_the_house_costs_the_customer_his_own_price_when_he_pays_it(shop):
    order = shop.opened("CH001")
    line, part = shop.labour(order), shop.parts_of(order)[0]
    price = (line.rate, line.net, part.unit_price, part.net)
    actions.split_payers(line, payer="internal", by=shop.advisor, now=NOW)
    line, part = shop.labour(order), shop.parts_of(order)[0]
    assert (line.rate_code, line.rate, line.list_price) == ("I", yuan(120), yuan(120))
    assert line.net == yuan(120).times(line.sold_hours)
    actions.split_payers(line, payer="customer", by=shop.advisor, now=NOW)
    line, part = shop.labour(order), shop.parts_of(order)[0]
    assert (line.rate, line.net, part.unit_price, part.net) == price
    assert (line.discount_waits, part.discount_waits) == (False, False)


def test_a_price_that_was_put_down_stays_and_is_judged_by_the_new_payers_list(shop):
    order = shop.opened("CH001")
    actions.split_payers(shop.labour(order), payer="internal", by=shop.advisor, now=NOW)
    actions.change_price(shop.labour(order), unit_price=yuan(119), reason="内部", by=shop.advisor, now=NOW)
    actions.split_payers(shop.labour(order), payer="customer", by=shop.advisor, now=NOW)
    line = shop.labour(order)
    assert (line.rate, line.list_price, line.discount_waits) == (yuan(119), yuan(320), True)


def test_undoing_the_payer_brings_his_price_back(shop):
    order = shop.opened("CH001")
    actions.split_payers(shop.labour(order), payer="internal", by=shop.advisor, now=NOW)
    last_undo(shop, "workshop.line.payers_split", shop.advisor)
    assert (shop.labour(order).rate_code, shop.labour(order).rate) == ("M", yuan(320))
    fresh = shop.fresh(order)
    assert fresh.estimate_total == sum((one.net for one in shop.parts_of(order)), shop.labour(order).net)
