"""A makespan that no plan of a flexible job-shop can undercut, reckoned without a solver."""

from __future__ import annotations

from itertools import accumulate

from cheyi.workshop.engine.job_shop import Instance

Part = tuple[int, int, int]


def lower_bound(instance: Instance) -> int:
    """The longest job, or the work that only some machines can do, spread over them.

    For a set of machines, the operations that can go nowhere else need at least their shortest times in sum, begin after the
    least that comes before any of them in its job, and leave at least the least that comes after. Dropping operations
    with an early begin or a short rest may raise that. The sets tried are those that operations name, and all.
    """
    parts = _parts(instance)
    longest = max((head + minutes + tail for head, minutes, tail in parts), default=0)
    sets = {frozenset(operation) for _, operation in instance.operations} | {frozenset(instance.machines)}
    for machines in sets:
        inside = [
            part for part, (_, operation) in zip(parts, instance.operations, strict=True) if machines >= set(operation)
        ]
        longest = max(longest, _spread(inside, len(machines)))
    return longest


def _parts(instance: Instance) -> list[Part]:
    """(least before, least minutes, least after) in the job, per operation."""
    found: list[Part] = []
    for job in instance.jobs:
        least = [min(operation.values()) for operation in job]
        done = list(accumulate(least, initial=0))
        found += [(done[at], minutes, done[-1] - done[at + 1]) for at, minutes in enumerate(least)]
    return found


def _spread(parts: list[Part], machines: int) -> int:
    """The best of: from every begin on, and from every rest on, all that is left."""
    best = 0
    for side in (0, 2):
        work, other = 0, None
        for part in sorted(parts, key=lambda one: -one[side]):
            work += part[1]
            other = part[2 - side] if other is None else min(other, part[2 - side])
            best = max(best, part[side] + -(-work // machines) + other)
    return best
