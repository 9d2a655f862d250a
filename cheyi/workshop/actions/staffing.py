"""Who repairs here, as roles come and go: a technician's file follows his role."""

from __future__ import annotations

from datetime import datetime

from cheyi.foundation.access import SYSTEM
from cheyi.foundation.acts import act, audit
from cheyi.foundation.models import Employee, Store
from cheyi.foundation.scope import within
from cheyi.workshop.actions.cataloguing import put_technician
from cheyi.workshop.models import TechnicianProfile


@act
def follow_role(employee_id: int, *, store_id: int, repairs: bool, now: datetime) -> None:
    """Give a technician of a store his profile, still without skills, or bring it back as it was; else put it aside."""
    store = Store.objects.get(pk=store_id)
    with within(store):
        profile = TechnicianProfile.objects.filter(employee_id=employee_id).first()
        if profile is None:
            if repairs:
                put_technician(Employee.objects.get(pk=employee_id), store=store, skills={}, by=SYSTEM, now=now)
        elif profile.active != repairs:
            TechnicianProfile.objects.filter(pk=profile.pk).update(active=repairs)
            audit(SYSTEM, "workshop.technician.edited", profile, now=now, active=repairs)
