"""Administrators at the same moment: one person of each form, no number twice, and never nobody left who gives roles."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import make_password

from cheyi.foundation.models import Employee, Grant, User
from cheyi.foundation.scope import everywhere
from tests.foundation.org import found_town
from tests.foundation.racing import run_at_once

PREPARATION = """
from datetime import UTC, date, datetime
from cheyi.foundation.access import viewer_of
from cheyi.foundation.colleagues import actions
from cheyi.foundation.models import Employee, Store
from cheyi.foundation.scope import within
from cheyi.kernel import Refused
store = Store.objects.get(pk={store})
by = viewer_of({user})
now = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
"""
HIRES = """
with within(store):
    for number in range(5):
        places = [(store.pk, "technician")]
        print(actions.hire(name="王建国", roles=places, home_store=store, by=by, now=now).no)
"""
ENDS = """
with within(store):
    other = Employee.objects.get(user_id={other})
    try:
        actions.leave(other, on=date(2026, 6, 15), by=by, now=now)
        print("left")
    except Refused as refused:
        print(refused.code)
"""


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_who_hire_at_once_never_give_a_number_or_a_sign_in_name_twice():
    town = found_town()
    users = [town.person("administrator", name).user_id for name in ("one", "two")]
    scripts = [(PREPARATION.format(store=town.store.pk, user=user), HIRES) for user in users]
    numbers = [line for lines in run_at_once(scripts) for line in lines]
    assert (len(numbers), len(set(numbers))) == (10, 10)
    with everywhere("counting"):
        assert len(set(Employee.objects.filter(name="王建国").values_list("user__name", flat=True))) == 10


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_end_each_other_at_once_one_stays():
    town = found_town()
    one, two = (town.person("administrator", name).user_id for name in ("one", "two"))
    User.objects.filter(pk__in=[one, two]).update(password=make_password("kirsche fliegt heim"))
    scripts = [
        (PREPARATION.format(store=town.store.pk, user=user), ENDS.format(other=other))
        for user, other in ((one, two), (two, one))
    ]
    printed = sorted(line for lines in run_at_once(scripts) for line in lines)
    assert printed == ["foundation.colleague.no_longer", "left"]
    assert Grant.objects.filter(role="administrator", user__is_active=True).count() == 1
