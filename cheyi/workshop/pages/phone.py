"""The technician's phone: my jobs, my messages, one job; start, pause, finish, a finding with its photo, a part."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.foundation.acts import to_undo
from cheyi.foundation.files import keep
from cheyi.foundation.models import StoredFile
from cheyi.foundation.pages import fragment, go, page, say, screen
from cheyi.foundation.pages.doors import ID
from cheyi.foundation.pages.numbers import number_in
from cheyi.kernel import Quantity, Refused
from cheyi.parts import queries as parts
from cheyi.parts.models import Part
from cheyi.workshop import access, actions
from cheyi.workshop.actions import PartWanted
from cheyi.workshop.models import LabourLine, LabourOp, WorkOrder
from cheyi.workshop.models.choices import Urgency
from cheyi.workshop.pages.readings import beside
from cheyi.workshop.queries.history import who_took_off
from cheyi.workshop.queries.jobs import jobs_said
from cheyi.workshop.queries.phone import found_on, job_card, my_day, photos_of_check
from cheyi.workshop.queries.phone_news import my_news, news_seen_at
from cheyi.workshop.wording_phone import ANSWERS, ASIDE, NEWS, PAUSES


@page("workshop.line.start_job", methods=("GET",))
def my_jobs(request: Any) -> HttpResponse:
    """The job in hand, then what comes next."""
    day = my_day(request.viewer, store=request.store, now=request.now)
    return screen(request, "workshop/phone_jobs.html", day=day, pauses=PAUSES, aside=ASIDE)


@page("workshop.line.start_job", methods=("GET",))
def news(request: Any) -> HttpResponse:
    """What happened to my cars: jobs given, answers, parts that came, work sent back; what is new is marked, once."""
    found = my_news(request.viewer, store=request.store, now=request.now)
    seen_at = news_seen_at(request.viewer, store=request.store)
    actions.see_news(store=request.store, by=request.viewer, now=request.now)
    return screen(request, "workshop/phone_news.html", news=found, seen_at=seen_at, told=NEWS)


@page("workshop.line.start_job", methods=("GET",))
def job(request: Any, line_id: int) -> HttpResponse:
    """One job with its parts and what can be reported."""
    line = access.line(request.viewer, "labour", line_id)
    card = job_card(line, request.viewer, store=request.store, now=request.now)  # type: ignore[arg-type]
    found = found_on(card.order, store=request.store)
    return screen(
        request,
        "workshop/phone_job.html",
        card=card,
        found=found,
        shown=photos_of_check(card, found),
        taken_off_by=who_took_off(card.order).get(line.pk, "") if line.state == "cancelled" else "",
        hits=_proposable(request, line),  # type: ignore[arg-type]
        text="",
        answers=ANSWERS,
        pauses=PAUSES,
        aside=ASIDE,
        urgencies=Urgency.choices,
        wanted=_wanted(request),
    )


def _wanted(request: Any) -> parts.FoundPart | None:
    """The part that a scan has brought to the job, to be asked for."""
    part_id = request.GET.get("part", "")
    found = parts.shown([int(part_id)], request.store) if ID.fullmatch(part_id) else []
    return found[0] if found else None


@page("workshop.line.start_job", methods=("POST",))
def start(request: Any, line_id: int) -> HttpResponse:
    """Start the clock."""
    line = access.line(request.viewer, "labour", line_id)
    actions.start_job(line, by=request.viewer, now=request.now)  # type: ignore[arg-type]
    say(request, _("Started"), undo=to_undo())
    return go(request, "workshop:my-jobs")


@page("workshop.line.pause_job", methods=("POST",))
def pause(request: Any, line_id: int) -> HttpResponse:
    """Stop the clock for now."""
    line = access.line(request.viewer, "labour", line_id)
    reason = request.POST.get("reason", "")
    reason = reason if reason in PAUSES else ""
    actions.pause_job(line, reason=reason, by=request.viewer, now=request.now)  # type: ignore[arg-type]
    words = _("Paused: %(reason)s") % {"reason": PAUSES[reason]} if reason else _("Paused")
    say(request, words, undo=to_undo())
    return go(request, "workshop:my-jobs")


@page("workshop.line.finish_job", methods=("POST",))
def finish(request: Any, line_id: int) -> HttpResponse:
    """The job is done, self-checked."""
    line = access.line(request.viewer, "labour", line_id)
    actions.finish_job(line, self_checked=True, by=request.viewer, now=request.now)  # type: ignore[arg-type]
    say(request, _("Done: %(job)s") % {"job": line.name}, undo=to_undo())
    return go(request, "workshop:my-jobs")


@page("workshop.finding.report_finding", photos=("photo",), methods=("POST",))
def report(request: Any, line_id: int) -> HttpResponse:
    """Report what was found, with photos; a named job becomes a proposal to the customer."""
    line = access.line(request.viewer, "labour", line_id)
    order = WorkOrder.objects.get(pk=line.order_id)
    op = LabourOp.objects.filter(code=request.POST["op"]).first() if request.POST.get("op") else None
    with beside(item="said"):
        actions.report_finding(
            order,
            item="",
            note=request.POST.get("said", ""),
            op=op,
            urgency=request.POST.get("urgency", "soon"),
            photos=_kept_photos(request),
            by=request.viewer,
            now=request.now,
        )
    say(request, _("Sent to the customer and the advisor") if op else _("Sent to the advisor"), undo=to_undo())
    return go(request, "workshop:job", line_id=line_id)


def _kept_photos(request: Any) -> list[StoredFile]:
    return [
        keep(
            clean,
            store=request.store,
            name="finding.jpg",
            access="workshop.finding",
            customer_may_see=True,
            by=request.viewer,
            now=request.now,
        )
        for clean in request.photos["photo"]
    ]


@page("workshop.finding.report_finding", methods=("GET",))
def jobs(request: Any, line_id: int) -> HttpResponse:
    """Jobs that a finding's words may propose."""
    line = access.line(request.viewer, "labour", line_id)
    text = request.GET.get("q", "")[:200]
    return fragment(request, "workshop/_finding_jobs.html", hits=_proposable(request, line, text), text=text)  # type: ignore[arg-type]


