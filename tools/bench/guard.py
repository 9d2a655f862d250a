"""The table of the wrong-part guard: every sibling warned, strangers left alone, and how long an answer takes.

python tools/bench/guard.py                   one catalogue of 200,000 parts, half a minute
python tools/bench/guard.py --seeds 3         three of them
"""

from __future__ import annotations

import argparse
import os
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cheyi.parts.engine.fitment import Car, FitRule
from cheyi.parts.engine.guard import KnownPart, NearMissIndex, judge
from cheyi.parts.engine.numbers import ALPHABET, difference, normalise
from tools.bench.rows import Row

# How makers write their numbers: A a letter, 9 a digit, X either.
SHAPES = (
    "99999-AA999",
    "A99 999 99 99",
    "9X9 999 999 A",
    "AAA-AAA-2099A",
    "9999.XX.99",
    "AA99-99999-AA",
    "99AA9 99999",
)
LETTERS, DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ", "0123456789"
DOUBLES = {"0": "O", "O": "0", "1": "I", "I": "1", "8": "B", "B": "8", "5": "S", "S": "5", "2": "Z", "Z": "2"}
PLANTED = 500


def drawn(dice: Random) -> str:
    """A number in one of the shapes."""
    kinds = {"A": LETTERS, "9": DIGITS, "X": LETTERS + DIGITS}
    return "".join(dice.choice(kinds[sign]) if sign in kinds else sign for sign in dice.choice(SHAPES))


def slipped(number: str, kind: str, dice: Random) -> str:
    """The normal form with one slip of this kind; the same number where it has no place for one."""
    at = dice.randrange(len(number))
    if kind == "changed":
        return number[:at] + dice.choice(ALPHABET.replace(number[at], "")) + number[at + 1 :]
    if kind == "missing":
        return number[:at] + number[at + 1 :]
    if kind == "surplus":
        return number[:at] + dice.choice(ALPHABET) + number[at:]
    if kind == "swapped":
        at = min(at, len(number) - 2)
        return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return "".join(DOUBLES.get(sign, sign) for sign in number)


KINDS = ("changed", "missing", "surplus", "swapped", "look_alike")


def catalogue(seed: int, size: int) -> tuple[NearMissIndex, list[str], list[tuple[str, str, str]], float]:
    """An index of ``size`` live parts, their numbers, the planted siblings with their kind, CPU seconds for the index."""
    dice = Random(seed)
    numbers = list(dict.fromkeys(normalise(drawn(dice)) for _ in range(size)))
    known, pairs = set(numbers), []
    for kind in KINDS:
        while sum(one[2] == kind for one in pairs) < PLANTED:
            number = dice.choice(numbers)
            other = slipped(number, kind, dice)
            if other not in known and difference(number, other)[0]:
                known.add(other)
                pairs.append((number, other, kind))
    numbers += [other for _, other, _ in pairs]
    began = process_time()
    rule = (FitRule(brand="A", model="M1", year_from=2018, year_to=2024),)
    index = NearMissIndex.of(KnownPart(key, number, fits=rule) for key, number in enumerate(numbers, start=1))
    return index, numbers, pairs, process_time() - began


def measured(seed: int, size: int) -> Iterator[Row]:
    """The table of one catalogue."""
    index, numbers, pairs, built = catalogue(seed, size)
    yield Row(f"{len(numbers)} parts, seed {seed}: index in memory", f"{built:.1f} s CPU")
    for kind in KINDS:
        mine = [pair for pair in pairs if pair[2] == kind]
        warned = sum(_warns(index, one, other) and _warns(index, other, one) for one, other, _ in mine)
        yield Row(f"siblings warned, {kind}, both ways round", f"{warned} of {len(mine)}", "all", warned == len(mine))
    dice = Random(seed + 1)
    strangers = [(dice.choice(numbers), dice.choice(numbers)) for _ in range(20_000)]
    wrong = sum(_warns(index, one, other) for one, other in strangers[:4000])
    wrong_pairs = sum(difference(one, other)[0] != "" for one, other in strangers)
    yield Row(
        "strangers shown as siblings", f"{wrong} of 4,000 asked, {wrong_pairs} of 20,000 pairs", "< 2 %", wrong < 80
    )
    planted = {number for pair in pairs for number in pair[:2]}
    asked = [number for number in dice.sample(numbers, 3000) if number not in planted]
    alarms = sum(bool(judge(number, catalogue=index).siblings) for number in asked)
    yield Row(
        "parts without a planted sibling that ask for a second look",
        f"{alarms / len(asked):.2%}",
        "< 2 %",
        alarms < 0.02 * len(asked),
    )
    yield _speed(index, numbers, Random(seed + 2))


def _warns(index: NearMissIndex, number: str, other: str) -> bool:
    judgement = judge(number, catalogue=index)
    if any(one.part.number == other for one in judgement.siblings):
        return any(finding.code == "parts.part.look_alike" for finding in judgement.findings)
    return False


def _speed(index: NearMissIndex, numbers: list[str], dice: Random) -> Row:
    car = Car(brand="A", model="M1", year=2021)
    known = [dice.choice(numbers) for _ in range(1000)]
    asked = [*known, *(slipped(number, dice.choice(KINDS), dice) for number in known), *(drawn(dice) for _ in known)]
    took = []
    for number in asked:
        began = process_time()
        judge(number, catalogue=index, car=car)
        took.append(process_time() - began)
    took.sort()
    middle, most = (1000 * took[int(len(took) * share)] for share in (0.5, 0.99))
    told = f"{middle:.2f} ms CPU in the middle, {most:.2f} ms at p99"
    return Row(f"an answer ({len(asked)}: known, slipped, foreign)", told, "< 5 ms", most < 5)


def memory(size: int) -> Row:
    """What the index holds, on a fifth of the catalogue, reckoned up."""
    dice = Random(1)
    numbers = [normalise(drawn(dice)) for _ in range(size // 5)]
    tracemalloc.start()
    index = NearMissIndex.of(KnownPart(key, number) for key, number in enumerate(numbers))
    assert index.exact(numbers[0])
    held = tracemalloc.get_traced_memory()[0] * 5 / 2**20
    tracemalloc.stop()
    return Row("memory of the index with its parts", f"{held:.0f} MB")


def main(args: list[str]) -> int:
    """Print the table; 1 when a figure is missed."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seeds", type=int, default=1)
    ask.add_argument("--parts", type=int, default=200_000)
    told = ask.parse_args(args)
    print(f"seeds 101 to {100 + told.seeds}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print("| what | measured | target | |\n|---|---|---|---|")
    missed = 0
    for seed in range(101, 101 + told.seeds):
        for row in measured(seed, told.parts):
            print(row, flush=True)
            missed += row.holds is False
    print(memory(told.parts))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
