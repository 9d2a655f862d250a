"""Prices of lines: hours by class, rates by payer, discounts by level and authority, shares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheyi.kernel import Hours, Money, Quantity, Rate, Refused
from cheyi.workshop.rules import pricing

HALF_HOUR = {"small": Hours.of("0.5"), "mid": Hours.of("0.6"), "large": Hours.of("0.8")}


@pytest.mark.parametrize(("vehicle_class", "hours"), [("small", "0.5"), ("mid", "0.6"), ("large", "0.8"), ("", "0.6")])
def test_hours_follow_the_class_of_the_car(vehicle_class, hours):
    assert pricing.hours_for(HALF_HOUR, vehicle_class) == Hours.of(hours)


def test_an_operation_with_one_figure_has_it_for_every_class_and_without_any_refuses():
    assert pricing.hours_for({"mid": Hours.of("1.0")}, "large") == Hours.of("1.0")
    with pytest.raises(Refused) as refusal:
        pricing.hours_for({}, "mid")
    assert refusal.value.code == "workshop.line.no_hours"


@pytest.mark.parametrize(
    ("said", "litres", "found"),
    [("large", "1.2", "large"), ("", "1.5", "small"), ("", "2.0", "mid"), ("", "2.5", "large"), ("", None, "mid")],
)
def test_the_class_of_a_car_is_said_by_its_model_or_guessed_by_its_engine(said, litres, found):
    assert pricing.class_of(said, Quantity.of(litres) if litres else None) == found


def test_the_lines_of_vector_s1():
    labour = pricing.labour_price(Hours.of("1.0"), Money.yuan(320), Rate.percent(10))
    oil = pricing.part_price(Quantity.of(4), Money.yuan(95), Rate.percent(5))
    filter_ = pricing.part_price(Quantity.of(1), Money.yuan(68), Rate.percent(5))
    painted = pricing.labour_price(Hours.of("3.0"), Money.yuan(300), fixed=Money.yuan(800))
    claim = pricing.labour_price(Hours.of("0.8"), Money.yuan(150))
    goodwill = pricing.labour_price(Hours.of("0.3"), Money.yuan(320), Rate.percent(100))
    rows = [
        (str(one.gross), str(one.discount), str(one.net)) for one in (labour, oil, filter_, painted, claim, goodwill)
    ]
    assert rows == [
        ("320.00", "32.00", "288.00"),
        ("380.00", "19.00", "361.00"),
        ("68.00", "3.40", "64.60"),
        ("800.00", "0.00", "800.00"),
        ("120.00", "0.00", "120.00"),
        ("96.00", "96.00", "0.00"),
    ]


@pytest.mark.parametrize(("own", "payer", "code"), [("M", "customer", "M"), ("M", "oem", "W"), ("H", "internal", "I")])
def test_the_payer_decides_the_rate_card(own, payer, code):
    assert pricing.rate_code(own, payer) == code


def test_members_get_their_discount_on_what_they_pay_themselves():
    assert pricing.member_discount("gold", "labour", "customer") == Rate.percent(10)
    assert pricing.member_discount("gold", "part", "customer") == Rate.percent(5)
    assert pricing.member_discount("gold", "labour", "insurer") == Rate(0)
    assert pricing.member_discount("gold", "fee", "customer") == Rate(0)
    assert pricing.member_discount("unheard of", "labour", "customer") == Rate(0)


@pytest.mark.parametrize(
    ("role", "kind", "percent", "at_once"),
    [
        ("advisor", "labour", 10, True),
        ("advisor", "labour", 11, False),
        ("advisor", "part", 5, True),
        ("advisor", "part", 6, False),
        ("service_manager", "labour", 20, True),
        ("service_manager", "labour", 21, False),
        ("store_manager", "part", 40, True),
        ("store_manager", "part", 41, False),
        ("technician", "labour", 1, False),
    ],
)
def test_a_discount_beyond_the_own_limit_waits_for_a_manager(role, kind, percent, at_once):
    price = pricing.discounted(Money.yuan(100), Rate.percent(percent))
    what = pricing.Given(price.discount_rate, price.net, Money.yuan(100))
    assert pricing.may_discount(what, kind, {role}, cost=None, member=Rate(0)) is at_once


@pytest.mark.parametrize(
    ("listed", "net", "percents", "roles"),
    [
        (320, "288", "10", ("service_manager", "store_manager")),
        (320, "287.99", "10.01", ("service_manager", "store_manager")),
        (320, "256", "20", ("service_manager", "store_manager")),
        (320, "255.99", "20.01", ("store_manager",)),
        (320, "191.99", "40.01", ()),
        (320, "0", "100", ()),
        (320, "400", "0", ("service_manager", "store_manager")),
        (0, "400", "0", ("service_manager", "store_manager")),
    ],
)
def test_a_lower_price_is_the_share_of_the_list_price_that_it_gives_away(listed, net, percents, roles):
    what = pricing.Given(Rate(0), Money.yuan(net), Money.yuan(listed))
    assert (what.rate.percents, pricing.agreers(what, "labour")) == (percents, roles)


@given(listed=st.integers(1, 10**8), limit=st.integers(0, 10_000), net=st.integers(0, 10**8))
def test_a_lower_price_is_within_a_limit_when_a_discount_of_the_limit_asks_no_more(listed, limit, net):
    floor = pricing.discounted(Money(listed), Rate(limit)).net
    assert pricing.Given(Rate(0), Money(net), Money(listed)).is_within(Rate(limit)) is (Money(net) >= floor)


def test_only_the_store_manager_sells_below_cost():
    what = pricing.Given(Rate.percent(5), Money.yuan(90), Money.yuan(90))
    facts = {"cost": Money.yuan(91), "member": Rate(0)}
    with pytest.raises(Refused) as refusal:
        pricing.may_discount(what, "part", {"advisor"}, **facts)
    assert refusal.value.code == "workshop.line.below_cost"
    assert pricing.may_discount(what, "part", {"store_manager"}, **facts)


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_discount_lies_between_nothing_and_all(percent):
    with pytest.raises(Refused) as refusal:
        pricing.discounted(Money.yuan(1), Rate.percent(percent))
    assert refusal.value.code == "workshop.line.bad_discount"


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ({"customer": 60, "insurer": 30}, "shares_not_whole"),
        ({"customer": 100, "insurer": 0}, "bad_share"),
        ({}, "shares_not_whole"),
    ],
)
def test_shares_make_a_whole(shares, code):
    with pytest.raises(Refused) as refusal:
        pricing.check_shares({payer: Rate.percent(share) for payer, share in shares.items()})
    assert refusal.value.code == f"workshop.line.{code}"


def test_three_sold_hours_at_sixty_to_forty():
    shares = {1: Rate.percent(60), 2: Rate.percent(40)}
    pricing.check_shares(shares)
    assert pricing.shared_hours(Hours.of("3.00"), shares) == {1: Hours.of("1.80"), 2: Hours.of("1.20")}


@given(fen=st.integers(0, 10**9), cut=st.integers(1, 9999))
def test_a_split_line_always_adds_up(fen, cut):
    parts = pricing.split(Money(fen), {"customer": Rate(cut), "insurer": Rate(10_000 - cut)})
    assert sum((piece.fen for piece in parts.values()), 0) == fen
