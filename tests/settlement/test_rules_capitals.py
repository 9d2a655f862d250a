"""Amounts in Chinese capitals."""

import pytest

from cheyi.kernel import Money
from cheyi.settlement.rules.capitals import capitals


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("1.05", "壹元零伍分"),
        ("10", "壹拾元整"),
        ("1013.00", "壹仟零壹拾叁元整"),
        ("1013.60", "壹仟零壹拾叁元陆角整"),
        ("1826.34", "壹仟捌佰贰拾陆元叁角肆分"),
        ("100005.00", "壹拾万零伍元整"),
        ("20300.00", "贰万零叁佰元整"),
        ("1000000.00", "壹佰万元整"),
        ("100000001.10", "壹亿零壹元壹角整"),
        ("-54.00", "负伍拾肆元整"),
    ],
)
def test_an_amount_is_written_as_banks_write_it(amount, text):
    assert capitals(Money.yuan(amount)) == text
