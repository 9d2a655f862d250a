"""The foreman's board: technicians in rows, today to the right, what is running, planned, done, and what is proposed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cheyi.foundation.models import AuditEntry, Store
from cheyi.kernel import Reason, Span
from cheyi.workshop.engine.calendar import calendar_of, minute_of, moment_of
from cheyi.workshop.engine.model import Plan, Technician
from cheyi.workshop.engine.risk import Risk
from cheyi.workshop.models import Bay, Skill, WorkOrder
from cheyi.workshop.planning import LIVE_ORDERS, Person, Standing, present_minutes, standing
from cheyi.workshop.queries.board_axis import Axis, axis_of, hours_of
from cheyi.workshop.queries.board_blocks import Block, done_blocks, one_per_car, planned_blocks, share_of
from cheyi.workshop.queries.held_back import HeldBack, held_back
from cheyi.workshop.queries.presence import Away
from cheyi.workshop.queries.work import LineHere, OrderHere, lines_here
from cheyi.workshop.rules.life import DEAD_LINES, IN_WORKSHOP
from cheyi.workshop.rules.status import is_late, status_of

LAST_ACTS = 50
MOST_THREATS = 4
STILL_HERE = ("open", "dispatched", "working", "hold", "qc", "wash", "ready", "settled")


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the board: a technician's day, or a bay's.

    ``share`` is percent of the hours there are, ``hours`` from when to when he is rostered, ``away`` when he is not here
    now or later today; ``gaps`` are the steps of the day, first and how many, in which he does not work.
    """

    key: int
    name: str
    share: int
    blocks: tuple[Block, ...]
    hours: tuple[datetime, datetime] | None = None
    skills: tuple[str, ...] = ()
    note: str = ""
    away: Away | None = None
    gaps: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Threat:
    """An order whose promise the plan does not keep, why, and what would keep it."""

    order: OrderHere
    risk: Risk
    works: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that waits to be dispatched: the jobs that may begin, with whom the engine proposes and why.

    ``was`` names who has them and is away; he keeps them (``stays``) where the plan finds nobody better.
    """

    order: OrderHere
    line_ids: tuple[int, ...]
    works: tuple[str, ...]
    hours: str
    person: Person | None
    start: datetime | None
    reasons: tuple[Reason, ...]
    was: str = ""
    stays: bool = False

    @property
    def is_proposed(self) -> bool:
        """Whether there is something to accept."""
        return self.person is not None and not self.stays


@dataclass(frozen=True, slots=True)
class Board:
    """The whole board at a moment."""

    lanes: tuple[Lane, ...]
    waiting: tuple[Waiting, ...]
    held_back: tuple[HeldBack, ...]
    counts: Mapping[str, int]
    now_at: int
    now: datetime
    threats: tuple[Threat, ...]
    orders: Mapping[int, OrderHere]
    people: Mapping[int, Person]
    keys: Mapping[int, str]
    capacity: int
    axis: Axis

    def column(self, key: str) -> list[OrderHere]:
        """The orders of one status, the earliest promise first."""
        rows = [row for row in self.orders.values() if self.keys[row.pk] == key]
        return sorted(rows, key=lambda row: (row.promised_at is None, row.promised_at, row.pk))


def stamp(store: Store, now: datetime) -> str:
    """What changes whenever the board may look different: the store's latest acts and the minute; one query.

    Every verb leaves an audit row; the last fifty stand here, so that one that commits late is seen too.
    """
    rows = AuditEntry.objects.filter(store_id=store.pk).order_by("-at", "-pk").values_list("pk", flat=True)[:LAST_ACTS]
    return f"{int(now.timestamp()) // 60}-{'.'.join(map(str, rows))}"


def board(store: Store, now: datetime, *, by_bay: bool = False) -> Board:
    """Today's board: ten queries by technician, eleven by bay, one more when a part is short.

    One run of the rule when the shop stands as it did not yet.
    """
    found = lines_here(store, order_states=(*IN_WORKSHOP, "ready"))
    floor = standing(store, now, lines=found)
    plan = floor.plan()
    local = store.local(now)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    day = Span(midnight, midnight + timedelta(days=1))
    lines = {line.pk: line for line in found}
    blocks = [*done_blocks(floor, lines, store, midnight, now), *planned_blocks(floor, plan, lines, midnight, now)]
    usual = hours_of(floor, day)
    axis = axis_of(midnight, [*usual, *(Span(one.begins, max(one.begins, one.ends)) for one in blocks)])
    orders = {line.order.pk: line.order for line in found}
    people = _lanes_of_people(floor, blocks, axis, local)
    return Board(
        lanes=_lanes_of_bays(blocks, axis) if by_bay else people,
        waiting=tuple(_waiting(floor, plan, lines)),
        held_back=held_back(floor, lines, closes=axis_of(midnight, usual).end),
        counts={**_counts(list(orders.values()), lines, now), **_handovers(store, now)},
        now_at=axis.slot_of(local),
        now=local,
        threats=_threats(floor, lines),
        orders=orders,
        people=floor.people,
        keys=_keys(orders, lines),
        capacity=share_of(blocks, sum(present_minutes(one, day) for one in floor.shop.technicians)),
        axis=axis,
    )


def _lanes_of_people(floor: Standing, blocks: Sequence[Block], axis: Axis, now: datetime) -> tuple[Lane, ...]:
    english = get_language() == "en"
    rows = Skill.objects.values_list("code", "name", "name_en")
    named = {code: (other if english and other else name) for code, name, other in rows}
    technicians = {one.id: one for one in floor.shop.technicians}
    day = Span(axis.midnight, axis.midnight + timedelta(days=1))
    lanes = []
    for pk, person in floor.people.items():
        best = sorted(person.skills.items(), key=lambda one: (-one[1], one[0]))
        own, here = [one for one in blocks if one.technician == pk], technicians[pk]
        away = [one for one in floor.presence.absences.get(pk, ()) if one.span.end > now and one.span.start < day.end]
        lanes.append(
            Lane(
                key=pk,
                name=person.name,
                share=share_of(own, present_minutes(here, day)),
                blocks=one_per_car(own, axis),
                hours=_hours_today(here, day),
                skills=tuple(f"{named.get(code, code)} {level}" for code, level in best),
                note="hv" if person.has_hv else "",
                away=away[0] if away else None,
                gaps=_gaps(here, axis),
            )
        )
    return tuple(lanes)


def _lanes_of_bays(blocks: Sequence[Block], axis: Axis) -> tuple[Lane, ...]:
    lanes = []
    minutes = (axis.closes - axis.opens) * 60
    for bay in Bay.objects.filter(active=True).order_by("pk"):
        own = [one for one in blocks if one.bay == bay.pk]
        kind = str(bay.get_kind_display())
        lanes.append(Lane(bay.pk, bay.code, share_of(own, minutes), one_per_car(own, axis), skills=(kind,)))
    in_use = {lane.key for lane in lanes}
    loose = [one for one in blocks if one.bay not in in_use]
    return (*lanes, Lane(0, "", 0, one_per_car(loose, axis))) if loose else tuple(lanes)


def _hours_today(technician: Technician, day: Span) -> tuple[datetime, datetime] | None:
    """From when to when somebody is rostered on a day, absences not counted."""
    spans = [shift.span for shift in technician.shifts if day.contains(shift.span.start)]
    zone = day.start.tzinfo
    if not spans:
        return None
    return min(one.start for one in spans).astimezone(zone), max(one.end for one in spans).astimezone(zone)


def _gaps(technician: Technician, axis: Axis) -> tuple[tuple[int, int], ...]:
    """The steps of the axis in which somebody does not work: before and after his shifts, breaks, absences."""
    calendar = calendar_of(technician, minute_of(axis.start))
    found, at = [], 0
    for opens, closes in [*zip(calendar.starts, calendar.ends, strict=True), (minute_of(axis.end),) * 2]:
        begins, ends = (axis.slot_of(moment_of(one, axis.midnight.tzinfo)) for one in (opens, closes))
        if begins > at:
            found.append((at, begins - at))
        at = max(at, ends)
    return tuple(found)


def _handovers(store: Store, now: datetime) -> dict[str, int]:
    """Cars handed over today, and all that are promised for today or were handed over; one query."""
    day = store.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    done = Q(delivered_at__gte=day)
    found = WorkOrder.objects.filter(store=store).aggregate(
        handed_over=Count("pk", filter=done),
        due_today=Count("pk", filter=done | Q(promised_at__lt=day + timedelta(days=1), state__in=STILL_HERE)),
    )
    return dict(found)


def _threats(floor: Standing, lines: Mapping[int, LineHere]) -> tuple[Threat, ...]:
    """Promises that the plan breaks, the costliest first, each with the work that is still done."""
    of_order: dict[int, list[LineHere]] = {}
    for line in lines.values():
        if line.state not in DEAD_LINES:
            of_order.setdefault(line.order.pk, []).append(line)
    return tuple(
        Threat(of_order[risk.order][0].order, risk, _(", ").join(line.name for line in of_order[risk.order]))
        for risk in floor.risks(MOST_THREATS)
        if risk.order in of_order
    )


def _waiting(floor: Standing, plan: Plan, lines: Mapping[int, LineHere]) -> list[Waiting]:
    by_order: dict[int, list[LineHere]] = {}
    for line in lines.values():
        undispatched = line.pk in floor.anew or (line.state == "approved" and line.pk not in floor.given)
        if line.order.state in LIVE_ORDERS and undispatched and floor.may_begin(line.pk):
            by_order.setdefault(line.order.pk, []).append(line)
    found = [_proposal(floor, plan, own) for own in by_order.values()]
    return sorted(found, key=lambda one: (one.order.promised_at is None, one.order.promised_at, one.order.pk))


def _proposal(floor: Standing, plan: Plan, lines: Sequence[LineHere]) -> Waiting:
    longest = max(lines, key=lambda line: (line.hours, -line.pk))
    planned = plan.of(longest.pk)
    given = [floor.given[line.pk].technician_id for line in lines if line.pk in floor.anew]
    was = dict.fromkeys(floor.people[one].name for one in given if one in floor.people)
    minutes = sum(line.hours.minutes for line in lines)
    return Waiting(
        lines[0].order,
        tuple(line.pk for line in lines),
        tuple(line.name for line in sorted(lines, key=lambda line: line.seq)),
        f"{minutes / 60:.1f}",
        floor.people.get(planned.technician) if planned else None,
        planned.start if planned else None,
        planned.reasons[:3] if planned else (),
        was=_(", ").join(was),
        stays=planned is not None and given == [planned.technician] * len(lines),
    )


def _keys(orders: Mapping[int, OrderHere], lines: Mapping[int, LineHere]) -> dict[int, str]:
    """The status key of each order."""
    pending = Counter(line.order.pk for line in lines.values() if line.state == "pending")
    return {
        pk: status_of(row.state, hold_reason=row.hold_reason, lines_pending=pending[pk]).key
        for pk, row in orders.items()
    }


def _counts(orders: Sequence[OrderHere], lines: Mapping[int, LineHere], now: datetime) -> dict[str, int]:
    asking = {line.order.pk for line in lines.values() if line.state == "pending"}
    return {
        "in_shop": len(orders),
        "run": sum(order.state == "working" for order in orders),
        "part": sum(order.hold_reason == "wait_parts" for order in orders),
        "ask": sum(order.pk in asking for order in orders),
        "late": sum(is_late(order.promised_at, order.state, now=now) for order in orders),
        "ready": sum(order.state == "ready" for order in orders),
    }
