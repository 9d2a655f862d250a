"""What is wrong with a figure stands beside the field in which it was typed."""

import re

import pytest

from cheyi.settlement.actions import take_prepayment
from cheyi.settlement.models import Payment
from tests.foundation.org import NOW
from tests.workshop.shop import yuan
from tests.workshop.test_pages_counter import send
from tests.workshop.test_pages_order import send_line
from tests.workshop.test_pages_reception import at_desk


@pytest.fixture
def advisor(shop):
    return at_desk(shop.advisor)


@pytest.fixture
def cashier(shop):
    return at_desk(shop.cashier)


def named(answer) -> str:
    """The field that a refusal names."""
    assert answer.status_code == 422
    found = re.search(r'data-field="([^"]*)"', answer.content.decode())
    return found[1] if found else ""


def has_a_place(text, field) -> bool:
    """Whether a page has the field, by its name or id, with a place for what is wrong beside it."""
    by_name = re.search(rf'<input [^>]*name="{field}"[^>]*>', text)
    found = by_name or re.search(rf'<input [^>]*id="{field}"[^>]*>', text)
    mark = re.search(r' id="([^"]*)"', found[0])[1] if found else ""
    return bool(mark) and f'id="{mark}-error"' in text and f'aria-describedby="{mark}-error"' in found[0]


@pytest.mark.parametrize(
    ("form", "typed", "field"),
    [
        ("price", {"price": "一百"}, "price"),
        ("price", {"price": "-5"}, "price"),
        ("price", {"price": "2000000"}, "price"),
        ("price", {"hours": "两个"}, "hours"),
        ("price", {"hours": "1.234"}, "hours"),
        ("price", {"hours": "5000"}, "hours"),
        ("discount", {"percent": "一半"}, "percent"),
        ("discount", {"percent": "140"}, "percent"),
        ("payers", {"payer": "customer", "second": "oem", "share": "一半"}, "share"),
        ("payers", {"payer": "customer", "second": "oem", "share": "100"}, "share"),
    ],
)
def test_what_is_wrong_with_a_job_s_figures_stands_beside_the_field(shop, advisor, form, typed, field):
    line = shop.labour(shop.opened("DT004"))
    refused = send_line(advisor, line, form, reason="member", **typed)
    assert named(refused) == field
    assert has_a_place(advisor.get(f"/workshop/lines/labour/{line.pk}/strip").content.decode(), field)
    assert shop.fresh(line).net == line.net


@pytest.mark.parametrize(
    ("form", "typed", "field"), [("price", "x", "price"), ("quantity", "0", "quantity"), ("quantity", "x", "quantity")]
)
def test_what_is_wrong_with_a_part_s_figures_stands_beside_the_field(shop, advisor, form, typed, field):
    part = shop.parts_of(shop.opened("MA001"))[0]
    assert named(send_line(advisor, part, form, reason="member", **{field: typed})) == field
    assert has_a_place(advisor.get(f"/workshop/lines/part/{part.pk}/strip").content.decode(), field)


WAYS = ("wechat", "alipay", "pos", "cash", "transfer")


@pytest.fixture
def due(shop):
    """An order of ¥160 to be paid, whose customer has a deposit of ¥50."""
    order = shop.ready("DT004")
    customer = order.customer_id
    row = take_prepayment(
        customer_id=customer, amount=yuan(50), method="cash", kind="service", store=shop.store, by=shop.cashier, now=NOW
    )
    return order, row


def pays(client, order, deposit, *, act="", **amounts):
    ways = [*WAYS, "deposit_offset"]
    form = {
        "way": ways,
        "amount": [amounts.get(way, "") for way in ways],
        "deposit": [*("" for _ in WAYS), str(deposit.pk)],
        "number": ["" for _ in ways],
        "old_parts_choice": "give_up",
        "keys_out": "on",
    }
    return send(client, f"/workshop/orders/{order.pk}/pay", **form, **({"act": act} if act else {}))


@pytest.mark.parametrize(
    ("amounts", "field"),
    [
        ({"alipay": "一百"}, "amount-alipay"),
        ({"wechat": "100", "cash": "-60"}, "amount-cash"),
        ({"pos": "0"}, "amount-pos"),
        ({"wechat": "100", "pos": "70", "transfer": "10"}, "amount-pos"),
        ({"wechat": "100", "cash": "20000"}, "amount-cash"),
        ({"wechat": "100", "pos": "50"}, "amount-pos"),
        ({"wechat": "100", "deposit_offset": "60"}, "deposit"),
        ({"wechat": "170", "deposit_offset": "20"}, "amount-wechat"),
        ({}, "amount-wechat"),
    ],
)
def test_what_is_wrong_with_one_of_several_amounts_stands_beside_it(shop, cashier, due, amounts, field):
    order, deposit = due
    field = f"deposit-{deposit.pk}" if field == "deposit" else field
    assert named(pays(cashier, order, deposit, **amounts)) == field
    assert has_a_place(cashier.get(f"/workshop/orders/{order.pk}/settle").content.decode(), field)
    assert not Payment.objects.exists()


def test_with_one_way_of_paying_no_amount_is_opened_for_what_is_wrong(shop, cashier, due):
    order, _ = due
    answer = send(cashier, f"/workshop/orders/{order.pk}/pay", way="barter", act="pay")
    assert named(answer) == ""


@pytest.mark.parametrize(
    ("path", "form", "field"),
    [("discount", {"percent": "x"}, "percent"), ("take-deposit", {"way": "cash", "amount": "x"}, "amount")],
)
def test_discount_and_deposit_at_the_counter_say_it_beside_their_field(shop, cashier, due, path, form, field):
    order, _ = due
    line = {"line": f"labour:{shop.labour(order).pk}"} if path == "discount" else {}
    assert named(send(cashier, f"/workshop/orders/{order.pk}/{path}", **line, **form)) == field
    text = cashier.get(f"/workshop/orders/{order.pk}/settle").content.decode()
    assert has_a_place(text.partition('class="adjust-forms"')[2], field)
