"""Registers of Western people with copied and damaged records, like the public record-linkage sets, for measuring linkage.

Independent of the engine: words are made of syllables with Zipf frequencies, damage is done to the written text by
keyboard, eye and ear rules of its own, and the truth is a cluster number that the engine never sees.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

COLUMNS = (
    "given_name",
    "surname",
    "street_number",
    "address_1",
    "address_2",
    "suburb",
    "postcode",
    "state",
    "date_of_birth",
    "soc_sec_id",
)
STATES = ("nsw", "vic", "qld", "wa", "sa", "tas", "act", "nt")
STATE_WEIGHTS = (34, 25, 20, 10, 7, 2, 1, 1)
STREET_KINDS = ("street", "place", "crescent", "close", "circuit", "court", "avenue", "drive", "road", "parade")
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
EAR = (
    ("ph", "f"),
    ("f", "ph"),
    ("ck", "k"),
    ("c", "k"),
    ("s", "z"),
    ("ie", "y"),
    ("y", "i"),
    ("ee", "ea"),
    ("ll", "l"),
)
EAR += (
    ("tt", "t"),
    ("t", "tt"),
    ("ou", "u"),
    ("ai", "ay"),
    ("ght", "t"),
    ("wr", "r"),
    ("kn", "n"),
    ("e", ""),
    ("a", "e"),
)
EYE = (
    ("m", "rn"),
    ("cl", "d"),
    ("d", "cl"),
    ("l", "1"),
    ("o", "0"),
    ("g", "q"),
    ("5", "s"),
    ("8", "b"),
    ("2", "z"),
    ("nn", "m"),
)
ONSETS = [
    "b",
    "br",
    "c",
    "ch",
    "cl",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "sh",
    "st",
    "t",
    "th",
    "tr",
    "v",
    "w",
]
VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "ee", "ie", "ou"]
CODAS = ["n", "r", "l", "s", "t", "m", "ck", "nd", "rt", "ll", "ng", "d"]


@dataclass(frozen=True)
class Register:
    """Rows by column name, with the entity each row stands for."""

    rows: list[dict[str, str]]
    truth: list[int]


class Words:
    """A vocabulary with Zipf frequencies, some words close to others as names are."""

    def __init__(self, dice: random.Random, size: int, syllables: tuple[int, int]) -> None:
        found: dict[str, None] = {}
        while len(found) < size:
            word = "".join(
                dice.choice(ONSETS) + dice.choice(VOWELS) + (dice.choice(CODAS) if dice.random() < 0.5 else "")
                for _ in range(dice.randint(*syllables))
            )
            found[word] = None
            if dice.random() < 0.15:
                found[word + dice.choice(("e", "s", "son", "a", "ie", "y"))] = None
        self.words = list(found)[:size]
        self.weights = [1 / (rank + 6) for rank in range(size)]

    def draw(self, dice: random.Random) -> str:
        return dice.choices(self.words, self.weights)[0]


SHARED = ("street_number", "address_1", "address_2", "suburb", "postcode", "state")


def originals(dice: random.Random, count: int, households: float = 0.0) -> list[dict[str, str]]:
    """People without doubles; a few fields are empty as in life. ``households``: the share who live with the one before."""
    given, family = Words(dice, 900, (1, 3)), Words(dice, 3500, (1, 3))
    streets, houses, suburbs = Words(dice, 2500, (2, 3)), Words(dice, 1500, (2, 4)), Words(dice, 1500, (2, 3))
    rows = []
    for _ in range(count):
        year, month, day = dice.randint(1900, 1999), dice.randint(1, 12), dice.randint(1, 28)
        row = {
            "given_name": given.draw(dice),
            "surname": family.draw(dice),
            "street_number": str(int(dice.paretovariate(0.7))) if dice.random() < 0.3 else str(dice.randint(1, 199)),
            "address_1": f"{streets.draw(dice)} {dice.choice(STREET_KINDS)}",
            "address_2": houses.draw(dice) if dice.random() < 0.6 else "",
            "suburb": suburbs.draw(dice)
            + (" " + dice.choice(("north", "park", "hill")) if dice.random() < 0.2 else ""),
            "postcode": str(dice.randint(2000, 6999)),
            "state": dice.choices(STATES, STATE_WEIGHTS)[0],
            "date_of_birth": f"{year}{month:02}{day:02}",
            "soc_sec_id": str(dice.randint(1_000_000, 9_999_999)),
        }
        if rows and dice.random() < households:
            row |= {column: rows[-1][column] for column in SHARED}
            row["surname"] = rows[-1]["surname"] if dice.random() < 0.85 else row["surname"]
        for column in ("given_name", "surname", "street_number", "date_of_birth", "state"):
            if dice.random() < 0.02:
                row[column] = ""
        rows.append(row)
    return rows


def slip(dice: random.Random, text: str) -> str:
    """One slip of hand, eye or ear."""
    kind = dice.choices(("change", "insert", "drop", "swap", "ear", "eye", "blank"), (25, 18, 18, 15, 12, 8, 4))[0]
    if kind in ("ear", "eye"):
        rules = [(a, b) for a, b in (EAR if kind == "ear" else EYE) if a in text]
        if rules:
            before, after = dice.choice(rules)
            return text.replace(before, after, 1)
        kind = "change"
    place = dice.randrange(len(text))
    letter = _neighbour(dice, text[place])
    if kind == "swap" and place + 1 < len(text):
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if kind == "insert":
        return text[:place] + letter + text[place:]
    if kind == "drop" and len(text) > 1:
        return text[:place] + text[place + 1 :]
    if kind == "blank":
        return text.replace(" ", "", 1) if " " in text else text[:place] + " " + text[place:]
    return text[:place] + letter + text[place + 1 :]


def _neighbour(dice: random.Random, letter: str) -> str:
    if letter.isdigit():
        return dice.choice("0123456789")
    for row in KEYS:
        place = row.find(letter)
        if place >= 0:
            return dice.choice(row[max(0, place - 1) : place + 2])
    return dice.choice("abcdefghijklmnopqrstuvwxyz")


def damaged(
    dice: random.Random, row: dict[str, str], others: list[dict[str, str]], slips: int, per_field: int
) -> dict[str, str]:
    """A copy with so many things wrong, at most ``per_field`` in one field."""
    copy, done = dict(row), dict.fromkeys(COLUMNS, 0)
    for _ in range(slips):
        column = dice.choice([c for c in COLUMNS if done[c] < per_field])
        done[column] += 1
        luck = dice.random()
        if luck < 0.10:
            copy[column] = ""
        elif luck < 0.14:
            copy[column] = dice.choice(others)[column]
        elif luck < 0.17:
            one, other = dice.choice((("given_name", "surname"), ("address_1", "address_2"), ("suburb", "postcode")))
            copy[one], copy[other] = copy[other], copy[one]
        elif copy[column]:
            copy[column] = slip(dice, copy[column])
    return copy


def two_files(
    count: int,
    *,
    seed: int,
    slips: tuple[int, int] = (1, 6),
    per_field: int = 2,
    overlap: float = 1.0,
    households: float = 0.0,
) -> tuple[Register, Register]:
    """A register and a damaged copy of it, shuffled; ``overlap`` says how many of the first are in the second."""
    dice = random.Random(seed)
    people = originals(dice, int(count * (2 - overlap)), households)
    first = list(range(count))
    second = first[: int(count * overlap)] + list(range(count, len(people)))
    dice.shuffle(first)
    dice.shuffle(second)
    copies = [damaged(dice, people[i], people, dice.randint(*slips), per_field) for i in second]
    return Register([people[i] for i in first], first), Register(copies, second)


def one_file(
    count: int,
    *,
    seed: int,
    most_copies: int = 5,
    slips: tuple[int, int] = (1, 8),
    per_field: int = 2,
    households: float = 0.0,
) -> Register:
    """A register in which two in five people stand several times, up to ``most_copies`` damaged copies each."""
    dice = random.Random(seed)
    people = originals(dice, count, households)
    rows = [(row, number) for number, row in enumerate(people)]
    for number in range(count):
        if dice.random() < 0.4:
            copies = range(dice.randint(1, most_copies))
            rows += [(damaged(dice, people[number], people, dice.randint(*slips), per_field), number) for _ in copies]
    dice.shuffle(rows)
    return Register([row for row, _ in rows], [number for _, number in rows])
