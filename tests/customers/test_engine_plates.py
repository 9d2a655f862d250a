"""Plates: every example of domain.md 7.2, the slips people make, and the keys they are found by."""

import pytest

from cheyi.customers.engine import plates


@pytest.mark.parametrize(
    ("plate", "kind"),
    [
        ("京A12345", "standard"),
        ("苏E9Z8Z7", "standard"),
        ("沪AD12345", "new_energy_small"),
        ("粤BF12345", "new_energy_small"),
        ("粤BDA1234", "new_energy_small"),
        ("粤B12345D", "new_energy_large"),
        ("京A1234学", "coach"),
        ("京A1234警", "police"),
        ("鲁B1234挂", "trailer"),
        ("粤Z1234港", "hk_macau"),
        ("粤Z1234澳", "hk_macau"),
        ("224578使", "embassy"),
        ("使224578", "embassy"),
        ("沪A0023领", "consulate"),
        ("224578领", "consulate"),
        ("川X1234应急", "emergency"),
    ],
)
def test_a_right_plate_has_its_kind_in_any_spelling(plate, kind):
    for text in (plate, plate.lower(), f"{plate[:2]}·{plate[2:]}", f" {plate[:2]} {plate[2:4]}-{plate[4:]}"):
        verdict = plates.check(text)
        assert (verdict.value, verdict.kind, verdict.problems) == (plate, kind, ())


@pytest.mark.parametrize(
    ("plate", "problem"),
    [
        ("京I12345", "unknown_form"),
        ("京AO1234", "letter_for_digit"),
        ("京A1234", "too_short"),
        ("京ADI2345", "letter_for_digit"),
        ("京A123456", "unknown_form"),
        ("苏AZ12345", "unknown_form"),
        ("粤Z12345港", "unknown_form"),
        ("", "empty"),
        ("A12345", "province_missing"),
        ("京A1234567", "too_long"),
        ("WJ京12345", "choose_kind"),
        ("AD84892", "province_or_kind"),
        ("A8", "unknown_form"),
    ],
)
def test_a_wrong_plate_is_named(plate, problem):
    verdict = plates.check(plate)
    assert not verdict.valid
    assert [p.code for p in verdict.problems] == [f"customers.plate.{problem}"]


def test_a_letter_typed_for_a_digit_is_said_with_its_place():
    (problem,) = plates.check("京ADI2345").problems
    assert problem.facts == (("position", 4), ("found", "I"), ("meant", "1"), ("suggestion", "京AD12345"))
    assert plates.repair("京AO1234") == "京A01234"
    assert plates.repair("京AO12") == ""
    assert plates.repair("京O12345") == ""
    assert plates.repair("京A0123O") == "京A01230"
    assert plates.repair("京A12345") == ""


def test_armed_police_military_temporary_and_foreign_are_free_text_once_chosen():
    assert plates.check("WJ京12345", "armed_police").problems == ()
    assert plates.check("ABC-123-XYZ", "foreign").value == "ABC123XYZ"
    long = plates.check("ABCDEFGHIJKLM", "foreign")
    assert [p.code for p in long.problems] == ["customers.plate.too_long"]


def test_another_kind_than_chosen_warns():
    verdict = plates.check("京A12345", "coach")
    assert verdict.valid
    assert verdict.warnings[0].facts == (("chosen", "coach"), ("found", "standard"))


def test_a_new_energy_plate_tells_the_energy():
    assert plates.check("沪AD12345").fact("energy") == "bev"
    assert plates.check("粤BF12345").fact("energy") == "other"
    assert plates.check("粤B12345D").fact("energy") == "bev"
    assert plates.check("京A12345").fact("energy") is None


def test_look_alike_spellings_share_a_skeleton():
    assert plates.skeleton("沪A8B0Q5") == plates.skeleton("沪ABBODS") == "沪A88005"
    assert plates.skeleton("沪B12345") != plates.skeleton("沪812345")


def test_a_plate_is_found_by_any_part_of_two_characters():
    assert plates.plate_keys("沪A·12345") == ("沪A12345", "A12345", "12345", "2345", "345", "45")
    assert plates.plate_keys("沪") == ("沪",)
    assert plates.plate_keys("") == ()


def test_traditional_and_full_width_characters_are_undone():
    assert plates.normalise("滬Ａ·１２３４５") == "沪A12345"
