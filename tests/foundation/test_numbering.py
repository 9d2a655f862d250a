"""Document numbers are unique, also when real processes draw them at once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cheyi.foundation.models import NumberSeries
from cheyi.foundation.numbering import draw, draw_many
from cheyi.foundation.scope import NoScope, OutOfScope, within
from tests.foundation.org import NOW, found_town
from tests.race import at_once

PROCESSES = 8
EACH = 25


def test_numbers_follow_prefix_store_day_and_sequence(town):
    with within(town.store):
        assert [draw(town.store, "RO", NOW) for _ in range(2)] == ["ROSH012606150001", "ROSH012606150002"]
        assert draw(town.store, "BL", NOW) == "BLSH012606150001"
    with within(town.sister):
        assert draw(town.sister, "RO", NOW) == "ROSH022606150001"


def test_the_day_is_the_store_s_business_day(town):
    just_before_midnight = datetime(2026, 6, 15, 15, 59, tzinfo=UTC)
    midnight = datetime(2026, 6, 15, 16, 0, tzinfo=UTC)
    town.store.cut_over_hour = 4
    with within(town.store):
        assert draw(town.store, "RO", just_before_midnight) == "ROSH012606150001"
        assert draw(town.store, "RO", midnight) == "ROSH012606150002"
    town.store.cut_over_hour = 0
    with within(town.store):
        assert draw(town.store, "RO", midnight) == "ROSH012606160001"


def test_past_9999_the_sequence_takes_a_fifth_digit(town):
    with within(town.store):
        assert draw_many(town.store, "RO", NOW, 9999)[-1] == "ROSH012606159999"
        assert draw(town.store, "RO", NOW) == "ROSH0126061510000"


def test_a_range_is_drawn_at_once(town):
    with within(town.store):
        with CaptureQueriesContext(connection) as queries:
            drawn = draw_many(town.store, "RO", NOW, 3)
        assert drawn == ["ROSH012606150001", "ROSH012606150002", "ROSH012606150003"]
        assert sum("foundation_numberseries" in query["sql"] for query in queries) == 1
        assert NumberSeries.objects.get().last == 3


def test_a_refused_act_gives_its_number_back(town):
    with within(town.store):
        with transaction.atomic():
            assert draw(town.store, "RC", NOW) == "RCSH012606150001"
            transaction.set_rollback(True)
        assert draw(town.store, "RC", NOW) == "RCSH012606150001"


def test_another_store_s_numbers_are_out_of_reach(town):
    with within(town.store), pytest.raises(OutOfScope):
        draw(town.sister, "RO", NOW)
    with pytest.raises(NoScope):
        draw(town.store, "RO", NOW)
    with within(town.sister):
        assert not NumberSeries.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_processes_that_draw_at_once_never_get_the_same_number():
    town = found_town()

    def draw_some(_):
        with within(town.store):
            numbers = []
            for _ in range(EACH):
                with transaction.atomic():
                    numbers.append(draw(town.store, "RO", NOW))
            return numbers

    drawn = [number for numbers in at_once(draw_some, PROCESSES) for number in numbers]
    total = PROCESSES * EACH
    assert sorted(drawn) == [f"ROSH01260615{number:04d}" for number in range(1, total + 1)]
    with within(town.store):
        assert NumberSeries.objects.get().last == total
