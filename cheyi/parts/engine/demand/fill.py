"""How much stock a rule needs to fill a share of demand: the rule's one knob is turned until the past was filled so far.

Filled are pieces, or lines: what is asked of one part at once, served whole or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cheyi.parts.engine.demand import counts
from cheyi.parts.engine.demand.arrays import Floats

TURNS = 40
LEAST, MOST = -30.0, 30.0


@dataclass(frozen=True, eq=False)
class Shelf:
    """Parts at one origin: what was ``demanded`` after it, prices, the distribution (chance, unit), or the mean for months of cover.

    ``line``: pieces that a line asks for on average. With it each part's demand is one line; without it pieces count.
    """

    demanded: Floats
    price: Floats
    chance: tuple[Floats, Floats] | None
    cover: Floats
    line: Floats | None = None

    @property
    def asked(self) -> float:
        """Lines or pieces that were demanded."""
        return float(self.demanded.sum() if self.line is None else (self.demanded > 0).sum())

    def filled(self, level: Floats) -> float:
        """Lines or pieces that ``level`` pieces a part would have served."""
        if self.line is None:
            return float(np.minimum(self.demanded, level).sum())
        return float(((self.demanded > 0) & (self.demanded <= level)).sum())

    def level(self, knob: float, *, by_price: bool) -> Floats:
        """Pieces to keep. Months of cover: mean × exp(knob); else the last piece worth keeping at a chance falling with the knob.

        ``by_price``: a piece is kept while chance ÷ price, by the share of a line that it is, is worth it (marginal value),
        else every part at the same chance.
        """
        if self.chance is None:
            found: Floats = np.ceil(self.cover * np.exp(knob) - 1e-9)
            return found
        worth = self.price * (1.0 if self.line is None else self.line)
        odds = np.exp(-knob) * (worth if by_price else 1.0)
        needed = odds / (1 + odds) if not by_price else np.minimum(odds, 1.0)
        return counts.quantile(*self.chance, 1 - needed)


def stock_for(shelves: Sequence[Shelf], fill: float, *, by_price: bool = True) -> float:
    """Value of stock (pieces at price 1), summed over the shelves, at which a rule fills ``fill`` of all that was asked.

    Between the two nearest positions of the knob on a straight line; a rule that never gets so far needs infinity.
    """
    low, high = LEAST, MOST
    wanted = fill * sum(shelf.asked for shelf in shelves)
    above = _at(shelves, high, by_price=by_price)
    below = _at(shelves, low, by_price=by_price)
    if above[0] < wanted:
        return float("inf")
    if below[0] >= wanted:
        return below[1]
    for _turn in range(TURNS):
        middle = (low + high) / 2
        found = _at(shelves, middle, by_price=by_price)
        low, high = (middle, high) if found[0] < wanted else (low, middle)
        below, above = (found, above) if found[0] < wanted else (below, found)
    share = (wanted - below[0]) / max(above[0] - below[0], 1e-12)
    return below[1] + share * (above[1] - below[1])


def _at(shelves: Sequence[Shelf], knob: float, *, by_price: bool) -> tuple[float, float]:
    filled = value = 0.0
    for shelf in shelves:
        level = shelf.level(knob, by_price=by_price)
        filled += shelf.filled(level)
        value += float((level * shelf.price).sum())
    return filled, value
