"""One order: its lines, what is missing, the verbs that are possible now, who did what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cheyi.customers.access import customer as customer_of
from cheyi.foundation.acts import to_undo
from cheyi.foundation.files import keep
from cheyi.foundation.models import Employee
from cheyi.foundation.pages import fragment, go, page, say, screen, told_moment
from cheyi.foundation.pages.numbers import number_in
from cheyi.kernel import Refused
from cheyi.workshop import access, actions, mending
from cheyi.workshop.actions import Placement, WalkAround
from cheyi.workshop.models import LabourLine
from cheyi.workshop.pages.answering import changed
from cheyi.workshop.pages.readings import kilometres
from cheyi.workshop.queries.earned import earned_by
from cheyi.workshop.queries.history import history as history_of
from cheyi.workshop.queries.order_page import order_page
from cheyi.workshop.queries.order_people import proposed_for
from cheyi.workshop.queries.progress import token_of
from cheyi.workshop.queries.short_parts import jobs_held_back
from cheyi.workshop.rules.quality import checklist
from cheyi.workshop.wording_missing import BLOCKS, MISSING

FLAGS = ("waits_in_store", "wash_wanted", "approved_in_writing")
WORDS = ("request_text", "diagnosis", "root_cause", "old_parts_choice")


@page("workshop.order.view", methods=("GET",))
def order(request: Any, order_id: int) -> HttpResponse:
    """The order page."""
    view = order_page(order_id, viewer=request.viewer, store=request.store, now=request.now)
    link = getattr(view.order, "progress_link", None)
    return screen(
        request,
        "workshop/order.html",
        view=view,
        lacks=mending.lacks(view, request.viewer),
        primary=mending.primary(view, request.viewer),
        next_one=mending.who_is_next(view),
        earned=earned_by(view.order) if request.viewer.may("workshop.order.view_margin") else None,
        missing_words=MISSING,
        blocks=BLOCKS,
        progress_url=reverse("workshop:progress", kwargs={"token": token_of(link)}) if link else "",
    )


@page("workshop.order.view", methods=("GET",))
def history(request: Any, order_id: int) -> HttpResponse:
    """Who did what, the latest first; what can be undone has its button."""
    row = access.order(request.viewer, order_id)
    return fragment(request, "workshop/_history.html", rows=history_of(row, viewer=request.viewer))


@page("workshop.order.view", methods=("GET",))
def proposal(request: Any, order_id: int) -> HttpResponse:
    """Whom the plan proposes for an order that waits, and why."""
    row = access.order(request.viewer, order_id)
    found = proposed_for(row, store=request.store, now=request.now)
    return fragment(request, "workshop/_proposal.html", found=found)


@page("workshop.order.open_order", methods=("POST",))
def open_draft(request: Any, order_id: int) -> HttpResponse:
    """A car that is being received becomes an order, with what was written so far."""
    row = access.order(request.viewer, order_id)
    made = actions.open_order(
        vehicle=row.vehicle, draft=row, order_type=row.type, store=request.store, by=request.viewer, now=request.now
    )
    say(request, _("Opened %(no)s") % {"no": made.no}, undo=to_undo())
    return changed(request, order_id)


@page("workshop.order.dispatch", methods=("POST",))
def dispatch(request: Any, order_id: int) -> HttpResponse:
    """Give the order to a technician; without a name, what nobody has and may begin goes to whom the plan proposes."""
    row, chosen = access.order(request.viewer, order_id), request.POST.get("technician", "")
    technician = Employee.objects.get(pk=number_in(chosen) or _proposed(request, row))
    words = {"reason": request.POST.get("reason", ""), "by": request.viewer, "now": request.now}
    placements = [Placement(line.pk, technician.pk) for line in _jobs_given(request, row, chosen=bool(chosen))]
    give = actions.dispatch if row.state == "open" else actions.assign
    give(row, placements=placements, **words)
    say(request, _("Given to %(who)s") % {"who": technician.name}, undo=to_undo())
    return changed(request, order_id)


def _jobs_given(request: Any, order: Any, *, chosen: bool) -> list[LabourLine]:
    """All jobs go to a chosen technician; what waits for a part without a date goes to nobody by itself."""
    if chosen:
        return list(order.labour.filter(state__in=("approved", "assigned", "paused")).order_by("seq"))
    jobs = list(order.labour.filter(state="approved").order_by("seq"))
    late = jobs_held_back(order.pk, store=request.store, now=request.now)
    given = [line for line in jobs if line.pk not in late]
    if not given:
        raise Refused("workshop.board.no_proposal")
    return given


def _proposed(request: Any, order: Any) -> int:
    found = proposed_for(order, store=request.store, now=request.now)
    if found is None:
        raise Refused("workshop.board.no_proposal")
    return found.person.id


@page("workshop.order.confirm_mileage", methods=("POST",))
def confirm_mileage(request: Any, order_id: int) -> HttpResponse:
    """Write the true mileage down."""
    row = access.order(request.viewer, order_id)
    km = kilometres(request.POST.get("mileage", ""), "mileage")
    actions.confirm_mileage(
        row, km=km, reason=request.POST.get("mileage_reason", ""), by=request.viewer, now=request.now
    )
    say(request, _("Mileage %(km)s km") % {"km": f"{km:,}"}, undo=to_undo())
    return changed(request, order_id)


@page("workshop.order.change_promise", methods=("POST",))
def change_promise(request: Any, order_id: int) -> HttpResponse:
    """Promise another time; the customer is told unless he was already."""
    row = access.order(request.viewer, order_id)
    actions.change_promise(
        row,
        promised_at=_moment(request),
        reason=request.POST.get("reason", ""),
        told_customer="told" in request.POST,
        by=request.viewer,
        now=request.now,
    )
    say(request, _("Promised %(when)s") % {"when": told_moment(request, _moment(request))})
    return changed(request, order_id)


def _moment(request: Any) -> datetime:
    try:
        naive = datetime.fromisoformat(request.POST.get("promised_at", ""))
    except ValueError:
        raise Refused("workshop.order.bad_promise", field="promised_at") from None
    return naive if naive.tzinfo else naive.replace(tzinfo=ZoneInfo(request.store.zone))


@page("workshop.order.describe", methods=("POST",))
def describe(request: Any, order_id: int) -> HttpResponse:
    """The customer's words, the diagnosis, and what he wants done with wash and old parts."""
    row, form = access.order(request.viewer, order_id), request.POST
    words: dict[str, Any] = {name: form[name].strip() for name in WORDS if name in form}
    words |= {name: name in form for name in FLAGS if f"{name}_shown" in form}
    actions.describe(row, version=number_in(form.get("version")), by=request.viewer, now=request.now, **words)
    say(request, _("Written down"))
    return changed(request, order_id)


