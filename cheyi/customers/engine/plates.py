"""Number plates: normal form, type by pattern, the slips people make, and keys for finding by any part (domain.md 7.2)."""

from __future__ import annotations

import re

from cheyi.customers.engine.verdicts import Problem, Verdict, error, narrow, warning

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
LONGEST_FREE = 12
FREE_KINDS = ("armed_police", "military", "temporary", "foreign")

_P, _L, _S = f"[{PROVINCES}]", "[A-HJ-NP-Z]", "[A-HJ-NP-Z0-9]"
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("standard", f"{_P}{_L}{_S}{{5}}"),
        ("new_energy_small", rf"{_P}{_L}[A-HJK]{_S}\d{{4}}"),
        ("new_energy_large", rf"{_P}{_L}\d{{5}}[A-HJK]"),
        ("coach", f"{_P}{_L}{_S}{{4}}学"),
        ("police", f"{_P}{_L}{_S}{{4}}警"),
        ("trailer", f"{_P}{_L}{_S}{{4}}挂"),
        ("hk_macau", f"粤Z{_S}{{4}}[港澳]"),
        ("embassy", r"使\d{6}|\d{6}使"),
        ("consulate", rf"{_P}{_L}\d{{4}}领|\d{{6}}领"),
        ("emergency", f"{_P}[XS]{_S}{{4}}应急"),
    )
)
_TO_CHOOSE = (
    ("armed_police", re.compile(r"WJ.{3,}")),
    ("military", re.compile(r"[A-Z]{2}\d{5}|[军空海北沈兰济南广成]\w\d{5}")),
    ("temporary", re.compile(r".*临.*|.*超.*")),
)
_TRADITIONAL = str.maketrans("滬遼蘇魯黑贛陝閩貴粵寧瓊雲漢冀豫皖領學應", "沪辽苏鲁黑赣陕闽贵粤宁琼云汉冀豫皖领学应")
_SEPARATORS = re.compile(r"[\s·•・‧∙⋅.。\-‐-―−_*/\\|,'\"]+")
_READ_AS = str.maketrans("IO", "10")
_FOLDED = str.maketrans("IOQDBZS", "1000825")


def normalise(text: str) -> str:
    """Upper-case without separators, full-width and traditional characters undone; letters are never turned to digits."""
    return _SEPARATORS.sub("", narrow(text)).upper().translate(_TRADITIONAL)


def kind_of(plate: str) -> str:
    """The type of a normal form by its pattern, "" when none fits."""
    return next((kind for kind, form in _FORMS if form.fullmatch(plate)), "")


def check(text: str, kind: str = "") -> Verdict:
    """Type and faults of a plate; ``kind`` is what a person chose, and allows free text for the types without pattern.

    New-energy plates carry the fact ``energy``: ``bev`` or ``other``.
    """
    value = normalise(text)
    if not value:
        return Verdict("", "", (error("customers.plate.empty"),))
    if kind in FREE_KINDS:
        if len(value) > LONGEST_FREE:
            return Verdict(value, "", (error("customers.plate.too_long", longest=LONGEST_FREE),))
        return Verdict(value, kind)
    found = kind_of(value)
    if not found:
        return Verdict(value, "", (_fault(value),))
    problems = (warning("customers.plate.other_kind", chosen=kind, found=found),) if kind not in ("", found) else ()
    return Verdict(value, found, problems, _energy(value, found))


def _energy(value: str, kind: str) -> tuple[tuple[str, object], ...]:
    if not kind.startswith("new_energy"):
        return ()
    letter = value[2] if kind == "new_energy_small" else value[-1]
    return (("energy", "bev" if letter in "ABCDE" else "other"),)


def _fault(value: str) -> Problem:
    repaired = repair(value)
    if repaired:
        slips = [i for i, (was, now) in enumerate(zip(value, repaired, strict=True)) if was != now]
        return error(
            "customers.plate.letter_for_digit",
            position=slips[0] + 1,
            found=value[slips[0]],
            meant=repaired[slips[0]],
            suggestion=repaired,
        )
    for kind, form in _TO_CHOOSE:
        if form.fullmatch(value) and kind_of("京" + value):
            return error("customers.plate.province_or_kind", text=value)
        if form.fullmatch(value):
            return error("customers.plate.choose_kind", kind=kind)
    return _misshapen(value)


def _misshapen(value: str) -> Problem:
    if kind_of("京" + value):
        return error("customers.plate.province_missing", text=value)
    if value[0] in PROVINCES and len(value) < 7:
        return error("customers.plate.too_short", length=len(value))
    if value[0] in PROVINCES and len(value) > 8:
        return error("customers.plate.too_long", longest=8)
    return error("customers.plate.unknown_form", text=value)


def repair(text: str) -> str:
    """The plate meant when I or O stands for 1 or 0 behind the city letter; "" when nothing needs or allows it."""
    value = normalise(text)
    meant = value[:2] + value[2:].translate(_READ_AS)
    return meant if meant != value and kind_of(meant) else ""


def skeleton(plate: str) -> str:
    """The plate with look-alike characters folded behind the city letter (I/1, O/0/Q/D, B/8, Z/2, S/5): equal for misreadings."""
    value = normalise(plate)
    return value[:2] + value[2:].translate(_FOLDED)


def plate_keys(plate: str) -> tuple[str, ...]:
    """Keys for finding by any part: the whole plate and every tail of two characters or more, to be looked up by prefix.

    Of what is too long for any plate only the beginning counts.
    """
    value = normalise(plate)[: 2 * LONGEST_FREE]
    if len(value) < 2:
        return (value,) if value else ()
    return tuple(value[start:] for start in range(len(value) - 1))
