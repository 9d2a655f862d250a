"""VIN, credit code and ID number: every example of domain.md 7.1, 7.4 and 7.5, and the words on why one fails."""

from datetime import date

import pytest

from cheyi.customers.engine import credit_codes, id_numbers, vins
from cheyi.kernel import Refused


def codes(verdict):
    return [problem.code.rpartition(".")[2] for problem in verdict.problems]


@pytest.mark.parametrize(
    ("vin", "total", "digit"),
    [
        ("1M8GDM9AXKP042788", 351, "X"),
        ("11111111111111111", 89, "1"),
        ("1G1BN53E6NW128495", 369, "6"),
        ("LSVAU2180N2183294", 351, "X"),
        ("JM8GDM9AXKP042788", 351, "X"),
        ("SGZCZ43D13S812715", 384, "X"),
        ("WP0ZZZ99ZTS392124", 459, "8"),
    ],
)
def test_the_weighted_sum_and_check_digit_of_a_vin(vin, total, digit):
    assert vins.weighted_sum(vin) == total
    assert vins.check_digit(vin) == digit


@pytest.mark.parametrize(
    "vin",
    [
        "1M8GDM9AXKP042788",
        "1G1BN53E6NW128495",
        "LSVAA4184N2183294",
        "LGXCE4CB9P0123456",
        "LFV3A23C3M3012345",
        "LRW3E7EK6SC000777",
        "JM8GDM9AXKP042788",
    ],
)
def test_a_sound_vin_has_no_problem_in_any_spelling(vin):
    for text in (vin, vin.lower(), f" {vin[:8]}-{vin[8:]} ", "".join(chr(ord(c) + 0xFEE0) for c in vin)):
        verdict = vins.check(text)
        assert (verdict.value, verdict.kind, verdict.problems) == (vin, "vin", ())
        assert vins.looks_like_vin(text)


@pytest.mark.parametrize(
    "text", ["LSVAO4BR1EN123456", "LSVAA4BR1EN12345", "lsvaa4br1en1234567", "ＬＳＶＡＡ４ＢＲ１ＥＮ１２３４５６"]
)
def test_a_vin_with_a_slip_is_still_meant_as_a_vin(text):
    assert not vins.check(text).valid
    assert vins.looks_like_vin(text)


@pytest.mark.parametrize(
    "text", ["", "沪A80001", "沪AD12345", "A80001", "139 0000 1234", "13900001234", "王建国", "ROHZ01😀261130"]
)
def test_plates_numbers_and_names_are_not_meant_as_a_vin(text):
    assert not vins.looks_like_vin(text)


def test_seventeen_ones_pass_with_a_warning():
    verdict = vins.check("1" * 17)
    assert verdict.valid
    assert codes(verdict) == ["all_equal"]


def test_a_wrong_check_digit_rejects_for_chinese_and_american_makers_unless_a_photo_was_compared():
    verdict = vins.check("LSVAU2180N2183294")
    assert not verdict.valid
    assert codes(verdict) == ["wrong_check_digit"]
    assert verdict.problems[0].fact("wanted") == "X"
    assert (6, "2", "Z") in verdict.problems[0].fact("misread")
    assert vins.check("LSVAU2180N2183294", confirmed=True).valid
    with pytest.raises(Refused) as refusal:
        verdict.demand("vin")
    assert (refusal.value.code, refusal.value.field) == ("customers.vin.wrong_check_digit", "vin")


@pytest.mark.parametrize("vin", ["SGZCZ43D13S812715", "WP0ZZZ99ZTS392124"])
def test_a_wrong_check_digit_only_warns_elsewhere(vin):
    verdict = vins.check(vin)
    assert verdict.valid
    assert [p.severity for p in verdict.problems if p.code.endswith("wrong_check_digit")] == ["warn"]


def test_a_vin_of_sixteen_names_its_length_and_one_with_i_the_likely_digit():
    short = vins.check("LSVAA4184N218329")
    assert codes(short) == ["wrong_length"]
    assert short.problems[0].facts == (("length", 16), ("wanted", 17))
    letter = vins.check("LSVAA4184N2I83294")
    assert codes(letter) == ["forbidden_letter"]
    assert letter.problems[0].facts == (("position", 12), ("found", "I"), ("meant", "1"))
    assert vins.repairs("LSVAA4184N2I83294") == ("LSVAA4184N2183294",)
    assert [p.fact("meant") for p in vins.check("LSVAA4184NQ18329O").problems] == ["0", "0"]


def test_one_misread_character_or_swap_is_among_the_proposals():
    right = "LSVAA4184N2183294"
    for wrong in ("LSVAA41B4N2183294", "LSVAA4184N21B3294", "LSVAA4184N2813294", "L5VAA4184N2183294"):
        assert right in vins.repairs(wrong)
    assert vins.repairs(right) == ()
    assert vins.repairs("LSV") == ()


