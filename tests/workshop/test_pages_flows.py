"""Flow profiles: which steps a store takes for which orders, changed on a page and by machine, what the law keeps."""

from __future__ import annotations

import re

import pytest

from cheyi.foundation.models import AuditEntry
from cheyi.kernel import Refused
from cheyi.workshop import actions
from cheyi.workshop.models import FlowProfile
from cheyi.workshop.rules.flow import ORDER_TYPES, SHIPPED
from tests.customers.visits import browser, send
from tests.foundation.org import NOW
from tests.workshop.shop import everything
from tests.workshop.test_api_people import call
from tests.workshop.test_pages_reception import at_desk

PAGE = "/workshop/flows"


@pytest.fixture
def manager(shop):
    return at_desk(shop.manager)


def shown(client):
    """The form as the page gives it: each field with the value that is chosen."""
    text = client.get(PAGE).content.decode()
    chosen = {}
    for name, inside in re.findall(r'<select[^>]* name="([\w-]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen[name] = re.search(r'value="(\w+)" selected', inside)[1]
    for tag in re.findall(r"<input type=\"(?:radio|checkbox)\"[^>]*>", text):
        if " checked" in tag:
            chosen[re.search(r'name="([\w-]+)"', tag)[1]] = re.search(r'value="(\w+)"', tag)[1]
    return chosen


def profile(code):
    return FlowProfile.objects.get(code=code)


def save(client, **changed):
    values = {**shown(client), **{name.replace("__", "-"): value for name, value in changed.items()}}
    return send(client, PAGE, htmx=True, **{name: value for name, value in values.items() if value})


def undo_latest(client):
    entry = AuditEntry.objects.exclude(inverse=None).latest("pk")
    return send(client, f"/undo/{entry.uid}", htmx=True)


def plain():
    return list(FlowProfile.objects.order_by("pk").values("code", "steps", "order_types", "advisor_dispatches"))


def test_the_page_shows_each_step_of_each_profile_and_which_order_types_use_it(shop, manager):
    found = shown(manager)
    steps = {name: value for name, value in found.items() if name.startswith("step-")}
    assert steps == {
        f"step-{one.code}-{step}": switch
        for one in SHIPPED
        for step, switch in one.steps.items()
        if (one.code, step) != ("major", "final_check")
    }
    types = {name.removeprefix("type-"): value for name, value in found.items() if name.startswith("type-")}
    assert types == {kind: one.code for one in SHIPPED for kind in one.order_types}
    assert (found["dispatches-express"], "dispatches-major" in found, found["starts-express"]) == ("on", False, "on")


def test_a_switch_and_a_type_are_changed_and_taken_back(shop, manager):
    before = plain()
    answer = save(manager, step__express__wash="required", type__detailing="standard")
    assert (answer.status_code, answer["HX-Redirect"]) == (200, PAGE)
    assert profile("express").steps["wash"] == "required"
    assert "detailing" in profile("standard").order_types
    assert "detailing" not in profile("express").order_types
    changed = AuditEntry.objects.get(code="workshop.flow.changed")
    assert changed.facts["before"]["express"]["steps"]["wash"] == "optional"
    assert changed.facts["after"]["express"]["steps"]["wash"] == "required"
    assert undo_latest(manager).status_code == 200
    assert plain() == before


def test_what_was_changed_again_meanwhile_is_not_taken_back(shop, manager):
    save(manager, step__express__wash="required")
    first = AuditEntry.objects.exclude(inverse=None).latest("pk")
    save(manager, step__express__wash="off")
    answer = send(manager, f"/undo/{first.uid}", htmx=True)
    assert (answer.status_code, answer["X-Problem"]) == (422, "foundation.undo.impossible")
    assert profile("express").steps["wash"] == "off"


def test_steps_count_at_once_and_types_from_the_next_order_on_as_the_page_says(shop, manager):
    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    save(manager, step__express__walk_around="required", type__maintenance="standard")
    with pytest.raises(Refused) as refusal:
        actions.start_job(shop.labour(order), by=wang, now=NOW)
    assert refusal.value.code == "workshop.order.walk_around_missing"
    later = shop.opened("DT004", car=shop.car("沪A80002", vin="", owner=False), order_type="maintenance")
    assert (shop.fresh(order).flow_profile.code, later.flow_profile.code) == ("express", "standard")
    text = manager.get(PAGE).content.decode()
    assert "步骤马上生效，在厂的工单也一样；工单类型从下一张开的工单起" in text


def test_what_the_law_demands_cannot_be_switched_off_and_says_why(shop, manager):
    text = manager.get(PAGE).content.decode()
    assert "二级维护、总成修理、整车修理按规定必须终检并发合格证，不管这里怎么设" in text
    assert 'name="step-major-final_check"' not in text
    before = everything(FlowProfile)
    answer = save(manager, step__major__final_check="off")
    assert (answer.status_code, answer["X-Problem"]) == (422, "workshop.flow.check_is_law")
    assert everything(FlowProfile) == before


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"step__express__wash": "sometimes"}, "workshop.flow.unknown_switch"),
        ({"type__repair": "moon"}, "workshop.flow.type_nowhere"),
        ({"type__repair": ""}, "workshop.flow.type_nowhere"),
    ],
)
def test_a_flow_that_makes_no_sense_is_refused_and_nothing_is_changed(shop, manager, changed, code):
    before = everything(FlowProfile, AuditEntry)
    answer = save(manager, **changed)
    assert (answer.status_code, answer["X-Problem"]) == (422, code)
    assert everything(FlowProfile, AuditEntry) == before


