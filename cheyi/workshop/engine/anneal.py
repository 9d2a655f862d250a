"""Simulated annealing over sequences: moves a step to another place or person, a fixed number of times."""

from __future__ import annotations

from math import exp
from random import Random

from cheyi.workshop.engine.floor import Floor
from cheyi.workshop.engine.sequence import Pair, Reckoner

WINDOW = 12


def anneal(reckoner: Reckoner, opening: list[Pair], *, tries: int, seed: int, changes: int) -> list[Pair]:
    """The best sequence met in so many tries (Kirkpatrick, Gelatt and Vecchi 1983), the same for the same seed.

    A sequence with more than ``changes`` technicians against the published plan (or than the opening has) is not taken.
    """
    best_cost = reckoner.cost(opening)
    if best_cost is None or len(opening) < 2:
        return opening
    walk = _Walk(reckoner.floor, opening, Random(seed), changes)  # noqa: S311  seeded: the same answer every time
    best, current, cost = opening, opening, best_cost
    heat = max(200.0, 0.02 * best_cost)
    cooling = 0.01 ** (1 / max(1, tries))
    for _ in range(tries):
        heat *= cooling
        tried = walk.neighbour(current)
        if tried is None:
            continue
        new = reckoner.cost(tried)
        if new is None or (new > cost and walk.random.random() >= exp((cost - new) / heat)):
            continue
        current, cost = tried, new
        if cost < best_cost:
            best, best_cost = current, cost
    return best


class _Walk:
    """Draws neighbours of a sequence that keep the steps' order and the bound on changes."""

    def __init__(self, floor: Floor, opening: list[Pair], random: Random, changes: int) -> None:
        self.floor, self.random = floor, random
        self.people = {at: sorted(floor.steps[at].minutes) for at, _ in opening}
        self.free = [at for at, _ in opening if not self._fixed(at)]
        self.linked = {at: set(floor.steps[at].after) for at, _ in opening}
        for at, _ in opening:
            for before in floor.steps[at].after:
                if before in self.linked:
                    self.linked[before].add(at)
        self.allowed = max(changes, self._changed(opening))

    def _fixed(self, at: int) -> bool:
        pin = self.floor.steps[at].pin
        return pin is not None and pin.start is not None

    def _changed(self, sequence: list[Pair]) -> int:
        steps = self.floor.steps
        return sum(steps[at].published is not None and steps[at].published != who for at, who in sequence)

    def neighbour(self, current: list[Pair]) -> list[Pair] | None:
        """One random move, or None when the draw is not allowed."""
        random = self.random
        if not self.free:
            return None
        step = random.choice(self.free)
        place = next(index for index, pair in enumerate(current) if pair[0] == step)
        who = current[place][1]
        people = self.people[step]
        if len(people) > 1 and random.random() < 0.4:
            who = random.choice(people)
        low, high = self._bounds(current, place)
        low, high = max(low, place - WINDOW), min(high, place + WINDOW)
        target = random.randint(low, high)
        if target == place and who == current[place][1]:
            return None
        tried = current[:place] + current[place + 1 :]
        tried.insert(target, (step, who))
        if who != current[place][1] and self._changed(tried) > self.allowed:
            return None
        return tried

    def _bounds(self, current: list[Pair], place: int) -> tuple[int, int]:
        """Between which positions the step may stand, after those it waits for and before those that wait for it."""
        linked, low, high = self.linked[current[place][0]], 0, len(current) - 1
        if linked:
            for index, (at, _) in enumerate(current):
                if at in linked:
                    if index < place:
                        low = index + 1
                    else:
                        return low, index - 1
        return low, high
