"""Amounts in Chinese capitals for papers: 1,013.60 is 壹仟零壹拾叁元陆角整 (usual banking form)."""

from __future__ import annotations

from cheyi.kernel import Money

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


def capitals(amount: Money) -> str:
    """The amount in capitals: yuan, jiao, fen; 整 when no fen follow; 负 in front of a negative one."""
    fen = abs(amount.fen)
    yuan, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    sign = "负" if amount.fen < 0 else ""
    text = f"{_whole(yuan)}元" if yuan else ""
    if not jiao and not rest:
        return f"{sign}{text or '零元'}整"
    text += f"{DIGITS[jiao]}角" if jiao else ("零" if yuan else "")
    return f"{sign}{text}{DIGITS[rest]}分" if rest else f"{sign}{text}整"


def _whole(number: int) -> str:
    pieces: list[str] = []
    group, gap = 0, False
    while number:
        number, four = divmod(number, 10_000)
        if four:
            pieces.append(_four(four) + GROUPS[group] + ("零" if gap else ""))
            gap = four < 1000
        elif pieces:
            gap = True
        group += 1
    return "".join(reversed(pieces))


def _four(number: int) -> str:
    text, zero = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if zero and text else "") + DIGITS[digit] + PLACES[place]
            zero = False
        else:
            zero = True
    return text
