"""Jobs: put in, taken once, tried again, dead where they can be seen; recovered when their worker vanishes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction

from cheyi.foundation.access.viewer import SYSTEM
from cheyi.foundation.acts import act, announce, audit
from cheyi.foundation.jobs import defer, queue, running, schedules, tidy, withdraw
from cheyi.foundation.jobs.presence import Fate, Presence
from cheyi.foundation.jobs.registering import JOBS, every, job
from cheyi.foundation.jobs.watching import Watch
from cheyi.foundation.models import Fact, IdempotencyKey, Job, Team
from cheyi.foundation.scope import everywhere, scope_of
from tests.foundation import jobs_on_trial as trial
from tests.foundation.org import NOW, found_town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_seen():
    trial.SEEN.clear()


@act
def happen(store, name):
    announce(trial.TrialHappened(store_id=store.pk, happened_at=NOW, name=name))
    audit(SYSTEM, "foundation.trial.happened", store, now=NOW)


def now():
    return datetime.now(UTC)


def run_next():
    held = queue.claim("w", now())
    assert held is not None
    return running.run(held, now())


def states():
    return list(Job.objects.order_by("pk").values_list("state", flat=True))


def test_a_deferred_job_runs_once_in_the_scope_of_its_store():
    town = found_town()
    defer(trial.note, store=town.store, word="hello")
    assert run_next() is True
    ((word, scope, moment),) = trial.SEEN
    assert (word, scope) == ("hello", scope_of(town.store))
    assert abs(moment - now()) < timedelta(minutes=1)
    assert states() == ["done"]
    assert queue.claim("w", now()) is None


def test_a_job_without_a_store_runs_outside_every_store():
    defer(trial.note, word="system")
    run_next()
    assert trial.SEEN[0][1] is None


def test_a_job_waits_until_it_is_due_and_the_longest_due_comes_first():
    start = now()
    defer(trial.note, word="later", due_at=start + timedelta(hours=1))
    defer(trial.note, word="second", due_at=start - timedelta(minutes=1))
    defer(trial.note, word="first", due_at=start - timedelta(minutes=2))
    run_next()
    run_next()
    assert [word for word, _, _ in trial.SEEN] == ["first", "second"]
    assert queue.claim("w", now()) is None
    assert queue.claim("w", start + timedelta(hours=2)).job.arguments == {"word": "later"}


def test_a_job_vanishes_with_the_transaction_that_deferred_it():
    with transaction.atomic():
        defer(trial.note, word="never")
        transaction.set_rollback(True)
    assert states() == []


def test_a_key_moves_the_waiting_job_instead_of_doubling_it():
    due = now() + timedelta(hours=1)
    defer(trial.note, word="old", key="order:81", due_at=due)
    defer(trial.note, word="new", key="order:81", due_at=due + timedelta(hours=1))
    row = Job.objects.get()
    assert (row.arguments, row.due_at) == ({"word": "new"}, due + timedelta(hours=1))


def test_a_withdrawn_job_never_runs_and_its_key_is_free_again():
    defer(trial.note, word="moot", key="order:81")
    assert withdraw("order:81") is True
    assert withdraw("order:81") is False
    assert queue.claim("w", now()) is None
    defer(trial.note, word="anew", key="order:81")
    assert states() == ["withdrawn", "waiting"]


def test_arguments_that_do_not_fit_are_refused_when_deferring():
    with pytest.raises(TypeError):
        defer(trial.note, words="typo")
    with pytest.raises(TypeError):
        defer(trial.note, word=object())
    with pytest.raises(KeyError):
        defer(now, word="unregistered")
    assert states() == []


def test_a_name_belongs_to_one_function():
    with pytest.raises(ValueError, match="two functions"):
        job("foundation.trial.note")(lambda: None)


def test_a_failing_job_is_tried_again_later_and_then_lies_dead_where_it_is_seen():
    defer(trial.break_down, word="wrong")
    for attempt, wait in ((1, 5), (2, 30)):
        before = now()
        assert run_next() is False
        row = Job.objects.get()
        assert (row.state, row.attempt) == ("waiting", attempt)
        assert timedelta(seconds=wait) <= row.due_at - before < timedelta(seconds=wait + 5)
        Job.objects.update(due_at=now())
    assert run_next() is False
    row = Job.objects.get()
    assert (row.state, row.error) == ("dead", "ValueError: wrong")
    assert queue.claim("w", now() + timedelta(days=1)) is None


def test_a_dead_job_is_revived_by_hand():
    defer(trial.break_down, word="wrong")
    row = Job.objects.get()
    Job.objects.update(state="dead", attempt=3, finished_at=now())
    assert queue.revive([row.pk], now()) == 1
    assert queue.claim("w", now()).token == 1


def test_a_job_that_no_code_knows_any_more_fails_in_words():
    Job.objects.create(name="gone.with.the.upgrade", due_at=NOW, created_at=NOW)
    assert run_next() is False
    assert Job.objects.get().error == "Unknown: nothing is called gone.with.the.upgrade"


def test_a_fact_is_reacted_to_afterwards_in_its_store():
    town = found_town()
    happen(town.store, "机电一组")
    with everywhere("looking"):
        assert Team.objects.count() == 0
    assert run_next() is True
    with everywhere("looking"):
        assert [(team.store_id, team.name) for team in Team.objects.all()] == [(town.store.pk, "机电一组")]
    assert states() == ["done"]


def test_a_reaction_that_fails_leaves_nothing_behind():
    town = found_town()
    happen(town.store, "broken")
    assert run_next() is False
    with everywhere("looking"):
        assert Team.objects.count() == 0
    assert (states(), Fact.objects.count()) == (["waiting"], 1)


def test_whoever_lost_the_job_changes_nothing_any_more():
    """The attempt is the fence: a slow worker comes back after another one has taken the job."""
    town = found_town()
    happen(town.store, "机电一组")
    slow = queue.claim("slow", now())
    assert queue.retake(Job.objects.get(), now())
    quick = queue.claim("quick", now())
    assert quick.token == slow.token + 1
    assert running.run(slow, now()) is False
    with everywhere("looking"):
        assert Team.objects.count() == 0
    assert not queue.fail(slow, "too late", now())
    assert queue.renew([slow], now()) == {slow.id}
    assert running.run(quick, now()) is True
    with everywhere("looking"):
        assert Team.objects.count() == 1
    row = Job.objects.get()
    assert (row.state, row.attempt, row.worker) == ("done", 2, "quick")


def test_a_job_that_kills_its_worker_every_time_ends_dead():
    defer(trial.break_down, word="segfault")
    for _ in range(3):
        queue.claim("w", now())
        assert queue.retake(Job.objects.get(), now())
    assert (states(), Job.objects.get().error) == (["dead"], "the worker vanished")


def test_a_retaken_job_gives_way_to_a_newer_one_with_its_key():
    defer(trial.note, word="old", key="order:81")
    queue.claim("w", now())
    defer(trial.note, word="new", key="order:81")
    assert queue.retake(Job.objects.get(state="running"), now())
    assert states() == ["withdrawn", "waiting"]


# --- who is alive -----------------------------------------------------------------------------------------------------


def test_a_worker_of_this_place_is_alive_as_long_as_it_holds_its_file(tmp_path):
    me, other = Presence(tmp_path), Presence(tmp_path)
    assert me.fate(other.name) is Fate.ALIVE
    assert me.fate(me.name) is Fate.ALIVE
    other.leave()
    assert me.fate(other.name) is Fate.GONE
    assert me.fate("another-machine:1:x") is Fate.ELSEWHERE


def test_a_job_of_a_living_worker_is_left_alone_and_of_a_gone_one_freed_at_once(tmp_path):
    me, other = Presence(tmp_path), Presence(tmp_path)
    defer(trial.note, word="x")
    queue.claim(other.name, now())
    watch = Watch(me)
    assert watch.free_lost(now() + timedelta(days=400)) == 0
    other.leave()
    assert watch.free_lost(now()) == 1
    assert states() == ["waiting"]


def test_a_job_of_another_machine_is_freed_when_its_lease_stands_still_whatever_the_clock_says(tmp_path):
    steady = [100.0]
    watch = Watch(Presence(tmp_path), steady=lambda: steady[0])
    defer(trial.note, word="x", due_at=now() - timedelta(days=400))
    held = queue.claim("another-machine:1:x", now() - timedelta(days=365))
    for second in range(1, 20):
        steady[0] = 100.0 + second
        if second % 2:
            queue.renew([held], now() - timedelta(days=365))
        assert watch.free_lost(now() + timedelta(days=365)) == 0
    steady[0] += 5.5
    assert watch.free_lost(now()) == 0
    steady[0] += 1
    assert watch.free_lost(now()) == 1
    assert states() == ["waiting"]


# --- schedules --------------------------------------------------------------------------------------------------------


def test_schedules_lie_on_a_grid():
    moment = datetime(2026, 6, 15, 9, 2, 30, tzinfo=UTC)
    assert schedules.next_slot(timedelta(minutes=5), moment) == datetime(2026, 6, 15, 9, 5, tzinfo=UTC)
    on_it = datetime(2026, 6, 15, 9, 5, tzinfo=UTC)
    assert schedules.next_slot(timedelta(minutes=5), on_it) == datetime(2026, 6, 15, 9, 10, tzinfo=UTC)


def test_each_schedule_has_one_waiting_job():
    assert schedules.keep(now()) == len(schedules.SCHEDULES)
    assert schedules.keep(now()) == 0
    assert Job.objects.filter(key="every:foundation.upkeep.tidy", state="waiting").count() == 1


def test_what_was_missed_while_the_machine_was_off_runs_once():
    schedules.keep(now() - timedelta(days=3))
    run_all = 0
    while (held := queue.claim("w", now())) is not None:
        assert running.run(held, now())
        run_all += 1
    assert run_all == len(schedules.SCHEDULES)


def test_a_clock_set_back_does_not_stop_the_schedules():
    schedules.keep(now() + timedelta(days=365))
    assert schedules.keep(now()) == len(schedules.SCHEDULES)
    due = Job.objects.get(key="every:foundation.upkeep.tidy").due_at
    assert due - now() <= timedelta(minutes=5)


def test_a_schedule_is_a_job_too():
    try:
        every(timedelta(hours=1), "foundation.trial.hourly")(lambda: None)
        assert JOBS["foundation.trial.hourly"].attempts == 3
    finally:
        del JOBS["foundation.trial.hourly"], schedules.SCHEDULES["foundation.trial.hourly"]


def test_what_has_had_its_time_is_cleared_away():
    moment = now()
    old, young = moment - timedelta(days=31), moment - timedelta(days=29)
    for state in ("done", "withdrawn", "dead"):
        for ended in (old, young):
            Job.objects.create(name="x", state=state, due_at=ended, created_at=ended, finished_at=ended)
    for number, (endpoint, made) in enumerate(
        [("/workshop/orders", old), ("/settlement/bills/1/pay", old), ("/workshop/orders", moment)]
    ):
        IdempotencyKey.objects.create(owner="user:1", key=str(number), endpoint=endpoint, body_hash="", created_at=made)
    for name, ends in (("late", moment - timedelta(seconds=1)), ("alive", moment + timedelta(hours=1))):
        Session.objects.create(session_key=name, session_data="", expire_date=ends)
    tidy(now=moment)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["alive"]
    assert sorted(Job.objects.values_list("state", flat=True)) == ["dead", "dead", "done", "withdrawn"]
    assert sorted(IdempotencyKey.objects.values_list("key", flat=True)) == ["1", "2"]
