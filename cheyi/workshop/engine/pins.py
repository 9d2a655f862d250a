"""What may not move: running clocks, what a person dragged, and published starts of the next quarter of an hour."""

from __future__ import annotations

from cheyi.workshop.engine.ability import able, minutes_for
from cheyi.workshop.engine.calendar import Calendar, calendar_of, first_minute, minute_of
from cheyi.workshop.engine.floor import Pin
from cheyi.workshop.engine.model import FROZEN_MINUTES, Dragged, Plan, Running, Shop, Task

LEAST_LEFT = 5
MOST_LEFT = 31 * 24 * 60


class Pins:
    """Makes the pin of a task, if it has one."""

    def __init__(self, shop: Shop, now: int, calendars: tuple[Calendar, ...], published: Plan | None) -> None:
        self.shop, self.now, self.calendars = shop, now, calendars
        self.technicians = {technician.id: at for at, technician in enumerate(shop.technicians)}
        self.bays = {bay.id: at for at, bay in enumerate(shop.bays)}
        self.published = {one.task: one for one in published.assignments} if published else {}
        self.running: dict[int, Pin] = {}
        self.busy_until: dict[int, int] = {}
        self.car_until: dict[int, int] = {}
        for task in shop.tasks:
            if task.running is not None and task.running.technician in self.technicians:
                self._enter(task, self._runs(task, task.running))

    def _enter(self, task: Task, pin: Pin) -> None:
        end = pin.end or self.now
        self.running[task.id] = pin
        self.busy_until[pin.technician] = max(end, self.busy_until.get(pin.technician, 0))
        self.car_until[task.order] = max(end, self.car_until.get(task.order, 0))

    def of(self, task: Task) -> Pin | None:
        """Running before dragged before frozen. Who is not in the shop any more pins nothing."""
        if task.id in self.running:
            return self.running[task.id]
        if task.dragged is not None and task.dragged.technician in self.technicians:
            return self._dragged(task.dragged)
        return self._frozen(task)

    def _dragged(self, dragged: Dragged) -> Pin:
        start = max(self.now, first_minute(dragged.start)) if dragged.start else None
        return Pin(self.technicians[dragged.technician], self._bay(dragged.bay), start, kind="dragged")

    def _bay(self, bay: int | None) -> int | None:
        return self.bays.get(bay) if bay is not None else None

    def _frozen(self, task: Task) -> Pin | None:
        """The published start within the next 15 minutes, as long as its technician may and can still begin by then."""
        told = self.published.get(task.id)
        at = self.technicians.get(told.technician) if told else None
        if told is None or at is None or not able(task, self.shop.technicians[at], self.shop.now.date()):
            return None
        start = max(self.now, minute_of(told.start), self.busy_until.get(at, 0), self.car_until.get(task.order, 0))
        start = max(start, first_minute(task.earliest)) if task.earliest else start
        minutes = minutes_for(task, self.shop.technicians[at])
        if start >= self.now + FROZEN_MINUTES or not self._fits(at, start, minutes, carries=task.carries_over):
            return None
        return Pin(at, self._bay(told.bay), start, kind="frozen")

    def _fits(self, technician: int, start: int, minutes: int, *, carries: bool) -> bool:
        return self.calendars[technician].finish(start, minutes, carries=carries) is not None

    def _runs(self, task: Task, running: Running) -> Pin:
        """A running clock ends with what is left of its standard time, in ordinary or else in extra time.

        A clock cannot have started later than now, and nothing takes longer than a month.
        """
        at = self.technicians[running.technician]
        technician, calendar = self.shop.technicians[at], self.calendars[at]
        since, left = min(minute_of(running.since), self.now), running.left_minutes
        if left is None:
            worked = calendar_of(technician, since).working(since, self.now)
            left = max(minutes_for(task, technician) - worked, LEAST_LEFT, -(-task.minutes // 10))
        left = min(max(1, left), MOST_LEFT)
        span = calendar.next_fit(self.now, left, carries=True)
        end = span[1] if span else self.now + left
        return Pin(at, self._bay(running.bay), since, end, hard=True, kind="running")
