"""Bookings: capacity per skill and hour with minutes kept free for walk-ins, and the three cheapest slots.

An hour may be filled, but of every opening span (a morning, an afternoon) a share stays free. Whether people suffice is
a flow question, since those with several skills can be used once only: a maximum flow from kinds of work to people
answers it exactly (Ford and Fulkerson 1956).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cheyi.kernel import Hours, Rate, Reason, Span, half_up
from cheyi.workshop.engine.calendar import Calendar, calendar_of, first_minute, minute_of, moment_of
from cheyi.workshop.engine.model import Bay, Technician

WALK_INS = Rate.percent("15")
BOOKABLE = Rate.percent("75")
OFFERED = 3
STEP_MINUTES = 30
APART_MINUTES = 60
HOUR = 60
CROWD_COST = 100
WAIT_COST = 10


@dataclass(frozen=True, slots=True)
class Need:
    """Work of one kind: skill, least level, standard minutes, kind of bay (empty: none), high voltage or not."""

    skill: str
    level: int
    minutes: int
    bay_kind: str = ""
    needs_hv: bool = False


@dataclass(frozen=True, slots=True)
class Booking:
    """A car that is expected: from when, and the work in order."""

    start: datetime
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Bucket:
    """An hour of a skill: minutes of all who have it, what walk-ins keep, what is booked, what may still be booked."""

    start: datetime
    skill: str
    minutes: int
    kept_free: int
    booked: int

    @property
    def free(self) -> int:
        """Minutes that may still be booked, at least 0; people with two skills are counted in both."""
        return max(0, self.minutes - self.kept_free - self.booked)


@dataclass(frozen=True, slots=True)
class Slot:
    """An offered start, its price (crowded hours and distance from the wished time cost), and why."""

    start: datetime
    cost: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Offers:
    """The cheapest slots by start; without any, the reason."""

    slots: tuple[Slot, ...]
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Resources:
    """Who and what can be booked: people, bays, opening spans of the days asked about, share kept for walk-ins."""

    technicians: tuple[Technician, ...]
    bays: tuple[Bay, ...]
    openings: tuple[Span, ...]
    kept_free: Rate = WALK_INS


def bookable_hours(
    *, bays: int, open_hours: Hours, technician_hours: Hours, utilisation: Rate, ratio: Rate = BOOKABLE
) -> Hours:
    """Hours of a day that may be booked: min(bays x open hours, technician hours x utilisation) x ratio.

    Half up to the hundredth (domain.md 6.9: 6 bays x 8 h, 5 x 8 h x 0.85, 0.75 give 25.5 h).
    """
    parts = min(bays * open_hours.parts * Rate.PER_UNIT, technician_hours.parts * utilisation.parts)
    return Hours(half_up(parts * ratio.parts, Rate.PER_UNIT * Rate.PER_UNIT))


def buckets(resources: Resources, bookings: Sequence[Booking]) -> tuple[Bucket, ...]:
    """Capacity per skill and opening hour, by hour and skill."""
    book = _booked(resources, bookings)
    skills = sorted({skill for technician in resources.technicians for skill in technician.skills})
    return tuple(book.bucket(hour, skill) for hour in book.hours for skill in skills)


def cheapest_slots(
    resources: Resources,
    bookings: Sequence[Booking],
    needs: tuple[Need, ...],
    *,
    now: datetime,
    wanted: datetime | None = None,
    count: int = OFFERED,
) -> Offers:
    """The cheapest starts on the half hour that the openings, people, bays and walk-in minutes allow.

    A slot costs what it crowds the hours it uses, and ten for each hour that it lies from the wished time (without a
    wish: from now). Offered slots are an hour apart. Without a slot the reason is ``nobody_able`` or ``fully_booked``.
    """
    for need in needs:
        if not _somebody_can(resources, need):
            best = max((one.skills.get(need.skill, 0) for one in resources.technicians), default=0)
            return Offers((), Reason("nobody_able", skill=need.skill, level=need.level, best=best))
    book = _booked(resources, bookings)
    wish = first_minute(wanted or now)
    priced = []
    for start in book.starts(first_minute(now)):
        crowd = book.price(Booking(moment_of(start, now.tzinfo), needs))
        if crowd is not None:
            priced.append((crowd + WAIT_COST * abs(start - wish) // HOUR, start, crowd))
    chosen: list[tuple[int, int, int]] = []
    for one in sorted(priced):
        if len(chosen) < count and all(abs(one[1] - other[1]) >= APART_MINUTES for other in chosen):
            chosen.append(one)
    slots = tuple(
        Slot(moment_of(start, now.tzinfo), cost, _slot_reasons(start - wish, crowd))
        for cost, start, crowd in sorted(chosen, key=lambda one: one[1])
    )
    until = max((span.end for span in resources.openings), default=now)
    return Offers(slots, None if slots else Reason("fully_booked", until=until))


def has_room(resources: Resources, bookings: Sequence[Booking], wanted: Booking) -> bool | None:
    """Whether the hours from the wanted start hold the work beside what is booked.

    None where that is unknown because nothing here could ever hold it: nobody is able, or no bay fits.
    """
    if not all(_somebody_can(resources, need) and _some_bay_fits(resources, need) for need in wanted.needs):
        return None
    return _booked(resources, bookings).price(wanted) is not None


def _slot_reasons(distance: int, crowd: int) -> tuple[Reason, ...]:
    calm = Reason("calm_hours") if crowd < CROWD_COST // 5 else Reason("busy_hours")
    return (calm, Reason("as_wished")) if abs(distance) < STEP_MINUTES else (calm,)


def _can(technician: Technician, need: Need) -> bool:
    certified = technician.hv_until is not None or not need.needs_hv
    return certified and technician.skills.get(need.skill, 0) >= need.level


def _somebody_can(resources: Resources, need: Need) -> bool:
    return any(_can(technician, need) for technician in resources.technicians)


def _some_bay_fits(resources: Resources, need: Need) -> bool:
    return not need.bay_kind or any(_fits(bay, need.bay_kind, safe=need.needs_hv) for bay in resources.bays)


def _fits(bay: Bay, kind: str, *, safe: bool) -> bool:
    return bay.kind == kind and (bay.ev_safe or not safe)


def _booked(resources: Resources, bookings: Sequence[Booking]) -> _Book:
    book = _Book(resources)
    for booking in bookings:
        book.enter(booking)
    return book


class _Book:
    """Minutes of work per opening hour and kind, checked against people and bays."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        first = min((minute_of(span.start) for span in resources.openings), default=0)
        self.calendars = [calendar_of(technician, first) for technician in resources.technicians]
        self.spans = sorted((first_minute(span.start), minute_of(span.end)) for span in resources.openings)
        self.hours = [hour for start, end in self.spans for hour in range(start, end, HOUR)]
        self.ends = {hour: min(hour + HOUR, end) for start, end in self.spans for hour in range(start, end, HOUR)}
        self.booked: dict[int, dict[Need, int]] = {hour: {} for hour in self.hours}
        self.zone = resources.openings[0].start.tzinfo if resources.openings else None

    def starts(self, now: int) -> list[int]:
        """Half hours inside the openings from now on."""
        return [at for start, end in self.spans for at in range(start, end, STEP_MINUTES) if at >= now]

    def enter(self, booking: Booking) -> None:
        for hour, need, minutes in self._spread(booking):
            held = self.booked[hour]
            held[need] = held.get(need, 0) + minutes

    def price(self, booking: Booking) -> int | None:
        """What the booking costs: its minutes in each hour, dearer the fuller the hour is; None when it has no room."""
        rows = self._spread(booking)
        if sum(minutes for _, _, minutes in rows) < sum(need.minutes for need in booking.needs):
            return None
        added: dict[int, dict[Need, int]] = {}
        for hour, need, minutes in rows:
            held = added.setdefault(hour, dict(self.booked[hour]))
            held[need] = held.get(need, 0) + minutes
        if not all(self._holds(hour, self.ends[hour], held, Rate.PER_UNIT) for hour, held in added.items()):
            return None
        if not all(self._span_holds(start, end, added) for start, end in self.spans):
            return None
        return sum(self._crowd(hour, need, minutes) for hour, need, minutes in rows)

    def bucket(self, hour: int, skill: str) -> Bucket:
        people = [at for at, one in enumerate(self.resources.technicians) if skill in one.skills]
        minutes = sum(self.calendars[at].working(hour, self.ends[hour]) for at in people)
        booked = sum(held for need, held in self.booked[hour].items() if need.skill == skill)
        kept = half_up(minutes * self.resources.kept_free.parts, Rate.PER_UNIT)
        return Bucket(moment_of(hour, self.zone), skill, minutes, kept, booked)

    def _spread(self, booking: Booking) -> list[tuple[int, Need, int]]:
        """(hour, kind of work, minutes): the work runs on through the opening hours, one need after the other."""
        at, rows = first_minute(booking.start), []
        for need in booking.needs:
            kind, left = Need(need.skill, need.level, 0, need.bay_kind, need.needs_hv), need.minutes
            for hour in self.hours:
                room = self.ends[hour] - max(at, hour)
                if left > 0 and room > 0:
                    taken = min(left, room)
                    rows.append((hour, kind, taken))
                    left, at = left - taken, max(at, hour) + taken
        return rows

    def _span_holds(self, start: int, end: int, added: dict[int, dict[Need, int]]) -> bool:
        """Whether a morning or afternoon that the booking touches keeps its share for walk-ins."""
        if not any(start <= hour < end for hour in added):
            return True
        together: dict[Need, int] = {}
        for hour in self.hours:
            if start <= hour < end:
                for need, minutes in added.get(hour, self.booked[hour]).items():
                    together[need] = together.get(need, 0) + minutes
        return self._holds(start, end, together, Rate.PER_UNIT - self.resources.kept_free.parts)

    def _holds(self, start: int, end: int, held: dict[Need, int], share: int) -> bool:
        """Whether so much of the bays' and people's minutes between two minutes suffices."""
        for kind, safe in {(need.bay_kind, need.needs_hv) for need in held if need.bay_kind}:
            wanted = sum(m for need, m in held.items() if need.bay_kind == kind and (need.needs_hv or not safe))
            fitting = sum(_fits(bay, kind, safe=safe) for bay in self.resources.bays)
            if wanted > fitting * (end - start) * share // Rate.PER_UNIT:
                return False
        rooms = [calendar.working(start, end) * share // Rate.PER_UNIT for calendar in self.calendars]
        return _flow(self.resources.technicians, rooms, held) == sum(held.values())

    def _crowd(self, hour: int, need: Need, minutes: int) -> int:
        """Minutes times the share of the able people's minutes that their skill is booked for already."""
        people = self._able_minutes(hour, need)
        booked = sum(held for other, held in self.booked[hour].items() if other.skill == need.skill)
        return CROWD_COST * minutes * booked // (HOUR * people) if people else 0

    def _able_minutes(self, hour: int, need: Need) -> int:
        pairs: list[tuple[Technician, Calendar]] = list(zip(self.resources.technicians, self.calendars, strict=True))
        return sum(calendar.working(hour, self.ends[hour]) for one, calendar in pairs if _can(one, need))


def _flow(technicians: Sequence[Technician], rooms: list[int], held: dict[Need, int]) -> int:
    """How many of the wanted minutes can be given to people at once: augmenting paths from kinds of work to people."""
    left = list(rooms)
    able = {need: [at for at, one in enumerate(technicians) if _can(one, need)] for need in held}
    given: dict[Need, dict[int, int]] = {need: {} for need in held}
    total = 0
    for need, minutes in held.items():
        wanted = minutes
        while wanted and (pushed := _push(need, wanted, able, given, left, set())):
            wanted -= pushed
            total += pushed
    return total


def _push(
    need: Need,
    wanted: int,
    able: dict[Need, list[int]],
    given: dict[Need, dict[int, int]],
    left: list[int],
    seen: set[int],
) -> int:
    """Give up to ``wanted`` minutes to one person, moving another kind of work away from him if that frees him."""
    for at in able[need]:
        if at in seen:
            continue
        seen.add(at)
        amount = min(wanted, left[at])
        if not amount:
            for other, people in given.items():
                if other != need and people.get(at, 0):
                    amount = _push(other, min(wanted, people[at]), able, given, left, seen)
                    if amount:
                        people[at] -= amount
                        left[at] += amount
                        break
        if amount:
            left[at] -= amount
            given[need][at] = given[need].get(at, 0) + amount
            return amount
    return 0
