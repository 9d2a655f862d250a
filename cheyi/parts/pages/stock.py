"""The stock list with its search, and a part's card."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.foundation.pages import fragment, go, page, say, screen
from cheyi.foundation.pages.numbers import number_in
from cheyi.kernel import Quantity
from cheyi.parts import access, actions, queries
from cheyi.parts.pages import forms
from cheyi.parts.saying import GRADES, MOVE_KINDS

MOST_FOUND = 30
CLASSES = ("A", "B", "C")


@page("parts.stock.view", methods=("GET",))
def stock(request: Any) -> HttpResponse:
    """What lies here; with a text, what the group's catalogue has of it."""
    context = _listed(request)
    if request.headers.get("HX-Request"):
        return fragment(request, "parts/_stock.html", **context)
    context["worth"] = queries.stock_worth(request.store) if context["with_value"] else None
    return screen(request, "parts/stock.html", **context)


@page("parts.part.view", methods=("GET",))
def part(request: Any, part_id: int) -> HttpResponse:
    """One part: where it lies, what may be taken for it, what happened to it."""
    today = request.store.business_date(request.now)
    before = number_in(request.GET.get("before"))
    where = {"store": request.store, "viewer": request.viewer, "on": today, "before": before}
    card = queries.part_card(access.part(part_id), **where)
    return screen(request, "parts/part.html", card=card, kinds=MOVE_KINDS, grades=GRADES)


@page("parts.stock.record_lost_sale", methods=("POST",))
def lost_sale(request: Any, part_id: int) -> HttpResponse:
    """Somebody wanted the part and went elsewhere: it counts as demand."""
    part = access.part(part_id)
    quantity = forms.measure(request.POST, "quantity", Quantity)
    actions.record_lost_sale(part=part, quantity=quantity, store=request.store, by=request.viewer, now=request.now)
    words = {"quantity": str(quantity), "part_no": part.part_no}
    say(request, _("Missed sale noted: %(quantity)s × %(part_no)s. It counts in the next order") % words)
    return go(request, "parts:part", part_id=part_id)


def _listed(request: Any) -> dict[str, Any]:
    text = request.GET.get("q", "").strip()[:40]
    only_short = request.GET.get("short") == "1"
    abc = request.GET.get("abc", "") if request.GET.get("abc") in CLASSES else ""
    with_value = request.viewer.may("parts.stock.view_cost")
    today = request.store.business_date(request.now)
    context: dict[str, Any] = {"text": text, "only_short": only_short, "abc": abc, "found": None, "view": None}
    context |= {"classes": queries.classes_of(request.store), "with_value": with_value}
    if text:
        context["found"] = queries.find(text, request.store, MOST_FOUND, on=today)
    else:
        after = request.GET.get("after", "")[:80]
        context["view"] = queries.stock_page(
            request.store, after=after, only_short=only_short, abc=abc, with_value=with_value
        )
    return context
