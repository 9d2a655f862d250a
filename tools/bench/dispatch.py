"""The table of dispatch: every figure that must hold, measured beside its baselines on simulated days.

python tools/bench/dispatch.py                          short: a few seeds, about three minutes
python tools/bench/dispatch.py --seeds 20 --days 500    all of it
python tools/bench/dispatch.py --instances DIR --best FILE   classic job-shops too (FILE: JSON, path in
    the folder without its suffix, or file name, to best known makespan)
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import mean
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cheyi.workshop.engine.floor import CHANGE_COST, Floor, Placed, costs
from cheyi.workshop.engine.ground import lay
from cheyi.workshop.engine.improve import improve, improved, judged
from cheyi.workshop.engine.model import Plan, Shop, Task
from cheyi.workshop.engine.plans import plan_by_rule
from cheyi.workshop.engine.promise import quote
from cheyi.workshop.engine.risk import at_risk
from cheyi.workshop.engine.rule import best_base
from cheyi.workshop.engine.sequence import Limits
from tests.simulators.plan_check import faults
from tests.simulators.replay import Outcome, best_skilled, by_rule, least_loaded, replay_plan, replay_queues
from tests.simulators.shop_days import Day, day
from tests.simulators.shops import random_shop, with_running
from tools.bench.rows import Row

ROOT = Path(__file__).resolve().parents[2]
QUICK = Limits(placements=8_000, rounds=1, size=8, effort=0.01)
CHEYI = [sys.executable, "-m", "cheyi.project.cli"]
ALL = "all"
ENGINE = ("apart", "improve", "promise", "risk", "suggest", "capacity", "bench")
LOAD = {"8x40": 0.7, "15x75": 0.7, "20x90": 0.7}


class Replans:
    """The planner of the replay; remembers its CPU time and, now and then, what keeping hands has cost."""

    def __init__(self, sample_every: int) -> None:
        self.seconds: list[float] = []
        self.calm, self.free, self.changed = 0, 0, 0
        self.sampled = 0
        self.every = sample_every

    def __call__(self, shop: Shop, published: Plan | None) -> Plan:
        began = process_time()
        ground = lay(shop, published=published)
        base = best_base(ground.floor)
        found = improved(ground.floor, base, Limits())
        self.seconds.append(process_time() - began)
        told = judged(ground, base, found)
        if published is not None and len(self.seconds) % self.every == 0:
            self._sample(ground.floor, found)
        return told.plan

    def _sample(self, floor: Floor, found: list[Placed | None]) -> None:
        """The same moment without any regard for the published hands."""
        steps = tuple(replace(step, published=None) for step in floor.steps)
        blind = replace(floor, steps=steps)
        wild = improved(blind, best_base(blind), Limits())
        calm = costs(floor, found)
        self.calm += calm.total - CHANGE_COST * calm.changed
        self.free += costs(blind, wild).total
        self.changed += calm.changed
        self.sampled += 1


def never_worse(days: int) -> Iterator[Row]:
    """Random shops: the plan exists, keeps every hard rule and costs no more than the rule's."""
    good = 0
    for seed in range(days):
        shop = random_shop(seed, orders=6 + seed % 25, people=3 + seed % 8)
        shop = with_running(shop) if seed % 3 == 0 else shop
        plan = improve(shop, limits=QUICK).plan
        good += not faults(shop, plan) and plan.cost.total <= plan_by_rule(shop).cost.total
    yield Row("plan exists, is feasible and never worse than the rule's", f"{good} of {days}", "all", good == days)


