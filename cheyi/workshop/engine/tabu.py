"""Tabu search for the flexible job-shop: move a critical operation to where it is estimated to hurt least.

The neighbourhood is that of Mastrolilli and Gambardella (2000): an operation of a longest path is taken out and put, on
any of its machines, between those that must be done before and those that must wait; heads and tails give an estimate
of the makespan without rebuilding the plan.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from random import Random
from time import process_time

from cheyi.workshop.engine.job_shop import Instance, Schedule
from cheyi.workshop.engine.job_shop_state import Sequences, State

CHECK_EVERY = 16
STALE = 1000
TENURE, SPREAD = 14, 14

Move = tuple[int, int, int]


class Tabu:
    """The search: where it stands, the best plan met, and what is forbidden until which turn."""

    def __init__(self, instance: Instance, plan: tuple[list[int], Sequences], seed: int) -> None:
        self.instance = instance
        self.random = Random(seed)  # noqa: S311  seeded: the same search every time
        self.state = State(instance, plan)
        self.tabu: dict[tuple[int, int], int] = {}
        self.turn = 0
        self.best = (self.state.makespan, *self.state.plan())

    @property
    def makespan(self) -> int:
        """Of the best plan met."""
        return self.best[0]

    def run(self, *, until: float, enough: int) -> None:
        """Search until a CPU time of this process, or until the makespan is ``enough``."""
        stale = self.turn
        while self.best[0] > enough:
            self.turn += 1
            if self.turn % CHECK_EVERY == 0 and process_time() >= until:
                return
            move = self.best_move()
            if move is None:
                return
            self.take(move)
            if self.state.makespan < self.best[0]:
                self.best = (self.state.makespan, *self.state.plan())
                stale = self.turn
            elif self.turn - stale > STALE:
                self.state.stand(self.best[1:])
                self.tabu.clear()
                stale = self.turn

    def take(self, move: Move) -> None:
        """Make a move; its operation may not come back to the machine it left for some turns."""
        at, machine, position = move
        self.tabu[at, self.state.machine[at]] = self.turn + TENURE + self.random.randrange(SPREAD)
        self.state.move(at, machine, position)

    def schedule(self, bound: int) -> Schedule:
        """The best plan met."""
        makespan, machine, sequences = self.best
        self.state.stand((machine, sequences))
        names = self.instance.machines
        return Schedule(
            tuple(self.state.heads[: self.state.count]), tuple(names[at] for at in machine), makespan, bound
        )

    def _critical(self) -> list[int]:
        """The operations of one longest path, drawn at random where it branches."""
        state, choice = self.state, self.random.choice
        heads, ends, makespan = state.heads, state.ends, state.makespan
        at = choice([one for one in range(state.count) if ends[one] == makespan])
        path = [at]
        while heads[at]:
            leads = [one for one in (state.before[at], state.previous[at]) if one >= 0 and ends[one] == heads[at]]
            at = leads[0] if len(leads) == 1 else choice(leads)
            path.append(at)
        path.reverse()
        return path

    def best_move(self) -> Move | None:
        """(operation, machine, position without it) with the least estimate that is not forbidden."""
        least, ties, best = 1 << 60, 0, None
        others: list[Move] = []
        tabu, turn, aspired, draw = self.tabu, self.turn, self.best[0], self.random.random
        for at, inner in self._blocks(self._critical()):
            for estimate, machine, position in self._insertions(at, inner):
                if estimate > least:
                    continue
                if estimate >= aspired and tabu.get((at, machine), 0) > turn:
                    others.append((at, machine, position))
                    continue
                ties = ties + 1 if estimate == least else 1
                if ties == 1 or draw() * ties < 1:
                    least, best = estimate, (at, machine, position)
        return best or (self.random.choice(others) if others else None)

    def _blocks(self, path: list[int]) -> Iterator[tuple[int, range]]:
        """Each operation of a longest path with the places on its own machine that cannot shorten the path.

        Operations that follow each other on one machine are a block; what stays inside a block leaves it as long as it
        is (Balas and Vazacopoulos 1998). First and last may go anywhere inside, the inner ones only out or to the rim;
        one alone gains nothing on its machine.
        """
        machine, begin = self.state.machine, 0
        for end in range(1, len(path) + 1):
            if end < len(path) and machine[path[end]] == machine[path[begin]]:
                continue
            size = end - begin
            sequence = self.state.sequences[machine[path[begin]]]
            first = sequence.index(path[begin])
            if size == 1:
                yield path[begin], range(len(sequence))
            else:
                inner = range(first + 1, first + size - 1)
                yield path[begin], range(first, first + 1)
                yield from ((at, inner) for at in path[begin + 1 : end - 1])
                yield path[end - 1], range(first + size - 1, first + size)
            begin = end

    def _insertions(self, at: int, inner: range) -> list[tuple[int, int, int]]:
        """(estimate, machine, position) of every place worth trying for an operation taken out."""
        state = self.state
        ends, latest = state.ends, state.latest
        head, tail = ends[state.before[at]], latest[state.after[at]]
        own = state.machine[at]
        found: list[Move] = []
        for machine, minutes in state.options[at]:
            if machine == own:
                found += self._own(at, inner, head, tail)
                continue
            sequence = state.sequences[machine]
            first = bisect_right(sequence, head, key=ends.__getitem__)
            last = bisect_left(sequence, tail, key=latest.__getitem__)
            low, high = (first, last) if first < last else (last, first)
            low, high = self._allowed(at, sequence, low, high)
            size = len(sequence)
            for position in range(low, high + 1):
                early, late = head, tail
                if position and ends[sequence[position - 1]] > head:
                    early = ends[sequence[position - 1]]
                if position < size and latest[sequence[position]] < tail:
                    late = latest[sequence[position]]
                found.append((early + minutes - late, machine, position))
        return found

    def _own(self, at: int, inner: range, head: int, tail: int) -> Iterator[Move]:
        """(estimate, machine, position) on the operation's own machine as if it were gone: to the left, to the right."""
        state = self.state
        ends, latest, minutes = state.ends, state.latest, state.minutes
        machine = state.machine[at]
        sequence = state.sequences[machine]
        here, size = sequence.index(at), len(sequence)
        low, high = self._allowed(at, sequence, 0, size)
        last = latest[state.following[at]]
        for position in range(here - 1, low - 1, -1):
            one = sequence[position]
            late = latest[state.after[one]]
            last = (min(last, late)) - minutes[one]
            if position not in inner:
                early = max(head, ends[sequence[position - 1]]) if position else head
                yield early + minutes[at] - min(tail, last), machine, position
        last = ends[state.previous[at]]
        for position in range(here + 1, high):
            one = sequence[position]
            early = ends[state.before[one]]
            last = (max(last, early)) + minutes[one]
            if position not in inner:
                late = latest[sequence[position + 1]] if position + 1 < size else 0
                yield max(head, last) + minutes[at] - min(tail, late), machine, position

    def _allowed(self, at: int, sequence: list[int], low: int, high: int) -> tuple[int, int]:
        """The positions that close no circle: behind what leads to the job's last step, before what its next leads to."""
        state = self.state
        job, heir = state.before[at], state.after[at]
        if job >= 0 and low < len(sequence):
            # what ends when the step before starts may lead to it
            low = max(low, bisect_right(sequence, state.heads[job], key=state.ends.__getitem__))
            if low < len(sequence) and sequence[low] == job:
                low += 1
        if heir >= 0 and high:
            high = min(high, bisect_left(sequence, state.ends[heir], key=state.heads.__getitem__))
            if high and sequence[high - 1] == heir:
                high -= 1
        return low, high
