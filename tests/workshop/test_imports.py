"""Operations and skills from a file: what is read, what is refused with its cell, and what a second run does."""

from __future__ import annotations

import pytest

from cheyi.foundation.sources import Source
from cheyi.kernel import Hours
from cheyi.workshop.imports import KINDS, OPERATIONS, STAFF_SKILLS
from cheyi.workshop.models import LabourOp, OpHours, OpPart, TechnicianProfile, TechnicianSkill
from tests.foundation.org import NOW
from tests.workshop.shop import q, yuan

PAPER = Source("onboarding.import", 1, "工时.xlsx")


def applied(shop, kind, *rows):
    prepared = [kind.prepare(str(place), row) for place, row in enumerate(rows, 1)]
    assert [one.faults for one in prepared] == [()] * len(rows)
    answers = kind.apply([one.clean for one in prepared], store=shop.store, by=shop.manager, now=NOW, paper=PAPER)
    return [(one.kind, one.problem.code if one.problem else "") for one in answers]


def operation(**cells):
    return {"code": "zz001", "name": "清洗喷油嘴", "mid": "1.2", "skill": "机电", "kit": "OIL-5W30×0.5", **cells}


def test_the_examples_of_the_templates_can_be_read(shop):
    for kind in KINDS:
        row = {column.code: column.example for column in kind.columns}
        assert kind.prepare("1", row).faults == ()


def test_an_operation_comes_with_hours_skill_and_kit(shop):
    assert applied(shop, OPERATIONS, operation(energies="汽油、混动", high_voltage="否")) == [("new", "")]
    op = LabourOp.objects.get(code="ZZ001")
    assert (op.system, op.skill.code, op.energies) == ("ZZ", "mechanics", ["petrol", "hev"])
    assert OpHours.objects.get(op=op).hours == Hours.of("1.2")
    assert (OpPart.objects.get(op=op).part, OpPart.objects.get(op=op).quantity) == (shop.oil, q("0.5"))
    order = shop.opened("ZZ001")
    assert shop.labour(order).net == yuan(384)


def test_a_second_run_doubles_nothing_and_changes_nothing(shop):
    assert applied(shop, OPERATIONS, operation(), operation(name="再来一次")) == [("new", ""), ("here", "")]
    assert applied(shop, OPERATIONS, operation(name="改名")) == [("here", "")]
    assert LabourOp.objects.get(code="ZZ001").name == "清洗喷油嘴"
    assert OpHours.objects.filter(op__code="ZZ001").count() == 1


def test_an_operation_of_an_unknown_skill_or_part_is_refused(shop):
    answers = applied(shop, OPERATIONS, operation(skill="魔术"), operation(code="ZZ002", kit="XXX-1×1"))
    assert answers == [
        ("refused", "workshop.technician.unknown_skill"),
        ("refused", "parts.part.unknown_number"),
    ]
    assert LabourOp.objects.filter(code__startswith="ZZ").count() == 0


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"mid": "很久"}, "mid", "workshop.import.bad_hours"),
        ({"mid": "201"}, "mid", "workshop.import.bad_hours"),
        ({"mid": ""}, "mid", "workshop.import.no_hours"),
        ({"min_level": "6"}, "min_level", "workshop.import.bad_level"),
        ({"kit": "机油四升"}, "kit", "workshop.import.bad_kit"),
        ({"bay_kind": "天台"}, "bay_kind", "customers.import.bad_choice"),
        ({"name": ""}, "name", "customers.import.cell_missing"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(cells, column, code):
    prepared = OPERATIONS.prepare("1", operation(**cells))
    assert [(fault.column, fault.refused.code) for fault in prepared.faults] == [(column, code)]
    assert prepared.clean is None


def test_skills_come_with_levels_and_certificate(shop):
    person = shop.employee(shop.town.person("technician", "赵磊"))
    row = {
        "employee_no": person.no,
        "skills": "机电4、新能源三电 3级",
        "high_voltage_until": "2027-12-31",
        "hourly_cost": "58",
    }
    assert applied(shop, STAFF_SKILLS, row) == [("new", "")]
    profile = TechnicianProfile.objects.get(employee=person)
    assert (f"{profile.high_voltage_until}", profile.hourly_cost) == ("2027-12-31", yuan(58))
    levels = TechnicianSkill.objects.filter(profile=profile).values_list("skill__code", "level")
    assert dict(levels) == {"mechanics": 4, "ev": 3}
    assert applied(shop, STAFF_SKILLS, {**row, "skills": "机电1"}) == [("here", "")]
    assert dict(levels) == {"mechanics": 4, "ev": 3}


def test_skills_of_nobody_are_refused(shop):
    assert applied(shop, STAFF_SKILLS, {"employee_no": "E999", "skills": "机电4"}) == [
        ("refused", "workshop.import.nobody")
    ]


@pytest.mark.parametrize("text", ["机电", "机电9", "4"])
def test_a_skill_needs_its_level(text):
    prepared = STAFF_SKILLS.prepare("1", {"employee_no": "E1", "skills": text})
    assert [fault.refused.code for fault in prepared.faults] == ["workshop.import.bad_skills"]
