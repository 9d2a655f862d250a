"""Prints the "must hold" table of the demand forecast and of stocking with figures measured now.

Run as ``python -m tools.bench.parts``: simulated stores, three seeds (about a CPU-minute); ``--full`` also proposes for 100,000
parts; ``--series FILE …`` measures tables of real parts, which this repository does not hold, beside them. Service is counted twice: in
lines, a part's demand of a month served whole or not, and in pieces from the shelf.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path

import numpy as np

from cheyi.kernel import Rate
from cheyi.parts.engine import bench
from cheyi.parts.engine.demand import counts
from cheyi.parts.engine.demand.backtest import actual_after, origins
from cheyi.parts.engine.demand.fill import Shelf, stock_for
from cheyi.parts.engine.demand.history import History, clean
from cheyi.parts.engine.demand.trials import AHEAD, EVERY, MOST_ORIGINS, Race, race
from cheyi.parts.engine.stocking import Goal, Stock, propose
from tests.simulators import part_series

SEEDS = (101, 102, 103)
LOSS = "quantile loss 0.9 and 0.95, 3 months ahead"
COVER = "pieces in stock for 95% {}"
VALUE = "stock value for 90% {}"
COUNTED = ("line fill", "of pieces")


@dataclass(frozen=True)
class Line:
    what: str
    target: str
    measured: str
    holds: bool = True


def behind(found: Race) -> float:
    losses = dict(found.losses[LOSS])
    engine = losses.pop("engine")
    return engine / min(losses.values()) - 1


def less_stock(found: Race, counted: str) -> float:
    stocks = found.stocks[COVER.format(counted)]
    return stocks["engine"] / stocks["months of cover"] - 1


def value_share(found: Race, counted: str) -> float:
    values = found.stocks[VALUE.format(counted)]
    return values["engine"] / values["engine, equal service"]


def simulated(parts: int, months: int) -> Iterator[Line]:
    races = []
    for seed in SEEDS:
        series = part_series.mixed(parts, months, seed=seed)
        races.append(race(series.demand, series.price, fills=bench.FILLS))
    name = f"{parts} simulated parts, {months} months"
    yield from rows(name, races, "≤ +3 %", 0.03, priced=True)
    known = [all_knowing(part_series.mixed(parts, months, seed=seed)) for seed in SEEDS]
    for at, counted in enumerate(COUNTED):
        yield line(f"… the all-knowing buyer's, {counted}", "", [each[at] for each in known], inf)


def all_knowing(series: part_series.Series) -> tuple[float, float]:
    """Value for 90 % by that for equal service, in lines and pieces, of a buyer who knows the true chances of the race's months."""
    months = series.demand.shape[1]
    found = []
    for lines_ in (True, False):
        shelves = [
            _knowing(series, origin, lines_=lines_)
            for origin in origins(months, max(AHEAD), most=MOST_ORIGINS, every=EVERY)
        ]
        found.append(stock_for(shelves, 0.9) / stock_for(shelves, 0.9, by_price=False))
    return found[0], found[1]


def _knowing(series: part_series.Series, origin: int, *, lines_: bool) -> Shelf:
    rows_ = np.flatnonzero(~np.isnan(actual_after(clean(History(series.demand)), origin, 1)))
    chance = series.truth(origin, counts.STEPS)[rows_]
    line_ = chance.sum(axis=1) / np.maximum(chance[:, 0], 1e-9)
    demanded, price = series.demand[rows_, origin], series.price[rows_]
    return Shelf(demanded, price, (chance, np.ones(len(rows_))), price, line_ if lines_ else None)


def rows(name: str, races: Sequence[Race], target: str, most: float, *, priced: bool) -> Iterator[Line]:
    yield line(f"loss 0.9 and 0.95 at 3 months, {name}", target, [behind(each) for each in races], most)
    for counted in COUNTED:
        less = [less_stock(each, counted) for each in races]
        yield line(f"stock for 95 % {counted} by months of cover, {name}", "≤ −22 %", less, -0.22)
    for counted in COUNTED if priced else ():
        share = [value_share(each, counted) for each in races]
        yield line(f"value for 90 % {counted} by equal service, {name}", "≤ 55 %", share, 0.55)


def line(what: str, target: str, figures: Sequence[float], most: float) -> Line:
    measured = f"{max(figures):+.1%} (mean {sum(figures) / len(figures):+.1%})"
    return Line(what, target, measured, max(figures) <= most)


def on_files(files: Sequence[Path]) -> Iterator[Line]:
    for file in files:
        result = bench.run(file)
        yield from rows(file.stem, [result.race], "≤ −1.5 %", -0.015, priced=bool(result.table.prices))


def whole_proposal(parts: int) -> Line:
    series = part_series.mixed(parts, 48, seed=SEEDS[0])
    price = np.round(series.price * 100).astype(np.int64)
    stock = Stock(on_hand=np.arange(parts) % 4 * 1000, price=price, lead_days=np.arange(parts) % 40 + 3)
    began = time.process_time()
    plan = propose(clean(History(series.demand)), stock, Goal(fill=Rate.of("0.95")))
    taken = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    measured = f"{taken:.1f} s, {memory:.2f} GB, {len(plan.proposals)} orders"
    return Line(f"{parts} parts, whole proposal", "≤ 15 s CPU, ≤ 1 GB", measured, taken <= 15 and memory <= 1)


def lines(*, full: bool, files: Sequence[Path]) -> Iterator[Line]:
    yield whole_proposal(100_000 if full else 10_000)
    yield from simulated(1000, 48)
    yield from on_files(files)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="propose for 100,000 parts instead of 10,000")
    parser.add_argument("--series", nargs="*", type=Path, default=[], help="tables of real parts")
    options = parser.parse_args()
    print(f"seeds {SEEDS}, worst of them; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'must hold':82} {'target':>20} {'measured':>36}")
    broken = 0
    for each in lines(full=options.full, files=options.series):
        broken += not each.holds
        print(f"{each.what:82} {each.target:>20} {each.measured:>36}{'' if each.holds else '  BROKEN'}", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