def test_empty_foreign_characters_and_odd_year_codes_are_named():
    assert codes(vins.check("  ")) == ["empty"]
    assert codes(vins.check("LSVAA4184N218329车")) == ["foreign_character"]
    assert "year_code" in codes(vins.check("WP0ZZZ99ZUS392124"))
    assert "tail_not_digits" in codes(vins.check("WP0ZZZ99ZTS39212A"))


def test_the_year_code_turns_every_thirty_years():
    assert vins.model_year("LSVAA4184N2183294", this_year=2026) == 2022
    assert vins.model_year("1M8GDM9AXKP042788", this_year=2026) == 2019
    assert vins.model_year("1M8GDM9AXKP042788", this_year=2000) == 1989
    assert vins.model_year("11111111111111111", this_year=2026) == 2001
    assert vins.model_year("short", this_year=2026) == 0


def test_a_vin_is_found_by_its_whole_and_its_tails():
    assert vins.vin_keys("lsvaa4184n2183294") == ("LSVAA4184N2183294", "N2183294", "183294", "3294")
    assert vins.vin_keys("") == ()


@pytest.mark.parametrize(
    ("code", "total"),
    [
        ("91350100M000100Y43", 1640),
        ("91512081MA62K0260E", 1505),
        ("91310000MA1FL00030", 1240),
        ("91310000MA1FL0022Y", 1272),
    ],
)
def test_a_sound_credit_code(code, total):
    assert credit_codes.weighted_sum(code) == total
    verdict = credit_codes.check(code.lower())
    assert (verdict.value, verdict.kind, verdict.problems) == (code, "uscc", ())


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("91350100M000100Y4Z", "forbidden_letter"),
        ("91310115MA1G4L1WXK", "wrong_check"),
        ("9135010OM000100Y43", "forbidden_letter"),
        ("9135010IM000100Y43", "forbidden_letter"),
        ("9135010SM000100Y43", "forbidden_letter"),
        ("9135010VM000100Y43", "forbidden_letter"),
        ("91350100M000100Y4", "wrong_length"),
        ("", "empty"),
        ("91350100M000100Y4号", "foreign_character"),
    ],
)
def test_an_unsound_credit_code_is_named(code, problem):
    verdict = credit_codes.check(code)
    assert not verdict.valid
    assert codes(verdict)[0] == problem
    if problem == "wrong_check":
        assert verdict.problems[0].facts == (("found", "K"), ("wanted", "7"))


def test_old_and_personal_tax_numbers_pass_with_a_warning():
    assert codes(credit_codes.check("350100123456789")) == ["old_form"]
    assert credit_codes.check("11010519491231002X").kind == "individual"
    assert credit_codes.check("11010519491231002X01").kind == "individual"


@pytest.mark.parametrize(
    ("number", "total"), [("11010519491231002X", 167), ("440524188001010014", 195), ("110101199003070011", 154)]
)
def test_a_sound_id_number(number, total):
    assert id_numbers.weighted_sum(number) == total
    verdict = id_numbers.check(number.lower())
    assert (verdict.value, verdict.kind, verdict.problems) == (number, "resident", ())


def test_an_id_number_tells_birthday_and_gender():
    verdict = id_numbers.check("11010519491231002X")
    assert verdict.fact("birthday") == date(1949, 12, 31)
    assert verdict.fact("gender") == "female"
    assert verdict.fact("height") is None


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("110105194912310021", "wrong_check"),
        ("11010120000230001X", "no_such_day"),
        ("110105491231002", "old_form"),
        ("1101051949123100", "wrong_length"),
        ("1101O519491231002X", "foreign_character"),
        ("", "empty"),
    ],
)
def test_an_unsound_id_number_is_named(number, problem):
    verdict = id_numbers.check(number)
    assert not verdict.valid
    assert codes(verdict) == [problem]


def test_permits_have_the_same_form_and_a_birthday_to_come_rejects():
    def number(start):
        return start + id_numbers.check_character(start)

    assert id_numbers.check(number("81000019900307001")).kind == "hk_macau"
    assert id_numbers.check(number("83000019900307001")).kind == "taiwan"
    assert id_numbers.check(number("91133119900307001")).kind == "foreigner"
    assert codes(id_numbers.check(number("19000019900307001"))) == ["unknown_region"]
    future = number("11010120300307001")
    assert id_numbers.check(future).valid
    assert codes(id_numbers.check(future, today=date(2026, 6, 30))) == ["no_such_day"]


def test_an_id_number_is_shown_masked():
    assert id_numbers.masked("11010519491231002x") == "110105********002X"
    assert id_numbers.masked("1234") == "****"
