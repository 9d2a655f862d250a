"""Fragments that higher packages hang on the pages of lower ones (style.md 4.3)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True, slots=True)
class Panel:
    """What a panel shows for one thing: a heading, and a template with its context (``request`` is given besides)."""

    heading: str | Promise
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel that was rendered, for the page to place."""

    heading: str | Promise
    html: SafeString


Maker = Callable[[Any, int], Panel | None]
_hung: dict[str, list[tuple[int, str, Maker]]] = {}


def panel(place: str, *, order: int, permission: str) -> Callable[[Maker], Maker]:
    """Hang a function (request, id of the thing) -> Panel or None at a place, for viewers with a permission.

    Packages do this in their ``panels.py``; lower orders stand first. Places: ``customers.card``, ``vehicles.card``,
    ``vehicles.card.end`` for what is asked for once the page stands and must push nothing down, ``foundation.start``
    (of the open store), ``foundation.colleague`` for what somebody who leaves hands over, in all stores of the viewer, and
    the kind of a to-do (of the document that it is about) for what one needs to do it.
    """

    def register(function: Maker) -> Maker:
        rows = _hung.setdefault(place, [])
        rows.append((order, permission, function))
        rows.sort(key=lambda row: row[0])
        return function

    return register


def shown_at(place: str, request: HttpRequest, thing_id: int) -> list[Shown]:
    """The panels of a place that this viewer may see and that have something to show, rendered in their order."""
    viewer = request.viewer  # type: ignore[attr-defined]
    found = (function(request, thing_id) for _, code, function in _hung.get(place, []) if viewer.may(code))
    return [_rendered(each, request) for each in found if each is not None]


def _rendered(each: Panel, request: HttpRequest) -> Shown:
    context = {**each.context, "viewer": request.viewer, "now": request.now}  # type: ignore[attr-defined]
    with timezone.override(request.store.zone):  # type: ignore[attr-defined] # as the page that it hangs on
        html = render_to_string(each.template, context, request=request)
    return Shown(each.heading, mark_safe(html))  # noqa: S308 - our own template, which escapes what it is given


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a higher package adds to a lower one's list: a heading, and what it shows of each row by its id.

    ``kind`` says how a cell is drawn: ``text``, ``num`` (figures), ``day`` (dates) or ``plates`` (lists of plates).
    """

    heading: str | Promise
    kind: str
    cells: Mapping[int, Any]

    @property
    def head(self) -> tuple[str | Promise, str]:
        """Heading and alignment, as ``table_head`` takes them."""
        return self.heading, "num" if self.kind in {"num", "day"} else ""


ColumnMaker = Callable[[Any, Collection[int]], Column]
_columns: dict[str, list[tuple[int, str, ColumnMaker]]] = {}


def column(place: str, *, order: int, permission: str) -> Callable[[ColumnMaker], ColumnMaker]:
    """Hang a function (request, ids of the rows) -> Column on a list, for viewers with a permission; lower orders first.

    Places: ``customers.list``, ``vehicles.list``. The function asks for all rows at once.
    """

    def register(function: ColumnMaker) -> ColumnMaker:
        rows = _columns.setdefault(place, [])
        rows.append((order, permission, function))
        rows.sort(key=lambda row: row[0])
        return function

    return register


def columns_at(place: str, request: HttpRequest, ids: Collection[int]) -> list[Column]:
    """The columns of a list that this viewer may see, in their order; none for a list without rows."""
    viewer = request.viewer  # type: ignore[attr-defined]
    return [function(request, ids) for _, code, function in _columns.get(place, []) if ids and viewer.may(code)]


@dataclass(frozen=True, slots=True)
class Way:
    """A way on from one row, hung there by a higher package: its words, where it leads, and what is true already."""

    text: str | Promise
    href: str
    icon: str
    said: str | Promise = ""


WayMaker = Callable[..., Mapping[int, Way]]
_ways: dict[str, list[tuple[int, str, WayMaker]]] = {}


def way(place: str, *, order: int, permission: str) -> Callable[[WayMaker], WayMaker]:
    """Hang a function (request, ids of the rows, **whose page) -> id to Way on rows, for viewers with a permission.

    Places: ``vehicles.car`` (on a customer's page with ``customer_id``), ``todo.`` and the kind of a document for what
    to-dos are about. The function asks for all rows at once.
    """

    def register(function: WayMaker) -> WayMaker:
        rows = _ways.setdefault(place, [])
        rows.append((order, permission, function))
        rows.sort(key=lambda row: row[0])
        return function

    return register


def ways_at(place: str, request: HttpRequest, ids: Collection[int], **whose: int) -> dict[int, list[Way]]:
    """The ways on from each of some rows that this viewer may take, in their order."""
    viewer = request.viewer  # type: ignore[attr-defined]
    found: dict[int, list[Way]] = {one: [] for one in ids}
    for _, code, function in _ways.get(place, []):
        if ids and viewer.may(code):
            for one, made in function(request, ids, **whose).items():
                found[one].append(made)
    return found


R = TypeVar("R")


def asked_once(request: HttpRequest, ask: Callable[..., R], **arguments: Any) -> R:
    """What a question of this request gave: panels of one page that need the same share one answer."""
    kept: dict[Any, Any] = request.__dict__.setdefault("asked_once", {})
    key = (ask, *sorted(arguments.items()))
    if key not in kept:
        kept[key] = ask(**arguments)
    answer: R = kept[key]
    return answer
