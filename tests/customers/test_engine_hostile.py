"""What nobody would type: every script, control characters, pictures, and a hundred thousand characters at once."""

import random

import pytest

from cheyi.customers.engine import credit_codes, id_numbers, names, phones, pinyin, plates, vins
from cheyi.customers.engine.linking import kinds
from cheyi.customers.engine.linking.link import link
from cheyi.customers.engine.marks import Person, asking_keys, marks_of
from cheyi.customers.engine.points import match

PIECES = (
    *"0123456789OoIl|+-—～·•()（）.,，。;；/、#*xeE%{}<>\\'\"`~_ \t\n\r\x00\x1b\x7f\u3000\u200b\u202e\ufeff",
    *"１３８𝟏①²Ⅷ〇零幺壹两ABzZéßﬁİı京沪滬学警挂港使领王々〆ー㐀𠀀ア한אا٣९Ж\u0301\u0308\ufffd\uffff\U0010ffff\ue000😀",
    "13800138000", "LSVAA4184N2183294", "11010519491231002X", "91350100M000100Y43", "沪A12345", "欧阳", "单", "先生",
    "有限公司", "集团", "中国", "市", "区", "应急", "转", "ext", "E+10", "+86", "0086", "或者", "%s", "👨‍👩‍👧",
)  # fmt: skip
NORMALISERS = [phones.normalise, plates.normalise, vins.normalise, names.tidy, names.normalise, id_numbers.normalise]
CHECKS = [phones.check, plates.check, vins.check, names.check, id_numbers.check, credit_codes.check]
LONG = (
    "9",
    "13800138000/",
    "王",
    "乐",
    "(",
    "(a)",
    "1 ",
    "省市区县",
    "有限公司",
    "转1",
    "沪A",
    "e\u0301",
    "1-",
    "ext ",
    "😀",
)


def texts(seed):
    dice = random.Random(seed)
    for length in (0, 1, 2, 3, 5, 8, 11, 17, 30, 60):
        for _ in range(6):
            yield "".join(dice.choice(PIECES) for _ in range(length))
            yield "".join(chr(dice.randrange(0x20, 0xD800)) for _ in range(length))


@pytest.mark.parametrize("seed", range(8))
def test_any_text_gets_a_verdict_with_its_reasons(seed):
    for text in texts(seed):
        for check in CHECKS:
            verdict = check(text)
            assert verdict.valid or verdict.errors[0].code.startswith("customers.")
            if verdict.valid:
                assert verdict.kind != "" or check is names.check
                assert check(verdict.value) == verdict


@pytest.mark.parametrize("seed", range(4))
def test_any_two_texts_are_weighed(seed):
    dice = random.Random(seed)
    found = list(texts(seed))
    people = [Person(n, text, (text,), (text,), (text,), text, text, text) for n, text in enumerate(found)]
    for one in people:
        asked = marks_of(one)
        assert match(asked, marks_of(dice.choice(people))).answer in ("same", "maybe", "new")
        assert match(asked, asked).points >= match(asked, marks_of(Person())).points == 0
        assert len(asking_keys(asked)) < 2000


@pytest.mark.parametrize("piece", LONG)
def test_a_hundred_thousand_characters_cost_no_more_than_reading_them(piece):
    text = piece * (100_000 // len(piece))
    assert not any(check(text).valid for check in CHECKS)
    assert [len(normalise(text)) <= 100_000 for normalise in NORMALISERS] == [True] * len(NORMALISERS)
    assert len(names.normalise(text)) <= names.MOST_READ
    assert len(plates.plate_keys(text)) < 2 * plates.LONGEST_FREE
    assert len(names.name_keys(text)) <= names.LONGEST + 2 * pinyin.MOST_SPELLINGS + 2
    assert len(pinyin.spellings(text)) <= pinyin.MOST_SPELLINGS
    assert vins.repairs(text) == phones.near_phones(text) == ()
    assert all(form == "" or form for kind in kinds.KINDS for form in kinds.forms_of(kind)(text))


def test_a_name_of_many_heteronyms_is_said_in_twelve_ways():
    assert len(pinyin.spellings("王" + "乐" * 40)) == 12
    assert len(set(pinyin.full_pinyin("王" + "乐" * 40))) == 12


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_any_cells_are_linked(kind):
    rows = [{"a": text, "b": text[::-1]} for text in [*texts(99), "9" * 100_000, "王" * 100_000, ""]]
    linked = link([*rows, *rows[:50]], None, ["a", "b"], kinds={"a": kind, "b": kind})
    assert all(one < other for one, other in ((pair.one, pair.other) for pair in linked.same))
    assert linked.table.records == len(rows) + 50
