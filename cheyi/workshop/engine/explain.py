"""Why this technician and why then: the reasons of an assignment as codes and facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cheyi.kernel import Rate, Reason
from cheyi.workshop.engine.calendar import moment_of
from cheyi.workshop.engine.floor import Floor, Placed
from cheyi.workshop.engine.ground import Ground
from cheyi.workshop.engine.model import Task

KNOWS_MODEL = 5000


@dataclass(frozen=True, slots=True)
class Ends:
    """What ends at which minute of a plan, and when each order is done (None when one of its steps has no place)."""

    at: Mapping[int, Sequence[Placed]]
    done: Sequence[int | None]


def ends_of(floor: Floor, placed: Sequence[Placed | None]) -> Ends:
    """The ends of a plan, which the reasons of each of its steps are read from."""
    at: dict[int, list[Placed]] = {}
    done: list[int | None] = [floor.now] * len(floor.due)
    for step, one in zip(floor.steps, placed, strict=True):
        if one is not None:
            at.setdefault(one.end, []).append(one)
        before = done[step.order]
        done[step.order] = None if one is None or before is None else max(before, one.end)
    return Ends(at, done)


def reasons(ground: Ground, ends: Ends, one: Placed) -> tuple[Reason, ...]:
    """The reasons of one placed step: what was fixed, why the person, why the start, what it means for the promise."""
    return (*_person(ground, one), *_start(ground, ends, one), *_promise(ground.floor, ends, one))


def _person(ground: Ground, one: Placed) -> list[Reason]:
    step, task = ground.floor.steps[one.step], ground.tasks[one.step]
    technician = ground.shop.technicians[one.technician]
    if step.pin is not None:
        return [Reason(step.pin.kind)]
    result = []
    if task.dragged is not None:
        result.append(Reason("dragged_to_nobody", technician=task.dragged.technician))
    if len(step.minutes) == 1:
        result.append(Reason("only_one_able", skill=task.skill, level=task.level))
    else:
        result += _skill(task, technician.skills.get(task.skill, 0), step.above, one.technician)
    if times := task.seen_by.get(technician.id):
        result.append(Reason("same_car_before", times=times))
    experience = technician.experience.get(task.model, Rate(0))
    if experience.parts >= KNOWS_MODEL:
        result.append(Reason("knows_model", model=task.model, experience=experience))
    if step.published is not None and step.published != one.technician:
        result.append(Reason("changed_technician", before=ground.shop.technicians[step.published].id))
    return result


def _skill(task: Task, level: int, above: Mapping[int, int], chosen: int) -> list[Reason]:
    kept_free = sum(levels > above[chosen] for levels in above.values())
    if kept_free:
        return [Reason("just_enough_skill", level=level, required=task.level, kept_free=kept_free)]
    return (
        [Reason("above_the_need", level=level, required=task.level)]
        if any(levels < above[chosen] for levels in above.values())
        else []
    )


def _start(ground: Ground, ends: Ends, one: Placed) -> list[Reason]:
    floor, step = ground.floor, ground.floor.steps[one.step]
    zone = ground.shop.now.tzinfo
    if step.pin is not None and step.pin.hard:
        return []
    if one.start <= floor.now:
        return [Reason("starts_now")]
    if one.start == step.earliest:
        return [Reason("waits_for_part", until=moment_of(step.earliest, zone))]
    if waits := _waits_for(floor, ends, one):
        kind, other = waits
        return [Reason(kind, task=ground.tasks[other].id, until=moment_of(one.start, zone))]
    if one.start in floor.calendars[one.technician].starts:
        return [Reason("starts_with_shift", until=moment_of(one.start, zone))]
    return [Reason("starts_when_free", until=moment_of(one.start, zone))]


def _waits_for(floor: Floor, ends: Ends, one: Placed) -> tuple[str, int] | None:
    """The step whose end made this one start when it does, and what it held."""
    step = floor.steps[one.step]
    ending = ends.at.get(one.start, ())
    for other in ending:
        if other.step in step.after:
            return "waits_for_step", other.step
    for other in ending:
        if other.technician == one.technician:
            return "waits_for_technician", other.step
    for other in ending:
        if set(other.places) & {place for group in step.places for place in group}:
            return "waits_for_bay", other.step
    return None


def _promise(floor: Floor, ends: Ends, one: Placed) -> list[Reason]:
    order = floor.steps[one.step].order
    done = ends.done[order]
    if floor.due[order] < 0 or done is None:
        return []
    spare = floor.due[order] - done
    return [Reason("promise_kept", spare=spare) if spare >= 0 else Reason("promise_late", minutes=-spare)]
