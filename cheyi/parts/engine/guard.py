"""The wrong-part guard: exists, superseded, fits, confusable – in this order, each with its reason (intelligence.md 3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from cheyi.kernel import Refused
from cheyi.parts.engine.fitment import Car, Fit, FitRule, Seen, fit
from cheyi.parts.engine.numbers import difference, folded, near_numbers, normalise, printed_place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

MOST_SIBLINGS = 5
_WEIGHT = {"look_alike": 0, "swapped": 1, "changed": 2, "surplus": 3, "missing": 3}


@dataclass(frozen=True, slots=True)
class KnownPart:
    """A catalogue part as the guard needs it; ``number`` is in normal form, ``superseded_by`` too, "" when it is current."""

    key: int
    number: str
    label: str = ""
    name: str = ""
    brand: str = ""
    live: bool = True
    superseded_by: str = ""
    fits: tuple[FitRule, ...] = ()
    seen: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class Sibling:
    """A live part that may be mistaken for another: how they differ and at which place from 1."""

    part: KnownPart
    how: str
    place: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a check: ``stop`` refuses, ``ask`` wants a scan or a second look, ``note`` only tells."""

    code: str
    weight: Literal["stop", "ask", "note"]
    facts: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the guard says of one number at one job."""

    number: str
    part: KnownPart | None
    findings: tuple[Finding, ...]
    fit: Fit | None = None
    successor: KnownPart | None = None
    siblings: tuple[Sibling, ...] = ()

    def open_findings(self, confirmed: Collection[str] = ()) -> tuple[Finding, ...]:
        """What still stands in the way once a person has confirmed the named codes; a stop cannot be confirmed."""
        return tuple(
            finding
            for finding in self.findings
            if finding.weight == "stop" or (finding.weight == "ask" and finding.code not in confirmed)
        )

    def demand(self, *, confirmed: Collection[str] = (), field: str = "part") -> KnownPart:
        """The part. Raises Refused with the first open finding's code and facts."""
        for finding in self.open_findings(confirmed):
            raise Refused(finding.code, field=field, **dict(finding.facts))
        if self.part is None:
            raise Refused("parts.part.unknown_number", field=field, number=self.number)
        return self.part


class Catalogue(Protocol):
    """Where the guard looks parts up; the memory index below is one, a table of `near_keys` another."""

    def exact(self, number: str) -> Sequence[KnownPart]:
        """The parts with this number in normal form, one per brand."""

    def near(self, number: str) -> Iterable[KnownPart]:
        """The parts that may be one slip away; more is harmless."""


@dataclass(slots=True)
class NearMissIndex:
    """All parts in memory: a number is changed in every possible way and looked up, so that nothing more is kept."""

    _exact: dict[str, list[KnownPart]] = field(default_factory=lambda: defaultdict(list))
    _folded: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, parts: Iterable[KnownPart]) -> NearMissIndex:
        """An index over these parts."""
        index = cls()
        for part in parts:
            index.add(part)
        return index

    def add(self, part: KnownPart) -> None:
        """Take one more part in."""
        self._exact[part.number].append(part)
        self._folded[folded(part.number)].add(part.number)

    def exact(self, number: str) -> Sequence[KnownPart]:
        """The parts with this number."""
        return self._exact.get(number, ())

    def near(self, number: str) -> Iterable[KnownPart]:
        """The parts one slip away."""
        known = self._exact
        numbers = {other for other in near_numbers(number) if other in known} | self._folded.get(folded(number), set())
        return [part for other in sorted(numbers - {number}) for part in known[other]]


def siblings(number: str, candidates: Iterable[KnownPart]) -> tuple[Sibling, ...]:
    """The live parts among the candidates that are one slip away, the most easily confused first."""
    found = [Sibling(part, *difference(number, part.number)) for part in candidates if part.live]
    kept = [sibling for sibling in found if sibling.how]
    return tuple(sorted(kept, key=lambda s: (_WEIGHT[s.how], -s.place, s.part.number, s.part.key)))