@page("workshop.order.describe", methods=("POST",))
def set_customer(request: Any, order_id: int) -> HttpResponse:
    """Say for whom the work is done."""
    row = access.order(request.viewer, order_id)
    chosen = number_in(request.POST.get("customer"))
    if chosen is None:
        raise Refused("workshop.order.customer_missing", field="customer")
    who = customer_of(request.viewer, chosen)
    actions.set_customer(row, customer=who, by=request.viewer, now=request.now)
    say(request, _("For %(who)s") % {"who": who.name})
    return changed(request, order_id)


@page("workshop.inspection.inspect", photos=("photo",), methods=("POST",))
def inspect(request: Any, order_id: int) -> HttpResponse:
    """The walk-around with its photos, or that it is left out and why."""
    row, form = access.order(request.viewer, order_id), request.POST
    words = {"store": request.store, "access": "workshop.inspection", "by": request.viewer, "now": request.now}
    photos = [keep(one, name="walk-around.jpg", customer_may_see=True, **words) for one in request.photos["photo"]]
    seen = WalkAround(
        energy=form.get("energy", "").strip()[:8],
        marks=[{"panel": panel, "mark": form.get("mark", "")} for panel in form.getlist("panel")],
        valuables_reminded="valuables" in form,
        photos=photos,
    )
    skipped = form.get("skip_reason", "")
    actions.inspect(row, seen=None if skipped else seen, skip_reason=skipped, by=request.viewer, now=request.now)
    say(request, _("Walk-around left out") if skipped else _("Walk-around done"))
    return changed(request, order_id)


@page("workshop.finding.note_finding", methods=("POST",))
def note_finding(request: Any, finding_id: int) -> HttpResponse:
    """A finding needs no work: it waits for nobody any more."""
    finding = access.finding(request.viewer, finding_id)
    actions.note_finding(finding, by=request.viewer, now=request.now)
    say(request, _("Noted: %(item)s") % {"item": finding.item}, undo=to_undo())
    return changed(request, finding.order_id)


