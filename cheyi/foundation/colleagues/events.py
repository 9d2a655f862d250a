"""What is announced of people: higher packages keep their own files of them."""

from __future__ import annotations

from cheyi.foundation.events import Event, fact


@fact("foundation.employee.roles_changed")
class EmployeeRolesChanged(Event):
    """What somebody may do in one store from now on; nothing once he has left or works elsewhere."""

    employee_id: int
    roles: tuple[str, ...]
