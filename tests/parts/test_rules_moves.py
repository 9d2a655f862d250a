"""A stock move joins only the kinds of place that its kind allows."""

import pytest

from cheyi.kernel import Refused
from cheyi.parts.rules import KINDS, OUTSIDE, STOCKED, check_kind


def test_every_kind_joins_known_places_and_touches_stock():
    places = STOCKED | set(OUTSIDE)
    for starts, ends in KINDS.values():
        assert starts | ends <= places
        assert (starts | ends) & STOCKED


def test_an_issue_goes_from_a_bin_to_the_workshop():
    check_kind("issue", from_kind="bin", to_kind="customer")
    with pytest.raises(Refused) as refusal:
        check_kind("issue", from_kind="supplier", to_kind="customer")
    assert refusal.value.code == "parts.move.wrong_places"
    assert refusal.value.facts == {"kind": "issue", "from_kind": "supplier", "to_kind": "customer"}
