"""State tables move, list and refuse."""

import pytest

from cheyi.kernel import Refused, StateTable

LIFE = StateTable(
    "kernel.lamp", [("", "make", "off"), ("off", "switch", "on"), ("on", "switch", "off"), ("on", "break", "broken")]
)


def test_a_verb_leads_to_its_one_target():
    assert LIFE.after("off", "switch") == "on"
    assert LIFE.verbs("on") == ("switch", "break")
    assert LIFE.states == ("off", "on", "broken")
    assert LIFE.allows("on", "break")


def test_a_move_that_is_not_in_the_table_is_refused_with_state_and_verb():
    with pytest.raises(Refused) as refused:
        LIFE.after("broken", "switch")
    assert refused.value.code == "kernel.lamp.not_now"
    assert refused.value.facts == {"state": "broken", "verb": "switch"}
    assert str(refused.value) == "kernel.lamp.not_now(state='broken', verb='switch')"


def test_a_pair_has_one_target():
    with pytest.raises(ValueError, match="twice"):
        StateTable("kernel.lamp", [("on", "switch", "off"), ("on", "switch", "broken")])
