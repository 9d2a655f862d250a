"""Permissions of the parts store, and getters that return only what the viewer's store may see."""

from __future__ import annotations

from typing import cast

from django.db import models
from django.http import Http404

from cheyi.foundation.access import Viewer, permission
from cheyi.foundation.models import Employee
from cheyi.parts.models import Balance, Part, PartsRequest, Place, RequestLine, Supplier, Warehouse

permission("parts.part.view", capability="stock_view", letter="V")
permission("parts.part.add", capability="purchase_order", letter="E")
permission("parts.part.edit", capability="purchase_order", letter="E")
permission("parts.part.change_price", capability="price_lists", letter="E")
permission("parts.part.supersede", capability="purchase_order", letter="E")
permission("parts.part.allow_substitute", capability="purchase_order", letter="E")
permission("parts.stock.view", capability="stock_view", letter="V")
permission("parts.stock.view_cost", capability="cost_view", letter="V")
permission("parts.stock.receive", capability="receive_stock", letter="X")
permission("parts.stock.move_bin", capability="receive_stock", letter="X")
permission("parts.stock.use_internally", capability="issue_stock", letter="X")
permission("parts.stock.adjust", capability="adjust_stock", letter="A")
permission("parts.stock.scrap", capability="adjust_stock", letter="A")
permission("parts.stock.record_lost_sale", capability="stock_view", letter="V")
permission("parts.request.view", capability="parts_request", letter="V")
permission("parts.request.submit", capability="parts_request", letter="E")
permission("parts.request.pick", capability="issue_stock", letter="X")
permission("parts.request.issue", capability="issue_stock", letter="X")
permission("parts.request.take_back", capability="issue_stock", letter="X")
permission("parts.request.release", capability="issue_stock", letter="X")
permission("parts.request.cancel", capability="issue_stock", letter="X")
permission("parts.warehouse.edit", capability="receive_stock", letter="X")


def part(part_id: int) -> Part:
    """A part of the group's catalogue. Raises Http404."""
    return cast("Part", _or_404(Part, part_id))


def place(place_id: int) -> Place:
    """A place of the store, with its warehouse. Raises Http404."""
    return cast("Place", _or_404(Place, place_id))


def warehouse(warehouse_id: int) -> Warehouse:
    """A warehouse of the store. Raises Http404."""
    return cast("Warehouse", _or_404(Warehouse, warehouse_id))


def requests(viewer: Viewer) -> models.QuerySet[PartsRequest]:
    """The store's requests that the viewer may see: with own reach those that he asked for or takes."""
    rows: models.QuerySet[PartsRequest] = PartsRequest.objects.all()
    if viewer.reach("parts.request.view") != "own":
        return rows
    me = viewer.employee_id or 0
    return rows.filter(models.Q(requester_id=me) | models.Q(receiver_id=me))


def request(viewer: Viewer, request_id: int) -> PartsRequest:
    """One of them. Raises Http404."""
    row = requests(viewer).filter(pk=request_id).first()
    if row is None:
        raise Http404(f"PartsRequest {request_id}")
    return row


def balance(balance_id: int) -> Balance:
    """What lies in one of the store's bins. Raises Http404."""
    return cast("Balance", _or_404(Balance, balance_id))


def line(line_id: int) -> RequestLine:
    """A line of one of the store's requests. Raises Http404."""
    return cast("RequestLine", _or_404(RequestLine, line_id))


def supplier_or_none(supplier_id: int | None) -> Supplier | None:
    """A supplier of the group, or None for nothing. Raises Http404 for one that is not there."""
    return None if supplier_id is None else cast("Supplier", _or_404(Supplier, supplier_id))


def employee_or_none(employee_id: int | None) -> int | None:
    """The id of an employee of the group, or None for nothing. Raises Http404 for one that is not there."""
    return None if employee_id is None else cast("Employee", _or_404(Employee, employee_id)).pk


def _or_404(model: type[models.Model], key: int) -> models.Model:
    row = model._default_manager.filter(pk=key).first()  # noqa: SLF001 - Django's public name for it
    if row is None:
        raise Http404(f"{model.__name__} {key}")
    return row
