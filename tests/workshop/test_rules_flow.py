"""Flow profiles: what falls away, what may be left out, what the law keeps."""

from __future__ import annotations

import pytest

from cheyi.kernel import Refused
from cheyi.workshop.rules import flow
from cheyi.workshop.rules.flow import OFF, OPTIONAL, REQUIRED, Flow

EXPRESS, STANDARD, MAJOR = flow.SHIPPED
PROFILES = {one.code: one.order_types for one in flow.SHIPPED}


def test_the_shipped_profiles_cover_every_order_type_once():
    listed = [kind for one in flow.SHIPPED for kind in one.order_types]
    assert sorted(listed) == sorted(flow.ORDER_TYPES)


@pytest.mark.parametrize(
    ("order_type", "regulatory_class", "code"),
    [
        ("maintenance", "none", "express"),
        ("repair", "minor", "standard"),
        ("accident", "none", "major"),
        ("repair", "assembly", "major"),
        ("repair", "overhaul", "major"),
        ("maintenance", "level_2", "express"),
    ],
)
def test_an_order_takes_the_profile_of_its_type_and_class(order_type, regulatory_class, code):
    assert flow.profile_for(order_type, regulatory_class, PROFILES) == code


def test_a_store_without_a_fitting_profile_says_so():
    with pytest.raises(Refused) as refusal:
        flow.profile_for("recall", "none", {"express": ("maintenance",)})
    assert refusal.value.code == "workshop.flow.no_profile"


@pytest.mark.parametrize("regulatory_class", ["level_2", "assembly", "overhaul"])
def test_the_final_check_of_statutory_repairs_cannot_be_switched_off(regulatory_class):
    off = Flow("own", {"final_check": OFF})
    assert off.switch("final_check", regulatory_class) == REQUIRED
    assert off.switch("final_check", "minor") == OFF
    with pytest.raises(Refused) as refusal:
        flow.may_skip_check(off, regulatory_class)
    assert refusal.value.code == "workshop.order.check_is_law"


def test_a_required_check_is_not_skipped_and_an_optional_one_is():
    with pytest.raises(Refused) as refusal:
        flow.may_skip_check(STANDARD, "minor")
    assert refusal.value.code == "workshop.order.check_required"
    assert flow.may_skip_check(EXPRESS, "minor") is None


def test_express_work_is_ready_when_it_is_finished_and_self_checked():
    def skips(**facts):
        return flow.skips_after_finish(EXPRESS, **{"regulatory_class": "none", "wash_wanted": False, **facts})

    assert skips(self_checked=True) == ("skip_check", "skip_wash")
    assert skips(self_checked=True, wash_wanted=True) == ("skip_check",)
    assert skips(self_checked=False) == ()
    assert skips(self_checked=True, regulatory_class="level_2") == ()


@pytest.mark.parametrize(
    ("profile", "regulatory_class", "state", "checks", "has"),
    [
        (EXPRESS, "none", "working", [], False),
        (EXPRESS, "none", "ready", ["self_check"], False),
        (EXPRESS, "level_2", "working", [], True),
        (EXPRESS, "level_2", "settled", ["final_check", "self_check"], True),
        (STANDARD, "minor", "qc", ["self_check"], True),
        (STANDARD, "minor", "closed", ["final_check"], True),
        (Flow("own", {"final_check": OPTIONAL}), "minor", "qc", [], True),
        (Flow("own", {"final_check": OPTIONAL}), "minor", "wash", ["self_check"], False),
    ],
)
def test_a_check_is_there_while_one_is_to_come_and_afterwards_when_it_was_made(
    profile, regulatory_class, state, checks, has
):
    assert flow.has_check(profile, regulatory_class, state=state, checks=checks) is has


def test_standard_and_major_work_wait_for_the_inspector():
    for profile in (STANDARD, MAJOR):
        assert flow.skips_after_finish(profile, regulatory_class="none", self_checked=True, wash_wanted=False) == ()


def test_a_required_wash_stays_and_an_unwanted_one_falls_away():
    assert flow.skips_wash(Flow("a", {"wash": REQUIRED}), wash_wanted=False) == ()
    assert flow.skips_wash(Flow("a", {"wash": OPTIONAL}), wash_wanted=True) == ()
    assert flow.skips_wash(Flow("a", {"wash": OPTIONAL}), wash_wanted=False) == ("skip_wash",)
    assert flow.skips_wash(Flow("a", {"wash": OFF}), wash_wanted=True) == ("skip_wash",)


def test_the_heaviest_line_decides_the_class_of_the_order():
    assert flow.strictest(["minor", "level_2", "none"]) == "level_2"
    assert flow.strictest([]) == "none"


@pytest.mark.parametrize(("steps", "code"), [({"tea": OFF}, "unknown_step"), ({"wash": "sometimes"}, "unknown_switch")])
def test_a_profile_names_known_steps_and_switches(steps, code):
    with pytest.raises(Refused) as refusal:
        flow.check_steps(steps)
    assert refusal.value.code == f"workshop.flow.{code}"


def test_the_shipped_profiles_may_be_all_of_a_store_and_the_law_s_check_is_fixed_in_one_place():
    assert flow.check_flows(flow.SHIPPED) is None
    fixed = [(one.code, step) for one in flow.SHIPPED for step in flow.BEFORE if flow.is_law(one.code, step)]
    assert fixed == [("major", "final_check")]