def successor_of(part: KnownPart, catalogue: Catalogue) -> KnownPart | None:
    """The last link of the chain of superseding numbers, None for a current part; an unknown new number ends the chain.

    Raises Refused ``parts.part.superseded_in_a_circle`` with the chain.
    """
    chain, current = [part.number], part
    while current.superseded_by:
        if current.superseded_by in chain:
            raise Refused("parts.part.superseded_in_a_circle", chain=(*chain, current.superseded_by))
        following = _pick(catalogue.exact(current.superseded_by), part.brand)
        if not following:
            break
        current = following[0]
        chain.append(current.number)
    return current if current is not part else None


def _pick(parts: Sequence[KnownPart], brand: str) -> list[KnownPart]:
    """The parts of the brand where some are, else all, in a fixed order."""
    own = [part for part in parts if brand and part.brand.casefold() == brand.casefold()]
    return sorted(own or parts, key=lambda part: (not part.live, part.key))


def judge(
    text: str, *, catalogue: Catalogue, car: Car | None = None, brand: str = "", scanned: bool = False
) -> Judgement:
    """Judge a number that is about to meet a job, or with no car a shelf.

    A scan of the label settles the look-alike question, not the others. The same input gives the same answer.
    Raises Refused as `successor_of`.
    """
    number = normalise(text)
    near = siblings(number, catalogue.near(number)) if number else ()
    parts = _pick(catalogue.exact(number), brand) if number else []
    if not parts:
        return Judgement(number, None, (_unknown(text, near),), siblings=near[:MOST_SIBLINGS])
    part = parts[0]
    findings: list[Finding] = []
    if len({other.brand.casefold() for other in parts}) > 1:
        findings.append(_finding("several_brands", "ask", number=number, brands=tuple(other.brand for other in parts)))
    successor = successor_of(part, catalogue)
    findings += _superseded(part, successor)
    answer = fit(car, part.fits, part.seen) if car else None
    findings += _fits(part, answer) if answer else []
    # The new number of a chain is shown as its successor, not as a stranger to be compared.
    others = tuple(s for s in near if s.part.number not in {part.superseded_by, successor.number if successor else ""})
    if others:
        findings.append(_look_alike(part, others, scanned=scanned))
    return Judgement(number, part, tuple(findings), answer, successor, others[:MOST_SIBLINGS])


def _finding(code: str, weight: Literal["stop", "ask", "note"], **facts: object) -> Finding:
    return Finding(f"parts.part.{code}", weight, tuple(facts.items()))


def _unknown(text: str, near: tuple[Sibling, ...]) -> Finding:
    meant = tuple(sibling.part.label or sibling.part.number for sibling in near[:MOST_SIBLINGS])
    return _finding("unknown_number", "stop", number=text.strip(), meant=meant)


def _superseded(part: KnownPart, successor: KnownPart | None) -> list[Finding]:
    found = []
    if part.superseded_by:
        new = (successor.label or successor.number) if successor else part.superseded_by
        weight: Literal["stop", "ask"] = "ask" if part.live else "stop"
        found.append(_finding("superseded", weight, number=part.label or part.number, successor=new))
    elif not part.live:
        found.append(_finding("withdrawn", "stop", number=part.label or part.number))
    return found


def _fits(part: KnownPart, answer: Fit) -> list[Finding]:
    label = part.label or part.number
    if answer.answer == "excluded":
        return [_finding("does_not_fit", "stop", number=label, listed=answer.listed)]
    if answer.answer == "seen":
        return [_finding("seen_on_model", "note", number=label, times=answer.times)]
    if answer.answer == "confirmed":
        return []
    if answer.missing:
        return [_finding("fit_undecided", "ask", number=label, missing=answer.missing)]
    if answer.listed:
        return [_finding("listed_for_others", "ask", number=label, listed=answer.listed)]
    return [_finding("fit_unknown", "note", number=label)]


def _look_alike(part: KnownPart, others: tuple[Sibling, ...], *, scanned: bool) -> Finding:
    first = others[0]
    return _finding(
        "look_alike",
        "note" if scanned else "ask",
        number=part.label or part.number,
        other=first.part.label or first.part.number,
        how=first.how,
        place=printed_place(part.label or part.number, first.place),
        count=len(others),
    )
