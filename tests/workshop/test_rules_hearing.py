"""Which operations a sentence names."""

from __future__ import annotations

import pytest

from cheyi.workshop.rules.hearing import named_in

NAMES = {
    "CH001": "前刹车片",
    "CH002": "后刹车片",
    "CH003": "前刹车盘片",
    "EL001": "蓄电池",
    "EV002": "动力电池检测",
    "MA016": "雨刮片更换",
    "MA001": "小保养(机油机滤)",
}


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("前刹车片只剩 2 毫米", ["CH001", "CH002", "CH003"]),
        ("后刹车片七毫米", ["CH002", "CH001"]),
        ("蓄电池冷启动电流只剩六成", ["EL001"]),
        ("雨刮片开裂", ["MA016"]),
        ("电", []),
        ("", []),
        ("底盘有异响", []),
    ],
)
def test_the_fullest_name_stands_first(said, codes):
    assert named_in(said, NAMES) == codes


def test_what_stands_in_brackets_does_not_count():
    assert named_in("顺便做小保养", NAMES) == ["MA001"]
    assert named_in("机油机滤", NAMES) == []
    assert named_in("顺便做小保养", {"MA001": "小保养（机油机滤）"}) == ["MA001"]
    assert named_in("机油机滤", {"MA001": "小保养（机油机滤）"}) == []
