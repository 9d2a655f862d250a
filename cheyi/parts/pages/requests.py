"""The keeper's landing page: what is asked for, handed out by scanning or typing; and one request."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.utils.translation import gettext as _

from cheyi.foundation.acts import to_undo
from cheyi.foundation.pages import fragment, go, page, say, screen, told_moment
from cheyi.foundation.pages.numbers import number_in
from cheyi.kernel import Quantity, Refused
from cheyi.parts import access, actions, queries
from cheyi.parts.models import RequestLine
from cheyi.parts.pages import forms
from cheyi.parts.queries import BoardRequest, Scanned
from cheyi.parts.saying import CHOICES, CONDITIONS, LINE_STATES, MOVE_KINDS


@page("parts.request.view", methods=("GET",))
def board(request: Any) -> HttpResponse:
    """What is asked for: what can be handed out now, then what is short, each by the oldest promise."""
    return screen(request, "parts/requests.html", **_board(request))


@page("parts.request.view", methods=("GET",))
def rows(request: Any) -> HttpResponse:
    """The list alone; unchanged, it is not sent again."""
    answer = fragment(request, "parts/_requests.html", **_board(request))
    kept = [row for row in answer.content.split(b"\n") if b"csrfmiddlewaretoken" not in row]
    tag = f'"{hashlib.sha256(b"".join(kept)).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    answer.headers["ETag"] = tag
    return answer


@page("parts.request.view", methods=("GET",))
def one(request: Any, request_id: int) -> HttpResponse:
    """One request: hand out, take back, say what is done about what is short."""
    access.request(request.viewer, request_id)
    card = _card(request, request_id)
    return screen(request, "parts/request.html", focus=_first([card["card"]]), **card)


@page("parts.request.view", methods=("GET",))
def history(request: Any) -> HttpResponse:
    """What was handed out and taken back, the latest first."""
    before = number_in(request.GET.get("before"))
    view = queries.handed_out(request.store, among=access.requests(request.viewer), before=before)
    return screen(request, "parts/history.html", view=view, kinds=MOVE_KINDS)


@page("parts.request.pick", methods=("POST",))
def pick(request: Any, line_id: int) -> HttpResponse:
    """Lay a line ready."""
    line, typed = access.line(line_id), request.POST.get("typed_number", "")
    if stopped := _stopped(request, queries.mistaken(line, typed)):
        return stopped
    line = actions.pick(line, typed_number=typed, by=request.viewer, now=request.now)
    say(request, _("%(part_no)s lies ready") % {"part_no": line.part.part_no})
    return _after(request, line)


@page("parts.request.issue", methods=("POST",))
def issue(request: Any, line_id: int) -> HttpResponse:
    """Hand pieces out against the number on the label."""
    line, typed = access.line(line_id), request.POST.get("typed_number", "")
    if stopped := _stopped(request, queries.mistaken(line, typed)):
        return stopped
    quantity = forms.measure(request.POST, "quantity", Quantity)
    moves = actions.issue(
        line,
        quantity=quantity,
        typed_number=typed,
        confirmed_sibling=request.POST.get("confirmed_sibling") == "on",
        receiver_id=access.employee_or_none(number_in(request.POST.get("receiver"))),
        by=request.viewer,
        now=request.now,
    )
    words = {"quantity": str(quantity), "part_no": moves[0].part.part_no, "source": moves[0].source_label}
    say(request, _("Issued %(quantity)s × %(part_no)s for %(source)s") % words, undo=to_undo())
    return _after(request, line)


@page("parts.request.issue", methods=("POST",))
def scan(request: Any) -> HttpResponse:
    """A label is scanned: what is still wanted of the line that it belongs to is handed out."""
    typed = request.POST.get("typed_number", "").strip()
    found = queries.line_scanned(typed, store=request.store, among=access.requests(request.viewer)) if typed else None
    if found is None:
        code = "parts.request.nobody_wants" if typed else "parts.request.scan_first"
        raise Refused(code, field="typed_number", number=typed)
    if stopped := _stopped(request, found if found.place else None):
        return stopped
    line, quantity = found.line, found.line.outstanding
    moves = actions.issue_scanned(line, typed_number=typed, by=request.viewer, now=request.now)
    words = {"quantity": str(quantity), "part_no": moves[0].part.part_no, "source": moves[0].source_label}
    say(request, _("Issued %(quantity)s × %(part_no)s for %(source)s") % words, undo=to_undo())
    if request.headers.get("HX-Request"):
        return fragment(request, "parts/_scanned.html", **_board(request))
    return go(request, "parts:requests")


@page("parts.request.take_back", methods=("POST",))
def take_back(request: Any, line_id: int) -> HttpResponse:
    """Take pieces back."""
    line = access.line(line_id)
    quantity = forms.measure(request.POST, "quantity", Quantity)
    actions.take_back(
        line,
        quantity=quantity,
        condition=request.POST.get("condition", "good"),
        reason=request.POST.get("reason", "")[:120],
        by=request.viewer,
        now=request.now,
    )
    say(request, _("Taken back: %(quantity)s × %(part_no)s") % {"quantity": quantity, "part_no": line.part.part_no})
    return _after(request, line)


@page("parts.request.release", methods=("POST",))
def decide_shortage(request: Any, line_id: int) -> HttpResponse:
    """Say what is done about a short line."""
    choice = request.POST.get("choice", "")
    line = actions.choose_shortage_action(
        access.line(line_id),
        choice=choice,
        expected_at=forms.moment(request.POST.get("expected_at", ""), "expected_at", request.store.zone),
        by=request.viewer,
        now=request.now,
    )
    say(request, _decided(request, line))
    return _after(request, line)


def _stopped(request: Any, found: Scanned | None) -> HttpResponse | None:
    """What is in hand beside what is wanted, the sign that differs marked; None without a mistake, or without script."""
    if found is None or not request.headers.get("HX-Request"):
        return None
    return fragment(request, "parts/_stopped.html", status=422, found=found)


def _decided(request: Any, line: RequestLine) -> str:
    """What is done about the part, and when it will be here."""
    words = {"part_no": line.part.part_no, "choice": dict(CHOICES)[line.shortage_action]}
    if line.expected_at is None:
        return _("%(part_no)s: %(choice)s") % words
    return _("%(part_no)s: %(choice)s, here at %(at)s") % {**words, "at": told_moment(request, line.expected_at)}


def _board(request: Any) -> dict[str, Any]:
    mine = access.requests(request.viewer)
    found = queries.open_requests(request.store, on=request.store.business_date(request.now), among=mine)
    lines = [line for each in found for line in each.open_lines]
    short = sum(not line.can_be_fetched for line in lines)
    return {"requests": found, "states": LINE_STATES, "count": len(lines), "short": short, "decided": dict(CHOICES)}


def _card(request: Any, request_id: int) -> dict[str, Any]:
    card = queries.request_card(request_id, request.store, on=request.store.business_date(request.now))
    if card is None:
        raise Http404(f"request {request_id}")
    moves = queries.moves_of_request(request_id, request.store)
    words = {"states": LINE_STATES, "conditions": CONDITIONS, "choices": CHOICES, "kinds": MOVE_KINDS}
    return {"card": card, "moves": moves, **words}


def _after(request: Any, line: RequestLine) -> HttpResponse:
    """The changed part of the screen from which the act came."""
    if not request.headers.get("HX-Request"):
        return go(request, "parts:request", request_id=line.request_id)
    if request.POST.get("view") == "board":
        found = _board(request)
        return fragment(request, "parts/_requests.html", focus=_next(found["requests"], line), **found)
    card = _card(request, line.request_id)
    return fragment(request, "parts/_request.html", focus=_next([card["card"]], line), **card)


def _next(requests: list[BoardRequest], line: RequestLine) -> int | None:
    """Where the scanner goes on: the next line of the same request, else the first of all."""
    return _first([one for one in requests if one.request_id == line.request_id]) or _first(requests)


def _first(requests: list[BoardRequest]) -> int | None:
    """The first line that waits for pieces that are there."""
    lines = [each for one in requests for each in one.open_lines]
    return next((each.line_id for each in lines if each.can_be_fetched), None)
