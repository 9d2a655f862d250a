"""The table of care: every figure that must hold, measured beside its baselines on simulated drivers.

python tools/bench/care.py                           short: three seeds of 1,500 cars, a quarter of a minute
python tools/bench/care.py --seeds 10 --cars 3000    all of it, a minute
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import mean, median
from time import perf_counter, process_time

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cheyi.care.engine.drift import Drift, drift, expected_days
from cheyi.care.engine.entry import question
from cheyi.care.engine.many.drift import drift_all
from cheyi.care.engine.many.life import Cars, of_cars, of_customers
from cheyi.care.engine.many.rfm import Customers, classify, gather
from cheyi.care.engine.model import ModelGroup, Reading
from cheyi.care.engine.odometer import clean
from cheyi.care.engine.pace import daily_distance
from tests.simulators.driver_files import (
    Asked,
    asked_at_visits,
    asked_on,
    by_calendar,
    by_engine,
    by_simplest,
    file_of,
    groups_of,
    reading_of,
    schedule_of,
)
from tests.simulators.drivers import END, Life, Visit, lives
from tools.bench.rows import Row

FIRST, AS_OF, LAST = date(2019, 1, 1), date(2024, 6, 30), date(2025, 12, 31)
ENGINE = "codes drift due entry learning life model odometer pace reminder rfm schedule wear work"
MILLION = 1_000_000


@dataclass(frozen=True)
class Town:
    """A shop's drivers and the groups as learned from them."""

    seed: int
    lives: list[Life]
    groups: dict[str, ModelGroup]


def town(seed: int, cars: int) -> Town:
    made = lives(cars, seed)
    return Town(seed, made, groups_of(made, AS_OF))


def due_dates(towns: Sequence[Town], *, service: bool) -> Iterator[Row]:
    """Days off, asked when a car leaves: after its service, or after another visit between two services."""
    when = "leaving after a service" if service else "at a visit between two"
    asked = [
        (one, each)
        for each in towns
        for one in asked_at_visits(each.lives, each.seed, service=service, first=FIRST, last=LAST)
    ]
    ways: dict[str, Callable[[Asked, Town], date]] = {
        "calendar only": lambda one, _: by_calendar(one),
        "simplest estimator": lambda one, _: by_simplest(one),
        "engine, groups not learned": lambda one, _: by_engine(one).on,
        "engine": lambda one, each: by_engine(one, each.groups).on,
    }
    off = {name: [abs((way(one, each) - one.due_on).days) for one, each in asked] for name, way in ways.items()}
    driven = [one.by_distance < one.by_time for one, _ in asked]
    ahead = [far and one.due_on > one.on for far, (one, _) in zip(driven, asked, strict=True)]
    middle = {name: _middle(found, driven) for name, found in off.items()}
    for name, found in off.items():
        others = f"still ahead {_middle(found, ahead):.0f}, all cars {median(found):.0f}, mean {mean(found):.0f}"
        told = f"{middle[name]:.0f} days ({others})"
        target, holds = _due_target(name, middle, service=service)
        yield Row(f"due date, {when}, {name}", told, target, holds)
    yield Row(f"… of {len(asked)} cars so many are due by distance first", f"{mean(driven):.0%}")


def _middle(days: Sequence[int], which: Sequence[bool]) -> float:
    return median(one for one, counts in zip(days, which, strict=True) if counts)


def _due_target(name: str, middle: dict[str, float], *, service: bool) -> tuple[str, bool | None]:
    if name != "engine":
        return ("about 110", None) if name == "calendar only" else ("", None)
    if service:
        return "<= simplest", middle[name] <= middle["simplest estimator"]
    return "<= 15, <= simplest", middle[name] <= min(15, middle["simplest estimator"])


