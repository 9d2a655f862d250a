"""Moving average cost: value is what counts, the unit cost is only derived (domain.md 6.2)."""

from __future__ import annotations

from dataclasses import dataclass

from cheyi.kernel import Money, Quantity, Refused


def worth_of_part(value: Money, quantity: Quantity, whole: Quantity) -> Money:
    """What a quantity of a whole is worth: value × quantity ÷ whole, half up to the fen; all of it takes all value.

    Raises Refused ``parts.stock.too_little`` when more is asked for than the whole holds.
    """
    if quantity > whole:
        raise Refused("parts.stock.too_little", field="quantity", wanted=str(quantity), available=str(whole))
    if quantity == whole:
        return value
    return value.share(quantity.parts, whole.parts)


@dataclass(frozen=True, slots=True)
class Holding:
    """What a warehouse holds of one part (of one lot, where it values by lot)."""

    quantity: Quantity
    value: Money

    def put_in(self, quantity: Quantity, value: Money) -> Holding:
        """The holding after a quantity came in at a value."""
        return Holding(self.quantity + quantity, self.value + value)

    def worth(self, quantity: Quantity) -> Money:
        """The value that leaves with a quantity at the moving average. Raises as ``worth_of_part``."""
        return worth_of_part(self.value, quantity, self.quantity)

    def take_out(self, quantity: Quantity, value: Money | None = None) -> Holding:
        """The holding after a quantity left, at the moving average or at a value that is fixed already.

        A fixed value (a reversal takes out exactly what came in) may not exceed what is there, and the last unit
        takes the remaining value. Raises Refused ``parts.stock.too_little`` or ``parts.stock.value_gone``.
        """
        leaves = self.worth(quantity)
        if value is not None and value != leaves:
            if value > self.value or quantity == self.quantity:
                raise Refused("parts.stock.value_gone", value=str(value), left=str(self.value))
            leaves = value
        return Holding(self.quantity - quantity, self.value - leaves)


NOTHING = Holding(Quantity(0), Money(0))
