"""Clocked time put right: the foreman asks, the manager decides; seen on the board, the order and the manager's page."""

import json
from datetime import timedelta
from urllib.parse import unquote

import pytest

from cheyi.foundation.acts import undo
from cheyi.foundation.models import AuditEntry
from cheyi.kernel import Hours, Refused
from cheyi.workshop import actions
from cheyi.workshop.models import ClockedHours, JobClock
from cheyi.workshop.queries.clocks import clocks_to_check
from cheyi.workshop.queries.figures import day_figures
from tests.foundation.org import NOW
from tests.workshop.shop import after, everything
from tests.workshop.test_pages_api import call
from tests.workshop.test_pages_order import PARTIAL
from tests.workshop.test_pages_reception import at_desk

HOUR = timedelta(hours=1)


@pytest.fixture
def clock(shop):
    """Half an hour's job whose clock ran for thirteen hours."""
    wang = shop.technician()
    line = shop.labour(shop.opened("DT004", to=wang))
    actions.start_job(line, by=wang, now=NOW)
    actions.finish_job(line, by=wang, now=after(hours=13))
    return JobClock.objects.get()


def put_right(clock, *, by, begins=NOW, ends=NOW + HOUR, reason="忘记打卡", now=NOW + 14 * HOUR):
    return actions.correct_clock(clock, started_at=begins, stopped_at=ends, reason=reason, by=by, now=now)


def hours():
    return ClockedHours.objects.get().actual_hours


def facts(clock):
    row = JobClock.objects.get(pk=clock.pk)
    return row.stopped_at, row.flagged, row.asked_stop_at, row.asked_by


def last(code):
    return AuditEntry.objects.filter(code=f"workshop.line.{code}").order_by("-pk")[0].uid


def test_the_manager_puts_a_clock_right_at_once(shop, clock):
    put_right(clock, by=shop.manager)
    assert facts(clock) == (NOW + HOUR, False, None, "")
    assert (hours(), JobClock.objects.get().correction) == (Hours.of(1), "忘记打卡")


def test_the_foreman_asks_and_nothing_counts_before_the_manager_agrees(shop, clock):
    put_right(clock, by=shop.foreman)
    assert facts(clock) == (after(hours=13), True, NOW + HOUR, shop.foreman.name)
    assert hours() == Hours.of(13)
    actions.agree_clock(clock, by=shop.manager, now=after(hours=15))
    assert facts(clock) == (NOW + HOUR, False, None, "")
    assert (hours(), ClockedHours.objects.get().done_at) == (Hours.of(1), after(hours=13))


def test_a_service_manager_decides_too(shop, clock):
    put_right(clock, by=shop.foreman)
    actions.agree_clock(clock, by=shop.town.person("service_manager"), now=after(hours=15))
    assert hours() == Hours.of(1)


def test_what_the_manager_does_not_agree_to_stays_as_clocked_and_to_be_checked(shop, clock):
    put_right(clock, by=shop.foreman)
    actions.decline_clock(clock, by=shop.manager, now=after(hours=15))
    assert facts(clock) == (after(hours=13), True, None, "")
    assert [one.pk for one in clocks_to_check(shop.store, after(hours=15))] == [clock.pk]


def test_asking_again_replaces_what_was_asked(shop, clock):
    put_right(clock, by=shop.foreman)
    put_right(clock, ends=NOW + 2 * HOUR, by=shop.foreman)
    assert facts(clock)[2] == NOW + 2 * HOUR


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"reason": " "}, "no_reason"),
        ({"ends": NOW}, "bad_span"),
        ({"ends": NOW - HOUR}, "bad_span"),
        ({"ends": NOW + 15 * HOUR}, "bad_span"),
    ],
)
@pytest.mark.parametrize("role", ["foreman", "manager"])
def test_times_that_cannot_be_are_refused_and_change_nothing(shop, clock, role, wrong, code):
    before = everything(JobClock, ClockedHours)
    with pytest.raises(Refused) as refusal:
        put_right(clock, by=getattr(shop, role), **wrong)
    assert refusal.value.code == f"workshop.line.{code}"
    assert everything(JobClock, ClockedHours) == before


@pytest.mark.parametrize("verb", [actions.agree_clock, actions.decline_clock])
def test_there_is_nothing_to_decide_where_nobody_asked(shop, clock, verb):
    with pytest.raises(Refused) as refusal:
        verb(clock, by=shop.manager, now=after(hours=14))
    assert refusal.value.code == "workshop.line.clock_not_asked"


def test_a_running_clock_is_stopped_before_it_is_put_right(shop):
    wang = shop.technician()
    line = shop.labour(shop.opened("DT004", to=wang))
    actions.start_job(line, by=wang, now=NOW)
    with pytest.raises(Refused) as refusal:
        put_right(JobClock.objects.get(), by=shop.foreman)
    assert refusal.value.code == "workshop.line.clock_runs"
    assert clocks_to_check(shop.store, after(hours=12)) == []
    [one] = clocks_to_check(shop.store, after(hours=13))
    assert (one.stopped_at, one.minutes(after(hours=13))) == (None, 780)


def test_every_step_is_undone(shop, clock):
    put_right(clock, by=shop.foreman)
    asked = facts(clock)
    actions.agree_clock(clock, by=shop.manager, now=after(hours=15))
    undo(last("clock_corrected"), by=shop.manager, now=after(hours=15))
    assert (facts(clock), hours()) == (asked, Hours.of(13))
    actions.decline_clock(clock, by=shop.manager, now=after(hours=15))
    undo(last("clock_declined"), by=shop.manager, now=after(hours=15))
    assert facts(clock) == asked
    undo(last("clock_asked"), by=shop.foreman, now=after(hours=15))
    assert facts(clock) == (after(hours=13), True, None, "")


