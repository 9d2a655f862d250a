"""The moving average keeps every fen: the table and the rounding vector of domain.md 6.2."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheyi.kernel import Money, Quantity, Refused
from cheyi.parts.rules import NOTHING, Holding, worth_of_part


def pieces(number):
    return Quantity.of(number)


def yuan(text):
    return Money.yuan(text)


def test_the_average_moves_with_every_step_of_the_reference_table():
    holding = NOTHING.put_in(pieces(10), yuan("800.00"))
    assert holding == Holding(pieces(10), yuan("800.00"))
    assert holding.value.unit(holding.quantity) == Decimal("80.0000")

    holding = holding.put_in(pieces(20), yuan("1720.00"))
    assert holding == Holding(pieces(30), yuan("2520.00"))
    assert holding.value.unit(holding.quantity) == Decimal("84.0000")

    assert holding.worth(pieces(12)) == yuan("1008.00")
    holding = holding.take_out(pieces(12))
    assert holding == Holding(pieces(18), yuan("1512.00"))
    assert holding.value.unit(holding.quantity) == Decimal("84.0000")

    holding = holding.put_in(pieces(6), yuan("540.00"))
    assert holding == Holding(pieces(24), yuan("2052.00"))
    assert holding.value.unit(holding.quantity) == Decimal("85.5000")

    returned = worth_of_part(yuan("1008.00"), pieces(2), pieces(12))
    assert returned == yuan("168.00")
    holding = holding.put_in(pieces(2), returned)
    assert holding == Holding(pieces(26), yuan("2220.00"))
    assert holding.value.unit(holding.quantity) == Decimal("85.3846")

    assert holding.worth(pieces(5)) == yuan("426.92")
    holding = holding.take_out(pieces(5))
    assert holding == Holding(pieces(21), yuan("1793.08"))
    assert holding.value.unit(holding.quantity) == Decimal("85.3848")

    leaves = holding.worth(pieces(4))
    assert leaves == yuan("341.54")
    assert yuan("360.00") - leaves == yuan("18.46")
    holding = holding.take_out(pieces(4))
    assert holding == Holding(pieces(17), yuan("1451.54"))
    assert holding.value.unit(holding.quantity) == Decimal("85.3847")

    assert holding.worth(pieces(17)) == yuan("1451.54")
    assert holding.take_out(pieces(17)) == NOTHING


def test_three_units_worth_a_hundred_leave_as_33_33_then_33_34_then_33_33():
    holding = Holding(pieces(3), yuan("100.00"))
    values = []
    for _ in range(3):
        values.append(holding.worth(pieces(1)))
        holding = holding.take_out(pieces(1))
    assert values == [yuan("33.33"), yuan("33.34"), yuan("33.33")]
    assert holding == NOTHING


def test_a_reversal_takes_out_exactly_what_came_in():
    holding = Holding(pieces(10), yuan("800.00")).put_in(pieces(2), yuan("190.00"))
    assert holding.take_out(pieces(2), yuan("190.00")) == Holding(pieces(10), yuan("800.00"))


@pytest.mark.parametrize("value", ["1000.01", "990.00"])
def test_a_fixed_value_that_is_no_longer_there_is_refused(value):
    holding = Holding(pieces(10), yuan("1000.00"))
    with pytest.raises(Refused) as refusal:
        holding.take_out(pieces(10), yuan(value))
    assert refusal.value.code == "parts.stock.value_gone"
    assert refusal.value.facts == {"value": value, "left": "1000.00"}


def test_more_than_there_is_cannot_be_taken_out():
    with pytest.raises(Refused) as refusal:
        Holding(pieces(2), yuan("10.00")).take_out(pieces("2.001"))
    assert refusal.value.code == "parts.stock.too_little"
    assert refusal.value.facts == {"wanted": "2.001", "available": "2"}


@given(
    value=st.integers(0, 10**9),
    quantities=st.lists(st.integers(1, 10**6), min_size=1, max_size=30),
)
def test_whatever_the_pieces_their_values_add_up_and_the_last_takes_the_rest(value, quantities):
    whole = Holding(Quantity(sum(quantities)), Money(value))
    holding, taken = whole, Money(0)
    for quantity in quantities:
        taken += holding.worth(Quantity(quantity))
        holding = holding.take_out(Quantity(quantity))
        assert holding.value >= Money(0)
    assert (taken, holding) == (whole.value, NOTHING)
