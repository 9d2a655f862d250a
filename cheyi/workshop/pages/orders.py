"""The list of orders, and the same as a spreadsheet."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cheyi.foundation.pages import page, screen
from cheyi.foundation.pages.numbers import number_in
from cheyi.foundation.tables import write_xlsx
from cheyi.workshop.queries.order_list import OrderRow, Wanted, exported, order_list

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("workshop.order.view", methods=("GET",))
def orders(request: Any) -> HttpResponse:
    """Orders in the shop, or those that are asked for."""
    view = order_list(request.viewer, _wanted(request), store=request.store, now=request.now)
    asked = {
        "state": view.wanted.state,
        "who": "mine" if view.wanted.mine else "",
        "late": "1" if view.wanted.late else "",
        "q": view.wanted.text,
        "sort": view.wanted.sort,
    }

    def address(**changed: str) -> str:
        """The list with something else asked for; it begins again with its first page."""
        query = urlencode({name: value for name, value in (asked | changed).items() if value})
        return f"?{query}" if query else "?"

    return screen(request, "workshop/orders.html", view=view, address=address, asked=asked)


@page("workshop.order.view", methods=("GET",))
def sheet(request: Any) -> HttpResponse:
    """What the list shows, as a spreadsheet file."""
    wanted = _wanted(request)
    columns = [_("Plate"), _("Order"), _("Model"), _("State"), _("Advisor"), _("Received"), _("Promised")]
    rows = exported(request.viewer, wanted, store=request.store, now=request.now)
    prices = request.viewer.may("workshop.order.view_prices")
    if prices:
        columns.append(_("Total with tax"))
    with tempfile.TemporaryDirectory(prefix="cheyi-orders-") as directory:
        path = Path(directory) / "orders.xlsx"
        write_xlsx(path, columns=columns, rows=(_cells(row, request.store, prices=prices) for row in rows))
        content = path.read_bytes()
    name = f"orders-{request.store.local(request.now):%Y%m%d}.xlsx"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _cells(row: OrderRow, store: Any, *, prices: bool) -> list[Any]:
    order = row.order
    promised = store.local(order.promised_at) if order.promised_at else None
    cells = [order.plate or order.vin, order.no, order.model_name, row.state_words, row.advisor]
    return [*cells, store.local(order.received_at), promised, *([row.total] if prices else [])]


def _wanted(request: Any) -> Wanted:
    form = request.GET
    return Wanted(
        state=form.get("state", ""),
        mine=form.get("who") == "mine",
        late=bool(form.get("late")),
        text=form.get("q", ""),
        sort=form.get("sort", ""),
        page=number_in(form.get("page", "")[:5]) or 1,
    )
