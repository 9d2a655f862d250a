"""The rail marks the place that a page belongs to for the person who looks at it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cheyi.foundation.pages.navigation import entries_for
from tests.foundation.org import found_town, hire


@pytest.mark.parametrize(
    ("role", "path", "place"),
    [
        ("cashier", "/workshop/counter", "workshop:counter"),
        ("cashier", "/workshop/counter/shift", "workshop:counter"),
        ("cashier", "/workshop/orders/5/settle", "workshop:counter"),
        ("cashier", "/workshop/orders/5/pay", "workshop:counter"),
        ("cashier", "/workshop/orders/5", "workshop:orders"),
        ("accountant", "/workshop/orders/5/settle", "workshop:counter"),
        ("store_manager", "/workshop/orders/5/settle", "workshop:counter"),
        ("advisor", "/workshop/counter", "workshop:counter"),
        ("advisor", "/workshop/orders/5/hand-over", "workshop:counter"),
        ("inspector", "/workshop/orders/5/check", "workshop:checks"),
        ("inspector", "/workshop/orders/5/check/send-back", "workshop:checks"),
        ("foreman", "/workshop/orders/5/check", "workshop:orders"),
        ("foreman", "/workshop/appointments/new", "workshop:appointments"),
        ("advisor", "/customers/7", "customers:list"),
        ("advisor", "/vehicles/7", "customers:list"),
        ("consultant", "/vehicles/7", "vehicles:list"),
        ("consultant", "/customers/7", "customers:list"),
        ("advisor", "/account", None),
        ("advisor", "/nowhere/at/all", None),
    ],
)
def test_the_rail_marks_the_place_that_a_page_belongs_to(db, role, path, place):
    viewer = hire(found_town().store, role, "某人")
    assert [entry.view for entry in entries_for(viewer, path) if entry.current] == ([place] if place else [])


@pytest.mark.parametrize(
    ("roles", "first"),
    [(["care_agent"], "foundation:todos"), (["care_agent", "advisor"], "workshop:reception")],
)
def test_customer_care_begins_with_what_is_to_do_and_an_advisor_who_calls_too_with_his_cars(db, roles, first):
    viewer = replace(hire(found_town().store, roles[0], "某人"), roles=frozenset(roles))
    assert entries_for(viewer)[0].view == first


def test_an_advisor_s_day_has_five_places(db):
    """As ux/guide.md 3 says."""
    viewer = hire(found_town().store, "advisor", "某人")
    assert [str(entry.label) for entry in entries_for(viewer)] == ["接车", "工单", "预约", "客户", "结算"]
