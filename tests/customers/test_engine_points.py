"""Points at the desk: the vectors of domain.md 6.10, disguises, families, firms, foreigners and bare names."""

from datetime import date

import pytest

from cheyi.customers.engine.marks import Person, asking_keys, kept_keys, marks_of
from cheyi.customers.engine.points import POINTS, Register, match
from tests.simulators import people

TODAY = date(2026, 6, 15)
WANG = Person(
    1, "王建国", ("13800138000",), ("沪A12345",), ("LSVAA4184N2183294",), series="海豹", asked_on=date(2026, 6, 1)
)


def judged(known=WANG, **asked):
    return match(marks_of(Person(**asked)), marks_of(known))


@pytest.mark.parametrize("name", ["王建国", "李丽", "", "J. Smith", "某某有限公司"])
def test_the_same_mobile_blocks_whatever_the_name(name):
    found = judged(name=name, phones=("+86 138-0013-8000",))
    assert found.answer == "same"
    assert found.reasons[0] == "mobile"
    assert found.points >= 100


@pytest.mark.parametrize(
    ("asked", "points", "answer", "reasons"),
    [
        (
            {"name": "王建国", "phones": ("13800138001",), "series": "海豹", "asked_on": TODAY},
            85,
            "maybe",
            ("mobile_near", "name", "series"),
        ),
        ({"name": "王建国", "phones": ("13800183000",)}, 70, "maybe", ("mobile_near", "name")),
        (
            {"name": "王先生", "phones": ("13900001111",), "series": "海豹", "asked_on": TODAY},
            20,
            "new",
            ("series", "surname"),
        ),
        ({"name": "王健国", "phones": ("13800183000",)}, 60, "maybe", ("mobile_near", "pinyin")),
        ({"name": "王先生", "phones": ("13800183000",)}, 60, "maybe", ("mobile_near", "courtesy")),
        ({"name": "王键人", "phones": ("13800183000",)}, 55, "new", ("mobile_near", "surname")),
        ({"name": "王建回", "phones": ("13800183000",)}, 60, "maybe", ("mobile_near", "name_near")),
        ({"name": "王建国", "phones": ("1380013800",)}, 70, "maybe", ("mobile_near", "name")),
        ({"name": "赵六", "plates": ("沪a·I2345",)}, 80, "maybe", ("plate",)),
        ({"name": "赵六", "plates": ("沪A1Z345",)}, 50, "new", ("plate_alike",)),
        ({"name": "王健国", "plates": ("沪A1Z345",)}, 60, "maybe", ("plate_alike", "pinyin")),
        ({"name": "赵六", "vins": ("lsvaa4184n2i83294",)}, 100, "same", ("vin",)),
        ({"name": "赵六", "vins": ("LSVAA4184NZ183294",)}, 60, "maybe", ("vin_alike",)),
        ({"name": "王建国", "series": "海豹", "asked_on": date(2026, 7, 2)}, 20, "new", ("name",)),
        ({"name": "", "phones": ("13900001111",)}, 0, "new", ()),
    ],
)
def test_points_answers_and_reasons(asked, points, answer, reasons):
    found = judged(**asked)
    assert (found.points, found.answer, found.reasons) == (points, answer, reasons)


def test_every_reason_has_its_points():
    assert judged(name="王建国", phones=("13800138000",)).points == POINTS["mobile"] + POINTS["name"]
    known = Person(2, "李丽", wechat="wx1", id_no="11010519491231002X", address="示范路1号", nickname="小李")
    found = match(
        marks_of(
            Person(name="李丽", wechat="wx1", id_no="11010519491231002x", address=" 示范路 1 号", nickname="小李")
        ),
        marks_of(known),
    )
    assert found.reasons == ("id_no", "wechat", "name", "address")
    assert found.points == 235


def test_a_family_with_one_telephone_is_asked_about_not_blocked():
    family = Person(3, "李丽", ("13800138000",), shared_phone=True)
    assert judged(family, name="王小宝", phones=("13800138000",)).answer == "maybe"
    assert judged(family, name="王小宝", phones=("13800138000",)).notes == ("other_name",)
    assert judged(family, name="李丽", phones=("13800138000",)).answer == "same"


def test_two_owners_and_two_id_numbers_are_noted():
    owner = judged(name="李丽", vins=("LSVAA4184N2183294",))
    assert (owner.answer, owner.notes) == ("same", ("other_name",))
    known = Person(4, "李丽", ("13800138000",), id_no="11010519491231002X")
    other = judged(known, name="李丽", phones=("13800138000",), id_no="440524188001010014")
    assert other.notes == ("two_id_numbers",)


def test_firms_foreigners_and_one_character_get_an_answer():
    firm = Person(5, "南京示范物流有限公司", ("02588001122",))
    assert judged(firm, name="南京示范物流").reasons == ("firm",)
    assert judged(firm, name="南京示范建材有限公司").reasons == ()
    smith = Person(6, "John Smith", ("+14155550100",))
    assert judged(smith, name="JOHN  SMITH").reasons == ("name",)
    assert judged(smith, name="王").reasons == ()
    assert judged(name="王").reasons == ("surname",)
    assert judged(Person(7, "王"), name="王").reasons == ("surname",)


def test_placeholders_are_no_evidence():
    dummy = Person(8, "测试", ("19900000000",), ("无",), ("123",))
    assert kept_keys(marks_of(dummy)) == frozenset()
    assert judged(dummy, name="测试", phones=("19900000000",)).points == 0


def test_the_desk_asks_about_a_hundred_keys():
    asked = asking_keys(marks_of(Person(name="王建国", phones=("13800138000",))))
    assert ("mobile", "13800183000") in asked
    assert 80 <= len(asked) <= 110
    assert kept_keys(marks_of(WANG)) == {
        ("mobile", "13800138000"),
        ("plate", "沪A12345"),
        ("plate_alike", "沪A12345"),
        ("vin", "LSVAA4184N2183294"),
        ("vin_alike", "L5VAA4184N2183294"),
    }


def as_person(one, key=0):
    return Person(key, one.name, (one.phone,), (one.plate,), (one.vin,), address=one.address)


def test_disguised_customers_are_recognised_and_new_ones_left_alone():
    town = people.town(4000, 1100, 1500, seed=4)
    register = Register.of(as_person(one, one.entity) for one in town.known)
    found = [any(hit.key == one.entity for hit in register.find(as_person(one))) for one in town.back]
    assert sum(found) / len(found) >= 0.99
    alarms = sum(register.answer(as_person(one)) != "new" for one in town.new)
    assert alarms / len(town.new) <= 0.003


def test_a_key_stands_for_one_person():
    register = Register.of([WANG])
    with pytest.raises(ValueError, match="key 1 is taken"):
        register.add(WANG)
    assert register.answer(Person(name="王建国", phones=("13800138000",))) == "same"
