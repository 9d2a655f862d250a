"""Bays and technicians' profiles: added, changed, out of use, each with its undo; what they mean for the plan."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import unquote

import pytest

from cheyi.foundation.models import AuditEntry, Employee
from cheyi.workshop import actions
from cheyi.workshop.actions import Placement
from cheyi.workshop.models import Bay, TechnicianProfile, TechnicianSkill
from cheyi.workshop.planning import standing
from cheyi.workshop.queries.board import board, stamp
from tests.customers.visits import send
from tests.foundation.org import NOW
from tests.workshop.shop import everything, yuan
from tests.workshop.test_pages_reception import at_desk

PAGE = "/workshop/bays"
PEOPLE = "/workshop/technicians"


@pytest.fixture
def foreman(shop):
    return at_desk(shop.foreman)


def undo_latest(client):
    entry = AuditEntry.objects.exclude(inverse=None).latest("pk")
    return send(client, f"/undo/{entry.uid}", htmx=True)


def bay(code):
    return Bay.objects.get(code=code)


def codes(shop):
    return [(one.kind, one.ev_safe) for one in standing(shop.store, NOW).shop.bays]


def test_a_bay_is_added_and_the_plan_knows_it(shop, foreman):
    before = (codes(shop), stamp(shop.store, NOW))
    answer = send(foreman, f"{PAGE}/add", htmx=True, code=" 新能源2 ", kind="ev", ev_safe="on")
    assert (answer.status_code, answer["HX-Trigger"]) == (200, "cheyi:changed")
    assert "已加工位 新能源2" in unquote(answer.headers["X-Toast"])
    assert codes(shop) == [*before[0], ("ev", True)]
    assert stamp(shop.store, NOW) != before[1]
    assert undo_latest(foreman).status_code == 200
    assert (codes(shop), bay("新能源2").active) == (before[0], False)


@pytest.mark.parametrize(
    ("typed", "code", "field"),
    [
        ({"code": "  "}, "no_code", "code"),
        ({"code": "G1"}, "code_taken", "code"),
        ({"code": "12345678901"}, "long_code", "code"),
        ({"kind": "moon"}, "unknown_kind", "kind"),
    ],
)
@pytest.mark.parametrize("what", ["add", "change"])
def test_a_bay_that_makes_no_sense_is_refused_beside_its_field(shop, foreman, what, typed, code, field):
    before = everything(Bay)
    address = f"{PAGE}/add" if what == "add" else f"{PAGE}/{bay('E1').pk}"
    answer = send(foreman, address, htmx=True, **{"code": "H7", "kind": "general", **typed})
    assert (answer.status_code, answer["X-Problem"]) == (422, f"workshop.bay.{code}")
    assert f'data-field="{field}"' in answer.content.decode()
    assert everything(Bay) == before


def test_a_bay_out_of_use_says_what_stands_in_it_and_takes_no_further_work(shop, foreman):
    wang, general = shop.technician(), bay("G1")
    order = shop.opened("CH001", to=wang)
    line = shop.labour(order)
    actions.assign(
        order, placements=[Placement(line.pk, wang.employee_id, bay_id=general.pk)], by=shop.foreman, now=NOW
    )
    text = foreman.get(PAGE).content.decode()
    assert re.search(rf'id="bay-{general.pk}".*?沪A·80001.*?{line.name}', text, re.DOTALL)
    assert "还派着" in foreman.get(f"{PAGE}/{general.pk}").content.decode()
    answer = send(foreman, f"{PAGE}/{general.pk}", htmx=True, code="G1", kind="general", out="on")
    assert "工位 G1 停用，还派着 沪A80001" in unquote(answer.headers["X-Toast"])
    assert codes(shop) == [("ev", True)]
    blocks = [block for lane in board(shop.store, NOW, by_bay=True).lanes for block in lane.blocks]
    assert [block.order_id for block in blocks] == [order.pk]
    assert undo_latest(foreman).status_code == 200
    assert bay("G1").active


def test_undo_of_a_bay_is_refused_when_it_was_changed_meanwhile(shop, foreman):
    pk = bay("G1").pk
    send(foreman, f"{PAGE}/{pk}", htmx=True, code="G1", kind="express")
    first = AuditEntry.objects.exclude(inverse=None).latest("pk")
    send(foreman, f"{PAGE}/{pk}", htmx=True, code="G9", kind="express")
    assert send(foreman, f"/undo/{first.uid}", htmx=True)["X-Problem"] == "foundation.undo.impossible"
    assert bay("G9").kind == "express"


def test_the_pages_stay_within_their_queries(shop, foreman, django_assert_max_num_queries):
    for number in range(5):
        shop.technician(f"技师{number}")
        Bay.objects.create(store=shop.store, code=f"Q{number}", created_at=NOW)
    with django_assert_max_num_queries(5):
        foreman.get(PAGE)
    with django_assert_max_num_queries(7):
        foreman.get(PEOPLE)


# --- technicians ---------------------------------------------------------------------------------------------------------


def save(client, person, **typed):
    words = {"active": "on", "high_voltage_no": "", "high_voltage_until": "", **typed}
    return send(client, f"{PEOPLE}/{person}", htmx=True, **words)


def levels(person):
    rows = TechnicianSkill.objects.filter(profile__employee_id=person).order_by("skill__code")
    return dict(rows.values_list("skill__code", "level"))


def test_skills_are_set_as_a_whole_and_come_back_by_undo_with_the_cost_kept(shop, foreman):
    who = shop.technician(mechanics=4, electrics=3).employee_id
    answer = save(foreman, who, **{"level-mechanics": "5", "level-diagnosis": "1", "level-electrics": ""})
    assert answer.status_code == 200, answer.content.decode()
    assert levels(who) == {"diagnosis": 1, "mechanics": 5}
    assert TechnicianProfile.objects.get(employee_id=who).hourly_cost == yuan(60)
    assert undo_latest(foreman).status_code == 200
    assert levels(who) == {"electrics": 3, "mechanics": 4}


def test_a_certificate_is_never_supposed(shop, foreman):
    who = shop.technician(mechanics=4).employee_id
    text = foreman.get(f"{PEOPLE}/{who}").content.decode()
    assert re.findall(r'name="high_voltage_(?:no|until)"[^>]*value="([^"]*)"', text) == ["", ""]
    for typed, field in (
        ({"high_voltage_no": "HV1"}, "high_voltage_until"),
        ({"high_voltage_until": "2030-01-01"}, "high_voltage_no"),
    ):
        answer = save(foreman, who, **{"level-mechanics": "4"}, **typed)
        assert (answer.status_code, answer["X-Problem"]) == (422, "workshop.technician.half_certificate")
        assert f'data-field="{field}"' in answer.content.decode()
    assert not board(shop.store, NOW).people[who].has_hv
    both = {"high_voltage_no": "HV1", "high_voltage_until": "2030-01-01"}
    assert save(foreman, who, **{"level-mechanics": "4"}, **both).status_code == 200
    assert board(shop.store, NOW).people[who].has_hv
    row = TechnicianProfile.objects.get(employee_id=who)
    assert (row.high_voltage_no, row.high_voltage_until) == ("HV1", date(2030, 1, 1))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"level-mechanics": "6"}, "workshop.technician.bad_level"),
        ({"level-mechanics": "1000000000"}, "workshop.technician.bad_level"),
        ({"level-mechanics": "0"}, "workshop.technician.no_skill"),
        ({"level-mechanics": "-1"}, "workshop.technician.no_skill"),
        ({"level-mechanics": "🎉"}, "workshop.technician.no_skill"),
        ({"high_voltage_no": "1", "high_voltage_until": "2026-02-30"}, "foundation.calendar.bad_day"),
        ({"high_voltage_no": "1", "high_voltage_until": "2099-01-01"}, "workshop.technician.far_certificate"),
    ],
)
def test_a_profile_that_makes_no_sense_is_refused_and_nothing_changes(shop, foreman, typed, code):
    who = shop.technician(mechanics=4).employee_id
    before = everything(TechnicianProfile, TechnicianSkill, AuditEntry)
    answer = save(foreman, who, **{"level-mechanics": "4", **typed})
    assert (answer.status_code, answer["X-Problem"]) == (422, code)
    assert everything(TechnicianProfile, TechnicianSkill, AuditEntry) == before


def test_a_colleague_becomes_a_technician_and_undone_is_none(shop, foreman):
    who = shop.inspector.employee_id
    assert f"{PEOPLE}/{who}" in foreman.get(PEOPLE).content.decode()
    assert save(foreman, who, **{"level-diagnosis": "4"}).status_code == 200
    assert who in board(shop.store, NOW).people
    assert undo_latest(foreman).status_code == 200
    assert who not in board(shop.store, NOW).people


def test_who_works_elsewhere_in_the_group_is_not_there(shop, foreman):
    other = shop.town.person("technician", "外店", store=shop.town.sister)
    assert Employee.objects.filter(pk=other.employee_id, home_store=shop.town.sister).exists()
    assert foreman.get(f"{PEOPLE}/{other.employee_id}").status_code == 404
    assert save(foreman, other.employee_id, **{"level-diagnosis": "4"}).status_code == 404


def test_who_leaves_the_workshop_is_planned_no_more(shop, foreman):
    who = shop.technician(mechanics=4).employee_id
    save(foreman, who, **{"level-mechanics": "4"}, active="on")
    send(
        foreman,
        f"{PEOPLE}/{who}",
        htmx=True,
        **{"level-mechanics": "4", "high_voltage_no": "", "high_voltage_until": ""},
    )
    assert who not in board(shop.store, NOW).people
    assert undo_latest(foreman).status_code == 200
    assert who in board(shop.store, NOW).people


@pytest.mark.parametrize("role", ["advisor", "technician"])
def test_others_are_refused(shop, role):
    client = at_desk(shop.town.person(role))
    for address in (PAGE, f"{PAGE}/add", f"{PAGE}/{bay('G1').pk}", PEOPLE):
        assert client.get(address).status_code == 403
