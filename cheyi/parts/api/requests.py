"""Requests for machines: ask for the house, hand out, take back, give up."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Field, Router

from cheyi.foundation.api import Body, Cursor, Id, Moment, ReasonIn, Thousandths, question, turned, verb
from cheyi.foundation.sources import Source
from cheyi.kernel import Quantity
from cheyi.parts import access, actions, queries
from cheyi.parts.actions import Wanted
from cheyi.parts.api.shapes import BoardOut, BoardRequestOut, RequestLineOut, RequestOut, Text

router = Router()


class WantedIn(Body):
    """A part, in thousandths."""

    part_id: Id
    quantity: Thousandths


class SubmitIn(Body):
    """What the house itself needs, what for and when; a work order asks through its own lines."""

    wanted: list[WantedIn] = Field(max_length=200)
    purpose: str = Field(min_length=1, max_length=60)
    needed_at: Moment | None = None


class ScannedIn(Body):
    """What was scanned or typed."""

    typed_number: str = Field(max_length=60)


class IssueIn(ScannedIn):
    """How many, to whom."""

    quantity: Thousandths
    receiver_id: Id | None = None
    confirmed_sibling: bool = False


class BackIn(Body):
    """How many come back in what condition."""

    quantity: Thousandths
    condition: Literal["good", "damaged", "opened"] = "good"
    reason: Text = ""


class ChoiceIn(Body):
    """What is done about a short line, and when its part will be here (null: not known); replaces what was said before."""

    choice: Literal["wait", "urgent_po", "transfer", "substitute", "customer_declines"]
    expected_at: Moment | None = None


@question(router, "/parts-requests", permission="parts.request.view", response=BoardOut)
def open_requests(request: Any, after: Cursor | None = None) -> BoardOut:
    """What is asked for, the oldest promise first, at most 60; with ``after`` (0 for the beginning) all, page by page."""
    mine = access.requests(request.viewer)
    today, following = request.store.business_date(request.now), None
    if after is not None:
        rows, following = turned(mine.filter(state__in=queries.OPEN), after)
        mine = mine.filter(pk__in=[row.pk for row in rows])
    found = queries.open_requests(request.store, on=today, among=mine)
    if after is not None:
        found.sort(key=lambda one: one.request_id)
    return BoardOut(requests=[BoardRequestOut.of(one) for one in found], next=following)


@question(router, "/parts-requests/{int:request_id}", permission="parts.request.view", response=BoardRequestOut)
def one(request: Any, request_id: int) -> BoardRequestOut:
    """One request with its lines."""
    row = access.request(request.viewer, request_id)
    card = queries.request_card(row.pk, request.store, on=request.store.business_date(request.now))
    assert card is not None
    return BoardRequestOut.of(card)


@verb(router, "/parts-requests/submit", permission="parts.request.submit", response=RequestOut)
def submit(request: Any, body: SubmitIn) -> RequestOut:
    """Ask for parts for the house."""
    made = actions.submit(
        source=Source("internal", request.viewer.user_id or 0, body.purpose),
        wanted=[Wanted(None, row.part_id, Quantity(row.quantity)) for row in body.wanted],
        store=request.store,
        needed_at=body.needed_at,
        by=request.viewer,
        now=request.now,
    )
    return RequestOut.of(made)


@verb(router, "/parts-requests/{int:request_id}/cancel", permission="parts.request.cancel", response=RequestOut)
def cancel(request: Any, request_id: int, body: ReasonIn) -> RequestOut:
    """Give up what a request still wants, while nothing of it is out."""
    row = access.request(request.viewer, request_id)
    return RequestOut.of(actions.cancel(row, reason=body.reason, by=request.viewer, now=request.now))


@verb(router, "/parts-request-lines/{int:line_id}/pick", permission="parts.request.pick", response=RequestLineOut)
def pick(request: Any, line_id: int, body: ScannedIn) -> RequestLineOut:
    """Lay a line ready."""
    line = access.line(line_id)
    return RequestLineOut.of(actions.pick(line, typed_number=body.typed_number, by=request.viewer, now=request.now))


@verb(router, "/parts-request-lines/{int:line_id}/issue", permission="parts.request.issue", response=RequestLineOut)
def issue(request: Any, line_id: int, body: IssueIn) -> RequestLineOut:
    """Hand pieces out against the number on the label."""
    actions.issue(
        access.line(line_id),
        quantity=Quantity(body.quantity),
        typed_number=body.typed_number,
        receiver_id=access.employee_or_none(body.receiver_id),
        confirmed_sibling=body.confirmed_sibling,
        by=request.viewer,
        now=request.now,
    )
    return RequestLineOut.of(access.line(line_id))


@verb(
    router,
    "/parts-request-lines/{int:line_id}/take-back",
    permission="parts.request.take_back",
    response=RequestLineOut,
)
def take_back(request: Any, line_id: int, body: BackIn) -> RequestLineOut:
    """Take pieces back at the cost at which they went out."""
    actions.take_back(
        access.line(line_id),
        quantity=Quantity(body.quantity),
        condition=body.condition,
        reason=body.reason,
        by=request.viewer,
        now=request.now,
    )
    return RequestLineOut.of(access.line(line_id))


@verb(
    router,
    "/parts-request-lines/{int:line_id}/choose-shortage-action",
    permission="parts.request.release",
    response=RequestLineOut,
)
def choose_shortage_action(request: Any, line_id: int, body: ChoiceIn) -> RequestLineOut:
    """Say what is done about a short line, and when its part will be here: the workshop plans its job for then."""
    made = actions.choose_shortage_action(
        access.line(line_id),
        choice=body.choice,
        expected_at=body.expected_at,
        by=request.viewer,
        now=request.now,
    )
    return RequestLineOut.of(made)
