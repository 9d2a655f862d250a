"""Who is there to work: by the roster, else by the opening hours."""

from __future__ import annotations

from datetime import timedelta

from cheyi.foundation import calendar
from cheyi.foundation.models import WorkShift
from cheyi.foundation.scope import within
from cheyi.kernel import Span
from cheyi.workshop.planning import standing
from tests.workshop.shop import NOW


def spans(shop, store):
    for name in ("王建国", "赵磊"):
        shop.technician(name)
    with within(store):
        return {one.id: [shift.span for shift in one.shifts] for one in standing(store, NOW).shop.technicians}


def test_without_a_roster_everybody_is_there_while_the_store_is_open(shop):
    with within(shop.store):
        hours = calendar.opening_hours(shop.store)
    today = shop.store.local(NOW).date()
    open_hours = [span for number in range(7) for span in hours.on(today + timedelta(days=number)) if span.end > NOW]
    assert len(open_hours) >= 6
    assert set(map(tuple, spans(shop, shop.store).values())) == {tuple(open_hours)}


def test_with_a_roster_who_is_not_on_it_is_away(shop):
    first, other = spans(shop, shop.store)
    with within(shop.store):
        ends = NOW + timedelta(hours=4)
        WorkShift.objects.create(
            store=shop.store, employee_id=first, starts_at=NOW, ends_at=ends, created_at=NOW, created_by_id=None
        )
    assert spans(shop, shop.store) == {first: [Span(NOW, ends)], other: []}