@page("workshop.check.record_check", methods=("POST",))
def record_check(request: Any, order_id: int) -> HttpResponse:
    """The self-check or the team check, all of its items ticked."""
    row = access.order(request.viewer, order_id)
    level = request.POST.get("level", "self")
    answers = {item: item in request.POST.getlist("ok") for item in checklist(level)}
    actions.record_check(row, level=level, answers=answers, by=request.viewer, now=request.now)
    say(request, _("Check recorded"))
    return changed(request, order_id)


@page("workshop.order.come_back", methods=("POST",))
def come_back(request: Any, order_id: int) -> HttpResponse:
    """The same fault returns: a rework order for the chosen jobs."""
    row, form = access.order(request.viewer, order_id), request.POST
    wanted, typed = [pk for one in form.getlist("line") if (pk := number_in(one))], form.get("mileage", "")
    made = actions.come_back(
        row,
        lines=list(row.labour.filter(pk__in=wanted)),
        mileage=kilometres(typed, "mileage") if typed.strip() else None,
        responsibility=form.get("responsibility", ""),
        request_text=form.get("request_text", ""),
        by=request.viewer,
        now=request.now,
    )
    say(request, _("Opened %(no)s") % {"no": made.no})
    return go(request, "workshop:order", order_id=made.pk)


def _plain(
    permission: str, verb: Callable[..., Any], words: str, *, fields: tuple[str, ...] = ()
) -> Callable[..., Any]:
    """A page for a verb of the whole order that takes nothing, or some words of the form."""

    @page(permission, methods=("POST",))
    def run(request: Any, order_id: int) -> HttpResponse:
        row = access.order(request.viewer, order_id)
        said = {name: request.POST.get(name, "") for name in fields}
        verb(row, by=request.viewer, now=request.now, **said)
        say(request, _(words), undo=to_undo())
        return changed(request, order_id)

    return run


WHY = ("reason",)
hold = _plain("workshop.order.hold", actions.hold, gettext_noop("On hold"), fields=("reason", "note"))
resume = _plain("workshop.order.resume", actions.resume, gettext_noop("Work goes on"))
take_off = _plain("workshop.order.take_off", actions.take_off, gettext_noop("Taken off"))
finish = _plain("workshop.order.finish", actions.finish, gettext_noop("Finished"))
skip_check = _plain("workshop.order.skip_check", actions.skip_check, gettext_noop("Check left out"), fields=WHY)
finish_wash = _plain("workshop.order.finish_wash", actions.finish_wash, gettext_noop("Washed"))
skip_wash = _plain("workshop.order.skip_wash", actions.skip_wash, gettext_noop("No wash"))
reopen = _plain("workshop.order.reopen", actions.reopen, gettext_noop("Back in work"), fields=WHY)
stop_work = _plain("workshop.order.stop_work", actions.stop_work, gettext_noop("Work stopped"), fields=WHY)
close = _plain("workshop.order.close", actions.close, gettext_noop("Order closed"))
set_responsibility = _plain(
    "workshop.order.set_responsibility",
    actions.set_responsibility,
    gettext_noop("Written down"),
    fields=("responsibility",),
)
renew_link = _plain("workshop.order.send_link", actions.renew_link, gettext_noop("The old link is worthless now"))


@page("workshop.order.resume", methods=("POST",))
def resume_anyway(request: Any, order_id: int) -> HttpResponse:
    """Go on with what can be done although what was waited for has not come, and say why."""
    row, reason = access.order(request.viewer, order_id), request.POST.get("reason", "")
    actions.resume(row, anyway=True, reason=reason, by=request.viewer, now=request.now)
    say(request, _("Work goes on"))
    return changed(request, order_id)


@page("workshop.order.cancel", methods=("POST",), second=True)
def cancel(request: Any, order_id: int) -> HttpResponse:
    """Cancel the order; what only a manager may end, he agrees to in the form, or is asked to."""
    row, asked = access.order(request.viewer, order_id), request.POST.get("act") == "ask"
    wish = {"reason": request.POST.get("reason", ""), "by": request.viewer, "now": request.now}
    if asked:
        actions.ask_cancel(row, **wish)
    else:
        actions.cancel(row, approver=request.approver, **wish)
    said = _("Asked for. It waits for an answer; you see it at the counter") if asked else _("Order cancelled")
    say(request, said, undo=to_undo())
    return changed(request, order_id)
