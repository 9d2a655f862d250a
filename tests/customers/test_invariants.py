"""``cheyi check`` finds a customer whose keys or store do not fit, and nothing on sound ground."""

from __future__ import annotations

import pytest

from cheyi.customers.models import CustomerStore
from cheyi.foundation.invariants import check
from cheyi.foundation.models import SearchKey
from tests.customers.people import anywhere


def found() -> list[str]:
    return [
        violation
        for finding in check()
        if finding.invariant.proof.__module__ == "cheyi.customers.invariants"
        for violation in finding.violations
    ]


@pytest.fixture
def customer(street):
    return street.add(id_no="11010519491231002X", address="上海市浦东新区世纪大道1号")


def test_sound_ground_has_no_violations(customer):
    assert found() == []


def test_lost_and_surplus_keys_are_found(street, customer):
    SearchKey.objects.filter(thing="customer").update(store_id=street.near.pk)
    assert found() == [
        f"customer {customer.pk} cannot be found in store {street.home.pk}",
        f"customer {customer.pk} is found in store {street.near.pk}, which does not know him",
    ]


def test_a_customer_nobody_knows_is_found(customer):
    with anywhere():
        SearchKey.objects.all().delete()
        CustomerStore.objects.all().delete()
    assert found() == [f"customer {customer.pk} is known to no store"]
