"""The lines of an order: adding, the customer's answer, and everything one line's strip offers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import to_undo
from cheyi.foundation.models import Employee
from cheyi.foundation.pages import fragment, page, say
from cheyi.foundation.pages.numbers import number_in
from cheyi.kernel import Hours, Money, Quantity, Rate, Refused
from cheyi.parts import queries as parts
from cheyi.workshop import access, actions, saying
from cheyi.workshop.actions import JobWanted, PartWanted
from cheyi.workshop.models import WorkOrder
from cheyi.workshop.models.choices import FeeKind, Payer
from cheyi.workshop.pages.answering import changed
from cheyi.workshop.pages.readings import beside, figure
from cheyi.workshop.queries.clocks import ToCheck, clocks_to_check
from cheyi.workshop.queries.jobs import find_jobs
from cheyi.workshop.queries.shipped import reasons
from cheyi.workshop.rules.life import EDITING, LABOUR, TABLES
from cheyi.workshop.rules.pricing import Given
from cheyi.workshop.wording_phone import PAUSES

OFFERED = (
    "approve",
    "ask_again",
    "change_price",
    "discount",
    "split_payers",
    "remove_line",
    "start_job",
    "pause_job",
    "finish_job",
)
"""What a line's strip may offer, as far as the viewer's rights and the states of order and line go."""


@page("workshop.line.add_extra", methods=("GET",))
def jobs(request: Any, order_id: int) -> HttpResponse:
    """Jobs and parts found by initials, words or number, for the order's one input."""
    access.order(request.viewer, order_id)
    vehicle = WorkOrder.objects.select_related("vehicle__model").get(pk=order_id).vehicle
    text = request.GET.get("q", "")
    hits = find_jobs(text, vehicle=vehicle, store=request.store)[:6]
    found = parts.find(text, store=request.store, limit=4) if text.strip() else []
    return fragment(request, "workshop/_line_hits.html", hits=hits, parts=found, text=text)


@page("workshop.line.add_extra", methods=("POST",))
def add(request: Any, order_id: int) -> HttpResponse:
    """Add a job or a part: at once while the customer stands here, as a proposal to him once work goes on."""
    row, (kind, code) = access.order(request.viewer, order_id), _taken(request.POST.get("take", ""))
    words = {"by": request.viewer, "now": request.now}
    asked = not EDITING.allows(row.state, "add_line") or not request.viewer.may("workshop.line.add_line")
    if kind == "part":
        wanted = PartWanted(part_id=number_in(code) or 0, quantity=Quantity.of("1"))
        (actions.add_extra_part if asked else actions.add_part)(row, part=wanted, **words)
    else:
        (actions.add_extra if asked else actions.add_line)(row, jobs=[JobWanted(code)], **words)
    say(request, _("Added; the customer is asked") if asked else _("Added"), undo=to_undo())
    return changed(request, order_id)


def _taken(text: str) -> tuple[str, str]:
    kind, _, code = text.rpartition(":")
    return kind, code.split("|")[0]


@page("workshop.line.add_line", methods=("POST",))
def add_other(request: Any, order_id: int) -> HttpResponse:
    """Add a fee, or work that another firm does."""
    row, form = access.order(request.viewer, order_id), request.POST
    words = {"name": form.get("name", "").strip()[:100], "payer": form.get("payer", "customer")}
    who = {"by": request.viewer, "now": request.now}
    amount = figure(form.get("amount", ""), "amount", Money.yuan)
    if form.get("fee") == "sublet":
        actions.add_sublet(row, price=amount, supplier_name=form.get("supplier_name", "")[:60], **words, **who)
    else:
        actions.add_fee(row, amount=amount, fee=form.get("fee", "other"), **words, **who)
    say(request, _("Added"), undo=to_undo())
    return changed(request, order_id)


@page("workshop.line.approve", methods=("POST",))
def answer(request: Any, order_id: int) -> HttpResponse:
    """The customer's answer, by phone or at the counter: ``yes`` or ``no`` names a line, or all of them."""
    row, form = access.order(request.viewer, order_id), request.POST
    verb = "yes" if form.get("yes") else "no"
    lines = _pending(request, row, form.get(verb, ""))
    words = {"via": form.get("via", "phone"), "by": request.viewer, "now": request.now}
    (actions.approve if verb == "yes" else actions.decline)(lines, **words)
    names = _(", ").join(line.name for line in lines[:3])
    said = _("Agreed: %(line)s") if verb == "yes" else _("Not now: %(line)s")
    say(request, said % {"line": names}, undo=to_undo())
    return changed(request, order_id)


