"""CP-SAT on a floor: the rule's plan as a complete hint, a better plan or the same one back.

Import this module only in a worker process: the solver takes 0.7 s and 170 MB. The solver's answer is read as an order of
steps and technicians and decoded by the same timetable as everything else, so that a plan is feasible by construction.
``repair_hint`` is never set: it aborted the process.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from cheyi.workshop.engine.floor import (
    ABOVE_COST,
    CHANGE_COST,
    FLOW_COST,
    LATE_COST,
    NEAR,
    NEAR_COST,
    PEAK_COST,
    Floor,
    Placed,
    costs,
)
from cheyi.workshop.engine.sequence import Limits, decode, is_fixed
from cheyi.workshop.engine.windows import windows

SLACK = 240


def solve(
    floor: Floor, base: list[Placed | None], limits: Limits, *, only: frozenset[int] | None = None
) -> list[Placed | None]:
    """A plan that costs no more than ``base``, a feasible plan; ``base`` itself when nothing better was found.

    With ``only`` the other steps stay where they are.
    """
    free = {at for at, one in enumerate(base) if one is not None and not is_fixed(floor, at)}
    if only is not None:
        free &= only
    if not free:
        return base
    found = _Model(floor, base, limits, free).solve()
    if found is None:
        return base
    plan = decode(floor, base, found)
    return plan if plan is not None and costs(floor, plan).total < costs(floor, base).total else base


def set_up(limits: Limits) -> cp_model.CpSolver:
    """A solver of one worker and a deterministic effort, so that the same question has the same answer everywhere."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 0
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    solver.parameters.random_seed = limits.seed
    solver.parameters.max_deterministic_time = limits.effort
    solver.parameters.max_time_in_seconds = limits.seconds
    return solver


@dataclass(slots=True)
class _Vars:
    """A step's variables: start, end, and per technician the literal of being chosen."""

    start: cp_model.IntVar
    end: cp_model.IntVar
    chosen: dict[int, cp_model.IntVar] = field(default_factory=dict)


