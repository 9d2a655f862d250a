"""A message leaves once, late enough to be taken back, never at night when it advertises, and to-dos are kept once."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheyi.foundation import channels, messages, todos
from cheyi.foundation.acts import act, to_undo, undo
from cheyi.foundation.messages import allowed_at, send_later, send_message, withdraw
from cheyi.foundation.models import Employee, Fact, Job, Message, Todo
from cheyi.foundation.refusals import wording
from cheyi.foundation.scope import within
from cheyi.foundation.sources import Source
from cheyi.kernel import Refused
from tests.foundation.org import NOW, Town, found_town

READY = "foundation.test.ready"
TEXTS = {READY: "%(plate)s is ready", "foundation.test.call": "Call %(name)s"}
ORDER = Source("workshop.order", 81, "ROSH012606150001")


@pytest.fixture
def town(db, settings, tmp_path, monkeypatch) -> Town:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(messages, "_address_books", [lambda customer_id, **_: f"1990000{customer_id:04d}"])
    texts = {**wording(), **TEXTS}
    monkeypatch.setattr(messages, "wording", lambda: texts)
    monkeypatch.setattr(todos, "wording", lambda: texts)
    return found_town()


def ready(town: Town, **changes: object) -> Message:
    details = {"template": READY, "key": "order:81:ready", "purpose": "service", "customer_id": 7, "now": NOW}
    return send_later(store=town.store, facts={"plate": "沪A80001"}, **{**details, **changes})


def sent(tmp_path) -> list[dict[str, object]]:
    return [json.loads(file.read_text("utf-8")) for file in sorted(tmp_path.glob("fake_messages/*.json"))]


def test_a_message_is_written_with_its_job_and_sent_by_it(town, tmp_path):
    with within(town.store):
        message = ready(town)
        job = Job.objects.get()
        assert (job.name, job.due_at, job.store_id) == ("foundation.message.send", NOW, town.store.pk)
        assert sent(tmp_path) == []
        send_message(**job.arguments, now=NOW)
        message.refresh_from_db()
    assert (message.state, message.sent_at) == ("sent", NOW)
    assert message.provider_id == f"fake:{message.uid}"
    assert sent(tmp_path) == [
        {
            "channel": "sms",
            "template": READY,
            "text": "沪A80001 is ready",
            "to": "199****0007",
            "facts": {"plate": "沪A80001"},
        }
    ]


def test_sending_twice_is_one_message(town, tmp_path):
    with within(town.store):
        message = ready(town)
        send_message(message_id=message.pk, now=NOW)
        send_message(message_id=message.pk, now=NOW)
        Message.objects.update(state="waiting")
        send_message(message_id=message.pk, now=NOW + timedelta(minutes=1))
    assert len(sent(tmp_path)) == 1


def test_writing_a_message_down_takes_three_statements_and_a_todo_two(town):
    @act
    def both() -> None:
        ready(town, undoable=True)
        remind(town)

    with within(town.store), CaptureQueriesContext(connection) as queries:
        both()
    tables = ("foundation_message", "foundation_job", "foundation_todo")
    counts = [sum(table in query["sql"] for query in queries) for table in tables]
    assert counts == [2, 1, 2]


def test_the_same_key_is_one_message_with_the_later_details(town, tmp_path):
    with within(town.store):
        first = ready(town)
        second = ready(town, channel="wechat", not_before=NOW + timedelta(hours=1))
        assert second.pk == first.pk
        assert Message.objects.get().channel == "wechat"
        assert [job.due_at for job in Job.objects.order_by("pk")] == [NOW, NOW + timedelta(hours=1)]
        send_message(message_id=first.pk, now=NOW)
        assert sent(tmp_path) == []
        send_message(message_id=first.pk, now=NOW + timedelta(hours=1))
        assert ready(town).state == "sent"
        assert Job.objects.count() == 2
    assert len(sent(tmp_path)) == 1


def test_what_an_undoable_act_sends_waits_ten_seconds_and_can_be_withdrawn(town, tmp_path):
    with within(town.store):
        message = ready(town, undoable=True)
        assert message.due_at == NOW + timedelta(seconds=10)
        assert Job.objects.get().due_at == NOW + timedelta(seconds=10)
        assert withdraw(store=town.store, key=message.key)
        assert not withdraw(store=town.store, key=message.key)
        send_message(message_id=message.pk, now=NOW + timedelta(minutes=1))
        message.refresh_from_db()
    assert message.state == "withdrawn"
    assert sent(tmp_path) == []


def test_a_withdrawn_message_can_be_sent_after_all(town):
    with within(town.store):
        ready(town, undoable=True)
        withdraw(store=town.store, key="order:81:ready")
        message = ready(town, undoable=True)
        assert message.state == "waiting"
        send_message(message_id=message.pk, now=message.due_at)
        message.refresh_from_db()
    assert message.state == "sent"


def test_a_sent_message_is_not_withdrawn(town):
    with within(town.store):
        message = ready(town)
        send_message(message_id=message.pk, now=NOW)
        assert not withdraw(store=town.store, key=message.key)
        message.refresh_from_db()
    assert message.state == "sent"


def test_a_refused_act_leaves_no_message_and_no_job(town):
    @act
    def refused() -> None:
        ready(town)
        raise Refused("foundation.undo.impossible")

    with within(town.store):
        with pytest.raises(Refused):
            refused()
        assert not Message.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("wanted", "allowed"),
    [
        ("2026-06-15T08:59", "2026-06-15T09:00"),
        ("2026-06-15T09:00", "2026-06-15T09:00"),
        ("2026-06-15T20:59", "2026-06-15T20:59"),
        ("2026-06-15T21:00", "2026-06-16T09:00"),
        ("2026-06-16T00:00", "2026-06-16T09:00"),
    ],
)
def test_marketing_keeps_the_quiet_hours(wanted, allowed):
    moment, expected = (datetime.fromisoformat(f"{text}+08:00") for text in (wanted, allowed))
    assert allowed_at(moment, purpose="marketing", zone="Asia/Shanghai") == expected
    assert allowed_at(moment, purpose="service", zone="Asia/Shanghai") == moment


def test_marketing_that_comes_late_waits_for_the_morning(town, tmp_path):
    night = datetime.fromisoformat("2026-06-15T22:30+08:00")
    morning = datetime.fromisoformat("2026-06-16T09:00+08:00")
    with within(town.store):
        message = ready(town, purpose="marketing")
        assert message.due_at == NOW
        send_message(message_id=message.pk, now=night)
        assert sent(tmp_path) == []
        message.refresh_from_db()
        assert (message.state, message.due_at) == ("waiting", morning)
        assert Job.objects.latest("pk").due_at == morning
        send_message(message_id=message.pk, now=morning)
    assert len(sent(tmp_path)) == 1


def test_without_an_address_the_message_fails_and_says_so(town, monkeypatch, tmp_path):
    monkeypatch.setattr(messages, "_address_books", [lambda *_, **__: ""])
    with within(town.store):
        message = ready(town)
        send_message(message_id=message.pk, now=NOW)
        message.refresh_from_db()
    assert (message.state, message.trouble, message.sent_at) == ("failed", "no address", None)
    assert sent(tmp_path) == []


def test_a_provider_that_is_down_leaves_the_message_waiting(town, monkeypatch):
    class Down(channels.FakeChannel):
        def send(self, **_):
            raise ConnectionError("down")

    monkeypatch.setattr(channels, "_channels", {"sms": Down("sms")})
    with within(town.store):
        message = ready(town)
        with pytest.raises(ConnectionError):
            send_message(message_id=message.pk, now=NOW)
        message.refresh_from_db()
        assert message.state == "waiting"


def test_demo_mode_never_uses_a_real_provider(settings, monkeypatch):
    real = channels.FakeChannel("real")
    monkeypatch.setattr(channels, "_channels", {"sms": real})
    assert channels.channel_of("sms") is real
    settings.DEMO = True
    assert channels.channel_of("sms") is not real


def test_the_fake_channel_keeps_the_contract(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    fake = channels.FakeChannel("sms")
    details = {"template": "t", "text": "x", "facts": {}, "idempotency_key": "k1"}
    assert fake.status("fake:k1") == "unknown"
    assert fake.send(to="19900001234", **details) == fake.send(to="19900001234", **details) == "fake:k1"
    assert fake.status("fake:k1") == "sent"
    assert "19900001234" not in (tmp_path / "fake_messages" / "k1.json").read_text()
    with pytest.raises(channels.CannotSend):
        fake.send(to="", **details)


def remind(town: Town, **changes: object) -> Todo:
    details = {"kind": "foundation.test.call", "source": ORDER, "due_at": NOW, "now": NOW, "role": "advisor"}
    return todos.remind_to(store=town.store, **{**details, "facts": {"name": "王**"}, **changes})


def test_a_todo_is_seen_by_its_role_or_person_until_done(town):
    advisor, keeper = town.person("advisor"), town.person("parts_keeper")
    with within(town.store):
        todo = remind(town)
        assert todos.sentence(todo) == "Call 王**"
        assert (list(todos.todos_of(advisor)), list(todos.todos_of(keeper))) == ([todo], [])
        remind(town, role="", assignee=Employee.objects.get(pk=keeper.employee_id))
        assert (list(todos.todos_of(advisor)), list(todos.todos_of(keeper))) == ([], [todo])
        done = todos.done(todo, by=keeper, now=NOW)
        assert (done.done_at, done.done_by_id) == (NOW, keeper.user_id)
        assert todos.done(todo, by=advisor, now=NOW + timedelta(hours=1)).done_by_id == keeper.user_id
        assert list(todos.todos_of(keeper)) == []


def test_reminding_twice_is_one_todo_and_after_done_a_new_one(town):
    with within(town.store):
        first = remind(town)
        again = remind(town, due_at=NOW + timedelta(days=1))
        assert (again.pk, Todo.objects.get().due_at) == (first.pk, NOW + timedelta(days=1))
        todos.done(first, by=town.person("advisor"), now=NOW)
        assert remind(town).pk != first.pk


def test_what_happened_settles_the_open_todos_of_its_document(town):
    advisor = town.person("advisor")
    with within(town.store):
        remind(town)
        remind(town, source=Source("workshop.order", 82))
        assert todos.settle(store=town.store, source=ORDER, kinds=("other",), by=advisor, now=NOW) == 0
        assert todos.settle(store=town.store, source=ORDER, by=advisor, now=NOW) == 1
        assert [todo.source_id for todo in todos.todos_of(advisor)] == [82]


def told(code):
    return [(fact.store_id, fact.happened_at, fact.facts) for fact in Fact.objects.filter(code=code).order_by("pk")]


def test_what_is_settled_is_told_with_its_kind_and_what_it_was_about(town):
    advisor = town.person("advisor")
    with within(town.store):
        call = remind(town)
        todos.done(call, by=advisor, now=NOW, result="satisfied")
        todos.done(call, by=advisor, now=NOW)
        second = remind(town)
        todos.settle(store=town.store, source=ORDER, by=advisor, now=NOW)
        todos.settle(store=town.store, source=ORDER, by=advisor, now=NOW)
        about = {"kind": "foundation.test.call", "source_kind": ORDER.kind, "source_id": ORDER.id}
        when = {"store_id": town.store.pk, "happened_at": NOW.isoformat()}
        assert told("foundation.todo.settled") == [
            (town.store.pk, NOW, {**when, **about, "todo_id": call.pk, "result": "satisfied"}),
            (town.store.pk, NOW, {**when, **about, "todo_id": second.pk, "result": ""}),
        ]


def test_what_was_ticked_off_too_early_is_open_again_and_told(town):
    advisor, keeper = town.person("advisor"), town.person("parts_keeper")
    with within(town.store):
        todo = todos.done(remind(town), by=advisor, now=NOW)
        entry = to_undo()
        with pytest.raises(Refused) as refusal:
            undo(entry.uid, by=keeper, now=NOW)
        assert refusal.value.code == "foundation.undo.impossible"
        assert undo(entry.uid, by=advisor, now=NOW) == "还要做：Call 王**"
        assert [(one.pk, one.done_by_id) for one in todos.todos_of(advisor)] == [(todo.pk, None)]
        assert [facts["todo_id"] for _, _, facts in told("foundation.todo.reopened")] == [todo.pk]


def test_what_is_on_the_list_again_is_not_opened_a_second_time(town):
    advisor = town.person("advisor")
    with within(town.store):
        todos.done(remind(town), by=advisor, now=NOW)
        entry = to_undo()
        again = remind(town)
        with pytest.raises(Refused) as refusal:
            undo(entry.uid, by=advisor, now=NOW)
        assert refusal.value.code == "foundation.todo.open_again"
        assert list(todos.todos_of(advisor)) == [again]


def test_somebody_must_do_it(town):
    with within(town.store), pytest.raises(ValueError, match="somebody"):
        remind(town, role="")
