"""Whole-number measures read, add and refuse."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheyi.kernel import Hours, Money, Quantity, Rate, Refused, half_up
from cheyi.kernel.numbers import LARGEST


def test_a_quantity_keeps_thousandths():
    assert Quantity.of("4.5").parts == 4500
    assert str(Quantity(4500)) == "4.5"
    assert str(Quantity(4000)) == "4"


def test_hours_turn_into_minutes_and_back():
    assert Hours.of("0.75").minutes == 45
    assert Hours.from_minutes(45) == Hours.of("0.75")


def test_a_percentage_is_a_rate():
    assert Rate.percent("13") == Rate.of("0.13") == Rate(1300)


@pytest.mark.parametrize(
    ("text", "code"), [("half", "not_a_number"), ("", "not_a_number"), ("NaN", "not_a_number"), ("1.234", "too_fine")]
)
def test_what_is_no_percentage_is_refused_with_a_reason(text, code):
    with pytest.raises(Refused) as refusal:
        Rate.percent(text)
    assert refusal.value.code == f"kernel.number.{code}"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("four", "kernel.number.not_a_number"),
        ("", "kernel.number.not_a_number"),
        ("NaN", "kernel.number.not_a_number"),
        ("Infinity", "kernel.number.not_a_number"),
        ("😀", "kernel.number.not_a_number"),
        ("1.2345", "kernel.number.too_fine"),
        ("1e30", "kernel.number.too_large"),
        ("9999999999999999999", "kernel.number.too_large"),
    ],
)
def test_what_is_no_quantity_is_refused_with_a_reason(text, code):
    with pytest.raises(Refused) as refused:
        Quantity.of(text)
    assert refused.value.code == code


def test_full_width_digits_are_digits():
    assert Quantity.of("４．５".replace("．", ".")) == Quantity.of("4.5")


def test_a_bare_number_is_no_measure():
    with pytest.raises(TypeError):
        Money(1.5)
    with pytest.raises(TypeError):
        Money(1) + Quantity(1)


def test_half_up_rounds_away_from_zero_on_the_half():
    assert [half_up(n, 2) for n in (-3, -1, 0, 1, 3)] == [-2, -1, 0, 1, 2]


def test_nothing_divides_by_zero():
    with pytest.raises(ZeroDivisionError):
        half_up(1, 0)


@given(st.integers(-LARGEST, LARGEST), st.integers(1, 10**12))
def test_a_reversal_is_the_exact_negative(numerator, denominator):
    assert half_up(-numerator, denominator) == -half_up(numerator, denominator)


@given(st.integers(-(10**12), 10**12))
def test_a_measure_reads_back_what_it_writes(parts):
    assert Quantity.of(str(Quantity(parts))) == Quantity(parts)


def test_measures_know_their_decimal_value():
    assert Money(101_300).decimal == Decimal(1013)
    assert abs(Money(-1)) == -Money(-1) == Money(1)
    assert not Money(0)
