"""Prints the "must hold" tables of the wrong-part guard and of duplicates with figures measured now, on seeded simulators.

Run as ``python -m tools.bench.duplicates`` (some four CPU-minutes and 3 GB for the million customers) or with ``--quick``
(a tenth of the sizes).
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cheyi.customers.engine.linking.by_hand import by_hand
from cheyi.customers.engine.linking.link import Linked, link
from cheyi.customers.engine.marks import Person, asking_keys, marks_of
from cheyi.customers.engine.points import Register
from cheyi.parts.engine.guard import KnownPart, NearMissIndex, judge
from cheyi.parts.engine.numbers import difference, near_numbers, normalise
from tests.simulators import linkage_sets, people, places

SEEDS = (101, 102, 103)
WITH_ID = linkage_sets.COLUMNS
WITHOUT_ID = WITH_ID[:-1]
HOME = ("given_name", "surname", "street_number", "address_1", "suburb")
CHINESE = ("姓名", "电话", "车牌", "车架号")


@dataclass(frozen=True)
class Line:
    what: str
    target: str
    measured: str
    baseline: str = ""
    holds: bool = True


def f_measure(pairs: Sequence[tuple[int, int]], truth: Sequence[int], others: Sequence[int] | None) -> float:
    right = sum(truth[one] == (others or truth)[other] for one, other in pairs)
    if others is not None:
        possible = sum((Counter(truth) & Counter(others)).values())
    else:
        possible = sum(size * (size - 1) // 2 for size in Counter(truth).values())
    return 2 * right / max(len(pairs) + possible, 1)


def of_link(linked: Linked) -> list[tuple[int, int]]:
    return [(pair.one, pair.other) for pair in linked.same]


def of_hand(linked: Linked) -> list[tuple[int, int]]:
    start = 0 if linked.table.one_file else linked.table.left
    return [(one, other - start) for one, other in by_hand(linked.table)]


def files(count: int, columns: Sequence[str], name: str, target: float) -> Line:
    scores, hands = [], []
    for seed in SEEDS:
        first, second = linkage_sets.two_files(count, seed=seed)
        linked = link(first.rows, second.rows, columns)
        scores.append(f_measure(of_link(linked), first.truth, second.truth))
        hands.append(f_measure(of_hand(linked), first.truth, second.truth))
    return summed(f"{name}, {count} × {count}", target, scores, hands)


def many_fold(count: int, households: float, target: float) -> Line:
    scores, hands = [], []
    for seed in SEEDS:
        register = linkage_sets.one_file(count, seed=seed, households=households)
        linked = link(register.rows, None, WITHOUT_ID)
        scores.append(f_measure(of_link(linked), register.truth, None))
        hands.append(f_measure(of_hand(linked), register.truth, None))
    name = f"many-fold, without ID, {count} people" + (f", {households:.0%} in households" if households else "")
    return summed(name, target, scores, hands)


def shops(count: int, doubles: int, target: float) -> Line:
    scores, hands = [], []
    for seed in SEEDS:
        guide = places.directory(count, doubles, seed=seed)
        linked = link(guide.rows, None, places.COLUMNS)
        scores.append(f_measure(of_link(linked), guide.truth, None))
        hands.append(f_measure(of_hand(linked), guide.truth, None))
    return summed(f"shops along a few streets, {count} and {doubles} doubles", target, scores, hands)


def families(count: int, target: float) -> Line:
    scores, hands = [], []
    for seed in SEEDS:
        first, second = linkage_sets.two_files(count, seed=seed, households=0.3)
        linked = link(first.rows, second.rows, HOME)
        scores.append(f_measure(of_link(linked), first.truth, second.truth))
        hands.append(f_measure(of_hand(linked), first.truth, second.truth))
    return summed(f"names and addresses only, 30% in households, {count}", target, scores, hands)


def summed(name: str, target: float, scores: Sequence[float], hands: Sequence[float]) -> Line:
    worst = min(scores)
    measured = f"{worst:.5f} (mean {sum(scores) / len(scores):.5f})"
    return Line(f"F1: {name}", f"≥ {target}", measured, f"{sum(hands) / len(hands):.3f}", worst >= target)


def share_found(pairs: Sequence[tuple[int, int]], town: people.Town) -> float:
    asked = [*town.back, *town.new]
    found = {one for one, other in pairs if asked[one].entity == town.known[other].entity}
    return len(found) / len(town.back)


def disguises_in_files(count: int) -> Iterator[Line]:
    recalls, alarms, hands = [], [], []
    for seed in SEEDS:
        town = people.town(count, count * 44 // 100, count, seed=seed)
        asked = [*town.back, *town.new]
        linked = link([one.row for one in asked], [one.row for one in town.known], CHINESE)

        recalls.append(share_found(of_link(linked), town))
        hands.append(share_found(of_hand(linked), town))
        alarms.append(len({pair.one for pair in linked.same if pair.one >= len(town.back)}) / len(town.new))
    hand = f"{sum(hands) / len(hands):.3f}"
    yield Line(
        f"disguised Chinese, file of {count}: recall", "≥ 0.99", f"{min(recalls):.4f}", hand, min(recalls) >= 0.99
    )
    yield Line("… false alarms among new customers", "≤ 0.3 %", f"{max(alarms):.2%}", "", max(alarms) <= 0.003)


def as_person(one: people.Person, key: int = 0) -> Person:
    return Person(key, one.name, (one.phone,), (one.plate,), (one.vin,), address=one.address)


def disguises_at_the_desk(count: int) -> Iterator[Line]:
    town = people.town(count, 2200, 5000, seed=SEEDS[0])
    register = Register.of(as_person(one, one.entity) for one in town.known)
    times, keys, found, alarms = [], [], 0, 0
    for one in (*town.back, *town.new):
        keys.append(len(asking_keys(marks_of(as_person(one)))))
        started = time.thread_time()
        hits = register.find(as_person(one))
        times.append(time.thread_time() - started)
        known = one.disguise != ""
        found += known and any(hit.key == one.entity for hit in hits)
        alarms += not known and bool(hits)
    recall, share = found / len(town.back), alarms / len(town.new)
    slowest, most = sorted(times)[int(len(times) * 0.99)] * 1000, sorted(keys)[int(len(keys) * 0.99)]
    yield Line(f"at the desk, {count} on file: recall", "≥ 0.99", f"{recall:.4f}", "", recall >= 0.99)
    yield Line("… false alarms among new customers", "≤ 0.3 %", f"{share:.2%}", "", share <= 0.003)
    yield Line("… engine's part, CPU p99", "of 20 ms", f"{slowest:.1f} ms, {most} keys", "", slowest <= 20)


def batch(count: int) -> Line:
    """In a process of its own, so that the memory is that of this pass alone."""
    with multiprocessing.get_context("spawn").Pool(1) as child:
        taken, score, memory = child.apply(linked_apart, (count,))
    measured = f"{taken:.1f} CPU-s, F1 {score:.5f}, {memory:.0f} MB"
    return Line(f"batch {count} × {count}", "≤ 60 CPU-s, 1 GB", measured, "", taken <= 60 and memory < 1000)


def linked_apart(count: int) -> tuple[float, float, float]:
    """CPU-seconds of linking two files without ID, F1, and the most memory in MB."""
    first, second = linkage_sets.two_files(count, seed=SEEDS[0])
    started = time.process_time()
    linked = link(first.rows, second.rows, WITHOUT_ID)
    taken = time.process_time() - started
    score = f_measure(of_link(linked), first.truth, second.truth)
    return taken, score, most_memory() / 1024


def most_memory() -> int:
    """The most KB that this process held. Linux hands ru_maxrss of the starting process on to the one started, so not that."""
    status = Path("/proc/self/status")
    lines_ = status.read_text("ascii", "replace").splitlines() if status.exists() else []
    held = [int(line.split()[1]) for line in lines_ if line.startswith("VmHWM:")]
    return held[0] if held else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def catalogue(count: int) -> list[str]:
    dice = random.Random(SEEDS[0])
    shapes = ("##?-###-###-?", "BYD-??-####?", "#####-####0", "?#######", "####-##-##?", "???-####")
    draws = {"#": "0123456789", "?": "ABCDEFGHJKLMNPRSTUVWXYZ"}
    found: dict[str, None] = {}
    while len(found) < count:
        shape = dice.choice(shapes)
        found["".join(dice.choice(draws[c]) if c in draws else c for c in shape)] = None
    return list(found)


def guard(count: int) -> Iterator[Line]:
    dice = random.Random(SEEDS[1])
    labels = catalogue(count)
    siblings = [(label, dice.choice(sorted(near_numbers(normalise(label))))) for label in dice.sample(labels, 500)]
    extra = {other for _, other in siblings}
    index = NearMissIndex.of(
        KnownPart(key, normalise(label), label) for key, label in enumerate([*labels, *sorted(extra)], start=1)
    )
    warned = sum(
        normalise(label) == other or other in {s.part.number for s in judge(label, catalogue=index).siblings}
        for label, other in siblings
    )
    yield Line("sibling pairs warned", "all", f"{warned} of {len(siblings)}", "", warned == len(siblings))
    strangers = [dice.sample(labels, 2) for _ in range(100_000)]
    share = sum(bool(difference(normalise(a), normalise(b))[0]) for a, b in strangers) / len(strangers)
    yield Line("unrelated pairs warned", "< 2 %", f"{share:.4%}", "", share < 0.02)
    times = []
    for label in dice.sample(labels, 1000):
        started = time.thread_time()
        judge(label, catalogue=index)
        times.append(time.thread_time() - started)
    slowest = sorted(times)[989] * 1000
    yield Line(f"answer at {count} parts, CPU p99", "< 5 ms", f"{slowest:.2f} ms", "", slowest < 5)


def lines(*, quick: bool) -> Iterator[Line]:
    size = 10 if quick else 1
    yield from guard(200_000 // size)
    yield files(5000 // size, WITH_ID, "with an ID number", 0.9995)
    yield files(5000 // size, WITHOUT_ID, "without", 0.999)
    yield many_fold(3000 // size, 0.0, 0.995)
    yield many_fold(3000 // size, 0.3, 0.0)
    yield shops(750, 110, 0.0)
    yield families(1000 // size, 0.0)
    yield from disguises_in_files(10_000 // size)
    yield from disguises_at_the_desk(1_000_000 // size)
    yield batch(100_000 // size)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the sizes")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"seeds {SEEDS}, worst of them; load {load:.1f} on {os.cpu_count()} cores")
    print(f"{'must hold':62} {'target':>16} {'measured':>32} {'by hand':>8}")
    broken = 0
    for line in lines(quick=options.quick):
        broken += not line.holds
        print(
            f"{line.what:62} {line.target:>16} {line.measured:>32} {line.baseline:>8}{'' if line.holds else '  BROKEN'}"
        )
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
