"""A first plan for the flexible job-shop: the best of a few list plans."""

from __future__ import annotations

from cheyi.workshop.engine.job_shop import Instance
from cheyi.workshop.engine.job_shop_state import Sequences


def greedy(instance: Instance) -> tuple[list[int], Sequences]:
    """The best of a few list plans: (machine index per operation, operations per machine in order)."""
    plans = [_list_plan(instance, share) for share in (0.0, 0.05, 0.1, 0.2, 0.4, 1.0)]
    return min(plans, key=lambda plan: plan[0])[1:]


def _list_plan(instance: Instance, share: float) -> tuple[int, list[int], Sequences]:
    """Take the operation with the earliest end less ``share`` of the work left in its job, on its best machine."""
    index = {machine: at for at, machine in enumerate(instance.machines)}
    nexts = _first_of_jobs(instance)
    left = [sum(min(one.values()) for one in job) for job in instance.jobs]
    jobs, machines = [0] * len(instance.jobs), [0] * len(index)
    chosen, sequences = [0] * len(instance.operations), [list[int]() for _ in index]
    for _ in instance.operations:
        best = None
        for job, at in enumerate(nexts):
            if at is None:
                continue
            for machine, minutes in instance.operations[at][1].items():
                start = max(jobs[job], machines[index[machine]])
                key = (start + minutes - share * left[job], start, at, index[machine], start + minutes, job)
                best = key if best is None or key < best else best
        if best is None:
            break
        _, _, at, where, end, job = best
        chosen[at] = where
        sequences[where].append(at)
        jobs[job] = machines[where] = end
        left[job] -= min(instance.operations[at][1].values())
        nexts[job] = at + 1 if at + 1 < len(chosen) and instance.operations[at + 1][0] == job else None
    return max(jobs), chosen, sequences


def _first_of_jobs(instance: Instance) -> list[int | None]:
    firsts: list[int | None] = []
    at = 0
    for job in instance.jobs:
        firsts.append(at if job else None)
        at += len(job)
    return firsts
