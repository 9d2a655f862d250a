"""Which work an absence moves to a later day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cheyi.kernel import Span
from cheyi.workshop.engine.away import moved_by_absence
from cheyi.workshop.engine.model import Dragged, Running, Shift, Task, Technician

NOW = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)


def at(hour, *, day=0):
    return NOW.replace(hour=0) + timedelta(days=day, hours=hour)


def shift(day):
    return Shift(Span(at(8, day=day), at(18, day=day)), (Span(at(12, day=day), at(13, day=day)),))


def wang(*away, days=3):
    return Technician(1, {}, tuple(shift(day) for day in range(days)), absences=tuple(Span(*one) for one in away))


def job(number, hours, **words):
    words.setdefault("dragged", Dragged(1))
    return Task(id=number, order=number, skill="", level=1, minutes=int(hours * 60), **words)


REST = (NOW, at(24))


def test_nothing_moves_while_he_is_here():
    assert moved_by_absence(wang(), [job(1, 2)], NOW) == set()
    assert moved_by_absence(wang((at(0), NOW)), [job(1, 2)], NOW) == set()


def test_who_is_away_for_the_day_gives_everything_away_that_he_would_have_done_today():
    tasks = [job(1, 2), job(2, 5), job(3, 4)]
    assert moved_by_absence(wang(REST), tasks, NOW) == {1, 2}
    assert moved_by_absence(wang((NOW, at(24, day=1))), tasks, NOW) == {1, 2, 3}


def test_what_he_can_still_do_after_he_is_back_or_before_he_goes_stays_his():
    tasks = [job(1, 2), job(2, 2)]
    assert moved_by_absence(wang((NOW, at(11))), tasks, NOW) == set()
    assert moved_by_absence(wang((NOW, at(15))), tasks, NOW) == {2}
    assert moved_by_absence(wang((at(12), at(24))), tasks, NOW) == {2}


def test_what_a_person_put_at_a_time_of_another_day_is_not_moved_by_today():
    tomorrow = job(1, 2, dragged=Dragged(1, None, at(9, day=1)))
    assert moved_by_absence(wang(REST), [tomorrow], NOW) == set()
    assert moved_by_absence(wang((NOW, at(24, day=1))), [tomorrow], NOW) == {1}


def test_what_waits_for_its_part_until_tomorrow_is_not_moved_by_today_and_what_has_no_date_never():
    tasks = [job(1, 2, earliest=at(8, day=1)), job(2, 2, part_missing=True)]
    assert moved_by_absence(wang(REST), tasks, NOW) == set()
    assert moved_by_absence(wang((NOW, at(24, day=5))), tasks, NOW) == {1}


def test_what_runs_is_never_moved_but_what_comes_behind_it_is():
    runs = job(1, 3, dragged=None, running=Running(1, None, NOW))
    assert moved_by_absence(wang((at(15), at(24))), [job(2, 4), runs], NOW) == {2}


@pytest.mark.parametrize("days", [1, 3])
def test_who_is_away_to_the_end_of_what_is_planned_gives_everything_away(days):
    assert moved_by_absence(wang((NOW, at(24, day=30)), days=days), [job(1, 2)], NOW) == {1}


def test_work_that_had_no_place_before_is_not_moved():
    assert moved_by_absence(wang(REST, days=1), [job(1, 9)], NOW) == set()
