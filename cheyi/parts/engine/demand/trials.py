"""A race on one table: the engine and the classic methods at the same origins, by quantile loss and by stock for a service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from cheyi.kernel import Refused
from cheyi.parts.engine.demand import classics, counts
from cheyi.parts.engine.demand.arrays import MONTHS_A_YEAR, Floats, Ints
from cheyi.parts.engine.demand.backtest import ORDER_LEVELS, actual_after, choose, loss, origins
from cheyi.parts.engine.demand.fill import Shelf, stock_for
from cheyi.parts.engine.demand.forecast import forecast
from cheyi.parts.engine.demand.history import Cleaned, History, clean

ENGINE = "engine"
COVER = "months of cover"
DECILES = tuple(level / 10 for level in range(1, 10))
AHEAD = (1, 3)
MOST_ORIGINS = 6
EVERY = 3


@dataclass(frozen=True, eq=False)
class Race:
    """What each method came to, by measure; ``engine`` is one of the methods."""

    origins: tuple[int, ...]
    settings: tuple[str, ...]
    losses: dict[str, dict[str, float]]
    stocks: dict[str, dict[str, float]]

    @property
    def lines(self) -> tuple[str, ...]:
        """One method to a line with its ratio to the best classic one, by measure."""
        found = [f"origins {len(self.origins)} (months known: {', '.join(map(str, sorted(self.origins)))})"]
        found += [f"engine settings: {', '.join(self.settings)}"]
        for measure, by_method in {**self.losses, **self.stocks}.items():
            rivals = [value for name, value in by_method.items() if not name.startswith(ENGINE)]
            best = min(rivals)
            found.append("")
            found.append(measure)
            for name, value in by_method.items():
                found.append(f"  {name:<24} {_figure(value):>14}  {_ratio(value, best)} of the best classic")
        return tuple(found)


def _figure(value: float) -> str:
    return f"{value:.4f}" if value < inf else "not reached"


def _ratio(value: float, best: float) -> str:
    return f"{value / best:7.4f}" if 0 < best < inf and value < inf else "      –"


@dataclass(eq=False)
class _Sums:
    """Losses and demand added over origins."""

    demand: float = 0.0
    by_method: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, value: float) -> None:
        self.by_method[name] = self.by_method.get(name, 0.0) + value

    def shares(self, times: float = 1.0) -> dict[str, float]:
        return {name: times * value / self.demand for name, value in self.by_method.items()}


@dataclass(frozen=True, eq=False)
class _Heat:
    """One origin and time ahead: what was demanded, and each method's distribution."""

    rows: Ints
    actual: Floats
    chances: dict[str, tuple[Floats, Floats]]
    cover: Floats
    line: Floats
    setting: str


def race(demand: Sequence[Sequence[float]] | Floats, prices: ArrayLike | None, *, fills: tuple[float, ...]) -> Race:
    """Run all methods over a table of parts × months (NaN unknown).

    Losses: mean of 2 × quantile loss over the demand it was for (a share of demand), at 0.9 and 0.95 for the total of 1 and of
    3 months, rolling, and over the deciles of each of the last twelve months. Stocks: pieces on the shelf at the start of a
    month (mean of the origins) that fill such shares of the pieces asked for in it, or of its lines: a part's demand of the
    month, served whole or not. Raises Refused as `clean`, and ``parts.bench.no_demand``.
    """
    history = clean(History(demand))
    starts = origins(history.months, max(AHEAD), most=MOST_ORIGINS, every=EVERY)
    losses: dict[str, dict[str, float]] = {}
    settings: list[str] = []
    shelves: list[_Heat] = []
    for ahead in AHEAD:
        heats = list(_heats(history, starts, ahead, ORDER_LEVELS))
        if not sum(heat.actual.sum() for heat in heats):
            raise Refused("parts.bench.no_demand")
        for level in ORDER_LEVELS:
            losses[f"quantile loss {level:g}, {ahead} months ahead"] = _losses(heats, (level,))
        losses[f"quantile loss 0.9 and 0.95, {ahead} months ahead"] = _losses(heats, ORDER_LEVELS)
        settings += [f"{ahead} months {heat.setting}" for heat in heats]
        shelves = shelves or heats
    losses.update(_year(history))
    price = None if prices is None else np.asarray(prices, dtype=np.float64)
    return Race(starts, tuple(dict.fromkeys(settings)), losses, _stocks(shelves, price, fills))


