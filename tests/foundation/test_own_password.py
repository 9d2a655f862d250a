"""Changing the own password: who proves himself, what is taken, which sessions end, what stands in the record."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import translation

from cheyi.foundation import refusals
from cheyi.foundation.models import ApiToken, AuditEntry, IdempotencyKey, Store, User
from cheyi.foundation.sign_in import WRONG_TRIES, change_password, prove_own, sign_in
from cheyi.foundation.web.viewers import viewer_by_token
from cheyi.kernel import Refused
from cheyi.project.accounts import make_token
from tests.foundation.org import NOW, found_town

pytestmark = pytest.mark.django_db
OLD, NEW = "correct horse battery", "kirsche fliegt heim"
HX = {"HX-Request": "true"}


@pytest.fixture
def viewer(town):
    return known(town.person("advisor"))


def known(viewer):
    User.objects.filter(pk=viewer.user_id).update(password=make_password(OLD))
    return viewer


@pytest.fixture
def name(viewer):
    return User.objects.get(pk=viewer.user_id).name


def browser_of(name, password=OLD) -> Client:
    browser = Client(raise_request_exception=False)
    assert browser.post("/sign-in", {"name": name, "password": password}).status_code == 303
    return browser


def sends(browser, present=OLD, new=NEW, key="k1", **headers):
    form = {"present_password": present, "password": new, "_key": key}
    return browser.post("/account/password", form, headers={**HX, **headers})


def is_signed_in(browser) -> bool:
    return browser.get("/account").status_code == 200


def password_of(viewer, password) -> bool:
    return check_password(password, User.objects.get(pk=viewer.user_id).password)


def refused(call, **arguments) -> tuple[str, str]:
    with pytest.raises(Refused) as found:
        call(**arguments)
    return found.value.code.removeprefix("foundation.account."), found.value.field


def test_the_new_password_opens_the_program_and_the_old_one_does_not(viewer, name):
    answer = sends(browser_of(name))
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/account")
    assert (password_of(viewer, NEW), password_of(viewer, OLD)) == (True, False)
    assert is_signed_in(browser_of(name, NEW))


def test_this_session_goes_on_under_a_new_key_and_all_others_end(name):
    here, elsewhere = browser_of(name), browser_of(name)
    before = here.cookies["cheyi"].value
    sends(here)
    assert here.cookies["cheyi"].value != before
    assert (is_signed_in(here), is_signed_in(elsewhere)) == (True, False)
    assert not Session.objects.filter(pk=before).exists()


def test_sessions_of_others_and_tokens_of_machines_stay(town, viewer, name):
    other = browser_of(User.objects.get(pk=known(town.person("cashier")).user_id).name)
    text = make_token(
        User.objects.get(pk=viewer.user_id), store=Store.objects.get(pk=viewer.store_id), name="till", now=NOW
    )
    sends(browser_of(name))
    assert is_signed_in(other)
    assert viewer_by_token(text, NOW) is not None


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hans", "密码已改，其他设备已退出登录"), ("en", "Password changed. You are signed out everywhere else")],
)
def test_what_happened_is_said_and_no_undo_is_offered(name, language, said):
    browser = browser_of(name)
    browser.cookies["django_language"] = language
    sends(browser)
    page = browser.get("/account").content.decode()
    assert f"<span>{said}</span></div></div>" in page


def test_the_record_names_who_did_it_and_holds_no_secret(viewer, name):
    sends(browser_of(name))
    entry = AuditEntry.objects.get(code="foundation.account.password_changed")
    assert (entry.actor_id, entry.thing, entry.thing_id) == (viewer.user_id, "foundation.user", viewer.user_id)
    assert (entry.facts, entry.inverse) == ({}, None)


def test_of_the_passwords_no_hash_stays_with_the_form_s_key(name):
    sends(browser_of(name))
    kept = IdempotencyKey.objects.get(key="k1").body_hash
    IdempotencyKey.objects.all().delete()
    sends(browser_of(name, NEW), present=NEW, new="pflaume bleibt da")
    assert IdempotencyKey.objects.get(key="k1").body_hash == kept


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hans", "当前密码不对，没有改动"), ("en", "That is not your present password. Nothing was changed")],
)
def test_a_wrong_present_password_is_refused_beside_its_field_and_recorded(viewer, name, language, said):
    browser, elsewhere = browser_of(name), browser_of(name)
    browser.cookies["django_language"] = language
    answer = sends(browser, present="x")
    page = answer.content.decode()
    assert (answer.status_code, answer["X-Problem"]) == (422, "foundation.account.wrong_present")
    assert 'data-field="present_password"' in page
    assert said in page
    assert (password_of(viewer, OLD), is_signed_in(browser), is_signed_in(elsewhere)) == (True, True, True)
    entry = AuditEntry.objects.get(code="foundation.account.password_change_failed")
    assert (entry.actor_id, entry.thing_id, entry.facts) == (viewer.user_id, viewer.user_id, {})


def test_five_wrong_ones_make_even_the_right_one_wait_here_and_at_the_sign_in(viewer, name):
    browser = browser_of(name)
    codes = [sends(browser, present="x", key=f"k{turn}")["X-Problem"] for turn in range(WRONG_TRIES)]
    assert codes == ["foundation.account.wrong_present"] * WRONG_TRIES
    assert sends(browser, key="right")["X-Problem"] == "foundation.account.locked"
    now = datetime.now(UTC)
    assert refused(sign_in, name=name, password=OLD, now=now) == ("locked", "")
    assert prove_own(password=OLD, by=viewer, now=now + timedelta(minutes=16)).pk == viewer.user_id


def test_wrong_ones_count_with_those_of_the_sign_in(viewer, name):
    for _ in range(WRONG_TRIES - 1):
        refused(sign_in, name=name, password="x", now=NOW)
    assert refused(prove_own, password="x", by=viewer, now=NOW) == ("wrong_present", "present_password")
    assert refused(prove_own, password=OLD, by=viewer, now=NOW) == ("locked", "present_password")


def test_a_right_one_with_a_weak_new_one_does_not_forget_the_wrong_ones(viewer, name):
    browser = browser_of(name)
    for turn in range(WRONG_TRIES - 1):
        sends(browser, present="x", key=f"k{turn}")
    assert sends(browser, new="short", key="weak")["X-Problem"] == "foundation.account.short_password"
    sends(browser, present="x", key="last")
    assert sends(browser, key="right")["X-Problem"] == "foundation.account.locked"


def test_a_change_forgets_the_wrong_ones(viewer, name):
    user = prove_own(password=OLD, by=viewer, now=NOW)
    for _ in range(WRONG_TRIES - 1):
        refused(prove_own, password="x", by=viewer, now=NOW)
    change_password(user, password=NEW, former=OLD, by=viewer, now=NOW + timedelta(seconds=1))
    later = NOW + timedelta(seconds=2)
    assert refused(prove_own, password="x", by=viewer, now=later) == ("wrong_present", "present_password")
    assert prove_own(password=NEW, by=viewer, now=later).pk == viewer.user_id


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("", "short_password"),
        ("1357924680", "digits_password"),
        ("qwertyuiop", "common_password"),
        ("advisor at work", "near_password"),
        ("滨江店早上八点开门见", "near_password"),
        (OLD, "former_password"),
        ("Correct Horse Battery2", "former_password"),
    ],
)
def test_a_new_one_that_is_soon_guessed_is_refused_beside_its_field_and_changes_nothing(viewer, name, new, code):
    browser, elsewhere = browser_of(name), browser_of(name)
    answer = sends(browser, new=new)
    assert (answer.status_code, answer["X-Problem"]) == (422, f"foundation.account.{code}")
    assert 'data-field="password"' in answer.content.decode()
    assert OLD not in answer.content.decode()
    assert (password_of(viewer, OLD), is_signed_in(elsewhere)) == (True, True)
    assert not AuditEntry.objects.filter(code__startswith="foundation.account.password").exists()


def test_the_likeness_is_said_in_both_languages_without_the_password():
    for language, said in (
        ("zh-hans", "和当前密码太像，换一个"),
        ("en", "Too much like the present one. Choose another"),
    ):
        with translation.override(language):
            assert refusals.sentence(Refused("foundation.account.former_password")) == said


def test_who_proved_himself_before_somebody_else_changed_it_is_refused(viewer):
    first, second = (prove_own(password=OLD, by=viewer, now=NOW) for _ in range(2))
    change_password(first, password=NEW, former=OLD, by=viewer, now=NOW)
    late = {"password": "pflaume bleibt da", "former": OLD, "by": viewer, "now": NOW}
    assert refused(lambda **more: change_password(second, **more), **late) == ("wrong_present", "present_password")
    assert password_of(viewer, NEW)


def test_a_machine_s_token_cannot_try_passwords(viewer, name):
    text = make_token(
        User.objects.get(pk=viewer.user_id), store=Store.objects.get(pk=viewer.store_id), name="till", now=NOW
    )
    assert ApiToken.objects.count() == 1
    answer = sends(Client(), Authorization=f"Bearer {text}")
    assert (answer.status_code, answer["X-Problem"]) == (403, "foundation.access.no_right")
    assert password_of(viewer, OLD)


def test_who_comes_back_to_the_address_after_signing_in_finds_his_settings(name):
    answer = browser_of(name).get("/account/password")
    assert (answer.status_code, answer["Location"]) == (303, "/account")


@pytest.mark.parametrize("role", ["advisor", "technician"])
def test_the_settings_ask_for_both_with_what_a_password_manager_needs(role):
    viewer = known(found_town().person(role))
    name = User.objects.get(pk=viewer.user_id).name
    page = browser_of(name).get("/account").content.decode()
    assert f'value="{name}" autocomplete="username"' in page
    assert 'name="present_password"' in page
    assert 'autocomplete="current-password"' in page
    assert 'autocomplete="new-password"' in page
    assert 'data-shows="id_password"' in page
    assert ("data-send" in page) == ("js/send." in page) == (role == "technician")


def test_the_settings_page_costs_few_queries(name, django_assert_max_num_queries):
    browser = browser_of(name)
    with django_assert_max_num_queries(4):
        browser.get("/account")


def test_the_demo_keeps_its_passwords(name, viewer, settings):
    browser = browser_of(name)
    assert "present_password" in browser.get("/account").content.decode()
    settings.DEMO = True
    assert "present_password" not in browser.get("/account").content.decode()
    answer = sends(browser)
    assert (answer.status_code, answer.headers["X-Problem"]) == (422, "foundation.account.demo_password")
    assert password_of(viewer, OLD)
