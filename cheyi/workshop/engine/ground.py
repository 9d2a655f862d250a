"""Laying the floor: a shop's objects become minutes and indices, and what cannot be planned is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from cheyi.kernel import Rate
from cheyi.workshop.engine.ability import able, fitting_bays, minutes_for
from cheyi.workshop.engine.aside import set_aside
from cheyi.workshop.engine.calendar import Calendar, calendar_of, first_minute, minute_of
from cheyi.workshop.engine.floor import Floor, Pin, Step
from cheyi.workshop.engine.model import Plan, Shop, Task, Technician, Unplanned
from cheyi.workshop.engine.pins import Pins
from cheyi.workshop.engine.sound import check_shop


@dataclass(frozen=True, slots=True)
class Ground:
    """A floor with the way back: which task, order, technician, bay and tool each index stands for."""

    shop: Shop
    floor: Floor
    tasks: tuple[Task, ...]
    orders: tuple[int, ...]
    unplanned: tuple[Unplanned, ...]


def lay(shop: Shop, *, published: Plan | None = None) -> Ground:
    """Turn a shop into minutes and indices. The published plan freezes starts within 15 minutes.

    Tasks that nobody may do, that wait in a circle or that have no minutes are set aside with their reason.
    Raises the refusals of ``check_shop``.
    """
    check_shop(shop)
    now = first_minute(shop.now)
    calendars = tuple(calendar_of(technician, now) for technician in shop.technicians)
    refused = set_aside(shop, calendars)
    tasks = tuple(task for task in sorted(shop.tasks, key=lambda one: one.id) if task.id not in refused)
    orders = tuple(sorted({task.order for task in tasks}))
    index = {task.id: at for at, task in enumerate(tasks)}
    order_index = {order: at for at, order in enumerate(orders)}
    steps = _Steps(shop, now, calendars, published)
    floor = Floor(
        now=now,
        steps=tuple(steps.of(task, order_index[task.order], index) for task in tasks),
        calendars=calendars,
        hv_until=tuple(_hv_end(technician, shop) for technician in shop.technicians),
        place_count=len(shop.bays) + len(shop.tools),
        **_promises(shop, orders),
    )
    unplanned = tuple(Unplanned(task.id, task.order, refused[task.id]) for task in shop.tasks if task.id in refused)
    return Ground(shop, floor, tasks, orders, unplanned)


def _promises(shop: Shop, orders: Sequence[int]) -> dict[str, tuple[int, ...]]:
    known = {promise.order: promise for promise in shop.promises}
    due = [minute_of(known[order].at) - known[order].after_minutes if order in known else -1 for order in orders]
    return {"due": tuple(due), "weight": tuple(known[order].weight if order in known else 0 for order in orders)}


def _hv_end(technician: Technician, shop: Shop) -> int:
    if technician.hv_until is None:
        return 0
    after = technician.hv_until + timedelta(days=1)
    return minute_of(datetime.combine(after, time(0), tzinfo=shop.now.tzinfo))


class _Steps:
    """Makes steps of tasks; knows the indices and the published plan."""

    def __init__(self, shop: Shop, now: int, calendars: tuple[Calendar, ...], published: Plan | None) -> None:
        self.shop, self.now, self.calendars = shop, now, calendars
        self.technicians = {technician.id: at for at, technician in enumerate(shop.technicians)}
        self.published = {one.task: one for one in published.assignments} if published else {}
        self.pins = Pins(shop, now, calendars, published)

    def of(self, task: Task, order: int, index: Mapping[int, int]) -> Step:
        pin = self.pins.of(task)
        minutes = self._minutes(task, pin)
        people = [self.shop.technicians[at] for at in minutes]
        told = self.published.get(task.id)
        return Step(
            order=order,
            earliest=max(self.now, first_minute(task.earliest)) if task.earliest else self.now,
            minutes=minutes,
            above={
                at: max(0, one.skills.get(task.skill, 0) - task.level) for at, one in zip(minutes, people, strict=True)
            },
            liking={at: _liking(task, one) for at, one in zip(minutes, people, strict=True)},
            places=() if pin and pin.hard else self._places(task, pin),
            after=tuple(index[one] for one in task.after if one in index),
            carries=task.carries_over,
            hv=task.needs_hv,
            pin=pin,
            published=self.technicians.get(told.technician) if told and not pin else None,
        )

    def _minutes(self, task: Task, pin: Pin | None) -> dict[int, int]:
        if pin is not None:
            return {pin.technician: minutes_for(task, self.shop.technicians[pin.technician])}
        today = self.shop.now.date()
        return {
            at: minutes_for(task, one)
            for at, one in enumerate(self.shop.technicians)
            if able(task, one, today) and self.calendars[at].starts
        }

    def _places(self, task: Task, pin: Pin | None) -> tuple[tuple[int, ...], ...]:
        groups = []
        if task.bay_kind:
            bays = fitting_bays(task, self.shop.bays)
            groups.append((pin.place,) if pin and pin.place in bays else tuple(bays))
        if task.tool:
            first = len(self.shop.bays)
            groups.append(tuple(first + at for at, tool in enumerate(self.shop.tools) if tool.kind == task.tool))
        return tuple(groups)


def _liking(task: Task, technician: Technician) -> int:
    """The part of the score of domain.md 6.9 that does not change with the queue: experience and continuity, 0-3500."""
    experience = technician.experience.get(task.model)
    knows = 2000 * min(experience.parts, Rate.PER_UNIT) // Rate.PER_UNIT if experience else 0
    return knows + (1500 if task.seen_by.get(technician.id) else 0)
