"""Fellegi–Sunter weights: what each level of each column tells for and against two records being one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cheyi.customers.engine.linking.columns import Table
from cheyi.customers.engine.linking.comparing import Compared
from cheyi.customers.engine.linking.likeness import EQUAL, MISSING
from cheyi.customers.engine.linking.together import NOTHING_TOGETHER, Together

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Weights:
    """Per column and level the chance among doubles (m), strangers (u) and kin, with the shares of doubles and kin.

    Kin are different entities that share a home, a firm or a telephone: alike in some columns and strangers in what is
    one's own. Their share is 0 where the file shows none. ``often``: per column the chance that a
    stranger has a value, value by value.
    """

    doubles: Floats
    strangers: Floats
    kin: Floats
    share: float
    kin_share: float = 0.0
    often: tuple[Floats, ...] = ()
    together: Together = NOTHING_TOGETHER

    @property
    def prior(self) -> float:
        """Log odds, base 2, that any two records are doubles before looking at them."""
        return float(np.log2(self.share / (1 - self.share)))

    def of_levels(self) -> Floats:
        """Log2 of m/u per column and level, never rising from a closer to a farther level; missing is no evidence."""
        bits = ratio(self.doubles, self.strangers)
        for level in range(EQUAL + 1, bits.shape[1]):
            known = ~np.isnan(bits[:, level])
            bits[:, level] = np.where(known, np.fmin(bits[:, level], bits[:, level - 1]), bits[:, level - 1])
        return bits

    def against_kin(self) -> Floats:
        """Log2 of m/k per column and level, for doubles against kin."""
        return np.nan_to_num(ratio(self.doubles, self.kin))


def ratio(above: Floats, below: Floats) -> Floats:
    """Log2 of one chance over another, per column and level; missing is no evidence, an unknown level is NaN."""
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = np.log2(above) - np.log2(below)
    bits[:, MISSING] = 0
    return bits


def total(bits: Floats, patterns: NDArray[np.int8]) -> Floats:
    """The bits of each pattern of levels (columns × patterns) added up."""
    return np.asarray(sum(bits[column][row] for column, row in enumerate(patterns)))


def scores(table: Table, compared: Compared, weights: Weights) -> Floats:
    """Log2 odds of each pair being doubles; agreeing on a rare value tells more than on a common one."""
    bits = weights.of_levels()
    odds = weights.prior - weights.together.excess(compared.levels)
    for number in range(len(table.columns)):
        levels = compared.levels[number]
        worth = bits[number][levels]
        equal = np.flatnonzero(levels == EQUAL)
        often = weights.often[number][compared.shared[number][equal]]
        worth[equal] = np.log2(weights.doubles[number, EQUAL]) - np.log2(often)
        odds += worth
    if not weights.kin_share:
        return odds
    to_kin = np.log2(weights.share / weights.kin_share) + total(weights.against_kin(), compared.levels)
    return np.asarray(-np.logaddexp2(-odds, -to_kin))
