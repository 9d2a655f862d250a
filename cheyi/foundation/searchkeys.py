"""Under which texts a thing is found: tails of numbers, names by character and pinyin, phones by blind index.

A key is looked up by its beginning, so every place at which a person may start to type needs one: a plate its tails, a
name each of its endings (王建国, 建国, 国), initials and full pinyin with every reading of the surname (design.md 5).
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

from cheyi.foundation.sealed import blind_index, plain_number, tail_index

LONGEST_KEY = 40
MOST_ENDINGS = 16
MOST_READINGS = 4
WHOLE_MARK = "#"
TAIL_MARK = "~"
SHORTEST_PHONE = 7
TAIL_DIGITS = 4


@dataclass(frozen=True, order=True, slots=True)
class Key:
    """A text under which something is found; a lower rank stands first among equal hits."""

    text: str
    rank: int = 0


def folded(text: str) -> str:
    """How keys and what is typed are compared: half width, lower case, letters and digits only."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())[:LONGEST_KEY]


def code_keys(text: str, *lengths: int) -> list[Key]:
    """A number or code: whole, and its tails of the given lengths (``code_keys("沪A80001", 6, 5, 4, 3)``)."""
    whole = folded(text)
    tails = [whole[-length:] for length in sorted(lengths, reverse=True) if length < len(whole)]
    return _ranked([whole, *tails])


def segment_keys(text: str) -> list[Key]:
    """A part number: whole, and from each of its segments on (``BYD-BMS-2023A``: bms2023a, 2023a)."""
    starts = [match.end() for match in re.finditer(r"[^0-9A-Za-z]+", text)]
    return _ranked([folded(text), *(folded(text[start:]) for start in starts)])


def document_keys(number: str) -> list[Key]:
    """A document number: whole, and its last eight, six and four characters."""
    return code_keys(number, 8, 6, 4)


def phone_keys(number: str) -> list[Key]:
    """A phone by blind index: the whole number, and its last four digits."""
    indexes = [(WHOLE_MARK, blind_index(number), 0), (TAIL_MARK, tail_index(number), 2)]
    return [Key(mark + index, rank) for mark, index, rank in indexes if index]


def name_keys(name: str, *, rank: int = 1) -> list[Key]:
    """A person's, firm's or part's name: each of its endings, and pinyin where it is Chinese."""
    whole = folded(name)
    if not whole:
        return []
    endings = [whole[start:] for start in range(min(len(whole), MOST_ENDINGS))] if not whole.isascii() else []
    words = [word for word in map(folded, re.split(r"[\s·,.()（）/-]+", name)) if word]
    initials = ["".join(word[0] for word in words)] if whole.isascii() and len(words) > 1 else []
    return [Key(key.text, key.rank + rank) for key in _ranked([whole, *endings, *words, *initials, *_pinyin(name)])]


def _pinyin(name: str) -> list[str]:
    """Initials and full pinyin of the Chinese characters; of the first one (the surname) in each of its readings."""
    characters = "".join(sign for sign in name if "\u4e00" <= sign <= "\u9fff")
    if not characters:
        return []
    rest = _spoken(characters)[1:]
    readings = [[surname, *rest] for surname in _readings(characters[0])]
    initials = ["".join(word[0] for word in words) for words in readings]
    return [*initials, *("".join(words) for words in readings)]


@functools.lru_cache(maxsize=4096)
def _readings(sign: str) -> tuple[str, ...]:
    from pypinyin import Style, pinyin  # noqa: PLC0415 - its dictionaries are loaded with the first name

    found = pinyin(sign, style=Style.NORMAL, heteronym=True)[0]
    return tuple(dict.fromkeys(word.replace("ü", "v") for word in found))[:MOST_READINGS]


def spelled(text: str) -> str:
    """The text with its Chinese characters in pinyin; others stay as they are."""
    return "".join(_spoken(unicodedata.normalize("NFKC", text)))


def _spoken(characters: str) -> list[str]:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its dictionaries are loaded with the first name

    return [word.replace("ü", "v") for word in lazy_pinyin(characters)]


def _ranked(texts: list[str]) -> list[Key]:
    """Each text once, the whole one before its parts."""
    shortened = dict.fromkeys(text[:LONGEST_KEY] for text in texts)
    return [Key(text, int(place > 0)) for place, text in enumerate(shortened) if text]


def ranges_of(word: str) -> list[tuple[str, str]]:
    """The stretches of the index in which a typed word is looked for: what begins with it, and phones it may be."""
    found = [stretch(text)] if (text := folded(word)) else []
    number = plain_number(word)
    if number.lstrip("+").isdecimal():
        if len(number) == TAIL_DIGITS:
            found.append(stretch(TAIL_MARK + tail_index(number)))
        if len(number) >= SHORTEST_PHONE:
            found.append(stretch(WHOLE_MARK + blind_index(number)))
    return found


def stretch(beginning: str) -> tuple[str, str]:
    """All texts with a beginning, as (from, before) in code-point order. Raises ValueError for the empty text."""
    kept = beginning.rstrip("\U0010ffff")
    if not kept:
        raise ValueError("everything begins with nothing")
    following = ord(kept[-1]) + 1
    if following == 0xD800:
        following = 0xE000
    return beginning, kept[:-1] + chr(following)