def _pending(request: Any, order: WorkOrder, named: str) -> list[Any]:
    if named == "all":
        return actions.pending_lines(order)
    kind, _, key = named.partition("/")
    if not key:
        raise Refused("workshop.line.nothing_to_answer")
    return [access.line(request.viewer, kind, number_in(key) or 0)]


@page("workshop.order.view", methods=("GET",))
def strip(request: Any, kind: str, line_id: int) -> HttpResponse:
    """Everything that can be done with one line, as a row below it."""
    line: Any = access.line(request.viewer, kind, line_id)
    order = line.order
    may = {verb for verb in OFFERED if request.viewer.may(f"workshop.line.{verb}")}
    possible, moves = may.intersection(EDITING.verbs(order.state)), may.intersection(TABLES[kind].verbs(line.state))
    return fragment(
        request,
        "workshop/_strip.html",
        line=line,
        order=order,
        possible=possible,
        moves=moves,
        payers=Payer.choices,
        reasons=reasons("discount"),
        beyond=saying.beyond(Given.of(line), kind, request.viewer.roles) if line.discount_waits else "",
        clocks=_clocks(request, line) if kind == "labour" else (),
        people=_people(line) if kind == "labour" and "start_job" in moves else (),
        pauses=PAUSES,
    )


def _clocks(request: Any, line: Any) -> list[ToCheck]:
    """Clocked time of a job that somebody must look at, for who may put it right."""
    if not request.viewer.may("workshop.line.correct_clock"):
        return []
    return clocks_to_check(request.store, request.now, line_id=line.pk)


def _people(line: Any) -> list[Employee]:
    given = line.assignments.filter(ended_at=None).select_related("technician")
    return [row.technician for row in given.order_by("pk")]


@page("workshop.line.change_price", methods=("POST",))
def change_price(request: Any, kind: str, line_id: int) -> HttpResponse:
    """Change the price of one hour or piece, and the sold hours; what is left empty or as it was stays, unsaid."""
    line, form = access.line(request.viewer, kind, line_id), request.POST
    done = actions.change_price(
        line,
        unit_price=figure(form["price"], "price", Money.yuan) if form.get("price") else None,
        hours=figure(form["hours"], "hours", Hours.of) if form.get("hours") else None,
        reason=str(_reason(form)),
        by=request.viewer,
        now=request.now,
    )
    if to_undo() is not None:
        said = _("New price for %(line)s waits for a manager") if done.discount_waits else _("New price for %(line)s")
        say(request, said % {"line": line.name} + beyond(done, request.viewer), undo=to_undo())
    return changed(request, line.order_id)


def beyond(line: Any, viewer: Viewer) -> str:
    """Why a price or discount waits: what is given, the giver's limit and who agrees; nothing for one that stands."""
    if not line.discount_waits:
        return ""
    return _(": %(why)s") % {"why": saying.beyond(Given.of(line), line.kind, viewer.roles)}


def _reason(form: Any) -> str:
    code = form.get("reason", "")
    return next((one.name for one in reasons("discount") if one.code == code), code)


@page("workshop.line.discount", methods=("POST",))
def discount(request: Any, kind: str, line_id: int) -> HttpResponse:
    """Give a discount in percent; beyond the own limit it waits for a manager."""
    line, form = access.line(request.viewer, kind, line_id), request.POST
    rate = figure(form.get("percent") or "0", "percent", Rate.percent)
    with beside(discount="percent"):
        done = actions.discount(line, rate=rate, reason=_reason(form), by=request.viewer, now=request.now)
    said = _("Discount on %(line)s waits for a manager") if done.discount_waits else _("Discount on %(line)s")
    say(request, said % {"line": line.name} + beyond(done, request.viewer), undo=to_undo())
    return changed(request, line.order_id)


