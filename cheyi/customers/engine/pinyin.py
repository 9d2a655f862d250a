"""Readings of Chinese characters and names: every reading for finding, a folded sound for matching."""

from __future__ import annotations

import importlib.util
import itertools
import unicodedata
from functools import cache
from pathlib import Path

MOST_SPELLINGS = 12
COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "太史",
        "端木",
        "上官",
        "司马",
        "东方",
        "独孤",
        "南宫",
        "万俟",
        "闻人",
        "夏侯",
        "诸葛",
        "尉迟",
        "公羊",
        "赫连",
        "澹台",
        "皇甫",
        "宗政",
        "濮阳",
        "公冶",
        "太叔",
        "申屠",
        "公孙",
        "慕容",
        "仲孙",
        "钟离",
        "长孙",
        "宇文",
        "司徒",
        "鲜于",
        "司空",
        "闾丘",
        "子车",
        "亓官",
        "司寇",
        "巫马",
        "公西",
        "颛孙",
        "壤驷",
        "公良",
        "漆雕",
        "乐正",
        "宰父",
        "谷梁",
        "拓跋",
        "夹谷",
        "轩辕",
        "令狐",
        "段干",
        "百里",
        "呼延",
        "东郭",
        "南门",
        "羊舌",
        "微生",
        "梁丘",
        "左丘",
        "东门",
        "西门",
        "第五",
        "完颜",
        "纳兰",
        "那拉",
        "钮祜",
        "爱新",
        "叶赫",
    ]
)
_SURNAME_READINGS = {
    "万俟": "mo-qi wan-si", "尉迟": "yu-chi wei-chi", "长孙": "zhang-sun chang-sun", "澹台": "tan-tai dan-tai", "令狐": "ling-hu",
    "单": "shan dan chan", "曾": "zeng ceng", "查": "zha cha", "仇": "qiu chou", "解": "xie jie", "区": "ou qu",
    "任": "ren", "盖": "ge gai", "朴": "piao pu", "尉": "wei yu", "缪": "miao mou", "翟": "zhai di", "乐": "yue le lao",
    "覃": "qin tan", "折": "she zhe", "繁": "po fan", "种": "chong zhong", "秘": "bi mi", "黑": "he hei", "员": "yun yuan",
    "宓": "mi fu", "纪": "ji", "召": "shao zhao", "冼": "xian", "洗": "xian xi", "燕": "yan", "葛": "ge", "逄": "pang",
    "盛": "sheng cheng", "车": "che ju", "石": "shi", "贾": "jia gu", "郇": "xun huan", "隗": "kui wei", "阚": "kan han",
    "过": "guo", "华": "hua", "宁": "ning", "哈": "ha", "那": "na", "撒": "sa", "句": "gou ju", "阿": "a e", "祭": "zhai ji",
    "褚": "chu zhu", "谌": "chen shen", "晟": "cheng sheng", "訾": "zi", "曲": "qu", "柏": "bai bo", "薄": "bo bao",
    "卜": "bu", "不": "fou bu", "牟": "mou mu", "厘": "li xi", "重": "chong zhong", "长": "chang zhang", "佴": "nai er",
    "洗马": "xian-ma", "曲阳": "qu-yang", "适": "kuo shi", "叶": "ye xie", "能": "nai neng", "郗": "xi chi", "郝": "hao",
    "塔": "ta", "瞿": "qu ju", "铅": "yan qian", "蕃": "pi fan", "哿": "ge", "术": "zhu shu", "泷": "shuang long",
    "侯": "hou", "俞": "yu", "庾": "yu", "於": "yu", "於陵": "wu-ling", "尹": "yin", "芮": "rui", "仉": "zhang",
    "行": "xing hang", "占": "zhan", "降": "jiang xiang", "藏": "zang cang", "臧": "zang", "晁": "chao", "郄": "qie xi",
    "炅": "gui jiong", "乜": "nie mie", "逯": "lu", "殷": "yin", "应": "ying", "万": "wan", "王": "wang", "将": "jiang",
}  # fmt: skip
_TWO_WAYS = frozenset(
    "乐长重行朝晟少传都盛茜筠娜隽柏琢澄浚藏车阿叶召单曾解谷华中兴应相降强便佛省校更圈给尽薄露弹和说率调载贤洋奇参宿"
)
_FOLDS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))


