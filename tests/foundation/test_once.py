"""A form has its effect once, whatever happens on the way (reliability.md 4.5)."""

import pytest
from django.test import Client, override_settings

from cheyi.foundation.models import AuditEntry, IdempotencyKey, Team
from cheyi.foundation.scope import everywhere
from cheyi.foundation.web.viewers import SESSION_USER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]


@pytest.fixture
def trial():
    with override_settings(ROOT_URLCONF="tests.foundation.trial_urls"):
        yield


def signed_in(viewer) -> Client:
    client = Client(raise_request_exception=False)
    session = client.session
    session[SESSION_USER] = viewer.user_id
    session.save()
    return client


def teams() -> list[str]:
    with everywhere("counting"):
        return sorted(Team.objects.values_list("name", flat=True))


def test_the_same_form_sent_twice_has_one_effect_and_the_same_answer(town):
    client = signed_in(town.person("advisor"))
    first = client.post("/write", {"name": "a", "_key": "k1"})
    second = client.post("/write", {"name": "a", "_key": "k1"})
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"]) == (303, "/home")
    assert second["X-Replayed"] == "1"
    assert teams() == ["a"]


def test_the_same_key_with_other_values_is_refused(town):
    client = signed_in(town.person("advisor"))
    client.post("/write", {"name": "a", "_key": "k1"})
    answer = client.post("/write", {"name": "b", "_key": "k1"})
    assert (answer.status_code, answer["X-Problem"]) == (422, "foundation.form.key_reused")
    assert teams() == ["a"]


def test_a_form_without_a_key_is_refused(town):
    answer = signed_in(town.person("advisor")).post("/write", {"name": "a"})
    assert (answer.status_code, answer["X-Problem"]) == (422, "foundation.form.no_key")
    assert teams() == []


def test_two_users_may_use_the_same_key(town):
    for name in ("one", "two"):
        signed_in(town.person("advisor", name)).post("/write", {"name": name, "_key": "k1"})
    assert teams() == ["one", "two"]


def test_a_refusal_leaves_nothing_and_the_corrected_form_passes_with_the_same_key(town):
    client = signed_in(town.person("advisor"))
    refused = client.post("/write", {"name": "refuse", "_key": "k1"})
    assert (refused.status_code, refused["X-Problem"]) == (422, "foundation.undo.impossible")
    assert not IdempotencyKey.objects.exists()
    assert client.post("/write", {"name": "a", "_key": "k1"}).status_code == 303
    assert teams() == ["a"]


def test_an_error_answer_undoes_the_effect(town):
    client = signed_in(town.person("advisor"))
    assert client.post("/form-error", {"name": "a", "_key": "k1"}).status_code == 422
    assert teams() == []


def test_a_program_error_undoes_the_effect_and_the_retry_has_it_once(town):
    client = signed_in(town.person("advisor"))
    assert client.post("/write", {"name": "broken", "_key": "k1"}).status_code == 500
    assert teams() == []


def test_a_partial_request_is_told_where_to_go_and_what_can_be_undone(town):
    client = signed_in(town.person("advisor"))
    answer = client.post("/write", {"name": "a", "_key": "k1"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/home")
    with everywhere("looking"):
        entry = AuditEntry.objects.get(code="foundation.trial.added")
    assert str(entry.uid) in answer.cookies["cheyi_toast"].value


def test_who_is_not_signed_in_is_asked_to_and_comes_back():
    answer = Client().get("/teams/1?x=1")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in?next=/teams/1%3Fx%3D1")
    assert Client().post("/write", {"name": "a", "_key": "k"}).status_code == 302


def test_who_lacks_the_right_is_told_and_it_is_recorded(town):
    answer = signed_in(town.person("technician")).post("/write", {"name": "a", "_key": "k"})
    assert (answer.status_code, answer["X-Problem"]) == (403, "foundation.access.no_right")
    assert AuditEntry.objects.get(code="foundation.access.refused").facts == {"what": "foundation.trial.write"}
    assert teams() == []


@pytest.mark.parametrize("partial", [False, True])
def test_who_could_help_is_named_once(town, partial):
    headers = {"HX-Request": "true"} if partial else {}
    answer = signed_in(town.person("technician")).post("/write", {"name": "a", "_key": "k"}, headers=headers)
    text = answer.content.decode()
    assert [text.count(words) for words in ("你的岗位没有这个权限", "找店总", "管理员")] == [1 + (not partial), 1, 1]


def test_a_row_of_a_sister_store_is_not_there(town):
    with everywhere("preparing"):
        there = Team.objects.create(store=town.sister, name="theirs", created_at=town.store.created_at)
    answer = signed_in(town.person("advisor")).get(f"/teams/{there.pk}")
    assert (answer.status_code, answer["X-Problem"]) == (404, "foundation.access.not_found")
    assert b"theirs" not in answer.content


def test_an_address_refuses_other_methods(town):
    assert signed_in(town.person("advisor")).post("/teams/1", {"_key": "k"}).status_code == 405