def test_an_undo_is_refused_once_somebody_else_has_changed_the_clock(shop, clock):
    put_right(clock, by=shop.foreman)
    actions.agree_clock(clock, by=shop.manager, now=after(hours=15))
    before = everything(JobClock, ClockedHours)
    with pytest.raises(Refused) as refusal:
        undo(last("clock_asked"), by=shop.foreman, now=after(hours=15))
    assert refusal.value.code == "workshop.line.clock_changed"
    assert everything(JobClock, ClockedHours) == before


def test_the_foreman_does_not_undo_what_the_manager_decided(shop, clock):
    put_right(clock, by=shop.manager)
    with pytest.raises(Refused) as refusal:
        undo(last("clock_corrected"), by=shop.foreman, now=after(hours=15))
    assert refusal.value.code == "foundation.undo.not_allowed"


# --- pages --------------------------------------------------------------------------------------------------------


def board(client):
    return client.get("/workshop/board").content.decode()


def send(client, clock, verb, **form):
    return client.post(f"/workshop/clocks/{clock.pk}/{verb}", form | {"_key": f"{verb}-{form}"}, headers=PARTIAL)


def local(shop, at):
    return shop.store.local(at).strftime("%Y-%m-%dT%H:%M")


def test_the_board_counts_and_names_the_clocks_and_the_foreman_asks_there(shop, clock):
    foreman = at_desk(shop.foreman)
    shown = board(foreman)
    assert '<a class="bad" href="#clocks-to-check"><b>1</b>' in shown
    part = shown.split(f'id="clock-{clock.pk}"')[1]
    assert "13 小时" in part[:700]
    assert f"/workshop/clocks/{clock.pk}/correct" in part
    asked = foreman.get(f"/workshop/clocks/{clock.pk}/correct").content.decode()
    assert f'value="{local(shop, NOW)}"' in asked
    assert "经理同意后才算数" in asked
    times = {"started_at": local(shop, NOW), "stopped_at": local(shop, NOW + HOUR), "reason": "忘了收工打卡"}
    answer = send(foreman, clock, "correct", **times)
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (200, "cheyi:changed")
    assert "要经理同意" in json.loads(unquote(answer.headers["X-Toast"]))[0]["text"]
    assert facts(clock) == (after(hours=13), True, NOW + HOUR, shop.foreman.name)
    assert "等经理批" in board(foreman)


def test_the_manager_agrees_on_the_board_or_on_his_own_page(shop, clock):
    put_right(clock, by=shop.foreman)
    manager = at_desk(shop.manager)
    for where in ("/workshop/board", "/workshop/today"):
        shown = manager.get(where).content.decode()
        assert f"/workshop/clocks/{clock.pk}/agree" in shown
        assert "忘记打卡" in shown
    [decision] = [one for one in day_figures(shop.store, after(hours=14)).decisions if one.code == "clock"]
    assert (decision.minutes, decision.plate) == (780, "沪A80001")
    assert send(manager, clock, "agree").status_code == 200
    assert hours() == Hours.of(1)
    assert "clocks-to-check" not in board(manager)


def test_the_order_s_line_offers_it_to_who_may(shop, clock):
    strip = f"/workshop/lines/labour/{clock.line_id}/strip"
    assert f"/workshop/clocks/{clock.pk}/correct" in at_desk(shop.foreman).get(strip).content.decode()
    assert "/workshop/clocks/" not in at_desk(shop.advisor).get(strip).content.decode()


@pytest.mark.parametrize(("role", "verb", "answer"), [("foreman", "agree", 403), ("advisor", "correct", 403)])
def test_who_may_not_is_turned_away(shop, clock, role, verb, answer):
    put_right(clock, by=shop.foreman)
    before = everything(JobClock)
    assert send(at_desk(getattr(shop, role)), clock, verb).status_code == answer
    assert everything(JobClock) == before


def test_a_time_that_is_none_is_refused_at_its_field(shop, clock):
    answer = send(at_desk(shop.foreman), clock, "correct", started_at="gestern", stopped_at="", reason="忘")
    assert answer.status_code == 422
    assert 'data-field="started_at"' in answer.content.decode()


def test_by_machine_one_asks_looks_and_decides(shop, clock):
    foreman, manager = at_desk(shop.foreman), at_desk(shop.manager)
    times = {"started_at": NOW.isoformat(), "stopped_at": (NOW + HOUR).isoformat(), "reason": "忘记打卡"}
    asked = call(foreman, f"/clocks/{clock.pk}/correct", **times).json()
    assert (asked["flagged"], asked["asked_by"]) == (True, shop.foreman.name)
    [seen] = manager.get("/api/v1/clocks/to-check").json()["clocks"]
    assert (seen["id"], seen["asked_reason"]) == (clock.pk, "忘记打卡")
    assert call(foreman, f"/clocks/{clock.pk}/agree").status_code == 403
    assert call(manager, f"/clocks/{clock.pk}/agree").json()["flagged"] is False
    assert call(manager, f"/clocks/{clock.pk}/decline").json()["code"] == "workshop.line.clock_not_asked"
    assert manager.get("/api/v1/clocks/to-check").json() == {"clocks": [], "next": None}