@cache
def _table() -> dict[int, str]:
    """The character table of pypinyin without its phrases, which would cost 45 MB and a quarter of a second."""
    package = importlib.util.find_spec("pypinyin")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("pypinyin")
    spec = importlib.util.spec_from_file_location("_cheyi_readings", Path(package.origin).with_name("pinyin_dict.py"))
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("pypinyin.pinyin_dict")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    table: dict[int, str] = module.pinyin_dict
    return table


@cache
def readings(character: str) -> tuple[str, ...]:
    """Every reading without tones, commonest first; ü is written v (女: nv). Empty for what is not Chinese."""
    marked = _table().get(ord(character), "")
    return tuple(dict.fromkeys(_toneless(reading) for reading in marked.split(",") if reading))


def _toneless(reading: str) -> str:
    apart = unicodedata.normalize("NFD", reading.replace("ü", "v").replace("ǖ", "v"))
    kept = "".join("v" if c == "\u0308" else c for c in apart if c == "\u0308" or not unicodedata.combining(c))
    return kept.replace("uv", "v").replace("ɡ", "g")


def is_chinese(character: str) -> bool:
    """Whether it is a Chinese character of any plane."""
    return character == "〇" or unicodedata.name(character, "").startswith("CJK UNIFIED IDEOGRAPH")


def surname_of(name: str) -> str:
    """The surname of a Chinese name: two characters for a compound one that leaves a given name, else the first."""
    return name[:2] if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else name[:1]


def _surname_syllables(surname: str) -> tuple[tuple[str, ...], ...]:
    known = _SURNAME_READINGS.get(surname)
    if known:
        return tuple(tuple(reading.split("-")) for reading in known.split())
    return (tuple(readings(character)[0] if readings(character) else character.lower() for character in surname),)


def surname_readings(surname: str) -> tuple[str, ...]:
    """Every reading people use for a surname, the right one first (单: shan, dan, chan)."""
    return tuple("".join(syllables) for syllables in _surname_syllables(surname))


def spellings(name: str) -> tuple[tuple[str, ...], ...]:
    """The ways to say a Chinese name, each a tuple of syllables; at most 12, likeliest first.

    All readings of the surname, two of a further character that is truly said two ways (乐: le, yue), else one;
    what is not Chinese stands for itself.
    """
    surname = surname_of(name)
    rest = [given_readings(character) for character in name[len(surname) :]]
    # One by one: a product of products would write down all 2^n of a long name before the first is taken.
    whole = ((*family, *given) for family in _surname_syllables(surname) for given in itertools.product(*rest))
    return tuple(itertools.islice(whole, MOST_SPELLINGS))


def given_readings(character: str) -> tuple[str, ...]:
    """The readings of a character in a given name, commonest first."""
    return readings(character)[: 2 if character in _TWO_WAYS else 1] or (character.lower(),)


def full_pinyin(name: str) -> tuple[str, ...]:
    """The spellings written together: 单国 gives shanguo, danguo, changuo."""
    return tuple(dict.fromkeys("".join(syllables) for syllables in spellings(name)))


def initials(name: str) -> tuple[str, ...]:
    """First letters of every spelling: 单国 gives sg, dg, cg; a compound surname gives one per character."""
    return tuple(dict.fromkeys("".join(syllable[0] for syllable in syllables) for syllables in spellings(name)))


@cache
def fold(syllable: str) -> str:
    """A syllable as the south says it: zh/z, ch/c, sh/s, n/l and the finals -ng/-n are one."""
    for spelt, said in _FOLDS:
        syllable = syllable.replace(spelt, said)
    return "l" + syllable[1:] if syllable.startswith("n") else syllable
