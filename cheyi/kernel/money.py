"""Money in whole fen; never a float."""

from __future__ import annotations

from decimal import Decimal

from cheyi.kernel.numbers import Measure, Quantity, Rate, half_up


class Money(Measure):
    """An amount in CNY, kept as whole fen (1 yuan = 100 parts)."""

    PER_UNIT = 100
    PLACES = 2
    __slots__ = ()

    @classmethod
    def yuan(cls, value: int | str | Decimal) -> Money:
        """Read an amount in yuan: ``Money.yuan("213.00")``. Raises Refused as ``Measure.of``."""
        return cls.of(value)

    @property
    def fen(self) -> int:
        """The whole number that is stored."""
        return self.parts

    def times(self, amount: Measure) -> Money:
        """Price times a quantity, hours or a rate, half up to the fen (domain.md 6.1)."""
        return Money(half_up(self.parts * amount.parts, amount.PER_UNIT))

    def share(self, part: int, whole: int) -> Money:
        """This amount × part / whole, half up to the fen."""
        return Money(half_up(self.parts * part, whole))

    def tax_within(self, rate: Rate) -> Money:
        """The tax contained in a tax-inclusive amount: amount × r / (1 + r), half up (domain.md 6.1)."""
        return Money(half_up(self.parts * rate.parts, Rate.PER_UNIT + rate.parts))

    def floored_to(self, step: Money) -> Money:
        """The amount without what goes beyond a whole step; how 抹零 floors to 元 or 角."""
        return Money(self.parts - self.parts % step.parts)

    def unit(self, quantity: Quantity) -> Decimal:
        """Value per unit with four places, for showing only (stock value is what counts)."""
        return (Decimal(self.parts * Quantity.PER_UNIT) / (quantity.parts * 100)).quantize(Decimal("0.0001"))

    def __str__(self) -> str:
        return f"{self.decimal:.2f}"