class _Model:
    """The floor as a constraint model; times count from now."""

    def __init__(self, floor: Floor, base: list[Placed | None], limits: Limits, free: set[int]) -> None:
        self.floor, self.base, self.limits = floor, base, limits
        self.model = cp_model.CpModel()
        self.last = max(one.end for one in base if one) - floor.now + SLACK
        self.steps: dict[int, _Vars] = {}
        self.by_technician: dict[int, list[cp_model.IntervalVar]] = {}
        self.by_order: dict[int, list[cp_model.IntervalVar]] = {}
        self.by_group: dict[tuple[int, ...], list[cp_model.IntervalVar]] = {}
        for at, one in enumerate(base):
            if one is not None and at not in free:
                self._fixed(one)
        for at, one in enumerate(base):
            if one is not None and at in free:
                self._free(at, one)

    def solve(self) -> dict[int, tuple[int, int]] | None:
        """(start, technician) per free step, or None when nothing was found."""
        self._order_of_steps()
        self._capacities()
        self._objective()
        solver = set_up(self.limits)
        status = solver.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        return {
            at: (
                solver.value(step.start) + self.floor.now,
                next(who for who, chosen in step.chosen.items() if solver.boolean_value(chosen)),
            )
            for at, step in self.steps.items()
        }

    def _fixed(self, one: Placed) -> None:
        start, end = max(0, one.start - self.floor.now), one.end - self.floor.now
        if end <= start:
            return
        interval = self.model.new_fixed_size_interval_var(start, end - start, "")
        self.by_technician.setdefault(one.technician, []).append(interval)
        self.by_order.setdefault(self.floor.steps[one.step].order, []).append(interval)
        for place in one.places:
            self.by_group.setdefault((place,), []).append(interval)

    def _free(self, at: int, one: Placed) -> None:
        model, step, now = self.model, self.floor.steps[at], self.floor.now
        start = model.new_int_var(step.earliest - now, self.last, "")
        end = model.new_int_var(step.earliest - now, self.last, "")
        mine = self.steps[at] = _Vars(start, end)
        model.add_hint(start, one.start - now)
        model.add_hint(end, one.end - now)
        literals = []
        for who in sorted(step.minutes):
            pieces = []
            for length, spans in sorted(windows(self.floor, at, who, self.last + now).items()):
                literal = model.new_bool_var("")
                taken = who == one.technician and length == one.end - one.start
                model.add_hint(literal, taken)
                spans_now = [(low - now, high - now) for low, high in spans]
                model.add_linear_expression_in_domain(start, cp_model.Domain.from_intervals(spans_now)).only_enforce_if(
                    literal
                )
                interval = model.new_optional_interval_var(start, length, end, literal, "")
                self.by_technician.setdefault(who, []).append(interval)
                pieces.append(literal)
            if not pieces:
                continue
            literals += pieces
            chosen = pieces[0]
            if len(pieces) > 1:
                chosen = model.new_bool_var("")
                model.add_hint(chosen, who == one.technician)
                model.add(sum(pieces) == chosen)
            mine.chosen[who] = chosen
        model.add_exactly_one(literals)
        size = model.new_int_var(1, self.last, "")
        model.add_hint(size, one.end - one.start)
        whole = model.new_interval_var(start, size, end, "")
        self.by_order.setdefault(step.order, []).append(whole)
        for group in step.places:
            self.by_group.setdefault(tuple(sorted(group)), []).append(whole)

    def _order_of_steps(self) -> None:
        for at, one in enumerate(self.base):
            for before in self.floor.steps[at].after if one is not None and at not in self.steps else ():
                if before in self.steps and one is not None:
                    self.model.add(self.steps[before].end <= one.start - self.floor.now)
        for at, mine in self.steps.items():
            for before in self.floor.steps[at].after:
                other = self.base[before]
                if before in self.steps:
                    self.model.add(mine.start >= self.steps[before].end)
                elif other is not None:
                    self.model.add(mine.start >= other.end - self.floor.now)
        for intervals in self.by_order.values():
            if len(intervals) > 1:
                self.model.add_no_overlap(intervals)

    def _capacities(self) -> None:
        for intervals in self.by_technician.values():
            if len(intervals) > 1:
                self.model.add_no_overlap(intervals)
        for group in sorted(self.by_group):
            if len(group) >= len(self.floor.calendars):
                continue
            held = [one for other, ones in self.by_group.items() if set(other) <= set(group) for one in ones]
            if len(held) > len(group):
                self.model.add_cumulative(held, [1] * len(held), len(group))

    def _objective(self) -> None:
        model, floor = self.model, self.floor
        hinted = costs(floor, self.base)
        terms: list[cp_model.LinearExprT] = [*self._order_terms()]
        changed = []
        loads: dict[int, list[cp_model.LinearExprT]] = {}
        for at, mine in self.steps.items():
            step = floor.steps[at]
            for who, chosen in mine.chosen.items():
                loads.setdefault(who, []).append(step.minutes[who] * chosen)
                if step.above[who]:
                    terms.append(ABOVE_COST * step.minutes[who] * step.above[who] * chosen)
                if step.published is not None and step.published != who:
                    changed.append(chosen)
        if changed:
            terms.append(CHANGE_COST * sum(changed))
            model.add(cp_model.LinearExpr.sum(changed) <= self._changes_left(hinted.changed))
        peak = model.new_int_var(0, 1_000_000, "")
        for who, parts in loads.items():
            fixed = sum(
                self._minutes(one) for one in self.base if one and one.technician == who and one.step not in self.steps
            )
            model.add(cp_model.LinearExpr.sum(parts) + fixed <= peak)
        model.add_hint(peak, hinted.peak)
        total = model.new_int_var(0, 2**50, "")
        model.add(total == cp_model.LinearExpr.sum(terms) + PEAK_COST * peak)
        model.minimize(total)

    def _changes_left(self, hinted: int) -> int:
        """How many of the free steps may change hands: what the limit, or the hint, leaves after the steps that stay."""
        steps = self.floor.steps
        staying = sum(
            steps[at].published is not None and steps[at].published != one.technician
            for at, one in enumerate(self.base)
            if one is not None and at not in self.steps
        )
        return max(self.limits.changes, hinted) - staying

    def _minutes(self, one: Placed) -> int:
        return self.floor.steps[one.step].minutes.get(one.technician, one.end - one.start)

    def _order_terms(self) -> list[cp_model.LinearExprT]:
        """Late minutes and the end of every order that still has free steps."""
        model, floor, now = self.model, self.floor, self.floor.now
        terms: list[cp_model.LinearExprT] = []
        for order in sorted({floor.steps[at].order for at in self.steps}):
            own = [at for at, step in enumerate(floor.steps) if step.order == order]
            if any(self.base[at] is None for at in own):
                continue
            done = model.new_int_var(0, self.last, "")
            hinted = max(one.end for at in own if (one := self.base[at])) - now
            model.add_hint(done, hinted)
            for at in own:
                model.add(done >= (self.steps[at].end if at in self.steps else self._end(at)))
            terms.append(FLOW_COST * done)
            due, weight = floor.due[order], floor.weight[order]
            if due >= 0 and weight:
                for margin, cost in ((0, LATE_COST), (NEAR, NEAR_COST)):
                    over = now - due + margin
                    late = model.new_int_var(0, max(1, self.last + over), "")
                    model.add_hint(late, max(0, hinted + over))
                    model.add(late >= done + over)
                    terms.append(cost * weight * late)
        return terms

    def _end(self, at: int) -> int:
        one = self.base[at]
        return one.end - self.floor.now if one else 0
