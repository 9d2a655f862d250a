"""How personal texts look to those who may not read them (reliability.md 7.6)."""

from __future__ import annotations

from collections.abc import Callable

STARS = "****"


def mobile(text: str) -> str:
    """``13812345678`` is ``138****5678``; a shorter number keeps only its last two digits."""
    if len(text) >= 10:
        return f"{text[:3]}{STARS}{text[-4:]}"
    return f"{STARS}{text[-2:]}" if text else ""


def id_no(text: str) -> str:
    """``11010519491231002X`` is ``110105********002X``."""
    if len(text) >= 15:
        return f"{text[:6]}{'*' * (len(text) - 10)}{text[-4:]}"
    return tail(text)


def tail(text: str) -> str:
    """Bank accounts and other numbers: the last four characters, and never more than half of the text."""
    shown = min(4, len(text) // 2)
    return f"{STARS}{text[len(text) - shown :]}" if text else ""


def name(text: str) -> str:
    """``王建国`` is ``王**``."""
    return f"{text[0]}**" if text else ""


def email(text: str) -> str:
    """``wang@example.com`` is ``w***@example.com``."""
    local, at, host = text.partition("@")
    return f"{local[:1]}***{at}{host}" if at else hidden(text)


def address(text: str) -> str:
    """The first six characters, which name province and city."""
    return f"{text[: min(6, len(text) // 2)]}{STARS}" if text else ""


def plate(text: str) -> str:
    """``沪A12345`` is ``沪A***45``."""
    return f"{text[:2]}***{text[-2:]}" if len(text) >= 6 else hidden(text)


def vin(text: str) -> str:
    """The first three and the last four of the seventeen."""
    return f"{text[:3]}{'*' * 10}{text[-4:]}" if len(text) == 17 else hidden(text)


def hidden(text: str) -> str:
    """Nothing of it."""
    return STARS if text else ""


MASKS: dict[str, Callable[[str], str]] = {
    "mobile": mobile,
    "id_no": id_no,
    "tail": tail,
    "name": name,
    "email": email,
    "address": address,
    "plate": plate,
    "vin": vin,
    "hidden": hidden,
}