def days_played(size: str, seeds: range) -> Iterator[Row]:
    """Days played online under every policy; weighted late minutes, means over the seeds."""
    planner = Replans(sample_every=15)
    policies: dict[str, Callable[[Day], Outcome]] = {
        "least loaded": lambda one: replay_queues(one, least_loaded),
        "least loaded, nearest promise first": lambda one: replay_queues(one, least_loaded, by_promise=True),
        "best skilled": lambda one: replay_queues(one, best_skilled),
        "rule": lambda one: replay_plan(one, by_rule),
        "rule + improvement": lambda one: replay_plan(one, planner),
    }
    played: dict[str, list[Outcome]] = {name: [] for name in policies}
    for seed in seeds:
        for name, policy in policies.items():
            played[name].append(policy(day(seed, size, LOAD[size])))
        _progress(size, seed, {name: outcomes[-1] for name, outcomes in played.items()}, planner)
    late = {name: mean(one.late for one in outcomes) for name, outcomes in played.items()}
    for name, outcomes in played.items():
        orders = mean(one.late_orders for one in outcomes)
        flow = mean(one.flow for one in outcomes)
        yield Row(f"{size}: {name}", f"{late[name]:.0f} late, {orders:.1f} orders, {flow:.0f} min in the house")
    best = late["rule + improvement"]
    yield _against(f"{size}: improvement against least loaded", best, late["least loaded"], -0.55)
    yield _against(f"{size}: improvement against the rule", best, late["rule"], -0.25)
    yield from _calm(size, planner, played["rule + improvement"])


def _progress(size: str, seed: int, outcomes: dict[str, Outcome], planner: Replans) -> None:
    """A seed's weighted late minutes as it is done: a long run that is cut short is not lost."""
    late = ", ".join(f"{name} {one.late}" for name, one in outcomes.items())
    mine = outcomes["rule + improvement"]
    loss = planner.calm / planner.free - 1 if planner.free else 0.0
    changed = f"{mine.changed} changed in {mine.replans} re-plans, keeping hands so far {100 * loss:+.1f} %"
    print(f"{size} seed {seed}: {late}; {changed}", file=sys.stderr, flush=True)


def _against(what: str, mine: float, theirs: float, target: float) -> Row:
    gain = mine / theirs - 1 if theirs else 0.0
    return Row(what, f"{100 * gain:+.0f} %", f"<= {100 * target:.0f} %", gain <= target)


def _calm(size: str, planner: Replans, outcomes: list[Outcome]) -> Iterator[Row]:
    changed = sum(one.changed for one in outcomes) / max(1, sum(one.replans for one in outcomes))
    yield Row(f"{size}: technicians changed per re-plan", f"{changed:.2f}", "<= 2", changed <= 2)
    loss = planner.calm / planner.free - 1 if planner.free else 0.0
    yield Row(
        f"{size}: what keeping hands costs ({planner.sampled} re-plans)", f"{100 * loss:+.1f} %", "<= 5 %", loss <= 0.05
    )
    mean_ms, worst = 1000 * mean(planner.seconds), 1000 * max(planner.seconds)
    yield Row(f"{size}: CPU of a re-plan", f"{mean_ms:.0f} ms mean, {worst:.0f} ms worst", "", None)


def speed() -> Iterator[Row]:
    """How long the answers take, in CPU seconds (wall beside them, for the load of the machine)."""
    shop = random_shop(5, orders=100, people=40)
    new = (Task(9001, 9001, "general", 2, 60, "general"), Task(9002, 9001, "electric", 2, 30, "general", after=(9001,)))
    yield _timed("rule, 100 orders x 40 people", lambda: plan_by_rule(shop), 0.2)
    yield _timed("promise, 100 orders x 40 people", lambda: quote(shop, new), 0.15)
    yield _timed("promise, 60 orders x 20 people", lambda: quote(random_shop(6, orders=60, people=20), new), 0.15)
    yield _timed("improved plan, 60 orders x 20 people", lambda: improve(random_shop(6, orders=60, people=20)), 1.0)
    yield _timed("improved plan, 100 orders x 40 people", lambda: improve(shop), 1.0)
    bad = random_shop(8, orders=100, people=25)
    plan = plan_by_rule(bad)
    yield _timed("promises at risk with remedies, 100 orders x 25 people", lambda: at_risk(bad, plan), 2.0)
    yield _imported()


