"""The lives of orders and lines, row by row as domain.md 5.1 to 5.3 has them."""

from __future__ import annotations

import pytest

from cheyi.kernel import Refused
from cheyi.workshop.rules import life

DOMAIN_ORDER = {
    ("", "receive", "draft"),
    ("", "open_order", "open"),
    ("draft", "open_order", "open"),
    ("dispatched", "take_off", "open"),
    ("open", "dispatch", "dispatched"),
    ("open", "start", "working"),
    ("dispatched", "start", "working"),
    ("working", "hold", "hold"),
    ("hold", "resume", "working"),
    ("working", "finish", "qc"),
    ("qc", "send_back", "working"),
    ("qc", "pass_check", "wash"),
    ("qc", "skip_check", "wash"),
    ("wash", "finish_wash", "ready"),
    ("wash", "skip_wash", "ready"),
    ("qc", "reopen", "working"),
    ("wash", "reopen", "working"),
    ("ready", "reopen", "working"),
    ("ready", "settle", "settled"),
    ("settled", "unsettle", "ready"),
    ("settled", "hand_over", "delivered"),
    ("delivered", "close", "closed"),
    ("draft", "cancel", "cancelled"),
    ("open", "cancel", "cancelled"),
    ("dispatched", "cancel", "cancelled"),
    ("working", "cancel", "cancelled"),
    ("hold", "cancel", "cancelled"),
    ("dispatched", "stop_work", "ready"),
    ("working", "stop_work", "ready"),
    ("hold", "stop_work", "ready"),
}
STATES = [
    "draft",
    "open",
    "dispatched",
    "working",
    "hold",
    "qc",
    "wash",
    "ready",
    "settled",
    "delivered",
    "closed",
    "cancelled",
]


def test_the_order_moves_exactly_as_the_domain_says():
    assert set(life.ORDER.moves) == DOMAIN_ORDER


def test_every_state_of_an_order_is_in_the_table():
    assert set(life.ORDER.states) == set(STATES)


@pytest.mark.parametrize(
    ("state", "verb"),
    [("open", "settle"), ("working", "hand_over"), ("ready", "hand_over"), ("closed", "reopen"), ("settled", "reopen")],
)
def test_no_step_is_jumped(state, verb):
    with pytest.raises(Refused) as refusal:
        life.ORDER.after(state, verb)
    assert refusal.value.code == "workshop.order.not_now"
    assert refusal.value.facts == {"state": state, "verb": verb}


def test_edits_leave_the_order_in_its_state():
    assert all(state == target for state, _, target in life.EDITING.moves)


def test_a_settled_order_is_frozen():
    assert life.EDITING.verbs("settled") == ("confirm_mileage",)
    assert life.EDITING.verbs("closed") == ("come_back",)
    assert life.EDITING.verbs("cancelled") == ()


def test_a_labour_line_lives_as_the_domain_says():
    way = "pending"
    for verb in ("approve", "assign", "start_job", "pause_job", "start_job", "finish_job", "pass_check"):
        way = life.LABOUR.after(way, verb)
    assert way == "passed"
    assert life.LABOUR.after("passed", "send_back") == "working"
    assert life.LABOUR.after("pending", "decline") == "declined"
    assert life.LABOUR.after("assigned", "remove_line") == "cancelled"


@pytest.mark.parametrize("state", ["working", "paused", "done", "passed"])
def test_a_started_labour_line_is_not_removed(state):
    assert not life.LABOUR.allows(state, "remove_line")


def test_a_part_line_lives_as_the_domain_says():
    way = "pending"
    for verb in ("approve", "submit", "run_short", "reserve", "pick", "issue", "use"):
        way = life.PART.after(way, verb)
    assert way == "used"
    assert life.PART.after("issued", "take_back") == "returned"


@pytest.mark.parametrize("state", ["picked", "issued", "used", "returned"])
def test_a_part_on_its_way_out_is_not_simply_removed(state):
    assert not life.PART.allows(state, "remove_line")


@pytest.mark.parametrize("state", ["approved", "requested", "reserved", "backordered"])
def test_a_part_that_still_lies_on_the_shelf_can_be_removed(state):
    assert life.PART.after(state, "remove_line") == "cancelled"


def test_an_appointment_that_was_missed_may_still_arrive():
    assert life.APPOINTMENT.after("no_show", "arrive") == "arrived"
    assert life.APPOINTMENT.after("arrived", "open_order") == "converted"
    assert not life.APPOINTMENT.allows("arrived", "cancel")


def test_a_hold_ends_only_when_what_it_waits_for_has_come():
    with pytest.raises(Refused) as refusal:
        life.may_resume("wait_parts", parts_waiting=2, lines_pending=0)
    assert (refusal.value.code, refusal.value.facts) == ("workshop.order.parts_still_missing", {"count": 2})
    with pytest.raises(Refused) as refusal:
        life.may_resume("wait_approval", parts_waiting=2, lines_pending=1)
    assert (refusal.value.code, refusal.value.facts) == ("workshop.order.answer_still_missing", {"count": 1})
    assert life.may_resume("wait_bay", parts_waiting=1, lines_pending=1) is None


def test_an_unknown_hold_reason_is_refused():
    assert life.hold_reason("wait_tool") == "wait_tool"
    with pytest.raises(Refused) as refusal:
        life.hold_reason("lunch")
    assert refusal.value.code == "workshop.order.unknown_hold_reason"


def test_giving_up_keeps_what_is_done_and_asks_for_the_parts_back():
    assert life.cancel_or_stop(parts_out=0, paid=False, kept=0) == "cancel"
    assert life.cancel_or_stop(parts_out=0, paid=False, kept=1) == "stop_work"
    for facts, code in [
        ({"parts_out": 3, "paid": False, "kept": 1}, "parts_outstanding"),
        ({"parts_out": 0, "paid": True, "kept": 0}, "money_taken"),
    ]:
        with pytest.raises(Refused) as refusal:
            life.cancel_or_stop(**facts)
        assert refusal.value.code == f"workshop.order.{code}"
