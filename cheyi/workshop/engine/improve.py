"""A better plan than the rule's, found from it, and whether it is worth a change on the board.

Annealing over sequences first, then CP-SAT on the neighbourhoods of the orders that cost most: on a whole day of a
hundred steps the solver alone found nothing in a second, on sixteen steps around a late order it finds the best.
"""

from __future__ import annotations

from dataclasses import dataclass

from cheyi.workshop.engine.anneal import anneal
from cheyi.workshop.engine.compare import Difference, difference
from cheyi.workshop.engine.floor import Floor, Placed, costs
from cheyi.workshop.engine.ground import Ground, lay
from cheyi.workshop.engine.model import Plan, Shop
from cheyi.workshop.engine.neighbourhood import around, late_orders
from cheyi.workshop.engine.plans import plan_of
from cheyi.workshop.engine.rule import best_base, keeping, simulate
from cheyi.workshop.engine.sequence import Limits, Reckoner, decode, is_fixed

TRIES_PER_STEP = 120
LEAST_GAIN = 500
LEAST_SHARE = 100


@dataclass(frozen=True, slots=True)
class Improvement:
    """The plan to show, the rule's plan it came from, what differs, and whether it is worth publishing.

    Without ``worthwhile`` the plan is the rule's.
    """

    plan: Plan
    rule: Plan
    difference: Difference
    worthwhile: bool


def improve(shop: Shop, *, published: Plan | None = None, limits: Limits | None = None) -> Improvement:
    """The best plan found within the limits, never costlier than the rule's.

    It loads the solver: call it in a worker process only, elsewhere use ``apart.Improver``.
    """
    ground = lay(shop, published=published)
    base = best_base(ground.floor)
    return judged(ground, base, improved(ground.floor, base, limits or Limits()))


def judged(ground: Ground, base: list[Placed | None], found: list[Placed | None]) -> Improvement:
    """Publish what gains more than 500 cost units (five weighted late minutes) and a hundredth of the cost."""
    before, after = costs(ground.floor, base).total, costs(ground.floor, found).total
    rule = plan_of(ground, base)
    worthwhile = before - after > max(LEAST_GAIN, before // LEAST_SHARE)
    plan = plan_of(ground, found) if worthwhile else rule
    return Improvement(plan, rule, difference(rule, plan), worthwhile)


def improved(floor: Floor, base: list[Placed | None], limits: Limits) -> list[Placed | None]:
    """Placed steps that cost no more than ``base``.

    Where ``base`` changes more technicians than the limit, a plan that starts from the published hands is tried first
    and taken when it costs no more.
    """
    before = costs(floor, base)
    if before.changed > limits.changes:
        calm = _searched(floor, simulate(keeping(floor)), limits)
        if costs(floor, calm).total <= before.total:
            return calm
    return _searched(floor, base, limits)


def _searched(floor: Floor, base: list[Placed | None], limits: Limits) -> list[Placed | None]:
    """Annealed, then solved around the costliest orders."""
    from cheyi.workshop.engine.solver import solve  # noqa: PLC0415  the solver is loaded on first use

    best = _annealed(floor, base, limits)
    free = sum(one is not None and not is_fixed(floor, at) for at, one in enumerate(best))
    if free <= limits.size:
        return solve(floor, best, limits)
    for round_ in range(max(1, min(limits.rounds, late_orders(floor, best)))):
        best = solve(floor, best, limits, only=around(floor, best, round_, limits.size))
    return best


def _annealed(floor: Floor, base: list[Placed | None], limits: Limits) -> list[Placed | None]:
    reckoner = Reckoner(floor, base)
    opening = reckoner.opening()
    tries = min(TRIES_PER_STEP * len(opening), limits.placements // max(1, len(opening)))
    sequence = anneal(reckoner, opening, tries=tries, seed=limits.seed, changes=limits.changes)
    starts = reckoner.starts(sequence)
    found = decode(floor, base, starts) if starts else None
    return found if found is not None and costs(floor, found).total < costs(floor, base).total else base
