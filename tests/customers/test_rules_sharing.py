"""Sharing of design.md 13, limits of reliability.md 5.7 and 6.7."""

import pytest

from cheyi.customers.rules.limits import may_probe, may_reveal
from cheyi.customers.rules.sharing import may_be_shown
from cheyi.kernel import Refused


@pytest.mark.parametrize(
    ("known_by", "consented", "shown"), [({1}, False, True), ({2}, False, False), ({2}, True, True), ((), False, False)]
)
def test_between_legal_entities_only_a_consent_opens(known_by, consented, shown):
    assert may_be_shown(1, known_by=known_by, consented=consented) is shown


def test_the_hundred_and_fifty_first_customer_of_a_day_is_refused_but_not_a_seen_one():
    may_reveal(customers_today=149, is_new_today=True)
    may_reveal(customers_today=150, is_new_today=False)
    with pytest.raises(Refused) as refused:
        may_reveal(customers_today=150, is_new_today=True)
    assert (refused.value.code, refused.value.facts["most"]) == ("customers.reveal.budget_spent", 150)


def test_the_thirty_first_stranger_of_an_hour_is_refused():
    may_probe(probes_last_hour=29)
    with pytest.raises(Refused, match=r"customers.search.too_many\(most=30\)"):
        may_probe(probes_last_hour=30)
