"""Ctrl K: the same box, with the places of one's own rail first; and the start page's query budget."""

from __future__ import annotations

import pytest
from django.test import Client

from cheyi.foundation.web.viewers import SESSION_USER
from tests.foundation.org import found_town

HX = {"HX-Request": "true"}


@pytest.fixture
def signed_in(db):
    def sign_in(role: str) -> Client:
        client = Client()
        session = client.session
        session[SESSION_USER] = found_town().person(role).user_id
        session.save()
        return client

    return sign_in


def test_commands_without_a_text_are_the_places_of_ones_own_rail(signed_in):
    text = signed_in("cashier").get("/search", {"q": "", "commands": "1"}, headers=HX).content.decode()
    assert 'href="/workshop/counter"' in text
    assert 'href="/account"' in text
    assert "/workshop/my-jobs" not in text


def test_a_typed_text_narrows_the_commands(signed_in):
    text = signed_in("cashier").get("/search", {"q": "结算", "commands": "1"}, headers=HX).content.decode()
    assert 'href="/workshop/counter"' in text
    assert 'href="/account"' not in text


def test_without_the_chord_no_command_is_shown(signed_in):
    assert "/account" not in signed_in("cashier").get("/search", {"q": "结算"}, headers=HX).content.decode()


def test_the_start_page_costs_few_queries(signed_in, django_assert_max_num_queries):
    client = signed_in("administrator")
    with django_assert_max_num_queries(12):
        text = client.get("/start").content.decode()
    assert "cheyi unlock" in text
