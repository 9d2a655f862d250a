"""Reads a flexible job-shop from the usual text: a head with jobs and machines, then a line per job.

The head may go on with the average number of machines per operation. A job's line gives the number of its operations
and for each how many machines can do it and that many pairs of machine and minutes. Empty lines, spaces at the end, the
line ends of any system and what follows ``#``, ``//``, ``;`` or ``%`` are passed over. Machines are numbered from 0 or from 1:
a 0 anywhere says which, and the highest number must then fit the head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cheyi.kernel import Refused
from cheyi.workshop.engine.job_shop import Instance, Operation

REMARK = re.compile(r"#|//|;|%")
WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
AVERAGE = re.compile(r"[0-9]+([.,][0-9]*)?", re.ASCII)

Line = tuple[int, list[str]]


def read_instance(text: str) -> Instance:
    """Read an instance.

    Raises Refused, each with the fact ``line`` as counted in the file: ``workshop.bench.not_an_instance``;
    ``workshop.bench.machine_twice`` for a machine named twice in an operation and ``workshop.bench.machine_unknown``
    for a number beyond those of the head (fact ``machine``); ``workshop.bench.jobs_missing`` and
    ``workshop.bench.jobs_left_over`` when there are fewer or more lines than jobs (fact ``jobs``).
    """
    lines = [(at, words) for at, line in enumerate(text.splitlines(), 1) if (words := REMARK.split(line)[0].split())]
    if not lines:
        raise Refused("workshop.bench.not_an_instance", line=1)
    count, machines = _head(*lines[0])
    found = lines[1:]
    if len(found) < count:
        raise Refused("workshop.bench.jobs_missing", line=lines[-1][0], jobs=count, found=len(found))
    if len(found) > count:
        raise Refused("workshop.bench.jobs_left_over", line=found[count][0], jobs=count)
    jobs = tuple(tuple(_operations(at, words)) for at, words in found)
    _known(found, jobs, machines)
    return Instance(jobs)


def _head(at: int, words: list[str]) -> tuple[int, int]:
    """Jobs and machines."""
    rest = words[2:]
    if len(words) < 2 or len(rest) > 1 or not all(AVERAGE.fullmatch(word) for word in rest):
        raise Refused("workshop.bench.not_an_instance", line=at)
    jobs, machines = (_whole(at, word) for word in words[:2])
    return jobs, machines


def _whole(at: int, word: str) -> int:
    if not WHOLE.fullmatch(word):
        raise Refused("workshop.bench.not_an_instance", line=at)
    return int(word)


def _operations(at: int, words: list[str]) -> Iterator[Operation]:
    """The operations of one line, which must end where the last of them does."""
    numbers = [_whole(at, word) for word in words]
    place = 1
    for _ in range(numbers[0]):
        machines = numbers[place] if place < len(numbers) else 0
        stop = place + 1 + 2 * machines
        if not machines or stop > len(numbers):
            raise Refused("workshop.bench.not_an_instance", line=at)
        operation = dict(zip(numbers[place + 1 : stop : 2], numbers[place + 2 : stop : 2], strict=True))
        if len(operation) < machines:
            raise Refused("workshop.bench.machine_twice", line=at)
        yield operation
        place = stop
    if place != len(numbers):
        raise Refused("workshop.bench.not_an_instance", line=at)


def _known(lines: list[Line], jobs: tuple[tuple[Operation, ...], ...], machines: int) -> None:
    """No machine stands above those that the head counts, from 0 if there is a machine 0, else from 1."""
    first = 0 if any(0 in operation for job in jobs for operation in job) else 1
    for (at, _), job in zip(lines, jobs, strict=True):
        for operation in job:
            if max(operation) >= first + machines:
                raise Refused("workshop.bench.machine_unknown", line=at, machine=max(operation), machines=machines)
