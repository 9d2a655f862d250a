"""A customer file of a Chinese car dealer with the disguises under which the same people come back, for measuring look-ups.

Independent of the engine: homophones and look-alike characters stand in lists of their own, the VIN's check digit is
computed here again, and damage is done to what is written on paper, not to normal forms. All people are drawn: mobiles
begin with 1990 or 1991, plate serials with 8.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
RARE_SURNAMES = ("单", "查", "仇", "解", "盖", "欧阳", "上官", "诸葛", "司马", "尉迟", "区", "朴", "翟", "缪")
HOMOPHONES = (
    "建健剑鉴",
    "伟炜玮纬",
    "丽莉俐利",
    "军君钧均",
    "芳方",
    "明鸣铭",
    "华桦",
    "国帼",
    "平萍苹",
    "霞侠",
    "杰洁捷",
    "敏闽",
    "静靖婧",
    "强蔷",
    "磊蕾",
)
HOMOPHONES += (
    "艳燕彦晏",
    "娟涓",
    "涛韬",
    "超抄",
    "勇永咏",
    "英瑛莹颖",
    "玉钰育",
    "秀绣",
    "云芸耘",
    "志智治致",
    "文雯纹",
    "宇雨羽禹",
    "晨辰臣",
    "佳嘉家",
    "欣新鑫心",
    "怡宜仪",
    "浩皓昊",
    "婷亭庭",
    "梅玫",
    "兰岚",
    "海",
    "峰锋丰枫",
    "波博",
    "刚钢",
    "辉晖徽",
    "俊峻骏",
    "春椿",
    "雪",
    "龙",
    "红虹宏鸿",
    "子梓紫",
    "轩宣萱",
    "涵晗",
    "琳林霖",
)
LOOK_ALIKES = {
    "晴": "睛",
    "未": "末",
    "己": "已",
    "日": "曰",
    "雯": "斐",
    "钢": "纲",
    "峰": "蜂",
    "娟": "捐",
    "俊": "浚",
    "浩": "洁",
    "伟": "纬",
    "洋": "样",
    "明": "朋",
    "英": "莫",
    "海": "悔",
    "铭": "络",
    "超": "起",
    "志": "忐",
    "文": "丈",
    "强": "弦",
    "杰": "烈",
    "宇": "字",
    "林": "木",
}
CITIES = ("苏A", "苏E", "沪C", "浙A", "皖A", "沪A")
MAKERS = ("LSV", "LFV", "LGX", "LRW", "LBV", "LHG")
VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
WORTH = dict(
    zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", [*range(10), *range(1, 9), *range(1, 6), 7, 9, *range(2, 10)], strict=True)
)
PLACE = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
FIRMS = ("恒通", "立信", "博达", "新锐", "金桥", "华盛", "瑞丰", "天成", "远航", "鼎新")
TRADES = ("物流", "贸易", "建材", "科技", "餐饮", "装饰", "商贸", "机械")


@dataclass(frozen=True)
class Person:
    """One customer as written down; ``entity`` is the truth."""

    entity: int
    name: str
    phone: str
    plate: str
    vin: str
    address: str = ""
    disguise: str = ""

    @property
    def row(self) -> dict[str, str]:
        """As a row of a table."""
        return {"姓名": self.name, "电话": self.phone, "车牌": self.plate, "车架号": self.vin}


@dataclass(frozen=True)
class Town:
    """A customer file, the same people coming back in disguise, and people who were never there."""

    known: list[Person]
    back: list[Person]
    new: list[Person]


def _name(dice: random.Random) -> str:
    rank = min(int(dice.expovariate(0.045)), len(SURNAMES) - 1)
    surname = dice.choice(RARE_SURNAMES) if dice.random() < 0.03 else SURNAMES[rank]
    given = "".join(dice.choice(dice.choice(HOMOPHONES)) for _ in range(1 if dice.random() < 0.18 else 2))
    return surname + given


def _firm(dice: random.Random) -> str:
    return f"{dice.choice(('南京', '苏州', '上海'))}{dice.choice(FIRMS)}{dice.choice('甲乙丙丁戊己庚辛')}{dice.choice(FIRMS)}{dice.choice(TRADES)}有限公司"


def _phone(dice: random.Random) -> str:
    return f"199{dice.randint(0, 1)}{dice.randint(0, 9_999_999):07}"


def _plate(dice: random.Random) -> str:
    city = dice.choice(CITIES)
    if dice.random() < 0.35:
        return f"{city}{dice.choice('DF')}8{dice.randint(0, 9999):04}"
    tail = "".join(dice.choice(PLATE_LETTERS) if dice.random() < 0.2 else str(dice.randint(0, 9)) for _ in range(4))
    return f"{city}8{tail}"


def _vin(dice: random.Random) -> str:
    head = dice.choice(MAKERS) + "".join(dice.choice(VIN_LETTERS) for _ in range(5))
    tail = dice.choice("HJKLMNPRS") + dice.choice("ABCDEFGH") + f"{dice.randint(0, 999_999):06}"
    rest = sum(WORTH[c] * w for c, w in zip(head + "0" + tail, PLACE, strict=True)) % 11
    return f"{head}{'X' if rest == 10 else rest}{tail}"


def people(dice: random.Random, count: int, start: int = 0, taken: Sequence[Person] = ()) -> list[Person]:
    """So many different people and a few firms, some without car papers; no phone, plate or VIN stands twice."""
    used = {mark for one in taken for mark in (one.phone, one.plate, one.vin)} | {""}

    def fresh(draw: Callable[[random.Random], str]) -> str:
        mark = ""
        while mark in used:
            mark = draw(dice)
        used.add(mark)
        return mark

    found = []
    for entity in range(start, start + count):
        name = _firm(dice) if dice.random() < 0.05 else _name(dice)
        vin = fresh(_vin) if dice.random() < 0.8 else ""
        plate = fresh(_plate) if dice.random() < 0.93 else ""
        address = f"{dice.choice(CITIES)}示范路{dice.randint(1, 999)}号"
        found.append(Person(entity, name, fresh(_phone), plate, vin, address))
    return found


def wide(text: str) -> str:
    """Written full-width."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def swapped(dice: random.Random, phone: str) -> str:
    """Two different neighbours of the last nine digits changed round."""
    places = [i for i in range(2, 10) if phone[i] != phone[i + 1]]
    i = dice.choice(places)
    return phone[:i] + phone[i + 1] + phone[i] + phone[i + 2 :]