def test_others_than_who_sets_a_store_up_may_not(shop):
    for viewer in (shop.advisor, shop.foreman, shop.town.person("service_manager")):
        assert at_desk(viewer).get(PAGE).status_code == 403
        assert send(at_desk(viewer), PAGE, htmx=True).status_code == 403


def test_another_store_s_flow_stays_as_it_is(shop, manager):
    before = [row for row in everything(FlowProfile)["FlowProfile"] if row["store_id"] == shop.town.sister.pk]
    assert save(manager, step__express__wash="off").status_code == 200
    assert [row for row in everything(FlowProfile)["FlowProfile"] if row["store_id"] == shop.town.sister.pk] == before


def test_the_refusal_for_an_order_without_a_flow_leads_the_manager_there(shop, manager):
    FlowProfile.objects.filter(code="express").update(order_types=[])
    address = f"/workshop/reception/cars/{shop.car().pk}/open"
    with pytest.raises(Refused) as refusal:
        shop.opened("DT004")
    assert refusal.value.code == "workshop.flow.no_profile"
    for client, leads in ((manager, True), (at_desk(shop.advisor), False)):
        answer = send(client, address, htmx=True, job="DT004|customer|", act="open")
        assert (answer.status_code, answer["X-Problem"]) == (422, "workshop.flow.no_profile")
        assert ('<a href="/workshop/flows"' in answer.content.decode()) is leads


def test_a_machine_reads_and_changes_the_flow_with_the_same_refusals(shop):
    client = browser(shop.manager)
    flows = client.get("/api/v1/flows").json()["flows"]
    assert [one["code"] for one in flows] == ["express", "standard", "major"]
    assert sorted(kind for one in flows for kind in one["order_types"]) == sorted(ORDER_TYPES)
    express = {**flows[0], "steps": {**flows[0]["steps"], "wash": "off"}}
    assert express.pop("name") == "快保"
    made = call(client, "/flows/set", flows=[express])
    assert (made.status_code, made.json()["flows"][0]["steps"]["wash"]) == (200, "off")
    assert call(client, f"/undo/{made.headers['X-Undo']}").status_code == 200
    assert profile("express").steps["wash"] == "optional"
    for changed, code in (
        ({"order_types": []}, "workshop.flow.type_nowhere"),
        ({"order_types": [*express["order_types"], "repair"]}, "workshop.flow.type_twice"),
        ({"order_types": [*express["order_types"], "voyage"]}, "workshop.order.unknown_type"),
        ({"steps": {"polish": "off"}}, "workshop.flow.unknown_step"),
        ({"code": "moon"}, "workshop.flow.unknown"),
    ):
        before = everything(FlowProfile)
        refused = call(client, "/flows/set", flows=[{**express, **changed}])
        assert (refused.status_code, refused.json()["code"]) == (422, code)
        assert everything(FlowProfile) == before
    assert call(browser(shop.advisor), "/flows/set", flows=[express]).status_code == 403
