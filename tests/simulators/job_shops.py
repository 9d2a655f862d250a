"""Flexible job-shop instances in the usual text format: one that everybody knows, and seeded random ones."""

from __future__ import annotations

from random import Random

# Fisher and Thompson's 6 x 6 of 1963: (machine, duration) in order per job; its shortest makespan is 55.
SIX_BY_SIX = """\
6 6 1
6  1 2 1  1 0 3  1 1 6  1 3 7  1 5 3  1 4 6
6  1 1 8  1 2 5  1 4 10  1 5 10  1 0 10  1 3 4
6  1 2 5  1 3 4  1 5 8  1 0 9  1 1 1  1 4 7
6  1 1 5  1 0 5  1 2 5  1 3 3  1 4 8  1 5 9
6  1 2 9  1 1 3  1 4 5  1 5 4  1 0 3  1 3 1
6  1 1 3  1 3 3  1 5 9  1 0 10  1 4 4  1 2 1
"""


def random_instance(seed: int, jobs: int = 10, machines: int = 6, steps: int = 6, choice: int = 3) -> str:
    """An instance in which each operation may go to one to ``choice`` machines with durations of 5 to 60."""
    random = Random(seed)
    lines = [f"{jobs} {machines} {choice}"]
    for _ in range(jobs):
        words = [str(steps)]
        for _ in range(steps):
            able = random.sample(range(1, machines + 1), random.randint(1, choice))
            words.append(str(len(able)))
            words += [f"{machine} {random.randint(5, 60)}" for machine in able]
        lines.append(" ".join(words))
    return "\n".join(lines) + "\n"
