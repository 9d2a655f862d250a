"""Guarantee periods, comebacks, checklists, who may inspect whom; status keys."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cheyi.kernel import Refused
from cheyi.workshop.rules import quality, status

DELIVERED = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("regulatory_class", "until", "km"),
    [
        ("level_2", date(2026, 7, 1), 35_000),
        ("assembly", date(2026, 9, 9), 50_000),
        ("minor", date(2026, 6, 11), 32_000),
    ],
)
def test_the_guarantee_periods_of_the_vector(regulatory_class, until, km):
    period = quality.guarantee(regulatory_class, completed_on=DELIVERED, km=30_000)
    assert (period.until_on, period.until_km) == (until, km)


def test_a_store_may_promise_more_but_never_less():
    more = quality.guarantee("minor", completed_on=DELIVERED, km=30_000, own_km=10_000, own_days=180)
    less = quality.guarantee("minor", completed_on=DELIVERED, km=30_000, own_km=100, own_days=1)
    assert (more.until_on, more.until_km) == (date(2026, 11, 28), 40_000)
    assert (less.until_on, less.until_km) == (date(2026, 6, 11), 32_000)


@pytest.mark.parametrize(
    ("today", "km", "free"),
    [
        (date(2026, 6, 11), 32_000, True),
        (date(2026, 6, 12), 31_000, False),
        (date(2026, 6, 5), 32_001, False),
        (date(2026, 6, 5), None, True),
    ],
)
def test_first_reached_wins_unless_the_responsibility_is_agreed(today, km, free):
    period = quality.guarantee("minor", completed_on=DELIVERED, km=30_000)
    if free:
        assert quality.may_come_back(period, today=today, km=km, responsibility="") is None
        return
    with pytest.raises(Refused) as refusal:
        quality.may_come_back(period, today=today, km=km, responsibility="")
    assert refusal.value.code == "workshop.order.guarantee_over"
    assert quality.may_come_back(period, today=today, km=km, responsibility="workshop") is None


def test_checklists_grow_with_the_work():
    assert [len(quality.checklist(level)) for level in ("self", "team", "final")] == [5, 5, 10]
    assert len(quality.checklist("final", high_voltage=True)) == 14
    assert len(quality.checklist("final", high_voltage=True, body=True)) == 19
    with pytest.raises(Refused):
        quality.checklist("glance")


def test_an_open_item_is_named():
    wanted = quality.checklist("self")
    with pytest.raises(Refused) as refusal:
        quality.complete({"torque_marked": True}, wanted)
    assert refusal.value.facts == {"item": "no_leak", "count": 4}
    assert quality.complete(dict.fromkeys(wanted, True), wanted) is None


@pytest.mark.parametrize(
    ("level", "regulatory_class", "alone", "allowed"),
    [
        ("final", "none", False, False),
        ("final", "none", True, True),
        ("final", "level_2", True, False),
        ("self", "level_2", False, True),
        ("team", "none", False, True),
    ],
)
def test_nobody_passes_the_final_check_of_his_own_work(level, regulatory_class, alone, allowed):
    facts = {"inspector_id": 7, "workers": [7], "regulatory_class": regulatory_class, "alone": alone}
    if allowed:
        assert quality.may_inspect(level, **facts) is None
    else:
        with pytest.raises(Refused) as refusal:
            quality.may_inspect(level, **facts)
        assert refusal.value.code == "workshop.check.own_work"
    assert quality.may_inspect(level, **{**facts, "inspector_id": 8}) is None


@pytest.mark.parametrize(
    ("state", "facts", "key"),
    [
        ("open", {}, "wait"),
        ("dispatched", {}, "wait"),
        ("working", {}, "run"),
        ("working", {"lines_pending": 1}, "ask"),
        ("hold", {"hold_reason": "wait_parts"}, "part"),
        ("hold", {"hold_reason": "wait_approval"}, "ask"),
        ("hold", {"hold_reason": "wait_bay"}, "wait"),
        ("qc", {}, "qc"),
        ("wash", {}, "ok"),
        ("ready", {}, "ok"),
        ("delivered", {}, "ok"),
    ],
)
def test_the_status_key_of_the_guide(state, facts, key):
    assert status.status_of(state, **facts) == status.Status(key, bad=False)


@pytest.mark.parametrize("trouble", [{"late": True}, {"rework": True}, {"short": 1}])
def test_trouble_lies_on_top_until_the_order_is_settled(trouble):
    assert status.status_of("working", **trouble) == status.Status("run", bad=True)
    assert status.status_of("settled", **trouble) == status.Status("ok", bad=False)


def test_a_car_is_late_only_while_it_is_not_ready():
    now = datetime(2026, 6, 15, 8, tzinfo=UTC)
    past = now - timedelta(minutes=1)
    assert status.is_late(past, "working", now=now)
    assert not status.is_late(now, "working", now=now)
    assert not status.is_late(past, "ready", now=now)
    assert not status.is_late(None, "working", now=now)


@pytest.mark.parametrize(
    ("state", "facts", "told"),
    [
        ("open", {}, "received"),
        ("working", {"lines_pending": 2}, "your_answer"),
        ("hold", {"hold_reason": "wait_parts"}, "waiting_parts"),
        ("hold", {"hold_reason": "wait_insurer"}, "waiting_insurer"),
        ("hold", {"hold_reason": "wait_tech_support"}, "in_work"),
        ("qc", {}, "in_work"),
        ("wash", {}, "checked"),
        ("ready", {}, "to_settle"),
        ("delivered", {}, "handed_over"),
    ],
)
def test_the_customer_is_told_states_and_no_internal_reasons(state, facts, told):
    assert status.for_customer(state, **facts) == told


@pytest.mark.parametrize(
    ("system", "skill", "bay_kind", "needed"),
    [
        ("CH", "mechanics", "general", True),
        ("CH", "mechanics", "align", True),
        ("MA", "gearbox", "general", True),
        ("CH", "mechanics", "express", False),
        ("MA", "mechanics", "express", False),
        ("EL", "electrics", "general", False),
        ("DT", "", "", False),
    ],
)
def test_brakes_steering_and_gearbox_are_driven_tyres_and_the_rest_are_not(system, skill, bay_kind, needed):
    assert quality.needs_road_test(system=system, skill=skill, bay_kind=bay_kind) is needed


@pytest.mark.parametrize(
    ("km", "needed", "code"),
    [
        (None, True, "road_test_missing"),
        (0, True, "road_test_missing"),
        (-3, False, "bad_road_test"),
        (1_001, False, "bad_road_test"),
    ],
)
def test_a_road_test_has_whole_km_and_at_least_one_where_it_is_needed(km, needed, code):
    with pytest.raises(Refused) as refusal:
        quality.road_tested(km, needed=needed)
    assert (refusal.value.code, refusal.value.field) == (f"workshop.check.{code}", "road_test_km")


@pytest.mark.parametrize(("km", "needed"), [(3, True), (1_000, True), (0, False), (None, False)])
def test_a_road_test_that_was_made_or_is_not_needed_is_good(km, needed):
    assert quality.road_tested(km, needed=needed) is None
