"""Names of people and firms: tidy for storing, one form for comparing, kind and faults, keys for finding (domain.md 7.3)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from cheyi.customers.engine import pinyin
from cheyi.customers.engine.verdicts import Problem, Verdict, error, narrow, warning

LONGEST = 60
MOST_READ = 200
AT_HAND = 2_000  # a list asks five times about the same name in a row
TITLES = ("先生", "女士", "小姐", "太太", "师傅", "老师", "老板", "经理", "夫人", "同志", "阿姨", "总")
LATIN_TITLES = frozenset({"MR", "MRS", "MS", "MISS", "DR", "PROF", "SIR", "MADAM"})
PLACEHOLDERS = frozenset(
    [
        "测试",
        "测试客户",
        "散客",
        "客户",
        "车主",
        "无",
        "未知",
        "不详",
        "匿名",
        "无名",
        "TEST",
        "NA",
        "UNKNOWN",
        "NONE",
        "NULL",
    ]
)
FIRM_ENDS = (
    "有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "分公司", "总公司", "公司", "集团", "经营部", "服务部", "门市部", "商行",
    "事务所", "合作社", "银行", "支行", "学校", "中学", "小学", "大学", "学院", "幼儿园", "医院", "协会", "委员会", "居委会", "村委会", "管理局",
    "公安局", "支队", "大队", "中心", "修理厂", "汽修厂", "工厂", "车队", "酒店", "饭店", "超市", "商店", "个体户", "政府", "法院", "检察院",
    "研究院", "研究所", "设计院", "工作室", "俱乐部", "基金会", "物业", "厂", "店", "行", "局", "社",
)  # fmt: skip
LATIN_FIRM_ENDS = frozenset(
    [
        "LTD",
        "LIMITED",
        "INC",
        "CORP",
        "CORPORATION",
        "CO",
        "COMPANY",
        "GMBH",
        "LLC",
        "PLC",
        "AG",
        "SA",
        "BV",
        "KK",
        "SARL",
        "OY",
        "AB",
    ]
)
_LEGAL = re.compile(
    r"(集团)?(股份)?有限(责任)?公司|(总|分|子)?公司|集团|个体工商户|经营部|服务部|门市部|商行|\b(CO|COMPANY|LTD|LIMITED|INC|CORP|CORPORATION|GMBH|LLC|PLC)\b"
)
_BRACKETS = re.compile(r"[(\[{（【<《][^)\]}）】>》]*[)\]}）】>》]")
_NOISE = re.compile(r"[\s·•・‧∙⋅.,，。、'\"’‘“”\-‐-―−_*/\\|;:!?~+#@&()\[\]{}<>《》【】]+")
_DOTS = re.compile(r"\s*[•・‧∙⋅·]\s*")
_PLACE = re.compile(
    r"^(中国)?([\u4e00-\u9fff]{2,3}(省|自治区))?([\u4e00-\u9fff]{2,4}?市)?([\u4e00-\u9fff]{1,4}?[区县])?"
)


def tidy(text: str) -> str:
    """For storing: half-width, one blank between Latin words, none between characters, ``·`` for any middle dot."""
    plain = _DOTS.sub("·", narrow(text))
    plain = re.sub(r"\s+", " ", plain)
    return re.sub(r"(?<=[\u3400-\u9fff·]) | (?=[\u3400-\u9fff·])", "", plain)


@lru_cache(maxsize=AT_HAND)
def normalise(text: str) -> str:
    """For comparing: upper-case, without title (王先生 is 王), remarks in brackets, blanks, dots and accents; 200 characters count.

    A Latin name keeps single blanks between its words. A firm keeps its legal form (see `firm_core`).
    """
    plain = tidy(text).upper()[:MOST_READ]
    firm = _is_firm(plain)
    bare = plain if firm else _BRACKETS.sub("", plain)
    if not _has_chinese(bare):
        return _latin(bare)
    bare = _NOISE.sub("", bare)
    name = bare if firm else _untitled(bare)
    return name if _has_chinese(name) else _latin(name)


def _latin(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    words = _NOISE.sub(" ", "".join(c for c in apart if not unicodedata.combining(c))).split()
    kept = [word for word in words if word not in LATIN_TITLES] if len(words) > 1 else words
    return " ".join(kept)


def _untitled(name: str) -> str:
    for title in TITLES:
        if name.endswith(title) and 1 <= len(name) - len(title) <= 4:
            return name.removesuffix(title)
    return name


def title_of(text: str) -> str:
    """The title a name carries (先生, 女士 …), or ""."""
    plain = _NOISE.sub("", _BRACKETS.sub("", narrow(text)[:MOST_READ]))
    return next((t for t in TITLES if plain.endswith(t) and 1 <= len(plain) - len(t) <= 4), "")


def _has_chinese(text: str) -> bool:
    return any(pinyin.is_chinese(character) for character in text)


def _is_firm(name: str) -> bool:
    if _has_chinese(name):
        return len(name) > 3 and (name.endswith(FIRM_ENDS) or _BRACKETS.sub("", name).endswith(FIRM_ENDS))
    words = _NOISE.sub(" ", name.upper()).split()
    return len(words) > 1 and words[-1] in LATIN_FIRM_ENDS


@lru_cache(maxsize=AT_HAND)
def kind_of(text: str) -> str:
    """``company``, ``foreigner`` (Latin letters or a name with a middle dot), ``surname_only``, ``person`` or ""."""
    name = normalise(text)
    if not any(character.isalpha() for character in name):
        return ""
    if _is_firm(tidy(text).upper()[:MOST_READ]) or _is_firm(name):
        return "company"
    if not _has_chinese(name) or "·" in tidy(text):
        return "foreigner"
    if len(name) == 1 or name in pinyin.COMPOUND_SURNAMES:
        return "surname_only"
    return "person"


def check(text: str) -> Verdict:
    """Kind and faults of a name; the value is the tidy form. Only emptiness, length and digits or signs alone reject."""
    value = tidy(text)
    if not value:
        return Verdict("", "", (error("customers.name.empty"),))
    if len(value) > LONGEST:
        return Verdict(value, "", (error("customers.name.too_long", length=len(value), longest=LONGEST),))
    if not any(character.isalpha() for character in value):
        return Verdict(value, "", (error("customers.name.no_letters", text=value),))
    kind = kind_of(value)
    return Verdict(value, kind, _doubts(value, kind), (("title", title_of(value)),) if title_of(value) else ())


def _doubts(value: str, kind: str) -> tuple[Problem, ...]:
    problems = []
    if normalise(value) in PLACEHOLDERS:
        problems.append(warning("customers.name.placeholder", name=value))
    if kind == "surname_only":
        problems.append(warning("customers.name.surname_only", name=value))
    if kind == "person" and re.search(r"\d", value):
        problems.append(warning("customers.name.digits_inside", name=value))
    return tuple(problems)


def firm_core(name: str) -> str:
    """What tells a firm from others: without place, brackets and legal form; the whole name where nothing would be left."""
    read = tidy(name).upper()[:MOST_READ]
    whole = _NOISE.sub("", read)
    bare = _LEGAL.sub("", _BRACKETS.sub("", read))
    core = _NOISE.sub("", _PLACE.sub("", bare))
    return core if len(core) >= 2 else (_NOISE.sub("", bare) or whole)


def name_keys(name: str) -> tuple[str, ...]:
    """Keys for finding, upper-case, to be looked up by prefix.

    The name and every tail of it (so any part is found, single characters and bigrams included); for Chinese names
    the initials and the whole pinyin with every reading of a heteronym surname (曾: ZENG, CENG), for firms the
    initials of the whole and of the core; for Latin names every word.
    """
    value = normalise(name)[:LONGEST]
    if not value:
        return ()
    if not _has_chinese(value):
        words = value.split()
        return tuple(dict.fromkeys(" ".join(words[start:]) for start in range(len(words))))
    keys = [value[start:] for start in range(len(value))]
    if kind_of(name) == "company":
        keys += [letters for core in (value, firm_core(name)) for letters in _firm_initials(core)]
    else:
        keys += [*pinyin.initials(value), *pinyin.full_pinyin(value)]
    return tuple(dict.fromkeys(key.upper() for key in keys))


def _firm_initials(core: str) -> tuple[str, ...]:
    letters = "".join(pinyin.readings(c)[0][0] if pinyin.readings(c) else c for c in core)
    return (letters,) if letters else ()
