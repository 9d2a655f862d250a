"""Splitting an amount so that the pieces add up to it exactly."""

from __future__ import annotations

from collections.abc import Sequence

from cheyi.kernel.money import Money


def allocate(amount: Money, weights: Sequence[int]) -> list[Money]:
    """Split an amount over weights by largest remainder; ties go to the lower index (domain.md 6.1).

    Weights are whole and not negative. With all weights zero the whole amount falls on the first place.
    Raises ValueError for no weights or a negative one.
    """
    if not weights or min(weights) < 0:
        raise ValueError("weights must be whole, not negative, and at least one")
    total = sum(weights)
    if total == 0:
        return [amount, *[Money(0)] * (len(weights) - 1)]
    sign = -1 if amount.parts < 0 else 1
    size = abs(amount.parts)
    floors = [size * weight // total for weight in weights]
    remainders = [size * weight % total for weight in weights]
    for index in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[: size - sum(floors)]:
        floors[index] += 1
    return [Money(sign * piece) for piece in floors]
