"""The technician's phone: the job in hand, what comes next, what today brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from cheyi.foundation.access import Viewer
from cheyi.foundation.models import Store
from cheyi.kernel import Hours
from cheyi.workshop.models import Assignment, Finding, FindingPhoto, JobClock, LabourLine, PartLine, QCRecord, WorkOrder
from cheyi.workshop.queries.history import who_took_off
from cheyi.workshop.queries.work import TO_DO
from cheyi.workshop.rules.quality import CHECK

LIVE = ("open", "dispatched", "working", "hold")
PARTS_READY = ("issued", "used", "returned", "picked")


@dataclass(frozen=True, slots=True)
class SentBack:
    """Who sent a job back, when and why."""

    who: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class JobCard:
    """One of my jobs: no name, no phone, no price of the customer."""

    line: LabourLine
    order: WorkOrder
    started_at: datetime | None
    worked_seconds: int
    planned_at: datetime | None
    bay: str
    parts: tuple[PartLine, ...]
    sent_back: SentBack | None = None

    @property
    def is_running(self) -> bool:
        """Whether my clock runs on it."""
        return self.started_at is not None

    @property
    def stopwatch(self) -> str:
        """The time that I worked on it as a stopwatch shows it: minutes and seconds, hours from the first one on."""
        minutes, seconds = divmod(self.worked_seconds, 60)
        hours, rest = divmod(minutes, 60)
        return f"{hours}:{rest:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

    @property
    def minutes_worked(self) -> int:
        """Whole minutes that I worked on it."""
        return self.worked_seconds // 60

    @property
    def share(self) -> int:
        """How much of the standard time is used, in percent, at most 100."""
        return min(100, round(100 * self.worked_seconds / max(self.line.std_hours.minutes * 60, 1)))

    @property
    def minutes_over(self) -> int:
        """Whole minutes worked beyond the standard time, 0 while it lasts or where there is none."""
        standard = self.line.std_hours.minutes
        return max(self.worked_seconds // 60 - standard, 0) if standard else 0

    @property
    def missing(self) -> tuple[PartLine, ...]:
        """Agreed parts that are not yet handed out."""
        return tuple(part for part in self.parts if part.state not in (*PARTS_READY, "pending"))

    @property
    def unanswered(self) -> tuple[PartLine, ...]:
        """Parts of the job that the customer has not decided on."""
        return tuple(part for part in self.parts if part.state == "pending")

    @property
    def is_kept(self) -> bool:
        """Whether the store keeps every part that is not handed out: they only have to be fetched."""
        return all(part.state == "reserved" for part in self.missing)

    @property
    def waits(self) -> bool:
        """Whether something must come before it can begin: parts, or what its order is on hold for."""
        return bool(self.missing) or self.order.state == "hold"


@dataclass(frozen=True, slots=True)
class Asked:
    """Something on one of my cars that its owner has not decided on yet, and since when he may."""

    plate: str
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class MyDay:
    """The phone's first page."""

    running: tuple[JobCard, ...]
    following: tuple[JobCard, ...]
    asked: tuple[Asked, ...]
    done: int
    sold: Hours


def given_to(me: int, *, store: Store, lines: Sequence[str], orders: Sequence[str]) -> list[Assignment]:
    """What a technician has been given: jobs in some states of orders in some states, the oldest first. One query."""
    found = Assignment.objects.filter(
        store=store,
        technician_id=me,
        ended_at=None,
        line__store=store,
        line__state__in=lines,
        line__order__store=store,
        line__order__state__in=orders,
    )
    return list(found.select_related("line__order", "bay").order_by("pk"))


def my_day(viewer: Viewer, *, store: Store, now: datetime) -> MyDay:
    """My jobs, first those sent back, then those that can begin; seven queries."""
    me = viewer.employee_id or 0
    given = given_to(me, store=store, lines=TO_DO, orders=LIVE)
    cards = cards_of(given, me, store=store, now=now)
    following = sorted(
        (card for card in cards if not card.is_running),
        key=lambda card: (
            card.sent_back is None,
            card.waits,
            card.planned_at or card.order.promised_at or now,
            card.line.pk,
        ),
    )
    done, sold = _today(me, store=store, now=now)
    running = tuple(card for card in cards if card.is_running)
    return MyDay(running, tuple(following), _asked(cards, store=store), done, sold)


