"""Quantities that make no sense are refused in words, before anything moves."""

import pytest

from cheyi.kernel import Quantity, Refused
from cheyi.parts.rules import check_quantity


@pytest.mark.parametrize(
    ("quantity", "step", "code"),
    [
        ("0", "1", "parts.quantity.not_positive"),
        ("-1", "1", "parts.quantity.not_positive"),
        ("1000000000", "1", "parts.quantity.too_large"),
        ("100000.001", "0.001", "parts.quantity.too_large"),
        ("1.5", "1", "parts.quantity.off_step"),
        ("0.75", "0.5", "parts.quantity.off_step"),
    ],
)
def test_a_quantity_that_cannot_be_is_refused_beside_its_field(quantity, step, code):
    with pytest.raises(Refused) as refusal:
        check_quantity(Quantity.of(quantity), step=Quantity.of(step), part_no="OL-0W20")
    assert (refusal.value.code, refusal.value.field) == (code, "quantity")
    assert refusal.value.facts["quantity"] == quantity
    assert refusal.value.facts["part_no"] == "OL-0W20"


@pytest.mark.parametrize(("quantity", "step"), [("1", "1"), ("4.5", "0.5"), ("0.001", "0.001"), ("100000", "1")])
def test_a_whole_number_of_steps_passes_unchanged(quantity, step):
    assert check_quantity(Quantity.of(quantity), step=Quantity.of(step)) == Quantity.of(quantity)
