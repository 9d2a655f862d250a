"""Every fault that the identifiers' engine names has words that fit its facts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cheyi.customers.engine import credit_codes, id_numbers, names, phones, plates, vins
from cheyi.foundation.refusals import sentence, wording
from cheyi.kernel import Refused

ENGINE = Path(phones.__file__).parent
NAMED = re.compile(r"(?:error|warning)\(\s*\"(customers\.[a-z_.]+)\"")
BY_OTHER_CODES = {
    "customers.vin.all_equal",
    "customers.vin.tail_not_digits",
    "customers.vin.year_code",
    "customers.plate.other_kind",
}
TYPED = [
    (
        phones.check,
        ["", "1380013800", "138001380000", "abc", "13800138000 13900139000", "1.38E+10", "9", "13800000000"],
    ),
    (plates.check, ["", "沪AI2345", "WJ京12345", "A80001", "沪A8000", "沪A8000123", "Q"]),
    (vins.check, ["", "LSVAA4184N218329", "LSVAA4184N2I83294", "LSVAA4184N2$83294"]),
    (names.check, ["", "1" * 61, "1234", "王" * 61, "测试", "王先生", "王3"]),
    (id_numbers.check, ["", "1" * 15, "1" * 17, "1101051949123100AX", "110105194912310021", "11010120000230001X"]),
    (credit_codes.check, ["", "9135010$0M00010Y43", "91350100M000100Y4", "91350100M000100Y4Z", "1" * 15]),
]


def test_every_code_of_the_engine_has_words():
    codes = {code for file in ENGINE.glob("*.py") for code in NAMED.findall(file.read_text(encoding="utf-8"))}
    assert len(codes) > 40
    assert codes - wording().keys() == BY_OTHER_CODES


@pytest.mark.parametrize(("check", "text"), [(check, text) for check, texts in TYPED for text in texts])
def test_the_words_fit_the_facts(check, text):
    problems = check(text).problems
    for problem in problems:
        words = sentence(Refused(problem.code, **dict(problem.facts)))
        assert "%(" not in words
        assert words != problem.code