def one_wrong(dice: random.Random, phone: str) -> str:
    """One of the last eight digits wrong."""
    i = dice.randrange(3, 11)
    return phone[:i] + dice.choice([d for d in "0123456789" if d != phone[i]]) + phone[i + 1 :]


def homophone(dice: random.Random, name: str) -> str:
    """One character written as another of the same sound; the name itself where the list has none."""
    changes = [
        (i, other) for i, c in enumerate(name) for group in HOMOPHONES if c in group for other in group if other != c
    ]
    if not changes or name.endswith("公司"):
        return name
    i, other = dice.choice(changes)
    return name[:i] + other + name[i + 1 :]


def look_alike(dice: random.Random, name: str) -> str:
    """One character written as one that looks like it."""
    changes = [(i, LOOK_ALIKES[c]) for i, c in enumerate(name) if c in LOOK_ALIKES]
    if not changes or len(name) < 3:
        return name
    i, other = dice.choice(changes)
    return name[:i] + other + name[i + 1 :]


def plate_otherwise(dice: random.Random, plate: str) -> str:
    """The same plate in another hand: dots, blanks, small letters, full-width, O for 0 and I for 1."""
    letters = plate[2:].replace("0", "O").replace("1", "I") if dice.random() < 0.4 else plate[2:]
    way = dice.randrange(4)
    if way == 0:
        return f"{plate[:2]}·{letters}"
    if way == 1:
        return f"{plate[0]} {plate[1]}-{letters}".lower()
    if way == 2:
        return wide(plate[:2] + letters)
    return (plate[:2] + letters).lower()


def vin_by_hand(dice: random.Random, vin: str) -> str:
    """Lower-case, with o for 0 and perhaps i for 1, in groups."""
    text = vin.lower().replace("0", "o")
    text = text.replace("1", "i") if dice.random() < 0.3 else text
    return f"{text[:8]} {text[8:]}" if dice.random() < 0.3 else text


def phone_by_hand(dice: random.Random, phone: str) -> str:
    """The same number in another hand."""
    way = dice.randrange(5)
    grouped = f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"
    return (
        wide(phone),
        f"+86 {grouped}",
        f"0086{phone}",
        grouped.replace("-", " "),
        phone.replace("1", "l").replace("0", "O"),
    )[way]


def _titled(dice: random.Random, person: Person) -> str:
    return person.name + dice.choice(("先生", "女士")) if not person.name.endswith("公司") else person.name


DISGUISES: dict[str, Callable[[random.Random, Person], Person]] = {
    "full_width": lambda d, p: replace(p, name=f" {p.name[:1]} {p.name[1:]}", phone=phone_by_hand(d, p.phone)),
    "title": lambda d, p: replace(p, name=_titled(d, p), phone=phone_by_hand(d, p.phone), plate="", vin=""),
    "swapped_digits": lambda d, p: replace(p, phone=swapped(d, p.phone), plate="", vin=""),
    "one_wrong_digit": lambda d, p: replace(p, phone=one_wrong(d, p.phone), plate="", vin=""),
    "homophone": lambda d, p: replace(p, name=homophone(d, p.name), plate="", vin=""),
    "homophone_wrong_digit": lambda d, p: replace(
        p, name=homophone(d, p.name), phone=one_wrong(d, p.phone), plate="", vin=""
    ),
    "homophone_swapped": lambda d, p: replace(
        p, name=homophone(d, p.name), phone=swapped(d, p.phone), plate="", vin=""
    ),
    "new_phone_same_plate": lambda d, p: replace(p, phone=_phone(d), plate=plate_otherwise(d, p.plate), vin=""),
    "homophone_new_phone": lambda d, p: replace(
        p, name=homophone(d, p.name), phone=_phone(d), plate=plate_otherwise(d, p.plate), vin=""
    ),
    "vin_by_hand": lambda d, p: replace(p, phone=_phone(d), plate="", vin=vin_by_hand(d, p.vin)),
    "look_alike_character": lambda d, p: replace(
        p, name=look_alike(d, p.name), phone=swapped(d, p.phone), plate="", vin=""
    ),
}


def town(known: int, back: int, new: int, *, seed: int, disguises: Sequence[str] = tuple(DISGUISES)) -> Town:
    """A file of ``known`` people, ``back`` of them coming again in turn of the disguises, and ``new`` strangers."""
    dice = random.Random(seed)
    file = people(dice, known)
    returning = []
    while len(returning) < back:
        name = disguises[len(returning) % len(disguises)]
        person = dice.choice(file)
        if ("plate" in name or name == "homophone_new_phone") and not person.plate:
            continue
        if name == "vin_by_hand" and not person.vin:
            continue
        returning.append(replace(DISGUISES[name](dice, person), disguise=name))
    return Town(file, returning, people(dice, new, known, file))
