"""People by machine: the page's verbs with its refusals; passwords and links have no address there."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from cheyi.foundation.models import Employee, PasswordLink, User
from cheyi.foundation.pages.addresses import addresses
from cheyi.foundation.scope import everywhere
from cheyi.foundation.sign_in import WRONG_TRIES, sign_in
from cheyi.foundation.web.viewers import SESSION_PROVED
from cheyi.kernel import Refused
from cheyi.project.accounts import make_token
from tests.permissions.asking import signed_in

AT = "/api/v1/colleagues"
SHOWN = {"id", "no", "name", "sign_in", "home_store_id", "state", "last_sign_in_at"}


@pytest.fixture
def token(town):
    return token_of(town, "administrator")


def token_of(town, role):
    user = User.objects.get(pk=town.person(role).user_id)
    return make_token(user, store=town.store, name="people", now=datetime.now(UTC))


def asked(token, way="", **query):
    return Client().get(AT + way, query, headers={"Authorization": f"Bearer {token}"})


def call(token, way, body, key="k1"):
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Accept-Language": "en"}
    return Client().post(AT + way, json.dumps(body), content_type="application/json", headers=headers)


def hired(token, town, key="hire", **more):
    body = {"name": "王建国", "roles": [{"role": "technician", "store_id": town.store.pk}], **more}
    return call(token, "", body, key)


def test_somebody_is_hired_once_and_read_again(town, token):
    first, again = hired(token, town), hired(token, town)
    said = first.json()
    assert (first.status_code, again.json(), again["X-Replayed"]) == (200, said, "1")
    assert (said["name"], said["sign_in"], said["state"], said["version"]) == ("王建国", "wangjianguo", "waits", 1)
    assert said["roles"] == [{"role": "technician", "store_id": town.store.pk}]
    assert asked(token, f"/{said['id']}").json() == said
    assert PasswordLink.objects.count() == 0


def test_the_list_turns_its_pages_and_shows_the_same_to_each_role_that_may(town, token):
    hired(token, town)
    rows = asked(token, q="王建").json()
    assert (rows["next"], [row["name"] for row in rows["colleagues"]]) == (None, ["王建国"])
    assert set(rows["colleagues"][0]) == SHOWN
    manager = asked(token_of(town, "store_manager")).json()["colleagues"]
    assert sorted(row["name"] for row in manager) == sorted(["administrator", "store_manager", "王建国"])


def test_roles_are_changed_with_the_version_that_was_read(town, token):
    one = hired(token, town).json()
    body = {"version": 1, "name": "王建国", "roles": [{"role": "headquarters"}]}
    changed = call(token, f"/{one['id']}/change", body)
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert changed.json()["roles"] == [{"role": "headquarters", "store_id": None}]
    late = call(token, f"/{one['id']}/change", {**body, "roles": [{"role": "administrator"}]}, "k2")
    assert (late.status_code, late.json()["code"]) == (422, "foundation.colleague.changed_meanwhile")


def test_leaving_is_undone_by_what_its_answer_names(town, token):
    one = hired(token, town).json()
    left = call(token, f"/{one['id']}/leave", {})
    assert left.json()["state"] == "left"
    assert asked(token).json()["colleagues"][-1]["name"] != "王建国"
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "u"}
    undone = Client().post(f"/api/v1/undo/{left['X-Undo']}", "{}", content_type="application/json", headers=headers)
    assert (undone.status_code, asked(token, f"/{one['id']}").json()["state"]) == (200, "waits")


def test_leaving_and_coming_back_are_verbs_too(town, token):
    one = hired(token, town).json()
    call(token, f"/{one['id']}/leave", {})
    assert call(token, f"/{one['id']}/come-back", {}, "k2").json()["state"] == "waits"


def test_a_lock_is_released_with_its_reason(town, token):
    technician = town.person("technician", "王强")
    name = User.objects.get(pk=technician.user_id).name
    for _ in range(WRONG_TRIES):
        with pytest.raises(Refused):
            sign_in(name=name, password="x", now=datetime.now(UTC))
    way = f"/{technician.employee_id}/release"
    assert call(token, way, {"reason": ""}).json()["code"] == "foundation.colleague.no_reason"
    assert call(token, way, {"reason": "in person"}, "k2").status_code == 200


def test_an_administrator_s_token_cannot_raise_its_own_owner(town, token):
    me = town.person("administrator")
    body = {"version": 1, "name": "administrator", "roles": [{"role": "store_manager", "store_id": town.store.pk}]}
    answer = call(token, f"/{me.employee_id}/change", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "foundation.colleague.own_roles")


@pytest.mark.parametrize(
    "roles", [[], [{"role": "technician"}], [{"role": "customer", "store_id": 1}], [{"role": "x"}]]
)
def test_roles_that_cannot_be_given_are_refused_at_their_field(town, token, roles):
    answer = hired(token, town, roles=roles)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["roles"])
    with everywhere("the test looks"):
        assert not Employee.objects.filter(name="王建国").exists()


def test_a_browser_s_session_has_to_have_proved_its_person_lately(town):
    browser = signed_in(town.person("administrator"))
    body = {"name": "王建国", "roles": [{"role": "technician", "store_id": town.store.pk}]}
    session = browser.session
    session[SESSION_PROVED] = (datetime.now(UTC) - timedelta(minutes=31)).timestamp()
    session.save()
    answer = browser.post(AT, body, content_type="application/json", headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["code"]) == (422, "foundation.account.prove_again")


def test_no_address_of_the_api_speaks_of_passwords_or_links():
    ways = [address.pattern for address in addresses() if address.pattern.startswith("api/v1/colleagues")]
    assert len(ways) == 7
    assert not [way for way in ways if "link" in way or "password" in way]
