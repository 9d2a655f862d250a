"""The verbs of people: hiring, roles, leaving, coming back, release; who may, what is refused, what stands on record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from cheyi.foundation import acts, demo_accounts
from cheyi.foundation.access import SYSTEM, viewer_of
from cheyi.foundation.access.roles import FOR_ALL_STORES, OF_A_STORE, ROLES
from cheyi.foundation.colleagues.actions import change, come_back, hire, leave, release
from cheyi.foundation.colleagues.names import free_sign_in
from cheyi.foundation.models import AuditEntry, Employee, Fact, Grant, Todo, User
from cheyi.foundation.scope import everywhere, within
from cheyi.foundation.sign_in import WRONG_TRIES, DemoAccount, sign_in
from cheyi.kernel import Refused
from tests.foundation.org import NOW
from tests.foundation.org import hire as hired

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 15)
PASSWORD = "kirsche fliegt heim"


@pytest.fixture
def admin(town):
    return town.person("administrator")


@pytest.fixture(autouse=True)
def opened(town):
    with within(town.store):
        yield


def added(town, admin, name="王建国", role="technician", **more):
    wanted = {"roles": [(town.store.pk, role)], "home_store": town.store, "by": admin, "now": NOW}
    return hire(name=name, **{**wanted, **more})


def person(viewer):
    return Employee.objects.get(user_id=viewer.user_id)


def roles_of(person):
    return {(one.store_id, one.role) for one in Grant.objects.filter(user_id=person.user_id)}


def changed(person, admin, *, roles, now=NOW, **more):
    wanted = {"name": person.name, "home_store": person.home_store, "version": person.version, "by": admin, "now": now}
    return change(person, roles=roles, **{**wanted, **more})


def code(call, *arguments, **named):
    with pytest.raises(Refused) as found:
        call(*arguments, **named)
    return found.value.code.removeprefix("foundation.colleague.")


def is_signed_in(user_id):
    session = SessionStore()
    session["user_id"] = user_id
    session.save()
    return lambda: Session.objects.filter(pk=session.session_key).exists()


# --- hiring ---


def test_who_is_hired_waits_for_a_password_of_his_own_and_has_the_roles(town, admin):
    Employee.objects.update(no="009")
    one = added(town, admin)
    assert (one.name, one.no, one.user.name, one.user.password) == ("王建国", "010", "wangjianguo", "!")
    assert roles_of(one) == {(town.store.pk, "technician")}
    assert viewer_of(one.user_id).roles == {"technician"}
    with pytest.raises(Refused):
        sign_in(name="wangjianguo", password="!", now=NOW)


def test_a_hiring_is_on_record_and_announced(town, admin):
    one = added(town, admin)
    entry = AuditEntry.objects.get(code="foundation.employee.hired")
    assert (entry.actor_id, entry.thing_id, entry.facts) == (
        admin.user_id,
        one.pk,
        {"roles": [f"technician@{town.store.pk}"]},
    )
    fact = Fact.objects.get(code="foundation.employee.roles_changed")
    assert (fact.store_id, fact.facts["employee_id"], fact.facts["roles"]) == (town.store.pk, one.pk, ["technician"])


def test_number_and_sign_in_name_count_up_from_those_before(town, admin):
    added(town, admin, no="E07")
    again = added(town, admin)
    assert (again.no, again.user.name) == ("E08", "wangjianguo2")


def test_what_is_typed_for_them_is_taken_half_width_and_in_small_letters(town, admin):
    one = added(town, admin, name="  Ｌｉ　Ｍｅｉ ", no="Ａ－１", sign_in=" ＬｉＭｅｉ ")
    assert (one.name, one.no, one.user.name) == ("Li Mei", "A-1", "limei")


def test_a_taken_number_or_sign_in_name_is_said_with_a_free_one(town, admin):
    added(town, admin, no="E07", sign_in="wang")
    with pytest.raises(Refused) as number:
        added(town, admin, no="E07")
    assert (number.value.field, number.value.facts) == ("no", {"no": "E07", "who": "王建国", "free": "E08"})
    with pytest.raises(Refused) as name:
        added(town, admin, sign_in="WANG")
    assert (name.value.field, name.value.facts) == ("sign_in", {"name": "wang", "free": "wang2"})
    assert Employee.objects.filter(name="王建国").count() == 1


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        ({"name": ""}, "no_name"),
        ({"name": " \u200b "}, "no_name"),
        ({"name": "😀😀"}, "no_letters"),
        ({"name": "13900001111"}, "no_letters"),
        ({"name": "王" * 61}, "too_long"),
        ({"no": "9" * 21}, "too_long"),
        ({"sign_in": "wang jian"}, "bad_sign_in"),
        ({"sign_in": "--"}, "bad_sign_in"),
        ({"sign_in": "w" * 61}, "too_long"),
        ({"roles": []}, "no_role"),
        ({"roles": [(None, "technician")]}, "role_not_here"),
        ({"roles": [(10**9, "technician")]}, "role_not_here"),
        ({"role": "administrator"}, "role_not_here"),
        ({"role": "customer"}, "role_not_here"),
        ({"role": "emperor"}, "role_not_here"),
    ],
)
def test_what_does_not_fit_is_refused_and_nobody_is_put_on_file(town, admin, wish, refusal):
    before = Employee.objects.count(), User.objects.count()
    assert code(added, town, admin, **wish) == refusal
    assert (Employee.objects.count(), User.objects.count()) == before


def test_sixty_characters_and_an_emoji_behind_the_name_are_taken(town, admin):
    assert added(town, admin, name="王" * 60).name == "王" * 60
    assert added(town, admin, name="小李🔧").name == "小李🔧"


def test_a_name_without_letters_for_it_gets_a_plain_sign_in_name(town):
    assert (free_sign_in("Ёж"), free_sign_in("李 Anna")) == ("user", "lianna")


def test_every_role_of_people_can_be_given_once_and_nowhere_else():
    assert {*FOR_ALL_STORES, *OF_A_STORE} == set(ROLES) - {"customer"}


# --- roles ---


def test_roles_are_given_and_taken_by_store_and_end_his_sessions(town, admin):
    one = person(town.person("technician"))
    signed_in = is_signed_in(one.user_id)
    wanted = {(town.store.pk, "inspector"), (town.sister.pk, "technician")}
    changed(one, admin, roles=wanted)
    assert roles_of(one) == wanted
    assert not signed_in()
    entry = AuditEntry.objects.get(code="foundation.employee.changed")
    assert entry.facts == {
        "fields": ["roles"],
        "version": 2,
        "given": sorted([f"inspector@{town.store.pk}", f"technician@{town.sister.pk}"]),
        "taken": [f"technician@{town.store.pk}"],
    }


def test_each_store_is_told_what_he_may_do_there(town, admin):
    one = person(town.person("technician"))
    changed(one, admin, roles=[(town.sister.pk, "technician")])
    told = {
        fact.store_id: fact.facts["roles"] for fact in Fact.objects.filter(code="foundation.employee.roles_changed")
    }
    assert told == {town.store.pk: [], town.sister.pk: ["technician"]}


def test_a_new_name_alone_ends_no_session(town, admin):
    one = person(town.person("technician"))
    signed_in = is_signed_in(one.user_id)
    changed(one, admin, roles=roles_of(one), name="王强")
    assert Employee.objects.get(pk=one.pk).name == "王强"
    assert signed_in()


def test_nothing_is_written_when_nothing_differs(town, admin):
    one = person(town.person("technician"))
    changed(one, admin, roles=roles_of(one))
    assert Employee.objects.get(pk=one.pk).version == 1
    assert not AuditEntry.objects.filter(code="foundation.employee.changed").exists()


def test_nobody_changes_his_own_roles(town, admin):
    me = person(admin)
    more = roles_of(me) | {(town.store.pk, "store_manager")}
    assert code(changed, me, admin, roles=more) == "own_roles"
    assert roles_of(me) == {(town.store.pk, "administrator")}
    changed(me, admin, roles=roles_of(me), name="老板")
    assert person(admin).name == "老板"


def test_the_second_of_two_who_change_the_same_person_is_told_who_was_first(town, admin):
    other = town.person("administrator", "second")
    one = person(town.person("technician"))
    stale = person(town.person("technician"))
    changed(one, admin, roles=[(town.store.pk, "inspector")])
    with pytest.raises(Refused) as found:
        changed(stale, other, roles=[(town.store.pk, "foreman")])
    assert (found.value.code, found.value.facts["who"]) == ("foundation.colleague.changed_meanwhile", admin.name)
    assert roles_of(one) == {(town.store.pk, "inspector")}


def test_of_two_administrators_who_end_each_other_the_second_is_one_no_more(town, admin):
    other = town.person("administrator", "second")
    User.objects.filter(pk__in=[admin.user_id, other.user_id]).update(password=make_password(PASSWORD))
    changed(person(other), admin, roles=[(town.store.pk, "advisor")])
    assert code(changed, person(admin), other, roles=[(town.store.pk, "advisor")]) == "no_longer"
    assert roles_of(person(admin)) == {(town.store.pk, "administrator")}


@pytest.mark.parametrize("role", ["store_manager", "headquarters", "hr", "advisor"])
def test_who_is_no_administrator_changes_nobody(town, role):
    who, one = town.person(role), person(town.person("technician"))
    assert code(changed, one, who, roles=[(town.store.pk, "foreman")]) == "no_longer"
    assert code(leave, one, on=TODAY, by=who, now=NOW) == "no_longer"
    assert code(added, town, who) == "no_longer"
    assert roles_of(one) == {(town.store.pk, "technician")}


def test_the_last_administrator_who_can_sign_in_stays(town):
    """SYSTEM stands for what is no person: of people the one who acts is an administrator himself."""
    last, waiting = town.person("administrator"), town.person("administrator", "waiting")
    User.objects.filter(pk=last.user_id).update(password=make_password(PASSWORD))
    assert User.objects.get(pk=waiting.user_id).password == "!"
    assert code(changed, person(last), SYSTEM, roles=[(town.store.pk, "advisor")]) == "last_administrator"
    assert code(leave, person(last), on=TODAY, by=SYSTEM, now=NOW) == "last_administrator"
    assert roles_of(person(last)) == {(town.store.pk, "administrator")}
    assert User.objects.get(pk=last.user_id).is_active


def test_a_change_of_roles_is_undone_as_a_whole_unless_it_was_changed_again(town, admin):
    one = person(town.person("technician"))
    before = roles_of(one)
    changed(one, admin, roles=[(town.sister.pk, "inspector")], name="王强")
    first = AuditEntry.objects.filter(code="foundation.employee.changed").latest("pk")
    assert acts.undo(first.uid, by=admin, now=NOW) == "technician已恢复原样"
    assert (roles_of(one), Employee.objects.get(pk=one.pk).name) == (before, "technician")
    changed(Employee.objects.get(pk=one.pk), admin, roles=[(town.store.pk, "foreman")])
    second = AuditEntry.objects.filter(code="foundation.employee.changed").latest("pk")
    changed(Employee.objects.get(pk=one.pk), admin, roles=[(town.store.pk, "buyer")])
    with pytest.raises(Refused) as found:
        acts.undo(second.uid, by=admin, now=NOW)
    assert found.value.code == "foundation.undo.impossible"


def test_who_came_without_an_account_gets_one_with_his_first_change(town, admin):
    one = added(town, admin, sign_in=None)
    assert one.user_id is None
    changed(one, admin, roles=[(town.store.pk, "technician")])
    one = Employee.objects.get(pk=one.pk)
    assert (one.user.name, roles_of(one)) == ("wangjianguo", {(town.store.pk, "technician")})


# --- leaving and coming back ---


def test_who_leaves_is_shut_out_at_once_and_keeps_his_roles_on_file(town, admin):
    one = person(town.person("technician"))
    signed_in = is_signed_in(one.user_id)
    leave(one, on=TODAY, by=admin, now=NOW)
    one = Employee.objects.get(pk=one.pk)
    assert (one.status, one.left_on, one.user.is_active) == ("left", TODAY, False)
    assert viewer_of(one.user_id) is None
    assert not signed_in()
    assert roles_of(one) == {(town.store.pk, "technician")}
    assert Fact.objects.get(code="foundation.employee.roles_changed").facts["roles"] == []


def test_who_comes_back_has_his_roles_and_password_again(town, admin):
    one = person(town.person("technician"))
    User.objects.filter(pk=one.user_id).update(password=make_password(PASSWORD))
    leave(one, on=TODAY, by=admin, now=NOW)
    come_back(Employee.objects.get(pk=one.pk), by=admin, now=NOW)
    one = Employee.objects.get(pk=one.pk)
    assert (one.status, one.left_on, one.user.is_active) == ("active", None, True)
    assert sign_in(name=one.user.name, password=PASSWORD, now=NOW).pk == one.user_id


def test_leaving_is_undone_from_its_toast(town, admin):
    one = person(town.person("technician"))
    leave(one, on=TODAY, by=admin, now=NOW)
    acts.undo(AuditEntry.objects.get(code="foundation.employee.left").uid, by=admin, now=NOW)
    assert viewer_of(one.user_id).roles == {"technician"}


def test_nobody_shuts_himself_out_and_nobody_leaves_or_comes_back_twice(town, admin):
    one = person(town.person("technician"))
    assert code(leave, person(admin), on=TODAY, by=admin, now=NOW) == "own_leaving"
    assert code(come_back, one, by=admin, now=NOW) == "here"
    leave(one, on=TODAY, by=admin, now=NOW)
    one = Employee.objects.get(pk=one.pk)
    assert code(leave, one, on=TODAY, by=admin, now=NOW) == "left"
    assert code(changed, one, admin, roles=[(town.store.pk, "foreman")]) == "left"


# --- release ---


def locked(viewer):
    for _ in range(WRONG_TRIES):
        with pytest.raises(Refused):
            sign_in(name=User.objects.get(pk=viewer.user_id).name, password="x", now=NOW)


def test_a_locked_colleague_may_try_again_and_the_store_manager_is_told(town, admin):
    technician = town.person("technician")
    User.objects.filter(pk=technician.user_id).update(password=make_password(PASSWORD))
    locked(technician)
    later = NOW + timedelta(minutes=1)
    release(person(technician), reason=" 本人\x00在场 ", by=admin, now=later)
    name = User.objects.get(pk=technician.user_id).name
    assert sign_in(name=name, password=PASSWORD, now=later + timedelta(seconds=1)).pk == technician.user_id
    entry = AuditEntry.objects.get(code="foundation.account.unlocked")
    assert (entry.actor_id, entry.facts) == (admin.user_id, {"reason": "本人 在场"})
    todo = Todo.objects.get(kind="foundation.todo.released")
    assert (todo.role, todo.facts) == (
        "store_manager",
        {"name": "technician", "by": "administrator", "reason": "本人 在场"},
    )


def test_a_release_needs_a_lock_a_reason_and_another_person(town, admin):
    one = person(town.person("technician"))
    assert code(release, one, reason="本人", by=admin, now=NOW) == "not_locked"
    assert code(release, one, reason="  ", by=admin, now=NOW) == "no_reason"
    assert code(release, person(admin), reason="本人", by=admin, now=NOW) == "own_release"


# --- the demo, other groups ---


def test_accounts_that_the_demo_shows_stay_as_they_are(town, admin, settings, monkeypatch):
    technician = town.person("technician")
    one, name = person(technician), User.objects.get(pk=technician.user_id).name
    monkeypatch.setattr(demo_accounts, "shown", lambda: [DemoAccount(name, "technician", "王", "x")])
    assert code(changed, one, admin, roles=[(town.store.pk, "foreman")]) == "demo"
    assert code(leave, one, on=TODAY, by=admin, now=NOW) == "demo"
    assert viewer_of(one.user_id).roles == {"technician"}


def test_a_person_of_another_group_is_out_of_reach(town, admin):
    stranger = found_elsewhere()
    with everywhere("the test looks over the wall"):
        theirs = Employee.objects.get(user_id=stranger.user_id)
        assert code(leave, theirs, on=TODAY, by=admin, now=NOW) == "no_longer"


def found_elsewhere():
    from cheyi.foundation.models import Group, LegalEntity, Store

    group = Group.objects.create(name="远山", created_at=NOW)
    firm = LegalEntity.objects.create(group=group, name="远山", created_at=NOW)
    return hired(
        Store.objects.create(group=group, legal_entity=firm, code="YS01", name="远山店", created_at=NOW),
        "technician",
        "x",
    )
