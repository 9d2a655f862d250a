"""What the car's owner sees behind his link: no internal notes, no costs, no staff phones, no VIN in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import Http404

from cheyi.foundation.calendar import opening_hours
from cheyi.foundation.models import Store
from cheyi.foundation.scope import Scope, everywhere, scope_of
from cheyi.kernel import Money, Span
from cheyi.settlement.queries import living_bills_of, outstanding_of
from cheyi.workshop.models import (
    Answer,
    Finding,
    FindingPhoto,
    LabourLine,
    OrderSpell,
    PartLine,
    ProgressLink,
    WorkOrder,
)
from cheyi.workshop.queries.asking import AnyLine, Asked, asked_among, others_of
from cheyi.workshop.rules.flow import has_check
from cheyi.workshop.rules.life import DEAD_LINES, IN_WORKSHOP
from cheyi.workshop.rules.quality import CHECK
from cheyi.workshop.rules.status import for_customer, is_late

SALT = "workshop.progress"
SOURCE = "workshop.order"
BILLED = ("ready", "settled", "delivered", "closed")
CHECK_STEP = 3
NOT_AGREED = frozenset((*DEAD_LINES, "pending"))
DONE = frozenset(("done", "passed", "used"))
STEP_OF = {
    "received": 0,
    "planned": 1,
    "your_answer": 2,
    "in_work": 2,
    "waiting_parts": 2,
    "waiting_insurer": 2,
    "checked": 3,
    "to_settle": 4,
    "to_collect": 4,
    "handed_over": 4,
    "cancelled": 0,
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something proposed: what was found, what it costs, its photos. ``urgency`` is empty where nothing was found."""

    asked: Asked
    words: str
    urgency: str
    photos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """A job that is done or will be, with its parts; ``total`` is what the owner pays for it, None when others pay."""

    name: str
    total: Money | None
    done: bool


@dataclass(frozen=True, slots=True)
class Said:
    """An answer of the owner as it is kept: what he was shown, at which price, what he said and when."""

    wording: str
    total: Money
    agreed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of the timeline; ``is_open`` says of a finding that the shop has still to propose something for it."""

    at: datetime
    code: str
    text: str = ""
    photos: tuple[str, ...] = ()
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """The owner's page; ``is_late`` when the time that was promised has passed and the car is not ready.

    ``has_check`` says whether the order has a final check: none is claimed or shown as a step that nobody makes.
    """

    order: WorkOrder
    store: Store
    shown: str
    is_late: bool
    step: int
    proposals: tuple[Proposal, ...]
    timeline: tuple[Moment, ...]
    agreed_total: Money
    works: tuple[Work, ...]
    said: tuple[Said, ...]
    to_pay: Money | None
    open_today: tuple[Span, ...]
    has_check: bool


def token_of(link: ProgressLink) -> str:
    """The signed token that stands in the address."""
    return Signer(salt=SALT).sign(link.uid.hex)


def opens(token: str, now: datetime) -> tuple[Scope, ProgressLink]:
    """The link behind a token and the scope of its store. Raises Http404 for a wrong, ended or revoked one."""
    try:
        uid = UUID(Signer(salt=SALT).unsign(token))
    except (BadSignature, ValueError):
        raise Http404("link") from None
    with everywhere("the link's address says whose order it is"):
        link = ProgressLink.objects.select_related("order__flow_profile", "store").filter(uid=uid).first()
    if link is None or link.revoked_at is not None or (link.expires_at is not None and link.expires_at <= now):
        raise Http404("link")
    return scope_of(link.store), link


def progress(link: ProgressLink, *, now: datetime) -> Progress:
    """The owner's page; at most thirteen queries."""
    order = link.order
    labour = list(LabourLine.objects.filter(order=order).order_by("seq"))
    parts = list(PartLine.objects.filter(order=order).order_by("seq"))
    others = others_of(order)
    waiting = asked_among(labour, parts, others)
    asked = [one for one in waiting if one.is_priced]
    findings = list(Finding.objects.filter(order=order).exclude(system=CHECK).order_by("reported_at"))
    photos = _photos(order)
    shown = for_customer(order.state, hold_reason=order.hold_reason, lines_pending=len(asked))
    checked = has_check(order.flow_profile.flow, order.regulatory_class, state=order.state, checks=order.checks)
    living = [line for line in (*labour, *parts, *others) if line.state not in NOT_AGREED]
    return Progress(
        order=order,
        store=link.store,
        shown=shown,
        is_late=is_late(order.promised_at, order.state, now=now),
        step=_step(shown, has_check=checked),
        proposals=tuple(_proposal(one, findings, photos) for one in asked),
        timeline=tuple(
            _timeline(order, findings, photos, _unpriced(order, findings, labour, waiting), has_check=checked)
        ),
        agreed_total=sum((line.net for line in living if line.payer == "customer"), Money(0)),
        works=tuple(_works(living)),
        said=_said(order, parts),
        to_pay=outstanding_of(living_bills_of(SOURCE, [order.pk])).get(order.pk) if order.state in BILLED else None,
        open_today=tuple(opening_hours(link.store).on(link.store.local(now).date())),
        has_check=checked,
    )


