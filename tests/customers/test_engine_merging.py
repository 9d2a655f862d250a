"""Merge proposals: reasons, what a person must decide, and who is only asked about."""

import random

import pytest

from cheyi.customers.engine.marks import Person
from cheyi.customers.engine.merging import propose
from tests.simulators import people


def crowd(count=250, seed=11):
    return [
        Person(one.entity, one.name, (one.phone,), (one.plate,) if one.plate else (), (one.vin,) if one.vin else ())
        for one in people.people(random.Random(seed), count)
    ]


def about(proposals, *keys):
    return [one for one in proposals if {one.keep, *one.merge} == set(keys)]


def test_the_fuller_record_is_kept_and_the_reasons_are_told():
    file = [
        *crowd(),
        Person(900, "钱小满", ("19904713852",)),
        Person(901, "钱小满女士", ("+86 199-0471-3852",), ("苏A·8H2O1",), address="示范路1号"),
    ]
    (proposal,) = about(propose(file), 900, 901)
    assert (proposal.answer, proposal.keep, proposal.merge) == ("same", 901, (900,))
    assert proposal.reasons == (("mobile", 1), ("name", 1))
    assert proposal.odds > 7
    assert (proposal.notes, proposal.choices) == ((), ())


def test_what_differs_is_a_choice():
    file = [
        *crowd(),
        Person(900, "钱小满", ("19904713852",), ("苏A8H2K1",), address="示范路1号"),
        Person(901, "千小满", ("19908265937",), ("苏A8H2K1",), address="示范路1号"),
    ]
    (proposal,) = about(propose(file), 900, 901)
    assert proposal.choices == ("name", "phones")


def test_a_family_with_one_telephone_is_asked_about_and_never_merged():
    file = [*crowd(), Person(900, "钱小满", ("19904713852",)), Person(901, "孙大伟", ("19904713852",))]
    (proposal,) = about(propose(file), 900, 901)
    assert (proposal.answer, proposal.notes) == ("maybe", ("other_name",))
    assert dict(proposal.reasons) == {"mobile": 1}


def test_a_number_on_many_cards_is_one_question():
    file = [
        *crowd(),
        *(Person(900 + i, name, ("19904713852",)) for i, name in enumerate(("钱小满", "孙大伟", "周文静"))),
    ]
    (proposal,) = about(propose(file), 900, 901, 902)
    assert proposal.answer == "maybe"
    assert proposal.notes[0] == "crowded"


def test_brothers_at_one_address_are_not_merged():
    file = [
        *crowd(),
        Person(900, "钱家洋", ("19904713852",), address="示范路287号3栋"),
        Person(901, "钱家耘", ("19918265937",), address="示范路287号3栋"),
    ]
    assert [one.answer for one in about(propose(file), 900, 901)] in ([], ["maybe"])


def test_two_id_numbers_are_never_merged_and_decisions_are_kept():
    twins = [
        Person(900, "钱小满", ("19904713852",), id_no="11010519491231002X"),
        Person(901, "钱小满", ("19904713852",), id_no="440524188001010014"),
    ]
    (proposal,) = about(propose([*crowd(), *twins]), 900, 901)
    assert (proposal.answer, proposal.notes) == ("maybe", ("two_id_numbers",))
    assert about(propose([*crowd(), *twins], apart=[(901, 900)]), 900, 901) == []


def test_a_file_without_doubles_gives_no_sure_proposal():
    assert [one for one in propose(crowd()) if one.answer == "same"] == []
    assert propose([]) == ()


def test_a_key_stands_once():
    with pytest.raises(ValueError, match="twice"):
        propose([Person(1, "王建国"), Person(1, "李丽")])
