"""Two colleagues at one card at the same moment, in real processes: both fields hold, of one field only one."""

from __future__ import annotations

import pytest

from cheyi.customers.models import Customer
from cheyi.foundation.models import AuditEntry
from cheyi.foundation.scope import everywhere
from tests.customers.people import open_street
from tests.foundation.org import hire
from tests.foundation.racing import run_at_once

PREPARATION = """
from datetime import UTC, datetime
from cheyi.customers import actions
from cheyi.customers.models import Customer
from cheyi.foundation.access import viewer_of
from cheyi.foundation.models import Store
from cheyi.foundation.scope import within
from cheyi.kernel import Refused
store = Store.objects.get(pk={store})
by = viewer_of({user})
now = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
field, values = "{field}", {values}
with within(store):
    seen = [Customer.objects.get(pk=pk) for pk in {customers}]
"""
RACE = """
with within(store):
    for customer, value in zip(seen, values):
        try:
            actions.edit(customer, version=customer.version, **{field: value}, store=store, by=by, now=now)
            print("kept")
        except Refused as refused:
            print(refused.code)
"""
CARDS = 8
CHANGED = "customers.customer.changed_meanwhile"


def race(first: tuple[str, list[str]], second: tuple[str, list[str]]) -> tuple[list[list[str]], list[Customer]]:
    """What two people printed who each change a field of eight cards at once, and the cards afterwards."""
    street = open_street()
    people = [hire(street.home, "advisor", name) for name in ("王芳", "李强")]
    cards = [
        street.add(f"王{name}", f"1390034500{at}", confirmed_new=True) for at, name in enumerate("一二三四五六七八")
    ]
    scripts = [
        PREPARATION.format(
            store=street.home.pk, user=by.user_id, field=field, values=values, customers=[card.pk for card in cards]
        )
        for by, (field, values) in zip(people, (first, second), strict=True)
    ]
    printed = run_at_once([(script, RACE) for script in scripts])
    with everywhere("looking afterwards"):
        return printed, list(Customer.objects.order_by("pk"))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_different_fields_of_the_same_cards_all_hold():
    printed, cards = race(("hobbies", ["钓鱼"] * CARDS), ("occupation", ["教师"] * CARDS))
    assert printed == [["kept"] * CARDS] * 2
    assert {(card.hobbies, card.occupation, card.version) for card in cards} == {("钓鱼", "教师", 3)}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_the_same_field_one_holds_and_the_other_hears_of_it():
    mine, theirs = (
        [f"13922{number}46{number}85" for number in range(CARDS)],
        [f"13933{number}57{number}96" for number in range(CARDS)],
    )
    printed, cards = race(("mobile", mine), ("mobile", theirs))
    for card, *said in zip(cards, *printed, strict=True):
        assert set(said) == {CHANGED, "kept"}
        assert card.version == 2
    wanted = [pair[said.index("kept")] for pair, *said in zip(zip(mine, theirs, strict=True), *printed, strict=True)]
    assert [card.mobile.clear() for card in cards] == wanted
    changed = AuditEntry.objects.filter(code="customers.customer.changed")
    assert sorted(changed.values_list("thing_id", flat=True)) == [card.pk for card in cards]