@page("workshop.line.split_payers", methods=("POST",))
def payers(request: Any, kind: str, line_id: int) -> HttpResponse:
    """Say who pays: one, or two who share."""
    line, form = access.line(request.viewer, kind, line_id), request.POST
    payer, second = form.get("payer", "customer"), form.get("second", "")
    shares = None
    if second and second != payer:
        part = figure(form.get("share") or "50", "share", Rate.percent)
        shares = {payer: Rate(Rate.PER_UNIT - part.parts), second: part}
    with beside(shares="share"):
        actions.split_payers(line, payer=payer, shares=shares, by=request.viewer, now=request.now)
    say(request, _("Payer of %(line)s changed") % {"line": line.name}, undo=to_undo())
    return changed(request, line.order_id)


@page("workshop.line.change_price", methods=("POST",))
def quantity(request: Any, kind: str, line_id: int) -> HttpResponse:
    """Want more or less of a part."""
    line: Any = access.line(request.viewer, kind, line_id)
    wanted = figure(request.POST.get("quantity", ""), "quantity", Quantity.of)
    if kind != "part":
        raise Refused("workshop.line.bad_quantity", field="quantity", quantity=str(wanted))
    actions.change_quantity(line, quantity=wanted, by=request.viewer, now=request.now)
    say(request, _("Quantity of %(line)s changed") % {"line": line.name})
    return changed(request, line.order_id)


@page("workshop.line.remove_line", methods=("POST",))
def remove(request: Any, kind: str, line_id: int) -> HttpResponse:
    """Take a line off."""
    line = access.line(request.viewer, kind, line_id)
    actions.remove_line(line, reason=request.POST.get("reason", ""), by=request.viewer, now=request.now)
    say(request, _("Removed %(line)s") % {"line": line.name}, undo=to_undo())
    return changed(request, line.order_id)


@page("workshop.line.ask_again", methods=("POST",))
def ask_again(request: Any, kind: str, line_id: int) -> HttpResponse:
    """The customer is asked once more about a line that he has declined or agreed to."""
    line = access.line(request.viewer, kind, line_id)
    order = access.order(request.viewer, line.order_id)
    actions.ask_again(order, lines=[(kind, line.pk)], by=request.viewer, now=request.now)
    say(request, _("The customer is asked again: %(line)s") % {"line": line.name})
    return changed(request, line.order_id)


def _simple(permission: str, verb: Callable[..., Any], words: str, **said: Any) -> Callable[..., Any]:
    """A page for a verb of one line that takes nothing."""

    @page(permission, methods=("POST",))
    def run(request: Any, kind: str, line_id: int) -> HttpResponse:
        line = access.line(request.viewer, kind, line_id)
        verb(line, by=request.viewer, now=request.now, **said)
        say(request, _(words) % {"line": line.name}, undo=to_undo())
        return changed(request, line.order_id)

    return run


approve_discount = _simple(
    "workshop.line.approve_discount", actions.approve_discount, gettext_noop("Discount agreed: %(line)s")
)
refuse_discount = _simple(
    "workshop.line.approve_discount", actions.refuse_discount, gettext_noop("Discount taken off: %(line)s")
)
agree_to_price = _simple(
    "workshop.line.change_price", actions.agree_to_price, gettext_noop("Price agreed: %(line)s"), via="phone"
)

CLOCKS = {"start": actions.start_job, "pause": actions.pause_job, "finish": actions.finish_job}


@page("workshop.line.start_job", methods=("POST",))
def clock(request: Any, line_id: int) -> HttpResponse:
    """Start, pause or finish a job for the technician who is named: the foreman's way."""
    line: Any = access.line(request.viewer, "labour", line_id)
    verb = request.POST.get("verb", "")
    if verb not in CLOCKS or not LABOUR.allows(line.state, f"{verb}_job"):
        raise Refused("workshop.line.not_now", state=line.state, verb=verb)
    who = Employee.objects.filter(pk=number_in(request.POST.get("technician")) or 0).first()
    said: dict[str, Any] = {"self_checked": True} if verb == "finish" else {}
    if verb == "pause" and (reason := request.POST.get("reason", "")) in PAUSES:
        said["reason"] = reason
    CLOCKS[verb](line, technician=who, by=request.viewer, now=request.now, **said)
    say(request, _("%(line)s: written down") % {"line": line.name}, undo=to_undo())
    return changed(request, line.order_id)


FEES = FeeKind
