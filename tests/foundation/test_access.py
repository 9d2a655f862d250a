"""The matrix of domain.md 2.2 as data, and what a viewer makes of it."""

import pytest

from cheyi.foundation.access import SYSTEM, all_permissions, permission, viewer_of
from cheyi.foundation.access.permissions import granted, matrix
from cheyi.foundation.access.roles import ROLES
from cheyi.foundation.models import Grant, User
from tests.foundation.org import NOW, found_town

pytestmark = pytest.mark.django_db

permission("foundation.trial.dispatch", capability="dispatch", letter="E")
permission("foundation.trial.customers", capability="customer_file", letter="V")
permission("foundation.trial.orders", capability="work_order", letter="V")
permission("foundation.trial.narrow", capability="dispatch", letter="E", only=("foreman",))


def test_the_matrix_has_the_forty_capabilities_of_the_trade_and_ones_own_account():
    assert len(matrix()) == 41
    assert {role for row in matrix().values() for role in row} <= set(ROLES)


def test_a_foreman_dispatches_in_his_store_and_a_technician_does_not():
    town = found_town()
    assert town.person("foreman").reach("foundation.trial.dispatch") == "store"
    assert not town.person("technician").may("foundation.trial.dispatch")


def test_a_technician_sees_only_his_own_orders():
    assert found_town().person("technician").reach("foundation.trial.orders") == "own"


def test_a_cashier_sees_customers_masked_and_an_advisor_in_full():
    town = found_town()
    assert town.person("cashier").masked("foundation.trial.customers")
    assert not town.person("advisor").masked("foundation.trial.customers")


def test_two_roles_give_the_wider_right():
    town = found_town()
    viewer = town.person("technician")
    Grant.objects.create(user_id=viewer.user_id, role="advisor", store=town.store, created_at=NOW)
    assert viewer_of(viewer.user_id).reach("foundation.trial.orders") == "store"


def test_a_grant_in_one_store_says_nothing_in_the_other():
    town = found_town()
    viewer = town.person("advisor")
    Grant.objects.create(user_id=viewer.user_id, role="technician", store=town.sister, created_at=NOW)
    there = viewer_of(viewer.user_id, store_id=town.sister.pk)
    assert there.store_id == town.sister.pk
    assert there.roles == {"technician"}
    assert viewer_of(viewer.user_id).store_id == town.store.pk


def test_a_store_that_was_not_granted_is_not_opened():
    town = found_town()
    viewer = town.person("advisor")
    assert viewer_of(viewer.user_id, store_id=town.sister.pk).store_id == town.store.pk


def test_a_group_grant_opens_all_its_stores():
    town = found_town()
    user = User.objects.create(name="hq", password="!", created_at=NOW)
    Grant.objects.create(user=user, role="headquarters", group=town.group, created_at=NOW)
    viewer = viewer_of(user.pk)
    assert viewer.store_ids == (town.store.pk, town.sister.pk)
    assert viewer.reach("foundation.trial.customers") == "group"
    assert viewer.masked("foundation.trial.customers")


def test_who_is_deactivated_or_has_no_grant_is_nobody():
    town = found_town()
    viewer = town.person("advisor")
    User.objects.filter(pk=viewer.user_id).update(is_active=False)
    assert viewer_of(viewer.user_id) is None
    assert viewer_of(User.objects.create(name="x", password="!", created_at=NOW).pk) is None


def test_the_administrator_has_no_business_rights():
    town = found_town()
    viewer = town.person("administrator")
    business = [
        code for code, one in all_permissions().items() if one.capability not in ("users", "own_account", "designer")
    ]
    assert [code for code in business if viewer.may(code)] == []


def test_a_permission_may_be_narrowed_to_some_roles():
    assert granted("foreman", "foundation.trial.narrow") is not None
    assert granted("advisor", "foundation.trial.narrow") is None


def test_a_permission_is_declared_once_and_names_a_capability():
    with pytest.raises(ValueError, match="no capability"):
        permission("foundation.trial.fly", capability="fly", letter="X")
    with pytest.raises(ValueError, match="twice"):
        permission("foundation.trial.dispatch", capability="dispatch", letter="V")


def test_the_system_may_everything():
    assert SYSTEM.may("foundation.trial.dispatch")
    assert SYSTEM.reach("foundation.trial.dispatch") == "group"