def job_card(line: LabourLine, viewer: Viewer, *, store: Store, now: datetime) -> JobCard:
    """One job for its own page."""
    given = Assignment.objects.filter(line=line, ended_at=None).select_related("line__order", "bay")
    rows = list(given.filter(technician_id=viewer.employee_id or 0)) or list(given[:1])
    if rows:
        return cards_of(rows, viewer.employee_id or 0, store=store, now=now)[0]
    order = WorkOrder.objects.get(pk=line.order_id)
    parts = tuple(PartLine.objects.filter(labour_line=line).exclude(state__in=["declined", "cancelled"]))
    return JobCard(line, order, None, 0, None, "", parts)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found on a car, its photos, and what became of the job that it proposes; ``by`` is who took it off."""

    finding: Finding
    photos: tuple[str, ...]
    answer: str
    by: str = ""


def found_on(order: WorkOrder, *, store: Store) -> list[Found]:
    """The findings of an order, the latest first; at most three queries.

    ``answer`` is asked, agreed, put_off (by the owner), removed (by the shop); with no job noted or empty.
    """
    rows = list(Finding.objects.filter(store=store, order=order).select_related("line").order_by("-pk"))
    photos: dict[int, list[str]] = {}
    links = FindingPhoto.objects.filter(store=store, finding__in=rows, finding__store=store)
    for finding_id, uid in links.order_by("pk").values_list("finding_id", "file__uid"):
        photos.setdefault(finding_id, []).append(str(uid))
    answers = {row.pk: _answer(row) for row in rows}
    off = who_took_off(order) if "removed" in answers.values() else {}
    return [Found(row, tuple(photos.get(row.pk, ())), answers[row.pk], off.get(row.line_id or 0, "")) for row in rows]


def photos_of_check(card: JobCard, found: Sequence[Found]) -> tuple[str, ...]:
    """The inspector's pictures of what is not right with a job that he sent back."""
    if card.sent_back is None:
        return ()
    shown = [one for one in found if one.finding.system == CHECK and one.finding.reported_at >= card.sent_back.at]
    return tuple(uid for one in shown for uid in one.photos)


def _answer(finding: Finding) -> str:
    if finding.line is None:
        return "noted" if finding.noted_at else ""
    return {"pending": "asked", "declined": "put_off", "cancelled": "removed"}.get(finding.line.state, "agreed")


def _asked(cards: Sequence[JobCard], *, store: Store) -> tuple[Asked, ...]:
    orders = {card.order.pk: card.order for card in cards}
    lines = LabourLine.objects.filter(store=store, order_id__in=orders, state="pending").order_by("pk")
    return tuple(Asked(orders[line.order_id].plate, line.name, line.created_at) for line in lines)


def cards_of(given: Sequence[Assignment], me: int, *, store: Store, now: datetime) -> list[JobCard]:
    """The cards of jobs that somebody was given, with his clock, their parts and why they came back; at most three queries."""
    ids = [row.line_id for row in given]
    worked: dict[int, int] = {}
    running: dict[int, datetime] = {}
    clocks = JobClock.objects.filter(store=store, line_id__in=ids, technician_id=me)
    for clock in clocks:
        end = clock.stopped_at or now
        worked[clock.line_id] = worked.get(clock.line_id, 0) + max(int((end - clock.started_at).total_seconds()), 0)
        if clock.stopped_at is None:
            running[clock.line_id] = clock.started_at
    parts: dict[int, list[PartLine]] = {}
    rows = PartLine.objects.filter(store=store, labour_line_id__in=ids).exclude(state__in=["declined", "cancelled"])
    for part in rows.order_by("seq"):
        parts.setdefault(part.labour_line_id or 0, []).append(part)
    sent_back = _sent_back([row.line for row in given], store=store)
    return [
        JobCard(
            row.line,
            row.line.order,
            running.get(row.line_id),
            worked.get(row.line_id, 0),
            row.planned_start_at,
            row.bay.code if row.bay else "",
            tuple(parts.get(row.line_id, ())),
            sent_back.get(row.line_id),
        )
        for row in given
    ]


def _sent_back(lines: Sequence[LabourLine], *, store: Store) -> dict[int, SentBack]:
    """What the last final check says against jobs still to be done, by line; no query where none ever came back."""
    open_lines = {line.pk for line in lines if line.state in TO_DO}
    orders = {line.order_id for line in lines if line.order.sent_back and line.pk in open_lines}
    if not orders:
        return {}
    rows = QCRecord.objects.filter(store=store, order_id__in=orders, level="final").order_by("pk")
    last = {row.order_id: row for row in rows}
    return {
        pk: SentBack(row.inspector_name, row.checked_at, row.note)
        for row in last.values()
        if row.result == QCRecord.Result.FAILED
        for pk in row.failed_lines
        if pk in open_lines
    }


def _today(me: int, *, store: Store, now: datetime) -> tuple[int, Hours]:
    """Jobs that I finished since the business day began, and the hours sold with them."""
    start = datetime.combine(store.business_date(now), time(store.cut_over_hour), tzinfo=ZoneInfo(store.zone))
    lines = JobClock.objects.filter(
        store=store, technician_id=me, stopped_at__gte=start, line__store=store, line__state__in=["done", "passed"]
    ).values("line_id")
    hours = LabourLine.objects.filter(store=store, pk__in=lines).values_list("sold_hours", flat=True)
    return len(hours), sum(hours, Hours(0))
