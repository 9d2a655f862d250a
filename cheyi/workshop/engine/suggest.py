"""Who should do this line: every technician with the score of domain.md 6.9, its parts and its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cheyi.kernel import Rate, Reason, half_up
from cheyi.workshop.engine.ability import able, minutes_for
from cheyi.workshop.engine.calendar import Calendar, calendar_of, first_minute, minute_of
from cheyi.workshop.engine.model import Plan, Shop, Task, Technician

ONE = Rate.PER_UNIT


@dataclass(frozen=True, slots=True)
class Weights:
    """Shares of the score in percent; together 100."""

    skill: int = 40
    load: int = 25
    experience: int = 20
    continuity: int = 15


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A technician for a line: whether he may do it, his score and its four parts (each 0 to 1), and why."""

    technician: int
    eligible: bool
    score: Rate
    skill: Rate
    load: Rate
    experience: Rate
    continuity: Rate
    reasons: tuple[Reason, ...]


def rank(shop: Shop, task: Task, *, plan: Plan | None = None, weights: Weights | None = None) -> list[Suggestion]:
    """All technicians for one task, the best first; those who may not do it stand last, each with the reason.

    The queue of a technician is what the plan gives him in the shift that runs now or comes next, without this task.
    """
    now = first_minute(shop.now)
    calendars = {one.id: calendar_of(one, now) for one in shop.technicians}
    queues = queued_minutes(calendars, now, plan, without=task.id)
    found = [
        suggestion(
            shop,
            task,
            one,
            queued=queues.get(one.id, 0),
            left=calendars[one.id].shift_minutes_left(now),
            weights=weights or Weights(),
        )
        for one in shop.technicians
    ]
    return sorted(found, key=lambda one: (not one.eligible, -one.score.parts, one.technician))


def suggestion(
    shop: Shop, task: Task, technician: Technician, *, queued: int, left: int, weights: Weights
) -> Suggestion:
    """One technician's score. ``queued`` and ``left`` are working minutes: given to him, and left in his shift.

    score = 0.40 skill + 0.25 load + 0.20 experience + 0.15 continuity; skill = 1 - 0.1 x (level - required), for a
    difficult line level / 5; load = max(0, 1 - queued / left). Half up to four places.
    """
    level = technician.skills.get(task.skill, 0)
    skill = 2000 * min(level, 5) if task.difficult else max(0, ONE - 1000 * max(0, level - task.level))
    load = max(0, half_up(ONE * (left - queued), left)) if left else 0
    experience = min(ONE, technician.experience.get(task.model, Rate(0)).parts)
    times = task.seen_by.get(technician.id, 0)
    continuity = ONE if times else 0
    score = half_up(
        weights.skill * skill + weights.load * load + weights.experience * experience + weights.continuity * continuity,
        100,
    )
    fault = _ineligible(shop, task, technician, queued, left)
    reasons = (fault,) if fault else _reasons(task, technician, queued, times)
    parts = (Rate(skill), Rate(load), Rate(experience), Rate(continuity))
    return Suggestion(technician.id, fault is None, Rate(score), *parts, reasons)


def queued_minutes(
    calendars: Mapping[int, Calendar], now: int, plan: Plan | None, *, without: int | None = None
) -> Mapping[int, int]:
    """Working minutes that a plan gives each technician in the shift that runs now or comes next."""
    closes = {who: _shift_end(calendar, now) for who, calendar in calendars.items()}
    queues: dict[int, int] = {}
    for one in plan.assignments if plan else ():
        calendar = calendars.get(one.technician)
        if calendar is None or one.task == without:
            continue
        minutes = calendar.working(max(now, minute_of(one.start)), min(closes[one.technician], first_minute(one.end)))
        queues[one.technician] = queues.get(one.technician, 0) + minutes
    return queues


def _shift_end(calendar: Calendar, now: int) -> int:
    at = calendar.next_working(now)
    if at is None:
        return now
    shift = calendar.shifts[calendar.piece_at(at)]
    return max(end for end, number in zip(calendar.ends, calendar.shifts, strict=True) if number == shift)


def _ineligible(shop: Shop, task: Task, technician: Technician, queued: int, left: int) -> Reason | None:
    level = technician.skills.get(task.skill, 0)
    if level < task.level:
        return Reason("level_too_low", skill=task.skill, level=level, required=task.level)
    if not able(task, technician, shop.now.date()):
        return Reason("certificate_missing", skill=task.skill)
    if not left:
        return Reason("not_present")
    minutes = minutes_for(task, technician)
    if not task.carries_over and queued + minutes > left:
        return Reason("shift_ends_before", queued=queued, minutes=minutes, left=left)
    return None


def _reasons(task: Task, technician: Technician, queued: int, times: int) -> tuple[Reason, ...]:
    level = technician.skills[task.skill]
    if task.difficult:
        result = [Reason("strong_for_difficult", level=level)]
    elif level == task.level:
        result = [Reason("just_enough_skill", level=level, required=task.level)]
    else:
        result = [Reason("above_the_need", level=level, required=task.level)]
    result.append(Reason("queue", minutes=queued) if queued else Reason("free_now"))
    experience = technician.experience.get(task.model, Rate(0))
    if experience:
        result.append(Reason("knows_model", model=task.model, experience=experience))
    if times:
        result.append(Reason("same_car_before", times=times))
    return tuple(result)


@dataclass(frozen=True, slots=True)
class Override:
    """A foreman took ``taken`` where the engine had put ``proposed`` first."""

    proposed: Suggestion
    taken: Suggestion


def learned(weights: Weights, overrides: tuple[Override, ...], *, step: int = 1) -> Weights:
    """Weights after what foremen decided otherwise: each override moves at most ``step`` percent between two parts.

    The part in which the taken one was furthest ahead gains what the part in which he was furthest behind loses; no
    part leaves 5 to 60 percent, and the sum stays 100. A certificate or a level is never weighed.
    """
    shares = {"skill": weights.skill, "load": weights.load, "experience": weights.experience}
    shares["continuity"] = weights.continuity
    for one in overrides:
        ahead = {name: getattr(one.taken, name).parts - getattr(one.proposed, name).parts for name in shares}
        gains = max(shares, key=lambda name: ahead[name])
        loses = min(shares, key=lambda name: ahead[name])
        moved = min(step, 60 - shares[gains], shares[loses] - 5)
        if ahead[gains] > 0 > ahead[loses] and moved > 0:
            shares[gains] += moved
            shares[loses] -= moved
    return Weights(**shares)