def _imported() -> Row:
    """What the web process pays for the engine: CPU seconds of importing it, by a process of its own."""
    names = ", ".join(f"cheyi.workshop.engine.{name}" for name in ENGINE)
    code = f"from time import process_time as cpu; began = cpu(); import {names}; print(cpu() - began)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    seconds = float(ran.stdout)
    return Row("importing the engine", f"{1000 * seconds:.0f} ms CPU", "<= 300 ms", seconds <= 0.3)


def _timed(what: str, act: Callable[[], object], target: float) -> Row:
    act()
    began, clock = process_time(), perf_counter()
    act()
    cpu, wall = process_time() - began, perf_counter() - clock
    return Row(what, f"{1000 * cpu:.0f} ms CPU, {1000 * wall:.0f} ms", f"<= {1000 * target:.0f} ms", cpu <= target)


def job_shops(folder: Path, best: dict[str, int], seconds: float) -> Iterator[Row]:
    """Classic instances by the command itself, all its CPU counted; folder by folder how far above the best known."""
    gaps: dict[str, list[float]] = {}
    spent: list[float] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).with_suffix("").as_posix()
        known = best.get(name, best.get(path.stem))
        if not path.is_file() or path.suffix == ".json" or known is None:
            continue
        makespan, bound, cpu = _by_command(path, seconds)
        spent.append(cpu)
        gap = makespan / known - 1
        for group in (path.parent.relative_to(folder).as_posix(), ALL):
            gaps.setdefault(group, []).append(gap)
        print(name, known, makespan, bound, f"{100 * gap:+.1f} %", f"{cpu:.2f} s", file=sys.stderr, flush=True)
    for group in sorted(gaps, key=lambda one: (one == ALL, one)):
        found = gaps[group]
        target, holds = ("<= 4 % mean", mean(found) <= 0.04) if group == ALL else ("", None)
        share = f"{100 * mean(found):.2f} % mean, {100 * max(found):.1f} % worst"
        yield Row(f"flexible job-shops, {group} ({len(found)}), above best known", share, target, holds)
    if spent:
        worst = max(spent)
        cpu = f"{mean(spent):.2f} s mean, {worst:.2f} s worst"
        yield Row("flexible job-shops, CPU of the command", cpu, f"<= {seconds:g} s and 5 %", worst <= 1.05 * seconds)


def _by_command(path: Path, seconds: float) -> tuple[int, int, float]:
    """Makespan, bound, CPU seconds of ``cheyi bench dispatch`` from its start to its end."""
    before = getrusage(RUSAGE_CHILDREN)
    words = [*CHEYI, "bench", "dispatch", "--instance", str(path), "--seconds", str(seconds)]
    ran = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT)
    after = getrusage(RUSAGE_CHILDREN)
    told = dict(line.split(" ", 1) for line in ran.stdout.splitlines())
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return int(told["makespan"]), int(told["bound"]), cpu


def main(args: list[str]) -> int:
    """Print the table; 1 when a figure is missed."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seeds", type=int, default=3)
    ask.add_argument("--first", type=int, default=0, help="the first seed")
    ask.add_argument("--days", type=int, default=60)
    ask.add_argument("--sizes", default="8x40")
    ask.add_argument("--instances", type=Path)
    ask.add_argument("--best", type=Path)
    ask.add_argument("--seconds", type=float, default=2.0)
    told = ask.parse_args(args)
    parts: list[Iterator[Row]] = [never_worse(told.days), speed()]
    parts += [days_played(size, range(told.first, told.first + told.seeds)) for size in told.sizes.split(",") if size]
    if told.instances and told.best:
        parts.append(job_shops(told.instances, json.loads(told.best.read_text()), told.seconds))
    print("| what | measured | target | |\n|---|---|---|---|")
    missed = 0
    for part in parts:
        for row in part:
            print(row, flush=True)
            missed += row.holds is False
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
