"""What the first administrator is told: what comes first, ticked by what is there, gone with the first order."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation

from cheyi.foundation import acts, calendar
from cheyi.foundation.access import viewer_of
from cheyi.foundation.models import AuditEntry, Grant, Store, User
from cheyi.foundation.scope import within
from cheyi.foundation.web.viewers import SESSION_USER
from cheyi.project import accounts
from cheyi.project.first_steps import steps
from cheyi.vehicles.models import Vehicle
from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted
from tests.foundation.org import found_town
from tests.project.moving_in import FILES, NOW, begun, taken_over

pytestmark = pytest.mark.django_db
FROM_FILES = ["Customers", "Cars", "Parts", "Stock"]
PEOPLE = ["Colleagues and their roles", "A password for each colleague"]


def page_of(user):
    client = Client()
    session = client.session
    session[SESSION_USER] = user.pk
    session.save()
    return client.get("/start").content.decode()


def left_to_do(user, store):
    with translation.override("en"), within(store):
        found = steps(viewer_of(user.pk, store_id=store.pk), store)
        return [str(step.title) for step in found if not step.is_done]


def test_the_start_page_of_a_new_store_leads_to_the_page_of_each_first_step():
    user, _store = begun()
    page = page_of(user)
    assert "先做这些" in page
    card = page[page.index("先做这些") : page.index("可以去")]
    assert re.findall(r'<a [^>]*href="(/[^"]*)"', card) == [
        *("/opening-hours", "/colleagues", "/colleagues"),
        *("/import/customers", "/import/vehicles", "/import/parts", "/import/stock"),
        "/workshop/reception",
    ]
    assert "没有等你的事" not in page


def test_each_step_is_ticked_by_what_is_there(tmp_path):
    user, store = begun()
    assert left_to_do(user, store) == ["Opening hours", *PEOPLE, *FROM_FILES, "The first order"]
    with within(store):
        calendar.set_week(store, week=calendar.week_of(store), by=viewer_of(user.pk, store_id=store.pk), now=NOW)
    assert left_to_do(user, store) == [*PEOPLE, *FROM_FILES, "The first order"]
    for kind, title in (
        ("staff", PEOPLE[0]),
        *zip(("customers", "vehicles", "parts", "stock"), FROM_FILES, strict=True),
    ):
        assert title in left_to_do(user, store)
        taken_over(kind, FILES[kind], store, tmp_path)
        assert title not in left_to_do(user, store)
    assert left_to_do(user, store) == [PEOPLE[1], "The first order"]
    accounts.unlock(User.objects.get(name="chen"), password="kirsche fliegt heim", now=NOW)
    assert left_to_do(user, store) == [PEOPLE[1], "The first order"]
    accounts.unlock(User.objects.get(name="wang"), password="pflaume bleibt da", now=NOW)
    assert left_to_do(user, store) == ["The first order"]
    assert page_of(user).count("已完成") == 7


def test_the_steps_are_gone_once_the_first_order_is_opened_but_not_for_a_draft(tmp_path):
    user, store = begun(works_alone=True)
    for kind, text in FILES.items():
        taken_over(kind, text, store, tmp_path)
    with within(store):
        viewer = viewer_of(user.pk, store_id=store.pk)
        draft = actions.receive(vehicle=Vehicle.objects.get(), request_text="保养", by=viewer, now=NOW)
        assert steps(viewer, store)[-1].url == "/workshop/reception"
        actions.open_order(vehicle=Vehicle.objects.get(), draft=draft, jobs=[JobWanted("ZZ01")], by=viewer, now=NOW)
        assert steps(viewer, store) == []
    assert "先做这些" not in page_of(user)


def test_the_steps_cost_one_query(django_assert_num_queries):
    user, store = begun()
    viewer = viewer_of(user.pk, store_id=store.pk)
    with within(store), django_assert_num_queries(1):
        assert len(steps(viewer, store)) == 8


def test_who_only_administers_is_told_who_opens_the_first_order():
    town = found_town()
    viewer = town.person("administrator")
    with within(town.store):
        assert steps(viewer, town.store)[-1].url == ""
    assert "由服务顾问在接车页开单" in page_of(User.objects.get(pk=viewer.user_id))


def test_the_hours_that_come_with_a_store_and_those_put_back_are_nobody_s_choice():
    user, store = begun()
    viewer = viewer_of(user.pk, store_id=store.pk)
    with within(store):
        calendar.set_week(store, week={0: calendar.USUAL_DAY}, by=viewer, now=NOW)
    assert "Opening hours" not in left_to_do(user, store)
    entry = AuditEntry.objects.get(code="foundation.calendar.week_set")
    with within(store):
        acts.undo(entry.uid, by=viewer, now=NOW)
    assert "Opening hours" in left_to_do(user, store)


def test_who_does_not_run_the_installation_is_not_told():
    begun()
    manager = User.objects.create(name="manager", password="!", created_at=NOW)
    Grant.objects.create(user=manager, role="headquarters", store=Store.objects.get(), created_at=NOW)
    assert "先做这些" not in page_of(manager)
