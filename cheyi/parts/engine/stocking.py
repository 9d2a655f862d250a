"""How many of each part a store should keep and what it should order: forecast, marginal value, packs and rules.

Uses NumPy: import it where a batch is run. What it gives back is ``proposals``. 备货：按边际价值定库存，按包装起订量成单。
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cheyi.kernel import Money, Quantity, Rate, Reason, Refused
from cheyi.parts.engine.demand.arrays import DAYS_A_MONTH, Flags, Floats, Ints
from cheyi.parts.engine.demand.backtest import Choice, choose
from cheyi.parts.engine.demand.forecast import Forecast, forecast
from cheyi.parts.engine.demand.history import Cleaned
from cheyi.parts.engine.demand.own_past import OwnPast, own_past
from cheyi.parts.engine.demand.season import Season
from cheyi.parts.engine.proposals import ALWAYS, BY_VALUE, ON_ORDER_ONLY, RULES, Backtest, Proposal
from cheyi.parts.engine.worth import Bounds, Goal, Misses, Worth, costs_of, levels

ONE = Quantity.PER_UNIT
LAST_MONTHS = 12
NO_LIMIT = -1


@dataclass(frozen=True, eq=False)
class Stock:
    """A store's parts, row by row as in the history; each a column, or one number for all.

    Quantities in whole thousandths, money in whole fen. ``price`` of a piece, 0 if unknown; ``space`` what keeping a piece
    costs beside it; ``lead_days`` from order to shelf and ``review_days`` until the next look; ``pack`` and ``moq`` as the supplier
    sells; ``shelf_months`` until a piece expires (0 never); ``rule`` one of ``proposals.RULES``; ``least`` and ``most`` set by hand
    (−1: no limit); ``weight`` how much a piece missed counts beside other parts (safety), above 0; ``line`` how much a
    customer's line asks for on average (eight screws, one pump), above 0: a fill is then one of lines, else of pieces.
    """

    on_hand: ArrayLike
    price: ArrayLike
    lead_days: ArrayLike
    review_days: ArrayLike = 7
    reserved: ArrayLike = 0
    on_order: ArrayLike = 0
    backordered: ArrayLike = 0
    pack: ArrayLike = ONE
    moq: ArrayLike = 0
    space: ArrayLike = 0
    shelf_months: ArrayLike = 0
    rule: ArrayLike = BY_VALUE
    least: ArrayLike = 0
    most: ArrayLike = NO_LIMIT
    weight: ArrayLike = 1.0
    line: ArrayLike = ONE


@dataclass(frozen=True, eq=False)
class Plan:
    """Levels, positions and orders of all parts (thousandths), and proposals for those to order, in the rows' order.

    ``fill``: share of lines over lead and review time that the levels are expected to fill; ``value``: money of the levels;
    ``reached``: whether the goal was; ``choice``: what the store's past chose.
    """

    level: Ints
    position: Ints
    order: Ints
    fill: Rate
    value: Money
    reached: bool
    choice: Choice
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, eq=False)
class _Columns:
    price: Ints
    position: Ints
    backordered: Ints
    pack: Ints
    moq: Ints
    rule: Ints
    shelf_months: Floats
    least: Ints
    most: Ints
    months: Floats
    space: Ints
    misses: Misses


def propose(
    history: Cleaned, stock: Stock, goal: Goal, *, choice: Choice | None = None, season: Season | None = None
) -> Plan:
    """What to order now so that the store's levels are worth their money.

    ``choice``: what the store's past chose (`choose`), else it is asked here. Raises Refused as `forecast`, and
    ``parts.stocking.wrong_column`` (facts ``column``, ``part`` from 1).
    """
    columns = _columns(stock, history.parts)
    ahead = int(np.clip(np.round(np.median(columns.months)), 1, LAST_MONTHS))
    chosen = choice or choose(history, ahead)
    found = forecast(history, columns.months, chosen.setting, season=season)
    bounds = _bounds(columns, found)
    price = columns.price.astype(np.float64)
    cost = costs_of(price, columns.space.astype(np.float64))
    kept = levels(found, price, cost, goal, bounds, columns.misses)
    level = np.round(kept.level * ONE).astype(np.int64)
    order = _orders(level, columns)
    rows = np.flatnonzero(order > 0)
    past = own_past(history, ahead, chosen.setting, rows)
    maker = _Maker(history, found, columns, kept, level, order)
    return Plan(
        level,
        columns.position,
        order,
        Rate(int(np.floor(kept.fill * Rate.PER_UNIT))),
        Money(int((level * columns.price).sum()) // ONE),
        kept.reached,
        chosen,
        maker.proposals(rows, past),
    )


def _columns(stock: Stock, rows: int) -> _Columns:
    def whole(name: str, *, least: int | None = 0) -> Ints:
        return _column(name, getattr(stock, name), rows, least).astype(np.int64)

    position = whole("on_hand", least=None) - whole("reserved") + whole("on_order") - whole("backordered")
    lead = _column("lead_days", stock.lead_days, rows, 0) + _column("review_days", stock.review_days, rows, 0)
    rule = whole("rule")
    _demand("rule", ~np.isin(rule, RULES))
    misses = Misses(_above_0("weight", stock.weight, rows), _above_0("line", stock.line, rows) / ONE)
    months = np.clip(lead / DAYS_A_MONTH, 1 / DAYS_A_MONTH, LAST_MONTHS)
    return _Columns(
        price=whole("price"),
        position=position,
        backordered=whole("backordered"),
        pack=np.maximum(whole("pack"), 1),
        moq=whole("moq"),
        rule=rule,
        shelf_months=_column("shelf_months", stock.shelf_months, rows, 0),
        least=whole("least"),
        most=whole("most", least=NO_LIMIT),
        months=months,
        space=whole("space"),
        misses=misses,
    )


def _column(name: str, given: ArrayLike, rows: int, least: int | None) -> Floats:
    cells: NDArray[np.float64] = np.asarray(given, dtype=np.float64)
    if cells.shape not in {(), (rows,)}:
        raise Refused("parts.stocking.wrong_column", column=name, part=0)
    column = np.broadcast_to(cells, (rows,))
    wrong = ~np.isfinite(column) | (np.abs(column) > 2**53)
    _demand(name, wrong if least is None else wrong | (column < least))
    return column.astype(np.float64)


def _above_0(name: str, given: ArrayLike, rows: int) -> Floats:
    column = _column(name, given, rows, 0)
    _demand(name, column <= 0)
    return column


def _demand(name: str, wrong: Flags) -> None:
    if wrong.any():
        raise Refused("parts.stocking.wrong_column", column=name, part=int(np.argmax(wrong)) + 1)


def _bounds(columns: _Columns, found: Forecast) -> Bounds:
    """Least and most in pieces: by rule, by hand, and no more than sells before it expires."""
    least = np.maximum(columns.least / ONE, np.where(columns.rule == ALWAYS, 1.0, 0.0))
    most = np.where(columns.most == NO_LIMIT, np.inf, columns.most / ONE)
    lasts = np.where(columns.shelf_months > 0, np.floor(found.level * columns.shelf_months), np.inf)
    most = np.where(columns.rule == ON_ORDER_ONLY, 0.0, np.minimum(most, lasts))
    return Bounds(np.minimum(least, np.where(columns.rule == ON_ORDER_ONLY, 0.0, np.inf)), np.maximum(most, 0.0))


def _orders(level: Ints, columns: _Columns) -> Ints:
    """Thousandths to order: up to the level, in whole packs, at least the minimum order."""
    lacking = np.maximum(level - columns.position, 0)
    wanted = np.where(lacking > 0, np.maximum(lacking, columns.moq), 0)
    packs: Ints = -(-wanted // columns.pack) * columns.pack
    return packs


@dataclass(frozen=True, eq=False)
class _Maker:
    """Turns rows into proposals."""

    history: Cleaned
    found: Forecast
    columns: _Columns
    kept: Worth
    level: Ints
    order: Ints

    def proposals(self, rows: Ints, past: OwnPast) -> tuple[Proposal, ...]:
        held = np.maximum(self.columns.position, 0) / ONE
        running_out = np.round(self.found.over(held) * Rate.PER_UNIT).astype(np.int64).tolist()
        low, high = (_thousandths(self.found.quantile(level)) for level in (0.1, 0.9))
        mean = _thousandths(self.found.mean)
        last = self.history.demand[rows, -LAST_MONTHS:]
        told = np.where(np.isnan(last), -1, np.round(last * ONE)).astype(np.int64).tolist()
        orders, levels_, positions = self.order.tolist(), self.level.tolist(), self.columns.position.tolist()
        return tuple(
            Proposal(
                part=row,
                order=Quantity(orders[row]),
                level=Quantity(levels_[row]),
                position=Quantity(positions[row]),
                last_months=tuple(Quantity(cell) if cell >= 0 else None for cell in told[at]),
                expected=Quantity(mean[row]),
                low=Quantity(low[row]),
                high=Quantity(high[row]),
                running_out=Rate(running_out[row]),
                value=Money(int(self.columns.price[row])).times(Quantity(orders[row])),
                past=self._past(row, at, past),
                reasons=self._reasons(row),
            )
            for at, row in enumerate(rows.tolist())
        )

    def _past(self, row: int, at: int, past: OwnPast) -> Backtest:
        price = Money(int(self.columns.price[row]))
        error, naive = (Quantity(round(losses[at] * ONE)) for losses in (past.forecast, past.naive))
        return Backtest(error, naive, price.times(error), price.times(naive), int(past.origins[at]))

    def _reasons(self, row: int) -> tuple[Reason, ...]:
        """Why so many: first what decided the level, then what bears on the order."""
        columns, level, order = self.columns, int(self.level[row]), int(self.order[row])
        found = [self._main(row)]
        if np.isnan(self.history.demand[row]).all():
            found.append(Reason("no_history"))
        if self.history.ends[row]:
            found.append(Reason("ends"))
        if not columns.price[row]:
            found.append(Reason("price_missing"))
        if columns.backordered[row]:
            found.append(Reason("backordered", quantity=Quantity(int(columns.backordered[row]))))
        lacking = level - int(columns.position[row])
        if lacking < columns.moq[row]:
            found.append(Reason("at_least", quantity=Quantity(int(columns.moq[row]))))
        if order > max(lacking, int(columns.moq[row])):
            found.append(Reason("in_packs", quantity=Quantity(order), pack=Quantity(int(columns.pack[row]))))
        lasts = columns.shelf_months[row] * self.found.level[row] * ONE
        if columns.shelf_months[row] and order + columns.position[row] > lasts:
            months = int(columns.shelf_months[row])
            found.append(Reason("more_than_lasts", quantity=Quantity(order), months=months))
        return tuple(found)

    def _main(self, row: int) -> Reason:
        """What decided the level."""
        columns, level = self.columns, Quantity(int(self.level[row]))
        chance = Rate(round(float(self.kept.chance[row]) * Rate.PER_UNIT))
        pieces = self.kept.level[row]
        if columns.rule[row] == ON_ORDER_ONLY:
            return Reason("on_order_only")
        if columns.most[row] != NO_LIMIT and pieces * ONE >= columns.most[row]:
            return Reason("held_to_most", level=level)
        if columns.shelf_months[row] and pieces >= np.floor(self.found.level[row] * columns.shelf_months[row]):
            return Reason("held_to_shelf_life", level=level, months=int(columns.shelf_months[row]))
        if columns.rule[row] == ALWAYS and pieces <= 1:
            return Reason("always_kept", level=level)
        if level.parts == 0:
            return Reason("not_worth_keeping", chance=chance)
        return Reason("worth_keeping", level=level, chance=chance)


def _thousandths(pieces: Floats) -> list[int]:
    found: list[int] = np.round(pieces * ONE).astype(np.int64).tolist()
    return found
