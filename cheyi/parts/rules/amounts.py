"""Which quantities of a part may be asked for, moved or counted."""

from __future__ import annotations

from cheyi.kernel import Quantity, Refused

LARGEST = Quantity(100_000 * Quantity.PER_UNIT)


def check_quantity(quantity: Quantity, *, step: Quantity, part_no: str = "") -> Quantity:
    """The quantity itself when it is more than nothing, not absurd and a whole number of the part's steps.

    Raises Refused ``parts.quantity.not_positive``, ``parts.quantity.too_large`` or ``parts.quantity.off_step``.
    """
    if quantity.parts <= 0:
        raise Refused("parts.quantity.not_positive", field="quantity", quantity=str(quantity), part_no=part_no)
    if quantity > LARGEST:
        raise Refused(
            "parts.quantity.too_large",
            field="quantity",
            quantity=str(quantity),
            largest=str(LARGEST),
            part_no=part_no,
        )
    if quantity.parts % step.parts:
        raise Refused(
            "parts.quantity.off_step", field="quantity", quantity=str(quantity), step=str(step), part_no=part_no
        )
    return quantity