def calibration(towns: Sequence[Town]) -> Iterator[Row]:
    """What the chance of being due within 30 days is worth: on any day, of every car seen in thirteen months."""
    told = []
    for each in towns:
        for year in (2022, 2023, 2024):
            for one in asked_on(each.lives, date(year, 6, 30)):
                chance = by_engine(one, each.groups).chance(today=one.on, within=30)
                told.append((chance.parts / 10_000, one.due_on <= one.on + timedelta(days=30)))
    bands = [(0.0, 0.05), (0.05, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.95), (0.95, 1.01)]
    miss = 0.0
    for low, high in bands:
        band = [(chance, came) for chance, came in told if low <= chance < high]
        said, came = mean(one for one, _ in band), mean(one for _, one in band)
        miss += len(band) / len(told) * abs(said - came)
        yield Row(
            f"chance within 30 days {low:.0%} to {min(high, 1):.0%}", f"said {said:.0%}, came {came:.0%} of {len(band)}"
        )
    yield Row("… mean distance of said and come", f"{miss:.3f}", "<= 0.05", miss <= 0.05)
    yield calibration_ahead(towns)
    chosen = [came for chance, came in told if chance > 0.6]
    right, found = mean(chosen), sum(chosen) / sum(came for _, came in told)
    yield Row(
        "reminded above 60 %", f"{right:.0%} are due in time, {found:.0%} of all that are", ">= 80 %", right >= 0.8
    )


def calibration_ahead(towns: Sequence[Town]) -> Row:
    """The same over all horizons, asked when a car leaves after a service: nobody is chosen by not having come."""
    bands: dict[int, list[tuple[float, bool]]] = {}
    for each in towns:
        for one in asked_at_visits(each.lives, each.seed, service=True, first=FIRST, last=LAST):
            answer = by_engine(one, each.groups)
            for within in range(30, 331, 30):
                chance = answer.chance_by_distance(today=one.on, within=within).parts / 10_000
                bands.setdefault(min(int(chance * 10), 9), []).append(
                    (chance, (one.by_distance - one.on).days <= within)
                )
    count = sum(map(len, bands.values()))
    miss = sum(len(band) * abs(mean(a for a, _ in band) - mean(b for _, b in band)) for band in bands.values()) / count
    return Row("… leaving after a service, all horizons", f"{miss:.3f}", "<= 0.05", miss <= 0.05)


def odometers(towns: Sequence[Town]) -> Iterator[Row]:
    """Errors found and true readings dropped: by the chain, and by hand (whatever is lower than the reading before)."""
    for name, way in (("by hand: lower than before", _by_hand), ("longest chain", _by_chain)):
        slips, found, far, far_found, true, wrong = 0, 0, 0, 0, 0, 0
        for each in towns:
            for life in each.lives:
                dropped = way(life)
                for at, visit in enumerate(life.visits):
                    is_far = abs(visit.typed - visit.true_km) > 5000
                    slips, found = slips + bool(visit.slip), found + (bool(visit.slip) and at in dropped)
                    far, far_found = far + is_far, far_found + (is_far and at in dropped)
                    true, wrong = true + (not visit.slip), wrong + (not visit.slip and at in dropped)
        told = f"{found / slips:.0%} of {slips} errors, {far_found / far:.0%} of {far} by more than 5,000 km"
        yield Row(f"odometer errors found, {name}", told, "", None)
        target = ("<= 0.5 %", wrong / true <= 0.005) if name == "longest chain" else ("", None)
        yield Row("… true readings wrongly dropped", f"{wrong / true:.2%} of {true}", *target)
    yield _asked_at_entry(towns)


def _by_chain(life: Life) -> set[int]:
    found = clean([reading_of(visit) for visit in life.visits], today=END, new_on=life.told_new_on)
    dropped = {(one.reading.km, one.reading.on) for one in found.dropped}
    return {at for at, visit in enumerate(life.visits) if (visit.typed, visit.on) in dropped}


def _by_hand(life: Life) -> set[int]:
    dropped, before = set(), 0
    for at, visit in enumerate(life.visits):
        if visit.typed < before and visit.reason != "replaced":
            dropped.add(at)
        before = visit.typed
    return dropped


