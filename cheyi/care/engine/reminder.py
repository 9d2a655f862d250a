"""Whether a car's owner is reminded of its service now, or why not (intelligence.md 5, domain.md 5.11 and 10.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cheyi.care.engine.due import CERTAIN, NEVER, NextService
from cheyi.kernel import Rate, Reason, Refused, Unknown
from cheyi.vehicles.rules.service import add_months

AHEAD_DAYS = 30
CHANCE_NEEDED = Rate(6000)
CHANNEL_DAYS = 90
VISIT_DAYS = 60
TOUCHES_A_WEEK = 2
WEEK = timedelta(days=7)
FEW_KM_A_YEAR = 5000
YEARLY_MONTHS = 12
MORNING, EVENING = time(9), time(21)
ALL_CHANNELS = "all"
IN_USE = "in_use"


@dataclass(frozen=True, slots=True)
class Sent:
    """A reminder of this car that went out."""

    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All that decides beside the car. ``now`` is aware, in the store's zone, for the quiet hours.

    ``reminded`` are the reminders of this car, ``touches`` the moments of all marketing contacts with the customer;
    ``opted_out`` names channels, or ``all``; ``status`` is that of the car (``in_use`` or why it is not).
    """

    now: datetime
    channel: str
    last_visit_on: date | None = None
    appointment_open: bool = False
    reminded: tuple[Sent, ...] = ()
    touches: tuple[datetime, ...] = ()
    opted_out: frozenset[str] = frozenset()
    complaint_open: bool = False
    status: str = IN_USE


@dataclass(frozen=True, slots=True)
class Decision:
    """Remind, or be silent for all of these reasons; ``again_at`` is when none of them holds any more, if that is known."""

    remind: bool
    reasons: tuple[Reason, ...]
    chance: Rate | None = None
    again_at: datetime | None = None


def decide(service: NextService | Unknown, around: Circumstances) -> Decision:
    """Whether to remind now. Raises Refused ``care.reminder.moment_without_zone`` for a moment that names no zone."""
    moments = (around.now, *around.touches, *(sent.at for sent in around.reminded))
    if any(moment.utcoffset() is None for moment in moments):
        raise Refused("care.reminder.moment_without_zone")
    lasting = [*_never(around), *_not_due(service, around.now.date())]
    passing = [*_visited(around), *_too_often(around), *_quiet(around.now)]
    chance = None if isinstance(service, Unknown) else chance_that_counts(service, around.now.date())
    if not lasting and not passing:
        return Decision(True, (_why(service, around.now.date()),), chance)
    known = [until for _, until in passing if until is not None]
    again = max(known) if not lasting and len(known) == len(passing) else None
    return Decision(False, (*lasting, *(reason for reason, _ in passing)), chance, again)


def chance_that_counts(service: NextService, today: date) -> Rate:
    """The chance of being due within 30 days; a car of under 5,000 km a year has the yearly rule only."""
    if service.daily.yearly_km >= FEW_KM_A_YEAR:
        return service.chance(today=today, within=AHEAD_DAYS)
    return CERTAIN if _yearly_on(service) <= today + timedelta(days=AHEAD_DAYS) else NEVER


def _yearly_on(service: NextService) -> date:
    return service.due.time_on or add_months(service.since, YEARLY_MONTHS)


def _never(around: Circumstances) -> list[Reason]:
    """What only a person can end."""
    found = []
    if around.status != IN_USE:
        found.append(Reason("car_gone", status=around.status))
    if around.complaint_open:
        found.append(Reason("complaint_open"))
    if around.opted_out & {around.channel, ALL_CHANNELS}:
        found.append(Reason("opted_out", channel=around.channel))
    if around.appointment_open:
        found.append(Reason("appointment_open"))
    return found


def _not_due(service: NextService | Unknown, today: date) -> list[Reason]:
    if isinstance(service, Unknown):
        return [Reason("due_unknown"), *service.reasons]
    chance = chance_that_counts(service, today)
    if chance > CHANCE_NEEDED:
        return []
    if service.daily.yearly_km < FEW_KM_A_YEAR:
        return [Reason("yearly_rule", km=service.daily.yearly_km, on=_yearly_on(service))]
    return [Reason("not_due_yet", chance=chance, needed=CHANCE_NEEDED, days=AHEAD_DAYS)]


Passing = tuple[Reason, datetime | None]


def _visited(around: Circumstances) -> list[Passing]:
    on, today = around.last_visit_on, around.now.date()
    if on is None or (today - on).days >= VISIT_DAYS:
        return []
    if on > today:
        return [(Reason("visit_in_the_future", on=on), None)]
    return [(Reason("visited_lately", on=on, least=VISIT_DAYS), _morning(on + timedelta(days=VISIT_DAYS), around.now))]


def _too_often(around: Circumstances) -> list[Passing]:
    found: list[Passing] = []
    zone = around.now.tzinfo
    same = [sent.at.astimezone(zone).date() for sent in around.reminded if sent.channel == around.channel]
    if same and (around.now.date() - max(same)).days < CHANNEL_DAYS:
        until = _morning(max(same) + timedelta(days=CHANNEL_DAYS), around.now)
        found.append((Reason("reminded_lately", channel=around.channel, on=max(same), least=CHANNEL_DAYS), until))
    lately = sorted(at for at in around.touches if at > around.now - WEEK)
    if len(lately) >= TOUCHES_A_WEEK:
        free = (lately[-TOUCHES_A_WEEK] + WEEK).astimezone(zone)
        found.append((Reason("touched_enough", count=len(lately), most=TOUCHES_A_WEEK), free))
    return found


def _quiet(now: datetime) -> list[Passing]:
    if MORNING <= now.time() < EVENING:
        return []
    day = now.date() if now.time() < MORNING else now.date() + timedelta(days=1)
    until = _morning(day, now)
    return [(Reason("quiet_hours", until=until), until)]


def _morning(day: date, now: datetime) -> datetime:
    return datetime.combine(day, MORNING, now.tzinfo)


def _why(service: NextService | Unknown, today: date) -> Reason:
    assert isinstance(service, NextService)
    return Reason("likely_due", on=service.on, chance=chance_that_counts(service, today), days=AHEAD_DAYS)
