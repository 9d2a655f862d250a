"""CP-SAT for the flexible job-shop, from a complete plan and within CPU seconds; import it in a worker process only."""

from __future__ import annotations

from threading import Event, Thread
from time import process_time

from ortools.sat.python import cp_model

from cheyi.workshop.engine.job_shop import Instance, Schedule

WORKERS = 2
LOOK_EVERY = 0.01
WINDING_UP = 0.1


def solve_from(instance: Instance, plan: Schedule, *, until: float, seed: int) -> Schedule:
    """A schedule that is no longer than ``plan``, and the best bound proven until this process has used that CPU time."""
    model, variables, makespan = _model(instance, plan)
    solver = set_up(seed)
    status = _solve_until(solver, model, until)
    bound = plan.bound
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN):
        bound = max(bound, int(solver.best_objective_bound))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE) or solver.value(makespan) >= plan.makespan:
        return Schedule(plan.starts, plan.machines, plan.makespan, min(bound, plan.makespan))
    starts = tuple(solver.value(start) for start, _ in variables)
    machines = tuple(next(m for m, literal in chosen.items() if solver.value(literal)) for _, chosen in variables)
    return Schedule(starts, machines, solver.value(makespan), bound)


def set_up(seed: int) -> cp_model.CpSolver:
    """A solver whose workers share the CPU time."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = WORKERS
    solver.parameters.random_seed = seed
    return solver


def _solve_until(solver: cp_model.CpSolver, model: cp_model.CpModel, until: float) -> cp_model.CpSolverStatus:
    """Solve, told to stop when the process has used its CPU time but for what the workers take to end."""
    done = Event()

    def watch() -> None:
        while not done.wait(LOOK_EVERY):
            if process_time() >= until - WINDING_UP:
                solver.stop_search()

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    status = solver.solve(model)
    done.set()
    watcher.join()
    return status


Variables = list[tuple[cp_model.IntVar, dict[int, cp_model.LiteralT]]]


def _model(instance: Instance, plan: Schedule) -> tuple[cp_model.CpModel, Variables, cp_model.IntVar]:
    model = cp_model.CpModel()
    makespan = model.new_int_var(plan.bound, plan.makespan, "")
    intervals: dict[int, list[cp_model.IntervalVar]] = {machine: [] for machine in instance.machines}
    variables: Variables = []
    ends: list[cp_model.IntVar] = []
    for at, (job, operation) in enumerate(instance.operations):
        start = model.new_int_var(0, plan.makespan, "")
        end = model.new_int_var(0, plan.makespan, "")
        model.add_hint(start, plan.starts[at])
        model.add_hint(end, plan.starts[at] + operation[plan.machines[at]])
        chosen: dict[int, cp_model.LiteralT] = {}
        for machine, minutes in sorted(operation.items()):
            literal = model.new_bool_var("")
            model.add_hint(literal, plan.machines[at] == machine)
            intervals[machine].append(model.new_optional_interval_var(start, minutes, end, literal, ""))
            chosen[machine] = literal
        model.add_exactly_one(chosen.values())
        if at and instance.operations[at - 1][0] == job:
            model.add(start >= ends[-1])
        model.add(makespan >= end)
        ends.append(end)
        variables.append((start, chosen))
    for held in intervals.values():
        model.add_no_overlap(held)
    model.add_hint(makespan, plan.makespan)
    model.minimize(makespan)
    return model, variables, makespan
