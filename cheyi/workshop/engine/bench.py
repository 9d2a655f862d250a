"""Measures the engine on a flexible job-shop instance from a text file: ``cheyi bench dispatch``."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import process_time

from cheyi.kernel import Refused
from cheyi.workshop.engine.job_shop import Instance, Schedule, solve_job_shop
from cheyi.workshop.engine.job_shop_text import read_instance

SEARCHED = 0.98


@dataclass(frozen=True, slots=True)
class BenchResult:
    """What the engine made of an instance; ``cpu_seconds`` include loading the program and reading the file."""

    name: str
    jobs: int
    operations: int
    machines: int
    makespan: int
    bound: int
    cpu_seconds: float

    @property
    def gap(self) -> float:
        """How far the makespan may be above the best possible, as a share of the bound."""
        return self.makespan / self.bound - 1 if self.bound else 0.0

    @property
    def lines(self) -> tuple[str, ...]:
        """What is printed, one fact to a line; ``run`` gives no result that is not feasible."""
        return (
            f"instance {self.name}",
            f"jobs {self.jobs} operations {self.operations} machines {self.machines}",
            f"makespan {self.makespan}",
            f"bound {self.bound}",
            f"gap {100 * self.gap:.2f} %",
            "feasible yes",
            f"cpu_seconds {self.cpu_seconds:.2f}",
        )


def run(instance: Path, seconds: float) -> BenchResult:
    """Read an instance, solve it within so many CPU seconds and prove the schedule before reporting it.

    All that the process has used counts, so loading the program too, unless it has done other work before.
    Raises the refusals of ``read_instance``, Refused ``workshop.bench.no_file`` (fact ``path``),
    ``workshop.bench.no_time`` or, should the engine be wrong, ``workshop.bench.not_a_schedule``.
    """
    spent = process_time()
    began = 0.0 if spent < seconds / 2 else spent
    try:
        text = instance.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        raise Refused("workshop.bench.no_file", field="instance", path=str(instance)) from None
    shop = read_instance(text)
    found = solve_job_shop(shop, seconds=SEARCHED * seconds, began=began)
    if faults := schedule_faults(shop, found):
        raise Refused("workshop.bench.not_a_schedule", fault=faults[0])
    return BenchResult(
        name=instance.stem,
        jobs=len(shop.jobs),
        operations=len(shop.operations),
        machines=len(shop.machines),
        makespan=found.makespan,
        bound=found.bound,
        cpu_seconds=process_time() - began,
    )


def bench_dispatch(instance: Path, seconds: float) -> tuple[str, ...]:
    """The lines that ``cheyi bench dispatch --instance FILE --seconds S`` prints."""
    return run(instance, seconds).lines


def schedule_faults(instance: Instance, schedule: Schedule) -> list[str]:
    """What is wrong with a schedule; empty when it keeps every rule and its makespan is true."""
    found: list[str] = []
    ready: dict[int, int] = {}
    held: dict[int, list[tuple[int, int]]] = {}
    for at, (job, operation) in enumerate(instance.operations):
        start, machine = schedule.starts[at], schedule.machines[at]
        if machine not in operation:
            found.append(f"operation {at} on machine {machine}")
            continue
        if start < ready.get(job, 0):
            found.append(f"operation {at} before its turn")
        ready[job] = start + operation[machine]
        held.setdefault(machine, []).append((start, start + operation[machine]))
    for machine, spans in held.items():
        if any(one[1] > other[0] for one, other in pairwise(sorted(spans))):
            found.append(f"machine {machine} twice at once")
    if max(ready.values(), default=0) != schedule.makespan:
        found.append("the makespan is not the last end")
    return found
