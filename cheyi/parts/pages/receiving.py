"""Taking goods in without a purchase order: parts are added by search or scan, then received at once."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import ngettext

from cheyi.foundation.acts import to_undo
from cheyi.foundation.pages import fragment, go, page, say, screen
from cheyi.foundation.pages.numbers import number_in
from cheyi.kernel import Money, Quantity, Refused
from cheyi.parts import access, actions, queries
from cheyi.parts.actions import Incoming
from cheyi.parts.engine.numbers import cut
from cheyi.parts.models import Part, Place
from cheyi.parts.pages import forms

MOST_FOUND = 8
COLUMNS = ("quantity", "price", "bin", "batch", "expires_on")


@page("parts.stock.receive", methods=("GET", "POST"))
def receive(request: Any) -> HttpResponse:
    """The delivery note as a form; what it says comes in."""
    if request.method != "POST":
        return screen(request, "parts/receive.html", suppliers=queries.suppliers(), taken=False)
    incoming = [_incoming(row) for row in _rows(request)]
    receipt = actions.receive(
        incoming=incoming,
        supplier=access.supplier_or_none(number_in(request.POST.get("supplier"))),
        delivery_no=request.POST.get("delivery_no", "")[:40],
        store=request.store,
        by=request.viewer,
        now=request.now,
    )
    words = {"no": receipt.no, "count": len(incoming)}
    text = ngettext("Receipt %(no)s: %(count)s part", "Receipt %(no)s: %(count)s parts", len(incoming)) % words
    say(request, text, undo=to_undo())
    return go(request, "parts:receive")


@page("parts.stock.receive", methods=("GET",))
def hits(request: Any) -> HttpResponse:
    """Parts that could be what has come; a number scanned or typed whole (``take``) is put on the list at once."""
    text = request.GET.get("q", "").strip()[:40]
    exact = queries.named(text) if request.GET.get("take") else []
    if len(exact) == 1:
        return fragment(request, "parts/_receive_taken.html", taken=True, **_row(request, exact[0]))
    found = queries.find(text, request.store, MOST_FOUND) if text else []
    return fragment(request, "parts/_receive_hits.html", found=found, text=text)


@page("parts.stock.receive", methods=("GET",))
def row(request: Any, part_id: int) -> HttpResponse:
    """A line of the form for one part, with its look-alikes."""
    return fragment(request, "parts/_receive_row.html", **_row(request, access.part(part_id)))


def _row(request: Any, part: Part) -> dict[str, Any]:
    found = queries.shown([part.pk], request.store)
    siblings = queries.siblings_of([part])[part.pk]
    pieces = cut(part.part_no, siblings[0].place) if siblings else ()
    return {"part": part, "found": found[0] if found else None, "siblings": siblings, "pieces": pieces}


def _rows(request: Any) -> list[dict[str, str]]:
    ids = request.POST.getlist("part")
    columns = {name: request.POST.getlist(name) for name in COLUMNS}
    if any(len(values) != len(ids) for values in columns.values()):
        raise Refused("parts.form.incomplete")
    return [{"part": part_id, **{name: columns[name][at] for name in COLUMNS}} for at, part_id in enumerate(ids)]


def _incoming(row: dict[str, str]) -> Incoming:
    part: Part = access.part(number_in(row["part"]) or 0)
    quantity = forms.read(row["quantity"], "quantity", Quantity)
    return Incoming(
        part.pk,
        quantity,
        _price(row, part).times(quantity),
        place_id=_place(row["bin"]),
        batch=row["batch"][:40],
        expires_on=forms.day(row["expires_on"], "expires_on"),
    )


def _price(row: dict[str, str], part: Part) -> Money:
    if row["price"].strip():
        return forms.read(row["price"], "price", Money)
    if part.last_purchase_price is None:
        raise Refused("parts.receipt.price_missing", field="price", part_no=part.part_no)
    return part.last_purchase_price


def _place(said: str) -> int | None:
    """A bin by its code, or a warehouse's first place by the warehouse's."""
    code = said.strip()
    if not code:
        return None
    bins = Place.objects.filter(kind=Place.Kind.BIN).order_by("pk")
    found = bins.filter(code__iexact=code).first() or bins.filter(warehouse__code__iexact=code).first()
    if found is None:
        raise Refused("parts.place.not_here", field="bin")
    return int(found.pk)