def _proposable(request: Any, line: LabourLine, text: str = "") -> list[Any]:
    order = WorkOrder.objects.select_related("vehicle__model").get(pk=line.order_id)
    there = set(LabourLine.objects.filter(order=order).values_list("op_id", flat=True))
    return jobs_said(text, vehicle=order.vehicle, store=request.store, besides=there)


@page("parts.request.submit", methods=("GET",))
def find_part(request: Any, line_id: int) -> HttpResponse:
    """Parts found by number, name or initials."""
    access.line(request.viewer, "labour", line_id)
    text = request.GET.get("q", "").strip()[:40]
    hits = parts.find(text, store=request.store, limit=6) if text else []
    alike = parts.siblings_of(Part.objects.filter(pk__in=[hit.part_id for hit in hits]))
    return fragment(request, "workshop/_part_hits.html", hits=hits, alike=alike, text=text)


@page("parts.request.submit", methods=("POST",))
def ask_part(request: Any, line_id: int) -> HttpResponse:
    """Ask for a part: it becomes an extra that the customer decides on."""
    line = access.line(request.viewer, "labour", line_id)
    order = WorkOrder.objects.get(pk=line.order_id)
    part_id = number_in(request.POST.get("part"))
    if part_id is None:
        raise Refused("workshop.line.choose_part", field="q")
    wanted = PartWanted(part_id=part_id, quantity=Quantity.of(request.POST.get("quantity") or "1"))
    made = actions.add_extra_part(order, part=wanted, labour=line, by=request.viewer, now=request.now)  # type: ignore[arg-type]
    say(request, _("Asked for: %(part)s. The customer decides") % {"part": made.name}, undo=to_undo())
    return go(request, "workshop:job", line_id=line_id)
