"""The table of stock: two simulated years under four buyers, and how long pooling, verdicts and lead times take.

python tools/bench/parts_store.py                short: one group of four stores and three single stores, three CPU-minutes
python tools/bench/parts_store.py --seeds 5      five of each

Every buyer begins with the shelves that the hand buyer has made in a year and a half, and meets the same cars, the same
customers and the same suppliers' delays.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import mean
from time import perf_counter, process_time

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cheyi.kernel import Money, Quantity, Rate
from cheyi.parts.engine.leadtimes import OrderLine, Receipt, learn
from cheyi.parts.engine.pooling import Price, Shelf, Wanted, Way, plan
from cheyi.parts.engine.slow import IdlePart, ReturnTerms, verdict
from tests.simulators.parts_buyers import Computed, replayed
from tests.simulators.parts_levels import ClassicLevels, EngineLevels
from tests.simulators.parts_replay import Result
from tests.simulators.parts_store import world
from tools.bench.rows import Row

HAND, ENGINE = "by hand", "engine, pooling, verdicts"
MANY = 100_000
TODAY = date(2026, 6, 15)


def years(seeds: Sequence[int], stores: int) -> Iterator[Row]:
    """The buyers' two years; the means over the seeds decide."""
    found: dict[str, list[Result]] = {}
    for seed in seeds:
        buyers = {
            HAND: None,
            "classic, 95 %": Computed(ClassicLevels(), every=7),
            "engine alone": Computed(EngineLevels(), every=3),
            ENGINE: Computed(EngineLevels(), every=3, pools=True, clears=True),
        }
        for one in replayed(world(seed, stores=stores), seed, buyers):
            found.setdefault(one.name, []).append(one)
    for name, results in found.items():
        yield Row(f"**{name}**, {stores} store{'s' * (stores > 1)}, seeds {seeds[0]} to {seeds[-1]}", _money(results))
        yield from _judged(results, name)


def _judged(results: Sequence[Result], name: str) -> Iterator[Row]:
    for what, told, most in (
        ("stock-outs", [one.stock_outs for one in results], 0.05),
        ("dead share", [one.dead for one in results], 0.08),
        ("stock days", [one.stock_days for one in results], 52.0),
    ):
        middle = mean(told)
        days = what == "stock days"
        each = f"{middle:.0f}" if days else f"{middle:.1%}"
        spread = f"{min(told):.0f} to {max(told):.0f}" if days else f"{min(told):.1%} to {max(told):.1%}"
        target = f"<= {most:.0f}" if days else f"<= {most:.0%}"
        judged = name == ENGINE
        yield Row(f"… {what}", f"{each} ({spread})", target if judged else "", middle <= most if judged else None)


def _money(results: Sequence[Result]) -> str:
    value = mean(one.value.fen for one in results) / 100
    costs = {what: mean(one.costs.get(what, 0) for one in results) for one in results for what in one.costs}
    told = "; ".join(f"{what} {yuan:,.0f} a year" for what, yuan in sorted(costs.items()))
    return f"stock of {value:,.0f} yuan" + (f"; {told}" if told else "")


def speed() -> Iterator[Row]:
    """A hundred thousand lines at once."""
    dice = np.random.default_rng(1)
    stores, parts = 8, MANY // 4
    wanted = [
        Wanted(int(store), part, Quantity(1000 * int(dice.integers(1, 9))))
        for part in range(parts)
        for store in dice.choice(stores, 4, replace=False)
    ]
    shelves = [
        Shelf(store, part, Quantity(1000 * int(held)), Quantity(4000), idle_days=int(held) * 9)
        for part in range(parts)
        for store, held in enumerate(dice.integers(0, 12, stores))
    ]
    prices = [Price(part, Money(int(fen))) for part, fen in enumerate(dice.lognormal(9.5, 1.2, parts))]
    ways = [
        Way(one, other, 20 + 3 * abs(one - other), Money(600 + 100 * abs(one - other)))
        for one in range(stores)
        for other in range(stores)
        if one != other
    ]
    yield _timed(f"pooling {len(wanted)} lines of {stores} stores", lambda: plan(wanted, shelves, prices, ways), 15)
    idle = [
        IdlePart(
            1,
            part,
            Quantity(1000 * int(dice.integers(1, 40))),
            Money(int(fen)),
            Money(int(1.4 * fen)),
            float(dice.exponential(0.3)),
            int(dice.integers(0, 900)),
            terms=ReturnTerms(20, Rate(1500)),
        )
        for part, fen in enumerate(dice.lognormal(9.5, 1.2, MANY))
    ]
    yield _timed(f"verdicts on {MANY} idle parts", lambda: [verdict(one) for one in idle], 15)
    lines = []
    for part in range(MANY // 4):
        for days in dice.integers(30, 700, 4):
            ordered = TODAY - timedelta(days=int(days))
            came = Receipt(ordered + timedelta(days=int(dice.integers(1, 29))), Quantity(1000))
            lines.append(OrderLine(part % 40, part, ordered, Quantity(1000), (came,)))
    yield _timed(
        f"lead times of {MANY // 4} parts from {len(lines)} order lines",
        lambda: [
            supply.lead_time(part % 40, part) for supply in [learn(lines, today=TODAY)] for part in range(MANY // 4)
        ],
        15,
    )


def _timed(what: str, act: Callable[[], object], target: float) -> Row:
    began, clock = process_time(), perf_counter()
    act()
    cpu, wall = process_time() - began, perf_counter() - clock
    return Row(what, f"{cpu:.1f} s CPU, {wall:.1f} s", f"<= {target:g} s", cpu <= target)


def main(args: list[str]) -> int:
    """Print the table; 1 when a figure is missed."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seeds", type=int, default=1)
    seeds = ask.parse_args(args).seeds
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print("| what | measured | target | |\n|---|---|---|---|")
    missed = 0
    for part in (years(range(1, seeds + 1), 4), years(range(1, max(seeds, 3) + 1), 1), speed()):
        for row in part:
            print(row, flush=True)
            missed += row.holds is False
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
