"""Money multiplies, splits and finds the tax within it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheyi.kernel import Hours, Money, Quantity, Rate, allocate


def test_price_times_quantity_rounds_half_up_to_the_fen():
    assert Money.yuan("320").times(Hours.of("0.3")) == Money.yuan("96.00")
    assert Money.yuan("0.33").times(Quantity.of("0.5")) == Money.yuan("0.17")


def test_the_tax_contained_in_the_customer_bill_of_the_settlement_vector():
    assert Money.yuan("1013.00").tax_within(Rate.percent(13)) == Money.yuan("116.54")
    assert Money.yuan("1900.00").tax_within(Rate.percent(13)) == Money.yuan("218.58")
    assert Money.yuan("1016.00").tax_within(Rate.percent(1)) == Money.yuan("10.06")


def test_rounding_off_floors_to_the_step():
    assert Money.yuan("1013.60").floored_to(Money.yuan(1)) == Money.yuan("1013.00")
    assert Money.yuan("1013.67").floored_to(Money.yuan("0.1")) == Money.yuan("1013.60")


def test_a_unit_cost_is_shown_with_four_places():
    assert Money.yuan("2220.00").unit(Quantity.of(26)) == Decimal("85.3846")


def test_a_coupon_falls_on_the_lines_by_largest_remainder():
    pieces = allocate(Money.yuan(50), [28800, 36100, 6460, 20000])
    assert pieces == [Money.yuan("15.76"), Money.yuan("19.76"), Money.yuan("3.53"), Money.yuan("10.95")]


def test_a_tie_goes_to_the_lower_line():
    assert allocate(Money(1), [1, 1]) == [Money(1), Money(0)]


def test_without_any_weight_the_first_place_takes_all():
    assert allocate(Money(5), [0, 0]) == [Money(5), Money(0)]


@pytest.mark.parametrize("weights", [[], [1, -1]])
def test_impossible_weights_are_an_error(weights):
    with pytest.raises(ValueError, match="weights"):
        allocate(Money(1), weights)


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_the_pieces_always_add_up(amount, weights):
    assert sum(piece.parts for piece in allocate(Money(amount), weights)) == amount


@given(st.integers(-(10**12), 10**12), st.integers(0, 3000))
def test_tax_and_the_rest_make_the_amount_and_a_reversal_is_its_negative(fen, rate):
    tax = Money(fen).tax_within(Rate(rate))
    assert abs(tax) <= abs(Money(fen))
    assert Money(-fen).tax_within(Rate(rate)) == -tax