def _heats(history: Cleaned, starts: Sequence[int], ahead: int, levels: tuple[float, ...]) -> Iterator[_Heat]:
    for origin in starts:
        actual = actual_after(history, origin, ahead)
        rows = np.flatnonzero(~np.isnan(actual))
        if not len(rows):
            continue
        known = history.until(origin, rows)
        chosen = choose(known, ahead, levels).setting
        found = forecast(known, ahead, chosen)
        chances = {ENGINE: (found.chance, found.unit)}
        for name, method in classics.METHODS.items():
            chances[name] = classics.chances(known.demand, method(known.demand), ahead)
        cover = classics.moving_average(known.demand)[:, -1] * ahead
        line = _pieces_a_line(known.demand)
        yield _Heat(rows, actual[rows], chances, cover, line, f"{chosen.memory.name} {chosen.width:g}")


def _pieces_a_line(demand: Floats) -> Floats:
    """Mean demand of the months that had any, part by part; of all parts where a part never had."""
    asked = np.where(demand > 0, demand, 0.0)
    months = (demand > 0).sum(axis=1)
    pooled = float(asked.sum()) / max(int(months.sum()), 1) or 1.0
    found: Floats = np.where(months > 0, asked.sum(axis=1) / np.maximum(months, 1), pooled)
    return found


def _losses(heats: Sequence[_Heat], levels: tuple[float, ...]) -> dict[str, float]:
    sums = _Sums()
    for heat in heats:
        sums.demand += float(heat.actual.sum())
        for name, (chance, unit) in heat.chances.items():
            for level in levels:
                sums.add(name, float(loss(heat.actual, counts.quantile(chance, unit, level), level).sum()))
    return sums.shares(2 / len(levels))


def _year(history: Cleaned) -> dict[str, dict[str, float]]:
    """Weighted quantile loss of the last twelve months, each forecast from before them."""
    origin = history.months - MONTHS_A_YEAR
    if origin < MONTHS_A_YEAR:
        return {}
    heats = list(_heats(history, (origin,), 1, DECILES))
    sums = _Sums()
    for heat in heats:
        for name, (chance, unit) in heat.chances.items():
            levels = [(level, counts.quantile(chance, unit, level)) for level in DECILES]
            for month in range(MONTHS_A_YEAR):
                actual = history.demand[heat.rows, origin + month]
                known = ~np.isnan(actual)
                for level, found in levels:
                    sums.add(name, float(loss(actual[known], found[known], level).sum()))
        sums.demand += float(np.nansum(history.demand[heat.rows, origin:]))
    return {"weighted quantile loss 0.1 … 0.9, each of 12 months": sums.shares(2 / 9)} if sums.demand else {}


def _stocks(heats: Sequence[_Heat], prices: Floats | None, fills: tuple[float, ...]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    ones = [np.ones(len(heat.rows)) for heat in heats]
    priced = None if prices is None or not (prices > 0).any() else [_priced(prices[heat.rows]) for heat in heats]
    for whole, what in ((False, "of pieces"), (True, "line fill")):
        counted = _Counted(heats, whole)
        for fill in fills:
            found[f"pieces in stock for {fill:.0%} {what}"] = counted.pieces(ones, fill)
        for fill in fills if priced is not None else ():
            found[f"stock value for {fill:.0%} {what}"] = counted.value(priced or ones, fill)
    return found


@dataclass(frozen=True, eq=False)
class _Counted:
    """Stock by method, where pieces count or ``whole`` lines."""

    heats: Sequence[_Heat]
    whole: bool

    def pieces(self, ones: Sequence[Floats], fill: float) -> dict[str, float]:
        names = (COVER, *(name for name in self.heats[0].chances if name != COVER))
        return {name: self._needed(name, ones, fill) for name in names}

    def value(self, prices: Sequence[Floats], fill: float) -> dict[str, float]:
        rivals = [name for name in self.heats[0].chances if name not in {COVER, ENGINE}]
        return {
            COVER: self._needed(COVER, prices, fill),
            **{name: self._needed(name, prices, fill, equal=True) for name in rivals},
            "engine, equal service": self._needed(ENGINE, prices, fill, equal=True),
            ENGINE: self._needed(ENGINE, prices, fill),
        }

    def _needed(self, name: str, prices: Sequence[Floats], fill: float, *, equal: bool = False) -> float:
        shelves = [
            Shelf(
                heat.actual,
                price,
                None if name == COVER else heat.chances[name],
                heat.cover,
                heat.line if self.whole else None,
            )
            for heat, price in zip(self.heats, prices, strict=True)
        ]
        return stock_for(shelves, fill, by_price=not equal) / len(shelves)


def _priced(prices: Floats) -> Floats:
    """A price of 0 counts as a hundredth of the median price: such a part is nearly free to keep, not endlessly."""
    known = prices[prices > 0]
    return np.maximum(prices, 0.01 * float(np.median(known)) if len(known) else 1.0)
