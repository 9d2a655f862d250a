"""What is missing, which verb it blocks, and where to go."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cheyi.kernel import Refused
from cheyi.workshop.rules.flow import OPTIONAL, REQUIRED, SHIPPED, Flow
from cheyi.workshop.rules.missing import BEFORE_ALL, Missing, OrderFacts, demand, missing

EXPRESS, STANDARD, MAJOR = SHIPPED
DONE = OrderFacts(
    flow=STANDARD,
    labour={"passed": 2},
    parts={"used": 1},
    checks=frozenset({"self_check", "final_check"}),
    mileage_confirmed=True,
    mileage_in=20_400,
    mileage_out=20_400,
    old_parts_choice="give_up",
    keys_out=True,
    list_given="link",
)


def blocked(facts: OrderFacts) -> list[tuple[str, str]]:
    return [(one.code, one.blocks) for one in missing(facts)]


def test_a_finished_order_lacks_nothing():
    assert missing(DONE) == ()
    for verb in BEFORE_ALL:
        assert demand(verb, DONE) is None


@pytest.mark.parametrize(
    ("change", "code", "verb"),
    [
        ({"labour": {}}, "diagnosis", "dispatch"),
        ({"labour": {"cancelled": 1}}, "diagnosis", "dispatch"),
        ({"clocks_running": 1}, "clock_stop", "finish"),
        ({"parts": {"backordered": 1}}, "part_issue", "finish"),
        ({"others_pending": 1}, "answer", "settle"),
        ({"mileage_confirmed": False}, "mileage", "settle"),
        ({"has_customer": False}, "customer", "settle"),
        ({"discounts_to_approve": 2}, "discount_approval", "settle"),
        ({"checks": frozenset({"self_check"})}, "final_check", "settle"),
        ({"checks": frozenset({"final_check"})}, "self_check", "settle"),
        ({"bills_open": 1}, "payment", "hand_over"),
        ({"keys_out": False}, "keys", "hand_over"),
        ({"mileage_out": 20_399}, "mileage_out", "hand_over"),
        ({"old_parts_choice": ""}, "old_parts_choice", "hand_over"),
        ({"list_given": ""}, "settlement_list", "hand_over"),
        ({"has_vin": False}, "vin", "close"),
        ({"flow": Flow("own", {"interview": REQUIRED, "final_check": OPTIONAL})}, "interview", "settle"),
    ],
)
def test_each_lack_names_the_verb_that_it_blocks(change, code, verb):
    facts = replace(DONE, **change)
    assert blocked(facts) == [(code, verb)]
    with pytest.raises(Refused) as refusal:
        demand(verb, facts)
    assert refusal.value.code == f"workshop.order.{code}_missing"


def test_only_major_work_asks_for_walk_around_and_written_approval_before_the_start():
    start = OrderFacts(flow=MAJOR, labour={"assigned": 1}, mileage_confirmed=True)
    assert [one for one in blocked(start) if one[1] == "start"] == [("walk_around", "start"), ("approval", "start")]
    for profile in (EXPRESS, STANDARD):
        assert [one for one in blocked(replace(start, flow=profile)) if one[1] == "start"] == []


def test_an_approved_line_wants_a_technician_before_dispatch_and_its_job_before_finish():
    facts = replace(DONE, labour={"approved": 2, "done": 1})
    assert missing(facts) == (
        Missing("technician", "dispatch", "dispatch", 2),
        Missing("job", "finish", "lines", 2),
    )


def test_the_law_asks_for_final_check_and_certificate_whatever_the_profile_says():
    facts = replace(DONE, flow=EXPRESS, regulatory_class="level_2", checks=frozenset({"self_check"}))
    assert blocked(facts) == [("final_check", "settle"), ("certificate", "settle")]
    assert blocked(replace(facts, checks=frozenset({"self_check", "final_check"}), certified=True)) == []


def test_a_refusal_tells_what_else_is_missing():
    with pytest.raises(Refused) as refusal:
        demand("hand_over", replace(DONE, keys_out=False, list_given=""))
    assert refusal.value.facts == {
        "verb": "hand_over",
        "count": 1,
        "target": "hand_over",
        "also": ["settlement_list"],
    }


def test_without_fitted_parts_nobody_asks_for_the_old_ones():
    assert blocked(replace(DONE, parts={"cancelled": 1}, old_parts_choice="")) == []
