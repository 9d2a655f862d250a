"""Names: titles, firms, foreigners, one character, and the keys with every reading of a surname."""

import pytest

from cheyi.customers.engine import names, pinyin


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("王建国", "王建国"),
        (" 王 建 国 ", "王建国"),
        ("王建国先生", "王建国"),
        ("王先生", "王"),
        ("王建国(车主)", "王建国"),
        ("欧阳女士", "欧阳"),
        ("阿卜杜拉•买买提", "阿卜杜拉买买提"),
        ("Mr. John  Smith", "JOHN SMITH"),
        ("José", "JOSE"),
        ("南京示范物流有限公司（江宁）", "南京示范物流有限公司江宁"),
        ("李总", "李"),
    ],
)
def test_one_name_has_one_form_for_comparing(text, value):
    assert names.normalise(text) == value
    assert names.normalise(value) == value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("王建国", "person"),
        ("欧阳建国", "person"),
        ("王先生", "surname_only"),
        ("欧阳女士", "surname_only"),
        ("王", "surname_only"),
        ("南京示范物流有限公司", "company"),
        ("示范市第一中学", "company"),
        ("Acme Trading Co., Ltd.", "company"),
        ("John Smith", "foreigner"),
        ("阿卜杜拉·买买提", "foreigner"),
        ("12345", ""),
        ("店小二", "person"),
    ],
)
def test_a_name_has_a_kind(text, kind):
    assert names.kind_of(text) == kind


def test_only_digits_signs_emptiness_and_length_reject():
    assert [p.code for p in names.check("").problems] == ["customers.name.empty"]
    assert [p.code for p in names.check("12345").problems] == ["customers.name.no_letters"]
    assert [p.code for p in names.check("…—").problems] == ["customers.name.no_letters"]
    assert [p.code for p in names.check("王" * 61).problems] == ["customers.name.too_long"]
    assert names.check("王" * 60).valid
    single = names.check("王")
    assert single.valid
    assert [p.code for p in single.problems] == ["customers.name.surname_only"]
    assert [p.code for p in names.check("测试").problems] == ["customers.name.placeholder"]
    assert names.check("王建国先生").fact("title") == "先生"


def test_what_is_stored_keeps_the_title_and_the_case():
    assert names.tidy("  john   Smith ") == "john Smith"
    assert names.tidy("王 建国　先生") == "王建国先生"
    assert names.tidy("阿卜杜拉 • 买买提") == "阿卜杜拉·买买提"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("南京示范物流有限公司", "南京示范物流公司"),
        ("江苏省南京市示范物流有限责任公司", "示范物流"),
        ("示范汽配（集团）股份有限公司", "示范汽配集团有限公司"),
        ("ACME TRADING CO., LTD.", "Acme Trading Limited"),
    ],
)
def test_a_firm_is_the_same_without_its_legal_form(one, other):
    assert names.firm_core(one) == names.firm_core(other) or names.firm_core(other) in names.firm_core(one)


def test_a_firm_that_is_nothing_but_its_form_keeps_its_name():
    assert names.firm_core("有限公司") == "有限公司"


def test_heteronym_surnames_are_found_by_every_reading():
    assert pinyin.initials("单国斌") == ("sgb", "dgb", "cgb")
    assert pinyin.full_pinyin("单国斌") == ("shanguobin", "danguobin", "changuobin")
    assert {"ZJG", "CJG", "ZENGJIANGUO", "CENGJIANGUO"} <= set(names.name_keys("曾建国"))
    assert {"OYJG", "OUYANGJIANGUO"} <= set(names.name_keys("欧阳建国"))
    assert pinyin.initials("万俟明") == ("mqm", "wsm")
    assert pinyin.full_pinyin("尉迟明") == ("yuchiming", "weichiming")
    assert pinyin.readings("女") == ("nv", "ru")
    assert pinyin.readings("A") == ()


def test_name_keys_find_any_part():
    assert set(names.name_keys("王建国先生")) == {"王建国", "建国", "国", "WJG", "WANGJIANGUO"}
    assert names.name_keys("John Smith") == ("JOHN SMITH", "SMITH")
    assert {"示范物流有限公司", "NJSFWLYXGS"} <= set(names.name_keys("南京示范物流有限公司"))
    assert names.name_keys("") == ()
    assert {"王", "W", "WANG"} == set(names.name_keys("王"))


def test_southern_sounds_fold_together():
    assert pinyin.fold("zhang") == pinyin.fold("zan")
    assert pinyin.fold("sheng") == pinyin.fold("sen")
    assert pinyin.fold("lin") == pinyin.fold("ning")
    assert pinyin.fold("wang") != pinyin.fold("huang")
