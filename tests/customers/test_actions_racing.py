"""Two advisors put the same person on file at the same moment: one row, and the other hears of it."""

from __future__ import annotations

import pytest

from cheyi.customers.models import Customer, CustomerStore
from cheyi.foundation.scope import everywhere
from tests.customers.people import open_street
from tests.foundation.racing import run_at_once

PREPARATION = """
from datetime import UTC, datetime
from cheyi.customers import actions
from cheyi.foundation.access import viewer_of
from cheyi.foundation.models import Store
from cheyi.foundation.scope import within
from cheyi.kernel import Refused
store = Store.objects.get(pk={store})
by = viewer_of({user})
now = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
"""
RACE = """
with within(store):
    for number in range(5):
        try:
            actions.add(name="王建国", mobile=f"1391{number}2{number}3{number}4{number}", store=store, by=by, now=now)
            print("new")
        except Refused as refused:
            print(refused.code)
"""
LOST = {"customers.customer.already_here", "customers.customer.just_added"}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_advisors_put_the_same_person_on_file_at_once():
    street = open_street()
    script = PREPARATION.format(store=street.home.pk, user=street.advisor().user_id)
    printed = run_at_once([(script, RACE)] * 2)
    with everywhere("counting"):
        numbers = list(Customer.objects.values_list("mobile_index", flat=True))
        assert len(numbers) == len(set(numbers)) == CustomerStore.objects.count() == 5
    assert sum(lines.count("new") for lines in printed) == 5
    assert {line for lines in printed for line in lines} - LOST == {"new"}
