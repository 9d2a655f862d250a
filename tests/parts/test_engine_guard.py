"""The wrong-part guard: the order of its checks, every sibling warned, strangers left alone, and how little it asks."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheyi.kernel import Refused
from cheyi.parts.engine import numbers
from cheyi.parts.engine.fitment import Car, FitRule, Seen, fit
from cheyi.parts.engine.guard import KnownPart, NearMissIndex, judge, siblings

NUMBER = st.text(alphabet=numbers.ALPHABET, min_size=1, max_size=14)


def part(label, key=1, **facts):
    return KnownPart(key, numbers.normalise(label), label, **facts)


def shelf(*labels):
    return NearMissIndex.of(part(label, key) for key, label in enumerate(labels, start=1))


def codes(judgement):
    return [(finding.code.rpartition(".")[2], finding.weight) for finding in judgement.findings]


def test_one_number_has_one_spelling():
    for text in ("BYD-BMS-2023A", "byd bms 2023a", "ＢＹＤ．ＢＭＳ．２０２３Ａ", "BYD_BMS/2023A"):
        assert numbers.normalise(text) == "BYDBMS2023A"
    assert numbers.normalise("机油滤芯") == ""


def test_the_battery_controller_of_2023_a_is_never_taken_for_b():
    index = shelf("BYD-BMS-2023A", "BYD-BMS-2023B", "BYD-BMS-1999C")
    judgement = judge("byd-bms-2023a", catalogue=index)
    assert codes(judgement) == [("look_alike", "ask")]
    assert [(s.part.label, s.how, s.place) for s in judgement.siblings] == [("BYD-BMS-2023B", "changed", 11)]
    with pytest.raises(Refused) as refusal:
        judgement.demand()
    assert refusal.value.code == "parts.part.look_alike"
    assert dict(refusal.value.facts)["other"] == "BYD-BMS-2023B"
    assert judgement.demand(confirmed={"parts.part.look_alike"}).label == "BYD-BMS-2023A"
    assert judge("BYD-BMS-2023A", catalogue=index, scanned=True).demand().label == "BYD-BMS-2023A"


@pytest.mark.parametrize(
    ("one", "other", "how", "place"),
    [
        ("ABC123", "ABC124", "changed", 6),
        ("ABC123", "ABC132", "swapped", 5),
        ("ABC123", "ABC1234", "missing", 7),
        ("ABC1234", "ABC123", "surplus", 7),
        ("XBC123", "BC123", "surplus", 1),
        ("A0C158", "AOCISB", "look_alike", 2),
        ("2Z", "22", "look_alike", 2),
        ("ABC123", "ABC123", "", 0),
        ("ABC123", "ABD124", "", 0),
        ("ABC123", "ABC12345", "", 0),
        ("A", "B", "changed", 1),
        ("AB", "BA", "swapped", 1),
    ],
)
def test_how_two_numbers_differ(one, other, how, place):
    assert numbers.difference(one, other) == (how, place)


def test_free_text_and_unknown_numbers_stop_with_what_may_be_meant():
    index = shelf("06L-144-171-B")
    judgement = judge("O6L 144 171 B", catalogue=index)
    assert codes(judgement) == [("unknown_number", "stop")]
    assert dict(judgement.findings[0].facts) == {"number": "O6L 144 171 B", "meant": ("06L-144-171-B",)}
    with pytest.raises(Refused) as refusal:
        judge("机油滤芯", catalogue=index).demand(confirmed={"parts.part.unknown_number"})
    assert refusal.value.code == "parts.part.unknown_number"


def test_a_superseded_part_names_the_last_of_its_chain():
    index = NearMissIndex.of(
        [
            part("OIL-100", 1, superseded_by="OIL200"),
            part("OIL-200", 2, superseded_by="OIL300"),
            part("OIL-300", 3),
            part("PAD-100", 4, superseded_by="PAD101", live=False),
            part("PAD-101", 5),
            part("GONE-1", 6, live=False),
        ]
    )
    old = judge("oil100", catalogue=index)
    assert old.successor.label == "OIL-300"
    assert dict(old.findings[0].facts) == {"number": "OIL-100", "successor": "OIL-300"}
    assert codes(judge("PAD-100", catalogue=index)) == [("superseded", "stop")]
    assert codes(judge("GONE-1", catalogue=index)) == [("withdrawn", "stop")]


def test_a_supersession_circle_is_refused_with_its_chain():
    index = NearMissIndex.of([part("A-100", 1, superseded_by="B200"), part("B-200", 2, superseded_by="A100")])
    with pytest.raises(Refused) as refusal:
        judge("A-100", catalogue=index)
    assert refusal.value.code == "parts.part.superseded_in_a_circle"
    assert refusal.value.facts["chain"] == ("A100", "B200", "A100")


SEAL = Car(brand="BYD", series="海豹", model="海豹 550", year=2023, vin="LGXCE4CB9P0123456", battery_code="BLADE82")


@pytest.mark.parametrize(
    ("rules", "seen", "answer"),
    [
        ([FitRule(brand="byd", series="海豹")], [], "confirmed"),
        ([FitRule(series="海豹", year_from=2022, year_to=2024)], [], "confirmed"),
        ([FitRule(series="海豹", year_from=2024)], [], "unknown"),
        ([FitRule(series="海豹"), FitRule(battery_code="BLADE82", excluded=True)], [], "excluded"),
        ([FitRule(series="海豹", engine_code="X")], [], "unknown"),
        ([FitRule(series="汉")], [Seen("海豹 550", 4)], "seen"),
        ([FitRule(vin_from="P0100000", vin_to="P0200000")], [], "confirmed"),
        ([FitRule(vin_from="LGXCE4CB1P0100000")], [], "confirmed"),
        ([FitRule(vin_from="LGXCE4CB1P0200000")], [], "unknown"),
        ([FitRule(vin_to="LGXCE4DB1P0200000")], [], "unknown"),
        ([FitRule()], [], "unknown"),
        ([], [], "unknown"),
    ],
)
def test_whether_a_part_fits_a_car(rules, seen, answer):
    assert fit(SEAL, tuple(rules), tuple(seen)).answer == answer


def test_what_is_not_known_is_said():
    assert fit(SEAL, (FitRule(series="海豹", engine_code="X"),)).missing == ("engine_code",)
    assert fit(SEAL, (FitRule(brand="BYD", series="汉"),)).listed == ("BYD 汉",)
    assert fit(SEAL, (), (Seen("海豹 550", 3), Seen("汉", 9))).times == 3


def test_the_checks_come_in_their_order():
    index = NearMissIndex.of(
        [
            part("BMS-1A", 1, superseded_by="BMS9Z9", fits=(FitRule(series="海豹", excluded=True),)),
            part("BMS-1B", 2),
            part("BMS-9Z9", 3),
        ]
    )
    judgement = judge("BMS-1A", catalogue=index, car=SEAL)
    assert codes(judgement) == [("superseded", "ask"), ("does_not_fit", "stop"), ("look_alike", "ask")]
    confirmed = {finding.code for finding in judgement.findings}
    assert [finding.code for finding in judgement.open_findings(confirmed)] == ["parts.part.does_not_fit"]


def test_a_new_part_without_evidence_only_tells_so():
    index = NearMissIndex.of([part("NEW-77", 1), part("OLD-88", 2, fits=(FitRule(brand="BYD", series="汉"),))])
    assert codes(judge("NEW-77", catalogue=index, car=SEAL)) == [("fit_unknown", "note")]
    assert codes(judge("OLD-88", catalogue=index, car=SEAL)) == [("listed_for_others", "ask")]


def test_the_same_number_of_two_brands_asks_unless_the_brand_is_known():
    index = NearMissIndex.of([part("1234567", 1, brand="VW"), part("123-4567", 2, brand="BYD")])
    assert codes(judge("1234567", catalogue=index)) == [("several_brands", "ask")]
    known = judge("1234567", catalogue=index, brand="byd")
    assert (known.findings, known.part.key) == ((), 2)


def test_a_withdrawn_sibling_is_not_confusing():
    index = NearMissIndex.of([part("AB-1", 1), part("AB-2", 2, live=False)])
    assert judge("AB-1", catalogue=index).findings == ()


@given(NUMBER, st.data())
def test_every_slip_is_a_sibling_both_ways_and_shares_a_key(number, data):
    other = data.draw(st.sampled_from(sorted(set(numbers.near_numbers(number)) - {number, ""})))
    assert numbers.difference(number, other)[0]
    assert numbers.difference(other, number)[0]
    assert numbers.near_keys(number) & numbers.near_keys(other)
    index = shelf(number, other)
    assert [s.part.number for s in siblings(number, index.near(number))] == [other]
    assert numbers.sibling_pairs([number, other]) == [tuple(sorted((number, other)))]


@given(NUMBER, NUMBER)
def test_numbers_that_share_no_key_are_strangers(number, other):
    if not numbers.near_keys(number) & numbers.near_keys(other):
        assert numbers.difference(number, other) == ("", 0)


def catalogue_of(size, seed=3):
    """Numbers as makers write them, drawn without looking at how the guard compares."""
    dice = random.Random(seed)
    shapes = ("##?-###-###-?", "BYD-??-####?", "#####-####0", "?#######", "####-##-##?", "???-####")
    draws = {"#": "0123456789", "?": "ABCDEFGHJKLMNPRSTUVWXYZ"}
    found = set()
    while len(found) < size:
        shape = dice.choice(shapes)
        found.add("".join(dice.choice(draws[c]) if c in draws else c for c in shape))
    return sorted(found)


def test_fewer_than_two_in_a_hundred_strangers_are_warned():
    labels = catalogue_of(4000)
    dice = random.Random(5)
    pairs = [dice.sample(labels, 2) for _ in range(20_000)]
    warned = sum(bool(numbers.difference(numbers.normalise(a), numbers.normalise(b))[0]) for a, b in pairs)
    assert warned / len(pairs) < 0.02


def test_the_index_and_the_pairs_of_a_catalogue_agree_with_comparing_all():
    values = sorted(
        {numbers.normalise(label) for label in catalogue_of(400)} | {"BYDBMS2023A", "BYDBMS2023B", "OI", "01"}
    )
    index = shelf(*values)
    wanted = [(a, b) for i, a in enumerate(values) for b in values[i + 1 :] if numbers.difference(a, b)[0]]
    assert ("BYDBMS2023A", "BYDBMS2023B") in wanted
    assert ("01", "OI") in wanted
    assert numbers.sibling_pairs(values) == wanted
    found = {tuple(sorted((a, s.part.number))) for a in values for s in siblings(a, index.near(a))}
    assert found == set(wanted)


class Counting(dict):
    """A table that counts how often it is asked."""

    asked = 0

    def __contains__(self, key):
        self.asked += 1
        return super().__contains__(key)


@pytest.mark.parametrize("size", [100, 5000])
def test_an_answer_asks_for_as_many_numbers_however_large_the_catalogue(size):
    labels = catalogue_of(size)
    index = shelf(*labels)
    index._exact = Counting(index._exact)
    assert judge("BYD-AB-1234C", catalogue=index).part is None
    assert index._exact.asked == len(list(numbers.near_numbers("BYDAB1234C"))) == 775


@pytest.mark.parametrize("text", ["9" * 100_000, "BYD-" * 30_000, "ⅷ" * 50_000, "A" * 42])
def test_what_is_too_long_for_a_number_has_no_siblings_and_costs_nothing(text):
    assert numbers.near_keys(text) == set()
    assert list(numbers.near_numbers(numbers.normalise(text))) == []
    assert codes(judge(text, catalogue=shelf("BYD-BMS-2023A"))) == [("unknown_number", "stop")]


def test_a_number_of_the_greatest_length_still_has_its_siblings():
    longest = "A" * numbers.LONGEST
    assert numbers.near_keys(longest) & numbers.near_keys(longest + "A")
    assert [s.part.number for s in judge(longest + "A", catalogue=shelf(longest)).siblings] == [longest]
