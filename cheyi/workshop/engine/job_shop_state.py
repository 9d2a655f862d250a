"""A plan of the flexible job-shop that can be changed one operation at a time: orders, links and times.

Times are kept per operation and counted from both ends: ``heads`` and ``ends`` are the earliest start and end, ``latest``
is the latest start if all must be over at moment 0 (so it is never positive). An operation is critical when
``heads - latest`` is the makespan. Every list of times has one more place, so that "none", which is -1, reads zero.
"""

from __future__ import annotations

from itertools import pairwise

from cheyi.workshop.engine.job_shop import Instance

Sequences = list[list[int]]


class State:
    """Machine of each operation, order on each machine, and the times that follow; machines are indices."""

    def __init__(self, instance: Instance, plan: tuple[list[int], Sequences]) -> None:
        index = {machine: at for at, machine in enumerate(instance.machines)}
        self.options = [
            sorted((index[machine], minutes) for machine, minutes in operation.items())
            for _, operation in instance.operations
        ]
        self.lasting = [dict(options) for options in self.options]
        self.count = count = len(self.options)
        jobs = [job for job, _ in instance.operations]
        self.before = [at - 1 if at and jobs[at - 1] == jobs[at] else -1 for at in range(count)]
        self.after = [at + 1 if at + 1 < count and jobs[at + 1] == jobs[at] else -1 for at in range(count)]
        self.stand(plan)

    def plan(self) -> tuple[list[int], Sequences]:
        """A copy of what ``stand`` can return to."""
        return self.machine[:], [sequence[:] for sequence in self.sequences]

    def stand(self, plan: tuple[list[int], Sequences]) -> None:
        """Take up a plan: its links, an order in which no operation stands before what it waits for, all times."""
        count = self.count
        self.machine, self.sequences = plan[0][:], [sequence[:] for sequence in plan[1]]
        self.minutes = [self.lasting[at][machine] for at, machine in enumerate(self.machine)]
        self.previous, self.following = [-1] * count, [-1] * count
        for sequence in self.sequences:
            for one, other in pairwise(sequence):
                self.following[one], self.previous[other] = other, one
        self.heads, self.ends, self.latest = [0] * (count + 1), [0] * (count + 1), [0] * (count + 1)
        waits = [(self.before[at] >= 0) + (self.previous[at] >= 0) for at in range(count)]
        self.order = [at for at, number in enumerate(waits) if not number]
        for at in self.order:
            for other in (self.after[at], self.following[at]):
                if other >= 0:
                    waits[other] -= 1
                    if not waits[other]:
                        self.order.append(other)
        self.place = [0] * count
        for place, at in enumerate(self.order):
            self.place[at] = place
        self._time(0, count)

    def _time(self, start: int, stop: int) -> None:
        """Reckon heads and ends from a place of the order on, and the latest starts of all before another place."""
        minutes, heads, ends, latest = self.minutes, self.heads, self.ends, self.latest
        before, previous, after, following = self.before, self.previous, self.after, self.following
        for at in self.order[start:]:
            early, other = ends[before[at]], ends[previous[at]]
            if other > early:  # noqa: PLR1730  the innermost loop: a call takes twice as long
                early = other
            heads[at] = early
            ends[at] = early + minutes[at]
        for at in reversed(self.order[:stop]):
            late, other = latest[after[at]], latest[following[at]]
            latest[at] = (late if late < other else other) - minutes[at]  # noqa: FURB136  as above
        self.makespan = max(ends)

    def move(self, at: int, machine: int, position: int) -> None:
        """Put an operation on a machine, behind so many of the others there. The place must close no circle."""
        touched = [at, self._take_out(at)]
        sequence = self.sequences[machine]
        sequence.insert(position, at)
        self.machine[at], self.minutes[at] = machine, self.lasting[at][machine]
        left = sequence[position - 1] if position else -1
        right = sequence[position + 1] if position + 1 < len(sequence) else -1
        self._link(left, at)
        self._link(at, right)
        low = high = self.place[at]
        if right >= 0 and self.place[right] < low:
            low = self.place[right]
            self._lead(low, high)
        elif left >= 0 and self.place[left] > high:
            high = self.place[left]
            self._trail(low, high)
        place = self.place
        starts = [low, *(place[one] for one in (touched[1], right) if one >= 0)]
        stops = [high, *(place[one] for one in (self._gap_left, left) if one >= 0)]
        self._time(min(starts), max(stops) + 1)

    def _take_out(self, at: int) -> int:
        """Close the gap that an operation leaves on its machine; the operation behind the gap, or -1."""
        left, right = self.previous[at], self.following[at]
        self.sequences[self.machine[at]].remove(at)
        self._link(left, right)
        self._gap_left = left
        return right

    def _link(self, one: int, other: int) -> None:
        if one >= 0:
            self.following[one] = other
        if other >= 0:
            self.previous[other] = one

    def _lead(self, low: int, high: int) -> None:
        """The operation at ``high`` and all that lead to it move before the one at ``low``."""
        window = self.order[low : high + 1]
        marked = {window[-1]}
        for one in reversed(window[:-1]):
            if self.after[one] in marked or self.following[one] in marked:
                marked.add(one)
        self._reorder(low, [one for one in window if one in marked], [one for one in window if one not in marked])

    def _trail(self, low: int, high: int) -> None:
        """The operation at ``low`` and all that wait for it move behind the one at ``high``."""
        window = self.order[low : high + 1]
        marked = {window[0]}
        for one in window[1:]:
            if self.before[one] in marked or self.previous[one] in marked:
                marked.add(one)
        self._reorder(low, [one for one in window if one not in marked], [one for one in window if one in marked])

    def _reorder(self, low: int, first: list[int], then: list[int]) -> None:
        window = first + then
        self.order[low : low + len(window)] = window
        for place, at in enumerate(window, low):
            self.place[at] = place
