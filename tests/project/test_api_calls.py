"""A call by token: whose it is, how long it lives, what it may; said twice it has one effect; unreadable ones are refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from cheyi.foundation.models import ApiToken, IdempotencyKey, User
from cheyi.foundation.scope import everywhere, within
from cheyi.project.accounts import make_token, revoke_token
from cheyi.settlement.models import CashierShift
from tests.foundation.org import found_town
from tests.race import at_once

OPEN = "/api/v1/shifts/open"
BODY = b'{"float_fen": 50000}'


def now():
    return datetime.now(UTC)


def token_of(town, role="cashier", **details):
    user = User.objects.get(pk=town.person(role).user_id)
    return make_token(user, **{"store": town.store, "name": "till", "now": now(), **details})


def post(token, body=BODY, *, key="k1", kind="application/json", where=OPEN, **headers):
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, **headers}
    return Client(raise_request_exception=False).generic("POST", where, body, content_type=kind, headers=headers)


def shifts():
    with everywhere("counting"):
        return CashierShift.objects.count()


def test_a_token_works_until_it_is_revoked_or_its_day_has_come(town):
    token, short = token_of(town), token_of(town, expires_at=now() - timedelta(seconds=1))
    assert post(token).json()["state"] == "open"
    revoke_token(ApiToken.objects.order_by("pk")[0], now=now())
    for worthless in (token, short, "cheyi_made-up", ""):
        answer = post(worthless, key="k2")
        assert (answer.status_code, answer.json()["code"]) == (401, "foundation.account.unknown")
    assert shifts() == 1


def test_a_narrowed_token_may_only_what_it_names(town):
    narrow = token_of(town, permissions=["settlement.bill.view"])
    assert (post(narrow).status_code, post(narrow).json()["code"]) == (403, "foundation.access.no_right")
    asked = Client().get("/api/v1/bills", headers={"Authorization": f"Bearer {narrow}"})
    assert (asked.status_code, asked.json()) == (200, {"bills": [], "next": None})
    assert shifts() == 0


def test_the_same_key_gives_the_same_answer_and_another_body_is_refused(town):
    token = token_of(town)
    first, again = post(token), post(token)
    assert (first.json(), first.status_code) == (again.json(), again.status_code)
    assert again.headers["X-Replayed"] == "1"
    other = post(token, b'{"float_fen": 1}')
    assert (other.status_code, other.json()["code"]) == (422, "foundation.form.key_reused")
    assert (shifts(), IdempotencyKey.objects.count()) == (1, 1)


@pytest.mark.parametrize("key", ["", "\x00", "a\nb", "k" * 256])
def test_a_verb_without_a_sound_key_does_nothing(town, key):
    answer = post(token_of(town), key=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "foundation.form.no_key")
    assert shifts() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"float_fen=1",
        b"[1",
        b"\xff\xfe{}",
        b'{"float_fen": 1, "float_fen": 2}',
        b'{"float_fen": NaN}',
        b'{"float_fen": 9223372036854775808}',
        b'{"float_fen": ' + b"9" * 5000 + b"}",
        b'{"note": "\\u0000"}',
        b'{"note": "\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 500 + b"1" + b"}" * 500,
        b"\x1f\x8b\x08\x00 a packed bomb",
    ],
)
def test_what_cannot_be_read_is_refused_in_the_asked_language(town, body):
    token = token_of(town)
    answer = post(token, body, **{"Accept-Language": "en"})
    assert answer.status_code in {400, 422}, answer.content
    assert answer.json()["message"].startswith(("This cannot be read", "Something in the call does not fit"))
    chinese = post(token, body, **{"Accept-Language": "zh-CN"}).json()
    assert (chinese["code"], chinese["message"][:4]) in {
        ("foundation.form.unreadable", "无法读取"),
        ("foundation.form.invalid", chinese["message"][:4]),
    }
    assert (shifts(), IdempotencyKey.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("kind", "headers", "status", "code"),
    [
        ("text/plain", {}, 415, "foundation.form.wrong_media"),
        ("application/x-www-form-urlencoded", {}, 415, "foundation.form.wrong_media"),
        ("application/json", {"Content-Encoding": "gzip"}, 415, "foundation.form.wrong_media"),
    ],
)
def test_another_kind_of_body_is_named(town, kind, headers, status, code):
    answer = post(token_of(town), kind=kind, **headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert shifts() == 0


def test_a_body_that_is_too_large_and_a_method_that_is_unknown_are_problems_too(town):
    token = token_of(town)
    large = post(token, b'{"note": "' + b"x" * (2 * 1024 * 1024) + b'"}')
    assert (large.status_code, large.json()["code"]) == (413, "foundation.form.too_large")
    wrong = Client().delete(OPEN, headers={"Authorization": f"Bearer {token}"})
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "POST")
    assert wrong.json()["code"] == "foundation.form.wrong_method"
    assert Client().get("/api/v1/nothing").json()["code"] == "foundation.access.not_found"


def test_what_does_not_fit_is_named_field_by_field(town):
    answer = post(token_of(town), json.dumps({"float_fen": "x", "flaot": 1}).encode(), **{"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["fields"]) == (
        422,
        {"float_fen": "must be a whole number", "flaot": "is not known here"},
    )


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_processes_send_the_same_key_at_once():
    town = found_town()
    with within(town.store):
        token = token_of(town)

    def send(_):
        answer = post(token)
        return answer.status_code, answer.json().get("id")

    answers = at_once(send, 3)
    assert shifts() == 1
    with everywhere("the one"):
        assert answers == [(200, CashierShift.objects.get().pk)] * 3
