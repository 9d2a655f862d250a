"""What a task asks of people and bays: level, certificate, minutes for this person, fitting places."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cheyi.kernel import Rate, half_up
from cheyi.workshop.engine.model import Bay, Task, Technician


def certified(technician: Technician, on: date) -> bool:
    """Whether the high-voltage certificate is valid on a day."""
    return technician.hv_until is not None and technician.hv_until >= on


def able(task: Task, technician: Technician, on: date) -> bool:
    """Whether the technician may do the task: skill level, and the certificate for high-voltage work on that day."""
    if task.needs_hv and not certified(technician, on):
        return False
    return technician.skills.get(task.skill, 0) >= task.level


def minutes_for(task: Task, technician: Technician) -> int:
    """The task's minutes for this person: standard minutes times the factor for the model, half up, at least 1."""
    factor = technician.factors.get(task.model)
    return max(1, half_up(task.minutes * factor.parts, Rate.PER_UNIT)) if factor else task.minutes


def fitting_bays(task: Task, bays: Sequence[Bay]) -> list[int]:
    """Fitting bays by index; ordinary work takes the bays that are not safe for high voltage first."""
    fitting = [at for at, bay in enumerate(bays) if bay.kind == task.bay_kind and (bay.ev_safe or not task.needs_hv)]
    return sorted(fitting, key=lambda at: (bays[at].ev_safe and not task.needs_hv, at))
