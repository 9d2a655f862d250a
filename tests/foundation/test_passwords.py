"""Which passwords are taken: Django's own judges, said in the words of the shop."""

from __future__ import annotations

import pytest
from django.utils import translation

from cheyi.foundation import refusals
from cheyi.foundation.passwords import demand_good
from cheyi.kernel import Refused

NAMES = ("wangjg", "王建国", "恒远滨江店", "HZ01")


def refused(password, names=NAMES):
    with pytest.raises(Refused) as found:
        demand_good(password, names=names)
    assert found.value.field == "password"
    return found.value.code.removeprefix("foundation.account.")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "short_password"),
        ("k7-fliegt", "short_password"),
        ("x7" * 64 + "-", "long_password"),
        ("1357924680", "digits_password"),
        ("20260615083042", "digits_password"),
        ("１３５７９２４６８０", "digits_password"),
        ("qwertyuiop", "common_password"),
        ("Password123", "common_password"),
        ("aaaabbbbaaaa", "monotonous_password"),
        ("WangJG-2026", "near_password"),
        ("my-wangjg-at-home", "near_password"),
        ("恒远滨江店恒远滨江店", "near_password"),
    ],
)
def test_a_password_that_is_soon_guessed_is_refused_for_its_own_reason(password, code):
    assert refused(password) == code


@pytest.mark.parametrize("password", ["kirsche-fliegt", "correct horse battery", "13579-24680", "春眠不觉晓处处闻啼鸟"])
def test_a_password_that_is_hard_to_guess_is_taken_whatever_its_signs(password):
    demand_good(password, names=NAMES)
    demand_good(password)


def test_names_of_two_signs_are_in_too_many_words_to_be_kept_out():
    demand_good("go-home-early", names=("go",))


@pytest.mark.parametrize(
    ("password", "zh", "en"),
    [
        ("kurz", "太短，至少 10 个字符", "Too short: at least 10 characters"),
        ("1357924680", "不能全是数字，加几个字母或符号", "Not digits alone: add letters or signs"),
        ("qwertyuiop", "太常见，很快会被猜到，换一个", "Too common, it is soon guessed. Choose another"),
        ("WangJG-2026", "和“wangjg”太像，换一个", "Too much like “wangjg”. Choose another"),
    ],
)
def test_each_reason_is_said_in_both_languages(password, zh, en):
    with pytest.raises(Refused) as found:
        demand_good(password, names=NAMES)
    for language, words in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            assert refusals.sentence(found.value) == words
