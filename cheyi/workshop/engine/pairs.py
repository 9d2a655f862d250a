"""Which waiting step could start with whom right now: what cannot fit is passed over without trying it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush

from cheyi.workshop.engine.floor import Floor, Placed, Step

ABOVE = 0.15
LIKING = 1e-6
Weighed = tuple[int, int, float, float]


class Pairs:
    """Open pairs of a step and an able person, by person and by the places that the step needs.

    Work that the shift does not hold, a car on which somebody works and places that are all taken are passed over. A pair
    that was tried in vain will not fit at a later minute either, before reserved time is given back or one of the
    fitting places is free again: until then it is put by.
    """

    def __init__(self, floor: Floor, usual: Sequence[int]) -> None:
        self.floor = floor
        self.needs = sorted({step.places for step in floor.steps})
        number = {need: at for at, need in enumerate(self.needs)}
        self.need_of = [number[step.places] for step in floor.steps]
        self.weighed = [_weighed(step, least) for step, least in zip(floor.steps, usual, strict=True)]
        self.open: list[list[dict[int, Weighed]]] = [[{} for _ in self.needs] for _ in floor.calendars]
        self.waits = [False] * len(floor.steps)
        self.coming: list[tuple[int, int]] = []
        self.car_until = [floor.now] * len(floor.due)
        self.place_until = [floor.now] * floor.place_count
        self.put_by_person: list[list[int]] = [[] for _ in floor.calendars]
        self.put_by_places: dict[tuple[int, ...], list[tuple[int, int]]] = {}

    def expect(self, at: int, since: int) -> None:
        """A step may start from a minute on."""
        heappush(self.coming, (since, at))

    def due(self, now: int) -> list[int]:
        """Expected steps whose minute has come."""
        found = []
        while self.coming and self.coming[0][0] <= now:
            found.append(heappop(self.coming)[1])
        return found

    def add(self, at: int) -> None:
        """Open the step to everybody who is able."""
        self.waits[at] = True
        for who, weighed in self.weighed[at].items():
            self.open[who][self.need_of[at]][at] = weighed

    def start(self, one: Placed) -> None:
        """The step starts; its car and its places are taken until it ends."""
        at, order = one.step, self.floor.steps[one.step].order
        self.waits[at] = False
        for who in self.weighed[at]:
            self.open[who][self.need_of[at]].pop(at, None)
        self.car_until[order] = max(self.car_until[order], one.end)
        for place in one.places:
            self.place_until[place] = max(self.place_until[place], one.end)

    def put_by(self, at: int, who: int, group: tuple[int, ...] | None) -> None:
        """The pair does not fit: no place of a group is free so long, or (None) the person is not."""
        del self.open[who][self.need_of[at]][at]
        if group is None:
            self.put_by_person[who].append(at)
        else:
            self.put_by_places.setdefault(group, []).append((at, who))

    def person_free(self, who: int) -> None:
        """Time of the technician that was reserved is given back."""
        again, self.put_by_person[who] = self.put_by_person[who], []
        self._again((at, who) for at in again)

    def places_free(self, places: Sequence[int]) -> None:
        """Nobody works in these places any more, or they are reserved no longer."""
        for group in [one for one in self.put_by_places if not set(one).isdisjoint(places)]:
            self._again(self.put_by_places.pop(group))

    def _again(self, pairs: Iterable[tuple[int, int]]) -> None:
        for at, who in pairs:
            if self.waits[at]:
                self.open[who][self.need_of[at]][at] = self.weighed[at][who]

    def usable(self, now: int) -> list[int]:
        """The needs for all of which there is a place in which nobody works at this minute."""
        taken = {place for place, until in enumerate(self.place_until) if until > now}
        return [at for at, need in enumerate(self.needs) if not any(taken.issuperset(group) for group in need)]

    def startable(self, at: int, now: int) -> bool:
        """Whether the step still waits and nobody works on its car at this minute."""
        return self.waits[at] and self.car_until[self.floor.steps[at].order] <= now


def kind_of(order: int, *, pinned: bool) -> int:
    """What a step's urgency depends on: its order, and whether it is pinned."""
    return -1 - order if pinned else order


def _weighed(step: Step, usual: int) -> dict[int, Weighed]:
    """Per able person: kind of urgency, minutes that the shift must hold, fit and liking."""
    kind = kind_of(step.order, pinned=step.pin is not None)
    return {
        who: (
            kind,
            0 if step.carries else minutes,
            minutes / usual * (1 + ABOVE * step.above[who]),
            1 + LIKING * step.liking[who],
        )
        for who, minutes in step.minutes.items()
    }
