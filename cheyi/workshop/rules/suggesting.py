"""What to suggest at reception and what to say: only recorded facts, at most nine jobs and three points."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

MOST_JOBS = 9
MOST_POINTS = 3
POINTS = ("recall", "advice", "since_last", "here_before", "first_visit", "insurance", "inspection", "birthday", "note")
ANSWERS = ("interested", "told")
TELLING = frozenset({"here_before", "first_visit", "birthday", "note"})
"""Points that are only told; in the others the customer may be interested."""

SOON_KM = 1000
SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Due:
    """Work of the maintenance plan: every so many km or months, last done when (None: never on record)."""

    op_code: str
    name: str
    every_km: int | None
    every_months: int | None
    last_km: int | None
    last_on: date | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A job to take with one key; ``why`` is a code that the page words, with its facts."""

    op_code: str
    name: str
    why: str
    facts: Mapping[str, object] = field(default_factory=dict)
    advice_id: int | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to say, with its evidence; ``op_code`` is the job that it offers, if any."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    op_code: str = ""
    advice_id: int | None = None
    subject: str = ""

    @property
    def answer(self) -> str:
        """The one answer that is offered beside a point without a job: ``told`` or ``interested``."""
        return "told" if self.code in TELLING else "interested"


def due_jobs(plan: Iterable[Due], *, km: int | None, on: date, since: date | None) -> list[Suggestion]:
    """The plan's work that is due or nearly due, most overdue first.

    Without a record the car's age in months and its km decide (``since`` is the purchase date). Being within 1,000 km
    or 30 days counts as due. Source: domain.md 11.2, intelligence.md 5.
    """
    found: list[tuple[float, Suggestion]] = []
    for row in plan:
        share, why, facts = _share_used(row, km=km, on=on, since=since)
        if why:
            found.append((share, Suggestion(row.op_code, row.name, why, facts)))
    return [one for _, one in sorted(found, key=lambda pair: (-pair[0], pair[1].op_code))]


def _share_used(row: Due, *, km: int | None, on: date, since: date | None) -> tuple[float, str, dict[str, object]]:
    by_km = by_time = 0.0
    gone = km - (row.last_km or 0) if km is not None else None
    start = row.last_on or since
    days = (on - start).days if start else None
    if row.every_km and gone is not None and gone >= row.every_km - SOON_KM:
        by_km = gone / row.every_km
    if row.every_months and days is not None and days >= row.every_months * 30.4 - SOON_DAYS:
        by_time = days / (row.every_months * 30.4)
    if by_km >= by_time and by_km:
        return by_km, "due_km", {"km": gone}
    return (by_time, "due_months", {"months": int((days or 0) / 30.4)}) if by_time else (0.0, "", {})


def gathered(*groups: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    """The groups one after the other, each operation once, at most nine."""
    taken: dict[str, Suggestion] = {}
    for group in groups:
        for one in group:
            taken.setdefault(one.op_code, one)
    return tuple(taken.values())[:MOST_JOBS]


def points(candidates: Sequence[Point | None], *, answered: Collection[tuple[str, str]] = ()) -> tuple[Point, ...]:
    """The first three of the candidates that exist and were not dealt with (code and subject), in the order given."""
    open_still = (one for one in candidates if one is not None and (one.code, one.subject) not in answered)
    return tuple(open_still)[:MOST_POINTS]
