"""Whole-number measures: quantities in thousandths, hours in hundredths, rates in ten-thousandths."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import total_ordering
from typing import ClassVar, Self

from cheyi.kernel.refusals import Refused

LARGEST = 2**63 - 1


def half_up(numerator: int, denominator: int) -> int:
    """Divide two whole numbers, rounding half up on the absolute value.

    A reversal is therefore the exact negative of what it reverses. Raises ZeroDivisionError for a zero denominator.
    """
    if denominator == 0:
        raise ZeroDivisionError("half_up by zero")
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    top, bottom = abs(numerator), abs(denominator)
    return sign * ((2 * top + bottom) // (2 * bottom))


def _decimal(value: int | str | Decimal) -> Decimal:
    try:
        return Decimal(value) if not isinstance(value, str) else Decimal(value.strip().replace(",", ""))
    except InvalidOperation:
        raise Refused("kernel.number.not_a_number", text=value) from None


@total_ordering
@dataclass(frozen=True, slots=True)
class Measure:
    """A whole number of parts of a unit; subclasses say how many parts make one."""

    parts: int
    PER_UNIT: ClassVar[int] = 1
    PLACES: ClassVar[int] = 0

    def __post_init__(self) -> None:
        if type(self.parts) is not int:
            raise TypeError(f"{type(self).__name__} takes whole parts, not {self.parts!r}")
        if abs(self.parts) > LARGEST:
            raise Refused("kernel.number.too_large", text=str(self.parts))

    @classmethod
    def of(cls, value: int | str | Decimal) -> Self:
        """Read what a person writes (``"4.5"``); more places than the unit has are refused, never rounded away.

        Raises Refused ``kernel.number.not_a_number``, ``kernel.number.too_fine`` or ``kernel.number.too_large``.
        """
        amount = _decimal(value)
        if not amount.is_finite():
            raise Refused("kernel.number.not_a_number", text=str(value))
        if amount and amount.adjusted() > 18:
            raise Refused("kernel.number.too_large", text=str(value))
        scaled = amount * cls.PER_UNIT
        if scaled != scaled.to_integral_value():
            raise Refused("kernel.number.too_fine", text=str(value), places=cls.PLACES)
        return cls(int(scaled))

    @classmethod
    def zero(cls) -> Self:
        """Nothing, in this unit."""
        return cls(0)

    @property
    def decimal(self) -> Decimal:
        """The value in units, exact."""
        return Decimal(self.parts) / self.PER_UNIT

    def __add__(self, other: Self) -> Self:
        if type(other) is not type(self):
            return NotImplemented
        return type(self)(self.parts + other.parts)

    def __sub__(self, other: Self) -> Self:
        if type(other) is not type(self):
            return NotImplemented
        return type(self)(self.parts - other.parts)

    def __neg__(self) -> Self:
        return type(self)(-self.parts)

    def __abs__(self) -> Self:
        return type(self)(abs(self.parts))

    def __lt__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.parts < other.parts

    def __bool__(self) -> bool:
        return self.parts != 0

    def __str__(self) -> str:
        text = f"{self.decimal:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text


class Quantity(Measure):
    """How many or how much of a part: whole thousandths (4.5 litres are 4500 parts)."""

    PER_UNIT = 1000
    PLACES = 3
    __slots__ = ()


class Hours(Measure):
    """Labour time: whole hundredths of an hour."""

    PER_UNIT = 100
    PLACES = 2
    __slots__ = ()

    @classmethod
    def from_minutes(cls, minutes: int) -> Hours:
        """Minutes as hours, half up (45 minutes are 0.75 h)."""
        return cls(half_up(minutes * 100, 60))

    @property
    def minutes(self) -> int:
        """Whole minutes, half up."""
        return half_up(self.parts * 60, 100)


class Rate(Measure):
    """A share or tax rate: whole ten-thousandths (0.13 is 1300 parts)."""

    PER_UNIT = 10_000
    PLACES = 4
    __slots__ = ()

    @classmethod
    def percent(cls, value: int | str | Decimal) -> Rate:
        """Read a percentage: ``Rate.percent("13")`` is 0.1300. Raises Refused as ``of``."""
        return cls.of(_decimal(value) / 100)

    @property
    def percents(self) -> str:
        """As a percentage without zeros at its end: 37.5, 10, 0.01."""
        return f"{self.decimal * 100:.2f}".rstrip("0").rstrip(".")