def _step(shown: str, *, has_check: bool) -> int:
    """Which step is the current one; without a check the work goes on until the car can be collected."""
    step = STEP_OF[shown]
    return step if has_check or step < CHECK_STEP else max(step - 1, CHECK_STEP - 1)


def _works(living: Sequence[AnyLine]) -> Iterator[Work]:
    """Every line that stands, a job with its parts as one: their totals are what the owner has agreed to."""
    jobs = {line.pk for line in living if isinstance(line, LabourLine)}
    for line in living:
        if isinstance(line, PartLine) and line.labour_line_id in jobs:
            continue
        with_it = living if isinstance(line, LabourLine) else ()
        own = [part for part in with_it if isinstance(part, PartLine) and part.labour_line_id == line.pk]
        paid = [one.net for one in (line, *own) if one.payer == "customer"]
        yield Work(line.name, sum(paid, Money(0)) if paid else None, line.state in DONE)


def _said(order: WorkOrder, parts: Sequence[PartLine]) -> tuple[Said, ...]:
    """The owner's answers through his link, each job with its parts, the latest first."""
    job_of = {part.pk: part.labour_line_id for part in parts}
    jobs: dict[tuple[str, int | None, datetime], list[Answer]] = {}
    for row in Answer.objects.filter(order=order, via="link").order_by("pk"):
        of_job = row.line_kind == "part" and job_of.get(row.line_id)
        kind, line_id = ("labour", of_job) if of_job else (row.line_kind, row.line_id)
        jobs.setdefault((kind, line_id, row.answered_at), []).append(row)
    told = [
        Said(
            next((row.wording for row in rows if row.line_kind == "labour"), rows[0].wording),
            sum((row.net for row in rows), Money(0)),
            rows[0].approved,
            rows[0].answered_at,
        )
        for rows in jobs.values()
    ]
    return tuple(sorted(told, key=lambda one: one.at, reverse=True))


def _photos(order: WorkOrder) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    rows = FindingPhoto.objects.filter(
        store_id=order.store_id, finding__order=order, finding__store_id=order.store_id, file__customer_may_see=True
    )
    for finding_id, uid in rows.order_by("pk").values_list("finding_id", "file__uid"):
        found.setdefault(finding_id, []).append(str(uid))
    return {key: tuple(uids) for key, uids in found.items()}


def _proposal(asked: Asked, findings: list[Finding], photos: dict[int, tuple[str, ...]]) -> Proposal:
    of_line = (one for one in findings if one.line_id == asked.line.pk)
    finding = next(of_line, None) if isinstance(asked.line, LabourLine) else None
    if finding is None:
        line = asked.line
        words = f"{line.quantity} {line.unit}" if isinstance(line, PartLine) and line.unit else ""
        return Proposal(asked, words, "", ())
    return Proposal(asked, finding.note or finding.item, finding.urgency, photos.get(finding.pk, ()))


def _unpriced(
    order: WorkOrder, findings: list[Finding], labour: list[LabourLine], waiting: list[Asked]
) -> frozenset[int]:
    """Findings that have no priced job yet: none was proposed nor put on the order since (``needs.py`` says the same)."""
    if order.state not in IN_WORKSHOP:
        return frozenset()
    on_order = {line.pk for line in labour}
    without = {one.line.pk for one in waiting if isinstance(one.line, LabourLine) and not one.is_priced}
    proposed = {one.line_id for one in findings}
    others = [line.created_at for line in labour if line.pk not in proposed]
    return frozenset(
        one.pk
        for one in findings
        if not one.decision
        and one.noted_at is None
        and (one.line_id in without if one.line_id in on_order else not any(at >= one.reported_at for at in others))
    )


def _timeline(
    order: WorkOrder,
    findings: list[Finding],
    photos: dict[int, tuple[str, ...]],
    unpriced: frozenset[int],
    *,
    has_check: bool,
) -> list[Moment]:
    told = {
        "open": "received",
        "dispatched": "planned",
        "working": "in_work",
        "ready": "checked" if has_check else "done",
        "delivered": "handed_over",
    }
    seen: set[str] = set()
    moments = []
    for spell in OrderSpell.objects.filter(order=order).order_by("began_at", "pk"):
        code = "waiting_parts" if spell.hold_reason == "wait_parts" else told.get(spell.state, "")
        if code and (code not in seen or code == "waiting_parts"):
            seen.add(code)
            moments.append(Moment(spell.began_at, code))
    moments += [
        Moment(one.reported_at, "finding", one.item, photos.get(one.pk, ()), one.pk in unpriced) for one in findings
    ]
    return sorted(moments, key=lambda one: one.at, reverse=True)
