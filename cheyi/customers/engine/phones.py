"""Telephone numbers as people write them: one normal form, a kind, and the numbers one slip away (domain.md 7.3)."""

from __future__ import annotations

import re

from cheyi.customers.engine.verdicts import Problem, Verdict, error, narrow, warning

MOBILE = re.compile(r"1[3-9]\d{9}")
INTERNATIONAL = re.compile(r"\+[1-9]\d{6,14}")
LANDLINE = re.compile(r"0(?!1[3-9])\d{9,11}(-\d{1,5})?")
SERVICE = re.compile(r"[48]00\d{7}|95\d{3,8}|1\d{4}")
PRIVATE = re.compile(r"(1[3-9]\d{9}|95013\d{6,9})-\d{1,6}")
VIRTUAL = ("170", "171", "165", "167", "162")
LONGEST = 60
MOST_WORDS = 12

_SPOKEN = str.maketrans(
    "〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两OoQIiıLl|", "001234567891" + "123456789" + "2" + "000111111"
)
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|extension|[#,;x*])\s*:?\s*(\d{1,6})$", re.IGNORECASE)
_DASHED = re.compile(r"([+\d()]+-?[\d()]+-?\d{7,8})-(\d{1,6})")
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?e\+?(\d{1,2})", re.IGNORECASE)
_DASHES = re.compile(r"[‐-―−~_—–]")
_SEPARATORS = re.compile(r"[\s().\-·・/'\"`:]")
_BETWEEN = re.compile(r"[/、;|,\n\r&]|或者?|和|及")
_MOBILES = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_LABEL = re.compile(r"\(([^()\d+]*)\)")


def normalise(text: str) -> str:
    """One spelling for one number: digits, ``+`` only for foreign ones, ``-`` only before an extension.

    Full-width forms, spoken digits (一三八, 幺), O/I/L typed for 0/1, separators and +86/0086/86 are undone. What is no
    telephone number (all that is longer than 60 characters) comes back narrowed and upper-case, for `check` to name its
    fault.
    """
    plain = _DASHES.sub("-", narrow(text))
    if len(plain) > LONGEST:
        return re.sub(r"\s+", "", plain).upper()
    scientific = _SCIENTIFIC.fullmatch(plain)
    if scientific:
        return _unrounded(scientific) or plain.upper()
    plain = re.sub(r"^(\d{7,})\.0+$", r"\1", plain)
    plain, extension = _without_extension(plain)
    number = _digits(plain)
    if not number:
        return re.sub(r"\s+", "", plain).upper()
    return f"{number}-{extension}" if extension else number


def _unrounded(match: re.Match[str]) -> str:
    """The digits of 1.3800138E+10 when none was lost, else nothing."""
    first, rest, power = match[1], match[2] or "", int(match[3])
    if power != 10 or len(rest) < 6:
        return ""
    number = first + rest.ljust(10, "0")
    return number if len(number) == 11 and MOBILE.fullmatch(number) else ""


def _without_extension(text: str) -> tuple[str, str]:
    """The number and its extension, where what stands before the extension is a whole number."""
    match = _EXTENSION.search(text)
    if match and _kind(_digits(text[: match.start()])):
        return text[: match.start()], match[1]
    dashed = _DASHED.fullmatch(re.sub(r"\s", "", text))
    if dashed and _kind(_digits(dashed[1])) in ("mobile", "virtual_mobile", "landline", "service"):
        return dashed[1], dashed[2]
    return text, ""


def _digits(text: str) -> str:
    """The domestic digits of a number without extension, or "" when it holds anything else."""
    digits = _SEPARATORS.sub("", text.translate(_SPOKEN))
    return _domestic(digits) if re.fullmatch(r"\+?\d+", digits) else ""


def _domestic(digits: str) -> str:
    """Without the country code when what follows is a Chinese number; other countries get their plus."""
    for prefix in ("+86", "0086", "86"):
        rest = digits.removeprefix(prefix)
        for number in (rest, "0" + rest):
            if rest != digits and _kind(number) in ("mobile", "virtual_mobile", "landline"):
                return number
    if digits.startswith("0") and MOBILE.fullmatch(digits[1:]):
        return digits[1:]
    if digits.startswith("00") and not digits.startswith("0086"):
        return "+" + digits[2:]
    return digits


def check(text: str) -> Verdict:
    """Kind and faults of one number. Kinds: mobile, virtual_mobile, privacy, landline, service, international."""
    value = normalise(text)
    if not value:
        return Verdict("", "", (error("customers.phone.empty"),))
    kind = _kind(value)
    if kind:
        return Verdict(value, kind, _doubts(value, kind))
    numbers = several(text)
    if len(numbers) > 1:
        return Verdict(value, "", (error("customers.phone.several", numbers=numbers),))
    return Verdict(value, "", (_fault(value),))


def _kind(value: str) -> str:
    if MOBILE.fullmatch(value):
        return "virtual_mobile" if value.startswith(VIRTUAL) else "mobile"
    for pattern, kind in (
        (PRIVATE, "privacy"),
        (LANDLINE, "landline"),
        (SERVICE, "service"),
        (INTERNATIONAL, "international"),
    ):
        if pattern.fullmatch(value):
            return kind
    return ""


def _doubts(value: str, kind: str) -> tuple[Problem, ...]:
    problems = []
    if kind in ("mobile", "virtual_mobile") and is_placeholder(value):
        problems.append(warning("customers.phone.placeholder", phone=value))
    if kind in ("virtual_mobile", "privacy", "service"):
        problems.append(warning("customers.phone.virtual", kind=kind))
    return tuple(problems)


def _fault(value: str) -> Problem:
    if _SCIENTIFIC.fullmatch(value):
        return error("customers.phone.rounded_by_spreadsheet", text=value)
    digits = value.removeprefix("+")
    if not digits.isdecimal():
        return error("customers.phone.not_a_number", text=value)
    if digits.startswith("1") and len(digits) < 11:
        return error("customers.phone.too_short", missing=11 - len(digits))
    if digits.startswith("1") and len(digits) > 11:
        return error("customers.phone.too_long", surplus=len(digits) - 11)
    return error("customers.phone.unknown_form", text=value)


def is_placeholder(phone: str) -> bool:
    """Whether a mobile looks made up: 13800000000, 18888888888, 13812345678, 13987654321 (never evidence)."""
    tail = phone[3:]
    return len(set(tail)) == 1 or tail in "0123456789" or tail in "9876543210"


def several(text: str) -> tuple[str, ...]:
    """Every number of a cell that holds more than one (``13800138000/0571-88889999``), normalised, without doubles."""
    return tuple(number for number, _label in labelled(text))


def labelled(text: str) -> tuple[tuple[str, str], ...]:
    """The numbers of `several`, each with what stands behind it in brackets: ``13800138000 0571-88889999(家里)``."""
    found: dict[str, str] = {}
    for piece in _BETWEEN.split(narrow(text)):
        labels = [label.strip() for label in _LABEL.findall(piece) if label.strip()]
        numbers = _numbers_in(_LABEL.sub(" ", piece))
        for number in numbers:
            found.setdefault(number, labels[-1] if labels and number == numbers[-1] else "")
    return tuple(found.items())


def _numbers_in(piece: str) -> tuple[str, ...]:
    """The numbers of a piece without a sign between them: one, some with blanks between, or mobiles among words."""
    value = normalise(piece)
    if _kind(value):
        return (value,)
    words = piece.split()
    if len(words) > MOST_WORDS:
        return tuple(_MOBILES.findall(piece))
    found, start = [], 0
    for end in range(1, len(words) + 1):
        value = normalise(" ".join(words[start:end]))
        if _kind(value) in ("mobile", "virtual_mobile", "landline"):
            found.append(value)
            start = end
    return tuple(found) if found and start == len(words) else tuple(_MOBILES.findall(piece))


def phone_tail(phone: str, length: int = 4) -> str:
    """The last digits by which people ask for a number; without its extension. "" when it has fewer."""
    digits = re.sub(r"\D", "", normalise(phone).partition("-")[0])
    return digits[-length:] if len(digits) >= length else ""


def near_phones(phone: str) -> tuple[str, ...]:
    """Every possible mobile one slip away: two neighbours swapped, or one digit changed, lost or doubled (domain.md 6.10).

    For a right mobile about a hundred numbers, swaps first; for one of ten or twelve digits those it may have been.
    They are looked up one by one, since numbers are sealed. Empty for anything else.
    """
    value = normalise(phone)
    if not re.fullmatch(r"1\d{9,11}", value):
        return ()
    if len(value) == 10:
        near = [value[:i] + digit + value[i:] for i in range(1, 11) for digit in "0123456789"]
    elif len(value) == 12:
        near = [value[:i] + value[i + 1 :] for i in range(12)]
    else:
        near = [value[:i] + value[i + 1] + value[i] + value[i + 2 :] for i in range(1, 10)]
        near += [value[:i] + digit + value[i + 1 :] for i in range(1, 11) for digit in "0123456789"]
    # what is left is eleven digits: two of them say whether they are a mobile's, at a tenth of the cost of a pattern
    return tuple(dict.fromkeys(other for other in near if other != value and other[0] == "1" and other[1] in "3456789"))
