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
from cheyi.kernel import Reason
from cheyi.workshop.engine.model import Plan, Shift
from cheyi.workshop.engine.risk import Risk
from cheyi.workshop.models import Bay, Skill, WorkOrder
from cheyi.workshop.planning import LIVE_ORDERS, Person, Standing, standing
from cheyi.workshop.queries.board_blocks import (
    CLOSES_HOUR,
    OPENS_HOUR,
    Block,
    done_blocks,
    one_per_car,
    planned_blocks,
    share_of,
    slot_of,
)
from cheyi.workshop.queries.held_back import HeldBack, held_back
from cheyi.workshop.queries.work import LineHere, OrderHere, lines_here
from cheyi.workshop.rules.life import DEAD_LINES, IN_WORKSHOP
from cheyi.workshop.rules.status import is_late, status_of

LAST_ACTS = 50
MOST_THREATS = 4
STILL_HERE = ("open", "dispatched", "working", "hold", "qc", "wash", "ready", "settled")


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the board: a technician's day, or a bay's. ``share`` is percent of the hours there are, ``hours`` his shift."""

    key: int
    name: str
    share: int
    blocks: tuple[Block, ...]
    hours: tuple[datetime, datetime] | None = None
    skills: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Threat:
    """An order whose promise the plan does not keep, why, and what would keep it."""

    order: OrderHere
    risk: Risk
    works: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that waits to be dispatched: the jobs that may begin, with whom the engine proposes and why."""

    order: OrderHere
    line_ids: tuple[int, ...]
    works: tuple[str, ...]
    hours: str
    person: Person | None
    start: datetime | None
    reasons: tuple[Reason, ...]


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
    """Today's board: eleven queries by technician, twelve by bay, one more when a part is short.

    One run of the rule when the shop stands as it did not yet.
    """
    found = lines_here(store, order_states=(*IN_WORKSHOP, "ready"))
    floor = standing(store, now, lines=found)
    plan = floor.plan()
    local = store.local(now)
    midnight = local.replace(hour=OPENS_HOUR, minute=0, second=0, microsecond=0)
    lines = {line.pk: line for line in found}
    blocks = [*done_blocks(floor, lines, store, midnight, now), *planned_blocks(floor, plan, lines, midnight, now)]
    orders = {line.order.pk: line.order for line in found}
    people = _lanes_of_people(floor, blocks, midnight, local)
    return Board(
        lanes=_lanes_of_bays(blocks, midnight) if by_bay else people,
        waiting=tuple(_waiting(floor, plan, lines)),
        held_back=held_back(floor, lines, closes=midnight + timedelta(hours=CLOSES_HOUR - OPENS_HOUR)),
        counts={**_counts(list(orders.values()), lines, now), **_handovers(store, now)},
        now_at=slot_of(local, midnight),
        now=local,
        threats=_threats(floor, lines),
        orders=orders,
        people=floor.people,
        keys=_keys(orders, lines),
        capacity=_capacity(floor, blocks, local),
    )


def _lanes_of_people(floor: Standing, blocks: Sequence[Block], start: datetime, now: datetime) -> tuple[Lane, ...]:
    english = get_language() == "en"
    rows = Skill.objects.values_list("code", "name", "name_en")
    named = {code: (other if english and other else name) for code, name, other in rows}
    shifts = {one.id: _today(one.shifts, now) for one in floor.shop.technicians}
    lanes = []
    for pk, person in floor.people.items():
        best = sorted(person.skills.items(), key=lambda one: (-one[1], one[0]))
        own, span = [one for one in blocks if one.technician == pk], shifts.get(pk)
        lanes.append(
            Lane(
                key=pk,
                name=person.name,
                share=share_of(own, _present(span)),
                blocks=one_per_car(own, start),
                hours=(span.span.start, span.span.end) if span else None,
                skills=tuple(f"{named.get(code, code)} {level}" for code, level in best),
                note="hv" if person.has_hv else "",
            )
        )
    return tuple(lanes)


def _lanes_of_bays(blocks: Sequence[Block], start: datetime) -> tuple[Lane, ...]:
    lanes = []
    for bay in Bay.objects.filter(active=True).order_by("pk"):
        own = [one for one in blocks if one.bay == bay.pk]
        minutes = (CLOSES_HOUR - OPENS_HOUR) * 60
        lanes.append(
            Lane(
                bay.pk, bay.code, share_of(own, minutes), one_per_car(own, start), skills=(str(bay.get_kind_display()),)
            )
        )
    loose = [one for one in blocks if one.bay is None]
    return (*lanes, Lane(0, "", 0, one_per_car(loose, start))) if loose else tuple(lanes)


def _today(shifts: Sequence[Shift], now: datetime) -> Shift | None:
    return next((one for one in shifts if one.span.start.astimezone(now.tzinfo).date() == now.date()), None)


def _present(shift: Shift | None) -> int:
    """Working minutes of a shift, breaks off."""
    if shift is None:
        return 0
    rests = sum((rest.length for rest in shift.breaks), timedelta(0))
    return int((shift.span.length - rests).total_seconds() // 60)


def _capacity(floor: Standing, blocks: Sequence[Block], now: datetime) -> int:
    """How much of the hours of everybody who is here today is taken, in percent."""
    there = sum(_present(_today(one.shifts, now)) for one in floor.shop.technicians)
    return share_of(blocks, there)


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
        undispatched = line.state == "approved" and line.pk not in floor.given
        if line.order.state in LIVE_ORDERS and undispatched and floor.may_begin(line.pk):
            by_order.setdefault(line.order.pk, []).append(line)
    found = [_proposal(floor, plan, own) for own in by_order.values()]
    return sorted(found, key=lambda one: (one.order.promised_at is None, one.order.promised_at, one.order.pk))


def _proposal(floor: Standing, plan: Plan, lines: Sequence[LineHere]) -> Waiting:
    longest = max(lines, key=lambda line: (line.hours, -line.pk))
    planned = plan.of(longest.pk)
    minutes = sum(line.hours.minutes for line in lines)
    return Waiting(
        lines[0].order,
        tuple(line.pk for line in lines),
        tuple(line.name for line in sorted(lines, key=lambda line: line.seq)),
        f"{minutes / 60:.1f}",
        floor.people.get(planned.technician) if planned else None,
        planned.start if planned else None,
        planned.reasons[:3] if planned else (),
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