def _asked_at_entry(towns: Sequence[Town]) -> Row:
    far, asked, true, needless = 0, 0, 0, 0
    for each in towns:
        for life in each.lives:
            for at, visit in enumerate(life.visits):
                doubt = _question(life, at, visit)
                is_far = abs(visit.typed - visit.true_km) > 5000
                far, asked = far + is_far, asked + (is_far and doubt)
                true, needless = true + (not visit.slip), needless + (not visit.slip and doubt)
    return Row(
        "asked at entry",
        f"{asked / far:.0%} of errors above 5,000 km, {needless / true:.2%} of true readings",
        "",
        None,
    )


def _question(life: Life, at: int, visit: Visit) -> bool:
    if visit.reason == "replaced":
        return False
    known = clean([reading_of(one) for one in life.visits[:at]], today=visit.on, new_on=life.told_new_on)
    return question(visit.typed, visit.on, known, today=visit.on) is not None


def leaving(towns: Sequence[Town]) -> Iterator[Row]:
    """Whom each flag chooses among customers seen in two years, and how well that tells who has really left."""
    found: list[tuple[Drift, bool]] = []
    lately: list[Drift] = []
    for each in towns:
        for life in each.lives:
            seen = [visit.on for visit in life.visits if visit.on <= AS_OF]
            if not seen or seen[-1] < AS_OF - timedelta(days=730):
                continue
            daily = daily_distance(file_of(life, AS_OF), today=AS_OF, group=each.groups[life.group])
            told = drift(seen[-1], expected_days(schedule_of(life).every, daily), today=AS_OF)
            assert isinstance(told, Drift)
            found.append((told, life.lost_on is not None and life.lost_on <= AS_OF))
            if life.lost_on is not None and AS_OF - timedelta(days=365) < life.lost_on <= AS_OF:
                lately.append(told)
    left = mean(gone for _, gone in found)
    yield Row(f"customers seen in two years: {len(found)}, really gone", f"{left:.0%}")
    flags: dict[str, Callable[[Drift], bool]] = {
        "not seen for 3 months": lambda one: one.not_seen,
        "overdue ratio at least 1.2": lambda one: one.state != "healthy",
        "overdue ratio above 2": lambda one: one.state == "lost",
        "not seen for 365 days": lambda one: one.days > 365,
    }
    right = {}
    for name, flag in flags.items():
        chosen = [gone for one, gone in found if flag(one)]
        right[name] = mean(chosen)
        told_all = sum(chosen) / sum(gone for _, gone in found)
        measured = f"{len(chosen) / len(found):.0%} chosen, {right[name]:.0%} of them gone, {told_all:.0%} of the gone"
        holds = right[name] >= 1.5 * right["not seen for 3 months"] if "1.2" in name else None
        yield Row(f"flag: {name}", measured, ">= 1.5 x as often right" if holds is not None else "", holds)
    ratios = _ranked([one.ratio.parts for one, _ in found], [gone for _, gone in found])
    days = _ranked([one.days for one, _ in found], [gone for _, gone in found])
    early = mean(one.state != "healthy" for one in lately), mean(one.days > 365 for one in lately)
    yield Row(
        f"… of {len(lately)} who left within the year, seen already",
        f"by ratio {early[0]:.0%}, by 365 days {early[1]:.0%}",
    )
    yield Row("… a gone one ranks above one who stays", f"by ratio {ratios:.3f}, by plain days {days:.3f}")


def _ranked(scores: Sequence[int], gone: Sequence[bool]) -> float:
    """The chance that a gone customer has the higher score (area under the curve)."""
    lost = np.array([score for score, left in zip(scores, gone, strict=True) if left])
    stay = np.sort([score for score, left in zip(scores, gone, strict=True) if not left])
    below = np.searchsorted(stay, lost, "left") + np.searchsorted(stay, lost, "right")
    return float(below.mean() / 2 / len(stay))


