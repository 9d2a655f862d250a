"""Several foremen note the same technician as away, or plan the same day of his, at the same moment: one word holds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cheyi.foundation.models import Absence, AuditEntry, Employee, WorkShift
from cheyi.foundation.rosters import RosterDay, set_days
from cheyi.foundation.scope import everywhere, within
from cheyi.workshop import actions
from tests.race import at_once
from tests.workshop.shop import NOW, open_shop

AT_ONCE = 4


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_who_is_noted_away_by_several_at_once_is_away_once_and_planned_once():
    shop = open_shop()
    with within(shop.store):
        who, foreman = shop.technician().employee_id, shop.foreman
    today = shop.store.local(NOW).date()

    def note(number):
        with within(shop.store):
            ends_at = NOW + timedelta(hours=number + 1)
            words = {"store": shop.store, "ends_at": ends_at, "why": "sick", "by": foreman, "now": NOW}
            actions.note_absence(Employee.objects.get(pk=who), **words)
            set_days({(who, today): RosterDay(off=True)}, store=shop.store, by=foreman, now=NOW)
        return "noted"

    assert at_once(note, AT_ONCE) == ["noted"] * AT_ONCE
    with everywhere("counting"):
        assert (Absence.objects.count(), WorkShift.objects.count()) == (1, 1)
        codes = AuditEntry.objects.filter(code__in=["foundation.absence.noted", "foundation.roster.set"])
        assert codes.count() == 2 * AT_ONCE
