"""Vector S1 of domain.md 6.1 to the fen, and what must hold for any order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheyi.kernel import Money, Rate, Refused
from cheyi.settlement.rules.figures import ChargedLine, Gap, earned, invoice_lines, settle

YUAN = Money.yuan


def charged(payer, gross, discount="0", *, couponable=True, rate=13):
    return ChargedLine(payer, YUAN(gross), YUAN(discount), Rate.percent(rate), couponable)


S1 = [
    charged("customer", "320.00", "32.00"),
    charged("customer", "380.00", "19.00"),
    charged("customer", "68.00", "3.40"),
    charged("customer", "200.00"),
    charged("insurer", "800.00"),
    charged("insurer", "1250.00"),
    charged("oem", "120.00"),
    charged("oem", "420.00"),
    charged("internal", "96.00", "96.00"),
]


def s1(policy="customer"):
    return settle(S1, coupon=YUAN(50), gap=Gap(YUAN("1900.00"), policy), round_to=YUAN(1))


def test_the_customer_of_the_mixed_order_owes_one_thousand_and_thirteen():
    bill = s1()["customer"]
    assert (bill.gross, bill.line_discount, bill.coupon) == (YUAN("968.00"), YUAN("54.40"), YUAN("50.00"))
    assert (bill.gap_amount, bill.rounding_off, bill.net_due) == (YUAN("150.00"), YUAN("0.60"), YUAN("1013.00"))
    assert (bill.tax, bill.taxes[0].ex) == (YUAN("116.54"), YUAN("896.46"))


def test_the_coupon_falls_on_the_four_customer_lines():
    before = [line.net for line in S1[:4]]
    pieces = [net - left for net, left in zip(before, s1()["customer"].line_nets, strict=True)]
    assert pieces == [YUAN("15.76"), YUAN("19.76"), YUAN("3.53"), YUAN("10.95")]


def test_insurer_maker_and_house_are_billed_apart():
    bills = s1()
    assert list(bills) == ["customer", "insurer", "oem", "internal"]
    assert (bills["insurer"].net_due, bills["insurer"].tax, bills["insurer"].taxes[0].ex) == (
        YUAN("1900.00"),
        YUAN("218.58"),
        YUAN("1681.42"),
    )
    assert (bills["oem"].net_due, bills["oem"].tax, bills["oem"].taxes[0].ex) == (
        YUAN("540.00"),
        YUAN("62.12"),
        YUAN("477.88"),
    )
    assert bills["internal"].net_due == YUAN(0)


def test_the_whole_order_brings_three_thousand_and_fifty_five_ex_tax():
    bills = s1().values()
    assert sum(bill.net_due.parts for bill in bills) == YUAN("3453.00").parts
    assert sum((bill.net_due - bill.tax).parts for bill in bills) == YUAN("3055.76").parts


S1_COSTS = ["96.00", "247.80", "38.50", "120.00", "210.00", "905.00", "76.80", "350.00", "28.80"]


def test_the_whole_order_costs_two_thousand_and_seventy_two_and_earns_thirty_two_percent():
    brought = earned([(bill.net_due, bill.tax) for bill in s1().values()], map(YUAN, S1_COSTS))
    assert (brought.revenue, brought.ex, brought.cost) == (YUAN("3453.00"), YUAN("3055.76"), YUAN("2072.90"))
    assert (brought.profit, brought.margin) == (YUAN("982.86"), Rate.percent("32.16"))


@pytest.mark.parametrize(
    ("net", "cost", "profit", "margin"),
    [
        ("113.00", "65.00", "35.00", Rate.percent(35)),
        ("113.00", "100.00", "0.00", Rate(0)),
        ("113.00", "165.00", "-65.00", Rate.percent(-65)),
        ("0.00", "28.80", "-28.80", None),
    ],
)
def test_margin_is_what_is_left_of_revenue_ex_tax(net, cost, profit, margin):
    brought = earned([(YUAN(net), YUAN(net).tax_within(Rate.percent(13)))], [YUAN(cost)])
    assert (brought.profit, brought.margin) == (YUAN(profit), margin)


def test_a_gap_that_the_store_bears_never_reaches_the_customer():
    bills = s1("store")
    assert (bills["customer"].net_due, bills["customer"].rounding_off) == (YUAN("863.00"), YUAN("0.60"))
    assert bills["insurer"].net_due == YUAN("1900.00")


def test_while_the_gap_is_renegotiated_the_insurer_is_billed_in_full():
    bills = s1("renegotiate")
    assert bills["insurer"].net_due == YUAN("2050.00")
    assert bills["customer"].net_due == YUAN("863.00")


def test_a_small_scale_taxpayer_pays_one_percent():
    bill = settle([charged("customer", "1016.00", rate=1)])["customer"]
    assert bill.tax == YUAN("10.06")


def test_two_rates_share_what_is_rounded_off():
    bill = settle([charged("customer", "100.50"), charged("customer", "50.25", rate=6)], round_to=YUAN(1))["customer"]
    assert (bill.net_due, bill.rounding_off) == (YUAN("150.00"), YUAN("0.75"))
    assert [(part.rate, part.net) for part in bill.taxes] == [
        (Rate.percent(13), YUAN("100.00")),
        (Rate.percent(6), YUAN("50.00")),
    ]


def test_rounding_down_to_a_tenth():
    assert settle([charged("customer", "10.57")], round_to=YUAN("0.1"))["customer"].net_due == YUAN("10.50")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"coupon": YUAN("913.61")}, "settlement.bill.coupon_too_large"),
        ({"coupon": YUAN("-1")}, "settlement.bill.coupon_too_large"),
        ({"gap": Gap(YUAN("2050.01"), "customer")}, "settlement.bill.approved_too_much"),
        ({"gap": Gap(YUAN("-1"), "customer")}, "settlement.bill.approved_too_much"),
        ({"gap": Gap(YUAN("1"), "silently")}, "settlement.bill.gap_policy"),
    ],
)
def test_impossible_figures_are_refused(arguments, code):
    with pytest.raises(Refused) as refused:
        settle(S1, **arguments)
    assert refused.value.code == code


money = st.integers(0, 10**8)


@given(
    st.lists(
        st.tuples(st.sampled_from(["customer", "insurer", "oem"]), money, st.sampled_from([13, 6, 1])), min_size=1
    ),
    st.integers(0, 10**6),
)
def test_every_bill_adds_up_and_its_tax_is_contained(rows, coupon):
    lines = [ChargedLine(payer, Money(gross), Money(gross // 10), Rate.percent(rate)) for payer, gross, rate in rows]
    most = sum(line.net.parts for line in lines if line.payer == "customer")
    bills = settle(lines, coupon=Money(min(coupon, most)), round_to=YUAN(1))
    for bill in bills.values():
        assert bill.net_due == bill.gross - bill.line_discount - bill.coupon + bill.gap_amount - bill.rounding_off
        assert sum(part.net.parts for part in bill.taxes) == bill.net_due.parts
        assert all(part.ex + part.tax == part.net for part in bill.taxes)
        assert Money(0) <= bill.rounding_off < YUAN(1)
    assert sum(net.parts for bill in bills.values() for net in bill.line_nets) == sum(
        line.net.parts for line in lines
    ) - sum(bill.coupon.parts for bill in bills.values())


@given(st.lists(money, min_size=1, max_size=20))
def test_invoice_lines_sum_to_the_bill(nets):
    amounts = [Money(net) for net in nets]
    rows = invoice_lines(amounts, Rate.percent(13))
    whole = Money(sum(nets)).tax_within(Rate.percent(13))
    assert sum(tax.parts for _, tax in rows) == whole.parts
    assert all(ex + tax == net for (ex, tax), net in zip(rows, amounts, strict=True))