def speed(one: Town) -> Iterator[Row]:
    """How long the answers take, in CPU seconds (wall beside them, for the load of the machine)."""
    dice = np.random.default_rng(1)
    today = np.datetime64(AS_OF)

    def days(most: int) -> np.ndarray:
        return today - dice.integers(0, most, MILLION).astype("timedelta64[D]")

    rows = 5 * MILLION
    who, fen = dice.integers(0, MILLION, rows), dice.integers(-2000, 300_000, rows)
    on = today - dice.integers(0, 1500, rows).astype("timedelta64[D]")
    customers = Customers(days(900), dice.integers(0, 12, MILLION), dice.integers(0, 2_000_000, MILLION))
    first, last = days(1500), days(900)
    cars = Cars(
        dice.integers(0, 9, MILLION), first, last, first, last + np.timedelta64(300), dice.random(MILLION) < 0.9
    )
    yield _timed("classes of 1,000,000 customers", lambda: classify(customers, today=AS_OF), 2)
    yield _timed("… by fifths", lambda: classify(customers, today=AS_OF, cuts=None), 5)
    yield _timed("… gathered from 5,000,000 visits", lambda: gather(who, on, fen, customers=MILLION, today=AS_OF), 5)
    yield _timed("life cycle of 1,000,000 cars", lambda: of_cars(cars, today=AS_OF), 2)
    cycles = of_cars(cars, today=AS_OF)
    yield _timed("… and their customers", lambda: of_customers(cycles, who[:MILLION], customers=MILLION), 2)
    expected = dice.integers(60, 366, MILLION)
    yield _timed("overdue ratio of 1,000,000 cars", lambda: drift_all(last, expected, today=AS_OF), 2)
    asked = list(asked_on(one.lives, AS_OF))
    yield _timed(
        f"due date of {len(asked)} cars, one by one", lambda: [by_engine(each, one.groups) for each in asked], 2
    )
    yield _timed("a car with 1,000 readings, 100 of them wrong", lambda: clean(_thousand(), today=AS_OF), 1)


def _thousand() -> list[Reading]:
    dice = Random(1)
    start = AS_OF - timedelta(days=1000)
    return [Reading(40 * at * (10 if dice.random() < 0.1 else 1), start + timedelta(days=at)) for at in range(1000)]


def _timed(what: str, act: Callable[[], object], target: float) -> Row:
    act()
    began, clock = process_time(), perf_counter()
    act()
    cpu, wall = process_time() - began, perf_counter() - clock
    return Row(what, f"{cpu:.2f} s CPU, {wall:.2f} s", f"<= {target:g} s", cpu <= target)


def importing() -> Iterator[Row]:
    """What it costs to have the engine in the web process, in a process of its own; the least of five."""
    names = ", ".join(f"cheyi.care.engine.{name}" for name in ENGINE.split())
    for what, modules in (("engine", names), ("engine with NumPy", f"{names}, cheyi.care.engine.many.rfm")):
        script = f"import time; t = time.process_time(); import {modules}; print(time.process_time() - t)"
        took = min(
            float(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout)
            for _ in range(5)
        )
        yield Row(f"import of the {what}", f"{took:.2f} s CPU", "<= 0.3 s", took <= 0.3)


def main(args: list[str]) -> int:
    """Print the table; 1 when a figure is missed."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seeds", type=int, default=3)
    ask.add_argument("--cars", type=int, default=1500)
    told = ask.parse_args(args)
    towns = [town(seed, told.cars) for seed in range(1, told.seeds + 1)]
    parts: list[Iterator[Row]] = [
        due_dates(towns, service=False),
        due_dates(towns, service=True),
        calibration(towns),
        odometers(towns),
        leaving(towns),
        speed(towns[0]),
        importing(),
    ]
    print(f"seeds 1 to {told.seeds}, {told.cars} cars each; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print("| what | measured | target | |\n|---|---|---|---|")
    missed = 0
    for part in parts:
        for row in part:
            print(row, flush=True)
            missed += row.holds is False
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
