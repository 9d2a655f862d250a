"""The general flexible job-shop: jobs of operations in order, each on one of several machines; the shortest makespan.

A door to measure the engine on the classic instances: greedy starts, tabu search on the critical path and, for small
ones or with time, CP-SAT from the best plan as a complete hint, all within a number of CPU seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from time import process_time

from cheyi.kernel import Refused

Operation = Mapping[int, int]
TABU_SHARE = 0.4
SMALL = 40
LONG = 8.0
LONGEST = 3600.0


@dataclass(frozen=True)
class Instance:
    """Jobs as operations in order; an operation maps each machine that can do it to its duration."""

    jobs: tuple[tuple[Operation, ...], ...]

    @cached_property
    def operations(self) -> tuple[tuple[int, Operation], ...]:
        """(job, operation) of all jobs, one after the other; the index is the operation's number from here on."""
        return tuple((at, operation) for at, job in enumerate(self.jobs) for operation in job)

    @cached_property
    def machines(self) -> tuple[int, ...]:
        """All machines by name."""
        return tuple(sorted({machine for _, operation in self.operations for machine in operation}))


@dataclass(frozen=True)
class Schedule:
    """Start and machine per operation (numbered through all jobs), the makespan, and a bound that no plan undercuts."""

    starts: tuple[int, ...]
    machines: tuple[int, ...]
    makespan: int
    bound: int


def solve_job_shop(instance: Instance, *, seconds: float, began: float | None = None, seed: int = 1) -> Schedule:
    """The shortest schedule found until this process has used so many CPU seconds more than at ``began`` (now).

    Tabu search alone has the time of a large instance: loading the solver costs half a second and its search finds less
    there. A small one, or a long time, is left in part to the solver, which may prove that nothing is shorter.
    Raises Refused ``workshop.bench.no_time`` for a limit that is not positive or above an hour.
    """
    if not 0 < seconds <= LONGEST:
        raise Refused("workshop.bench.no_time", field="seconds", seconds=str(seconds))
    if not instance.operations:
        return Schedule((), (), 0, 0)
    from cheyi.workshop.engine.job_shop_bound import lower_bound  # noqa: PLC0415  these stand on this module
    from cheyi.workshop.engine.job_shop_start import greedy  # noqa: PLC0415
    from cheyi.workshop.engine.tabu import Tabu  # noqa: PLC0415

    began = process_time() if began is None else began
    bound = lower_bound(instance)
    solved = len(instance.operations) <= SMALL or seconds >= LONG
    tabu = Tabu(instance, greedy(instance), seed)
    tabu.run(until=began + (TABU_SHARE if solved else 1) * seconds, enough=bound)
    found = tabu.schedule(bound)
    if found.makespan == bound or not solved:
        return found
    from cheyi.workshop.engine.job_shop_solver import solve_from  # noqa: PLC0415  the solver is loaded on first use

    return solve_from(instance, found, until=began + seconds, seed=seed)
