"""A second person agrees at a colleague's screen: proved by the own password, counted and recorded like a sign-in."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password

from cheyi.foundation.access import colleagues_who_may
from cheyi.foundation.models import AuditEntry, Employee, Grant, User
from cheyi.foundation.scope import everywhere
from cheyi.foundation.sign_in import WRONG_TRIES, agree, sign_in
from cheyi.kernel import Refused
from tests.foundation.org import NOW, found_town

pytestmark = pytest.mark.django_db
RIGHT = "correct horse battery"


@pytest.fixture
def town():
    town = found_town()
    for role in ("cashier", "store_manager", "accountant"):
        known(town.person(role))
    return town


def known(viewer):
    User.objects.filter(pk=viewer.user_id).update(password=make_password(RIGHT))
    return viewer


def agrees(town, who, password=RIGHT, **more):
    at = {"asked_by": town.person("cashier"), "at": "/counter", "now": NOW, **more}
    return agree(user_id=who.user_id, password=password, **at)


def refusal(town, who, password=RIGHT, **more):
    with pytest.raises(Refused) as refused:
        agrees(town, who, password, **more)
    return refused.value.code.rsplit(".", 1)[1]


def test_the_colleague_is_known_by_his_password_and_the_asker_is_on_record(town):
    boss = town.person("store_manager")
    assert agrees(town, boss) == boss
    entry = AuditEntry.objects.latest("pk")
    assert (entry.code, entry.thing_id, entry.actor_id, entry.facts) == (
        "foundation.account.agreed",
        boss.user_id,
        town.person("cashier").user_id,
        {"at": "/counter"},
    )


def test_a_wrong_password_is_recorded_with_who_asked_where(town):
    boss = town.person("store_manager")
    assert refusal(town, boss, "x") == "agreement_wrong"
    entry = AuditEntry.objects.latest("pk")
    assert (entry.code, entry.thing_id, entry.actor_id) == (
        "foundation.account.agreement_failed",
        boss.user_id,
        town.person("cashier").user_id,
    )


def test_wrong_tries_count_with_those_of_signing_in(town):
    boss = town.person("store_manager")
    name = User.objects.get(pk=boss.user_id).name
    for _ in range(WRONG_TRIES - 1):
        refusal(town, boss, "x")
    with pytest.raises(Refused):
        sign_in(name=name, password="x", now=NOW)
    assert refusal(town, boss) == "agreement_locked"
    with pytest.raises(Refused, match="locked"):
        sign_in(name=name, password=RIGHT, now=NOW)
    assert agrees(town, boss, now=NOW + timedelta(minutes=16)) == boss


def test_nobody_agrees_with_himself_from_another_store_or_without_a_sign_in(town):
    assert refusal(town, town.person("cashier")) == "agreement_self"
    assert refusal(town, known(town.person("store_manager", "far", store=town.sister))) == "agreement_nobody"
    gone = known(town.person("accountant", "gone"))
    User.objects.filter(pk=gone.user_id).update(is_active=False)
    assert refusal(town, gone) == "agreement_nobody"


def test_the_list_names_who_may_here_and_can_sign_in(town):
    cashier = town.person("cashier")
    known(town.person("store_manager", "far", store=town.sister))
    town.person("accountant", "never signed in")
    group = known(town.person("technician", "both"))
    Grant.objects.create(user_id=group.user_id, role="store_manager", group=town.group, created_at=NOW)
    codes = ("settlement.payment.refund", "settlement.payment.approve_refund")
    assert [one.name for one in colleagues_who_may(cashier, *codes)] == ["store_manager", "accountant", "both"]
    assert [one.name for one in colleagues_who_may(cashier, codes[1])] == ["store_manager", "both"]
    assert [one.name for one in colleagues_who_may(town.person("store_manager"), codes[1])] == ["both"]
    with everywhere("leaving"):
        Employee.objects.filter(user_id=group.user_id).update(status="left")
    assert [one.role_label for one in colleagues_who_may(cashier, *codes)] == ["店总", "会计"]
