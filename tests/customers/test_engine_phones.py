"""Telephone numbers: the examples of domain.md 7.3, the ways people write them, and the numbers one slip away."""

import pytest

from cheyi.customers.engine import phones


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "+86 138-0013-8000",
        "0086 13800138000",
        "8613800138000",
        "138 0013 8000",
        "１３８００１３８０００",
        "138.0013.8000",
        "(138)00138000",
        "013800138000",
        "l38OOl38OOO",
        "一三八零零幺三八〇〇〇",
        "1.3800138E+10",
        "13800138000.0",
        "\u202d13800138000\u202c",
        "138—0013—8000",
    ],
)
def test_one_mobile_has_one_spelling(text):
    assert phones.normalise(text) == "13800138000"
    assert phones.check(text).kind == "mobile"
    assert phones.check(text).problems == ()


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("19912345678", "19912345678", "mobile"),
        ("0571-88001122", "057188001122", "landline"),
        ("(0571) 8800 112", "05718800112", "landline"),
        ("+86 571 88001122", "057188001122", "landline"),
        ("86-10-88001122", "01088001122", "landline"),
        ("010-88001122-803", "01088001122-803", "landline"),
        ("010-88001122转803", "01088001122-803", "landline"),
        ("+1 415 555 0100", "+14155550100", "international"),
        ("00852 6123 4567", "+85261234567", "international"),
        ("17012345670", "17012345670", "virtual_mobile"),
        ("13800138001转1234", "13800138001-1234", "privacy"),
        ("400-820-8820", "4008208820", "service"),
        ("95588", "95588", "service"),
    ],
)
def test_every_kind_of_number_has_a_normal_form(text, value, kind):
    verdict = phones.check(text)
    assert (verdict.value, verdict.kind, verdict.valid) == (value, kind, True)


def test_a_number_has_the_same_normal_form_when_normalised_again():
    for text in ("010-88001122转803", "13800138001转1234", "+14155550100", "057188001122", "王建国", "138001380"):
        assert phones.normalise(phones.normalise(text)) == phones.normalise(text)


@pytest.mark.parametrize(
    ("text", "problem", "facts"),
    [
        ("12345678901", "unknown_form", {"text": "12345678901"}),
        ("1380013800", "too_short", {"missing": 1}),
        ("138001380001", "too_long", {"surplus": 1}),
        ("", "empty", {}),
        ("王建国", "not_a_number", {"text": "王建国"}),
        ("1.38E+10", "rounded_by_spreadsheet", {"text": "1.38E+10"}),
        ("13800138000/13900139000", "several", {"numbers": ("13800138000", "13900139000")}),
        ("13800138000 13900139000", "several", {"numbers": ("13800138000", "13900139000")}),
        ("8613800138", "unknown_form", {"text": "8613800138"}),
    ],
)
def test_a_wrong_number_is_named(text, problem, facts):
    verdict = phones.check(text)
    assert not verdict.valid
    assert verdict.problems[0].code == f"customers.phone.{problem}"
    assert dict(verdict.problems[0].facts) == facts


def test_made_up_and_virtual_numbers_pass_with_a_tag():
    assert [p.code for p in phones.check("19900000000").problems] == ["customers.phone.placeholder"]
    assert [p.code for p in phones.check("16212345680").problems] == ["customers.phone.virtual"]
    assert not phones.is_placeholder("13800138000")


def test_several_numbers_of_a_cell_come_apart():
    assert phones.several("13800138000、0571-88001122；138 0013 8000") == ("13800138000", "057188001122")
    assert phones.several("本人13800138000，老婆13900139000") == ("13800138000", "13900139000")
    assert phones.several("无") == ()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("19900515261,19900589309(爱人)", (("19900515261", ""), ("19900589309", "爱人"))),
        ("19900691729 025-80002723（家里）", (("19900691729", ""), ("02580002723", "家里"))),
        ("8619900947874\n19900225820", (("19900947874", ""), ("19900225820", ""))),
        ("199 0042 6705 19900174730", (("19900426705", ""), ("19900174730", ""))),
        ("'+8619900271728 0555-8008660", (("19900271728", ""), ("05558008660", ""))),
        ("19900652762\n025-80006193(司机)", (("19900652762", ""), ("02580006193", "司机"))),
        ("13800138000(本人) 13900139000(爱人)", (("13800138000", ""), ("13900139000", "爱人"))),
        ("19900 12345", ()),
        (" ".join(["13800138000"] * 40), (("13800138000", ""),)),
    ],
)
def test_numbers_without_a_sign_between_come_apart_with_what_is_said_of_them(text, numbers):
    assert phones.labelled(text) == numbers


def test_a_phone_is_asked_for_by_its_last_four():
    assert phones.phone_tail("+86 138-0013-8123") == "8123"
    assert phones.phone_tail("010-88001122-803") == "1122"
    assert phones.phone_tail("12") == ""


def test_near_numbers_are_one_swap_or_one_digit_away():
    near = phones.near_phones("13800138000")
    assert "13800183000" in near
    assert "13800138001" in near
    assert "13800138000" not in near
    assert len(near) == len(set(near)) == 93
    assert "13800138000" in phones.near_phones("1380138000")
    assert "13800138000" in phones.near_phones("138001380000")
    assert phones.near_phones("057188001122") == ()
