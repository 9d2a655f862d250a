"""Signing in: once right, often wrong, unknown, without a store."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from cheyi.foundation.models import AuditEntry, User
from cheyi.foundation.sign_in import FAILED, NOBODY, SLOWED, TRIES_FROM_ONE_PLACE, WRONG_TRIES, add_user, sign_in
from cheyi.kernel import Refused
from tests.foundation.org import NOW, found_town

pytestmark = pytest.mark.django_db
RIGHT = "correct horse battery"


@pytest.fixture
def user():
    viewer = found_town().person("advisor")
    User.objects.filter(pk=viewer.user_id).update(password=make_password(RIGHT))
    return User.objects.get(pk=viewer.user_id)


def refusal(**arguments) -> str:
    with pytest.raises(Refused) as refused:
        sign_in(now=NOW, **arguments)
    return refused.value.code


def test_name_and_password_open_the_program(user):
    assert sign_in(name=f" {user.name} ", password=RIGHT, now=NOW) == user


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(user):
    assert refusal(name=user.name, password="x") == refusal(name="nobody", password="x") == "foundation.account.wrong"


def test_five_wrong_tries_make_even_the_right_password_wait(user):
    for _ in range(WRONG_TRIES):
        refusal(name=user.name, password="x")
    assert refusal(name=user.name, password=RIGHT) == "foundation.account.locked"
    assert sign_in(name=user.name, password=RIGHT, now=NOW + timedelta(minutes=16)) == user


def test_a_right_password_forgets_the_wrong_ones(user):
    for _ in range(WRONG_TRIES - 1):
        refusal(name=user.name, password="x")
    sign_in(name=user.name, password=RIGHT, now=NOW + timedelta(seconds=1))
    with pytest.raises(Refused) as refused:
        sign_in(name=user.name, password="x", now=NOW + timedelta(seconds=2))
    assert refused.value.code == "foundation.account.wrong"


def test_a_name_that_nobody_has_is_locked_like_a_name_that_somebody_has(user):
    for _ in range(WRONG_TRIES):
        assert refusal(name="nobody", password="x") == "foundation.account.wrong"
    assert refusal(name="nobody", password="x") == "foundation.account.locked"
    assert refusal(name="somebody", password="x") == "foundation.account.wrong"
    assert "nobody" not in str(AuditEntry.objects.filter(code=NOBODY).values_list("facts", flat=True))


def test_after_ten_wrong_tries_from_one_place_a_minute_is_waited_there_and_nowhere_else(user):
    here, there = Client(REMOTE_ADDR="203.0.113.7"), Client(REMOTE_ADDR="203.0.113.8")
    for number in range(TRIES_FROM_ONE_PLACE):
        assert here.post("/sign-in", {"name": f"guess {number}", "password": "x"}).status_code == 422
    slowed = here.post("/sign-in", {"name": user.name, "password": RIGHT})
    assert (slowed.status_code, slowed["Retry-After"]) == (429, "60")
    assert AuditEntry.objects.get(code=SLOWED).address == "203.0.113.7"
    assert there.post("/sign-in", {"name": user.name, "password": RIGHT}).status_code == 303


def test_right_passwords_from_one_place_are_not_counted(user):
    for _ in range(TRIES_FROM_ONE_PLACE + 1):
        assert (
            Client(REMOTE_ADDR="203.0.113.7").post("/sign-in", {"name": user.name, "password": RIGHT}).status_code
            == 303
        )


@pytest.mark.parametrize(
    ("said", "believed"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("", "127.0.0.1"),
        ("rubbish", "127.0.0.1"),
    ],
)
def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(user, settings, said, believed):
    settings.BEHIND_PROXY = True
    Client().post("/sign-in", {"name": user.name, "password": "x"}, headers={"x-forwarded-for": said})
    assert AuditEntry.objects.get(code=FAILED).address == believed


def test_without_a_proxy_nobody_may_say_where_he_is(user):
    Client().post("/sign-in", {"name": user.name, "password": "x"}, headers={"x-forwarded-for": "203.0.113.9"})
    assert AuditEntry.objects.get(code=FAILED).address == "127.0.0.1"


def test_who_has_no_grant_is_told_whom_to_ask():
    add_user(name="new", password=RIGHT, now=NOW)
    assert refusal(name="new", password=RIGHT) == "foundation.account.no_store"


def test_a_deactivated_user_is_unknown(user):
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert refusal(name=user.name, password=RIGHT) == "foundation.account.wrong"


def test_the_page_signs_in_keeps_the_name_after_a_mistake_and_signs_out(user):
    client = Client()
    wrong = client.post("/sign-in", {"name": user.name, "password": "x"})
    assert wrong.status_code == 422
    assert user.name in wrong.content.decode()
    assert client.post("/sign-in", {"name": user.name, "password": RIGHT, "next": "/account"})["Location"] == "/account"
    assert client.get("/account").status_code == 200
    client.post("/sign-out")
    assert client.get("/account").status_code == 302


def test_the_way_on_never_leaves_the_house(user):
    answer = Client().post("/sign-in", {"name": user.name, "password": RIGHT, "next": "https://evil.example/"})
    assert answer["Location"].startswith("/")


def test_every_try_is_recorded(user):
    refusal(name=user.name, password="x")
    sign_in(name=user.name, password=RIGHT, now=NOW)
    codes = AuditEntry.objects.filter(thing_id=user.pk, thing="foundation.user").values_list("code", flat=True)
    assert sorted(codes) == ["foundation.account.sign_in_failed", "foundation.account.signed_in"]
