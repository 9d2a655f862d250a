"""When a whole order may stand still (domain.md 5.2)."""

from __future__ import annotations

import pytest

from cheyi.kernel import Refused
from cheyi.workshop.rules.life import JobAtHand, may_hold

MINE = JobAtHand("刹车片", people=("王建国",), own=True)
HIS = JobAtHand("机油", people=("刘洋",))
LYING = JobAtHand("雨刮")
WAITING = JobAtHand("雨刮", waits=True)


@pytest.mark.parametrize(
    ("reason", "jobs"),
    [
        ("wait_tool", [MINE]),
        ("wait_tool", [HIS]),
        ("wait_tool", [MINE, LYING]),
        ("wait_parts", [MINE, WAITING]),
        ("wait_parts", [WAITING, WAITING]),
        ("wait_parts", [LYING]),
        ("wait_insurer", []),
    ],
)
def test_an_order_of_which_nothing_goes_on_stands_still(reason, jobs):
    may_hold(reason, jobs)


@pytest.mark.parametrize(
    ("reason", "jobs", "code", "facts"),
    [
        ("wait_tool", [MINE, HIS], "job_goes_on", {"job": "机油", "who": "刘洋"}),
        ("wait_tool", [HIS, WAITING], "job_goes_on", {"job": "机油", "who": "刘洋"}),
        ("wait_parts", [MINE, LYING], "job_can_go_on", {"job": "雨刮"}),
        ("wait_parts", [WAITING, LYING], "job_can_go_on", {"job": "雨刮"}),
    ],
)
def test_an_order_of_which_a_job_goes_on_does_not(reason, jobs, code, facts):
    with pytest.raises(Refused) as refusal:
        may_hold(reason, jobs)
    assert refusal.value.code == f"workshop.order.{code}"
    assert {name: refusal.value.facts[name] for name in facts} == facts
