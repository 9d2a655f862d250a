"""A request and its lines move only along their tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheyi.kernel import Refused
from cheyi.parts.rules import LINE, REQUEST, request_state

HOLDS_PIECES = {"issued"}


def reachable(start):
    found, front = set(), {start}
    while front:
        found |= front
        front = {REQUEST.after(state, verb) for state in front for verb in REQUEST.verbs(state)} - found
    return found


def test_the_states_are_called_as_in_the_word_list():
    assert set(REQUEST.states) == {"draft", "submitted", "reserved", "picked", "issued", "closed", "cancelled"}
    assert set(LINE.states) == {"requested", "reserved", "backordered", "picked", "issued", "returned", "cancelled"}


@pytest.mark.parametrize("state", ["returned", "cancelled"])
def test_nothing_leads_out_of_a_line_that_is_over(state):
    assert LINE.verbs(state) == ()


def test_an_issued_line_must_be_taken_back_before_it_can_be_cancelled():
    with pytest.raises(Refused) as refusal:
        LINE.after("issued", "cancel")
    assert refusal.value.code == "parts.line.not_now"
    assert LINE.after("issued", "take_back") == "returned"


def test_a_request_of_which_something_was_issued_is_not_cancelled():
    for state in ("issued", "closed"):
        with pytest.raises(Refused):
            REQUEST.after(state, "cancel")


@pytest.mark.parametrize(
    ("lines", "handed_out", "state"),
    [
        (["requested", "backordered"], False, "submitted"),
        (["backordered", "reserved"], False, "reserved"),
        (["reserved", "picked", "backordered"], False, "picked"),
        (["issued", "reserved"], True, "issued"),
        (["picked"], True, "issued"),
        (["issued", "issued"], True, "closed"),
        (["issued", "cancelled"], True, "closed"),
        (["returned", "cancelled"], False, "closed"),
        (["cancelled", "cancelled"], False, "cancelled"),
    ],
)
def test_the_request_follows_its_lines(lines, handed_out, state):
    assert request_state(lines, handed_out=handed_out) == state


@given(
    steps=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30)), max_size=30),
    count=st.integers(1, 3),
)
def test_wherever_the_lines_go_the_request_gets_there_along_its_own_table(steps, count):
    lines = ["requested"] * count
    partly = [False] * count
    state = REQUEST.after("draft", "submit")
    for index, choice in steps:
        at = index % count
        verbs = [
            verb
            for verb in LINE.verbs(lines[at])
            if (verb != "keep_issued" or partly[at])
            and (verb != "cancel" or not partly[at])
            and ("take_back" not in verb or partly[at] or lines[at] == "issued")
            and (verb != "undo_issue" or partly[at] or lines[at] == "issued")
        ]
        if not verbs:
            continue
        verb = verbs[choice % len(verbs)]
        lines[at] = LINE.after(lines[at], verb)
        partly[at] = verb in ("issue_part", "take_back_part") and lines[at] != "issued"
        handed_out = any(partly) or any(line in HOLDS_PIECES for line in lines)
        following = request_state(lines, handed_out=handed_out)
        assert following in reachable(state), (state, verb, following)
        state = following
