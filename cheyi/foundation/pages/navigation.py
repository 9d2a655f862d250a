"""The rail: six entries per viewer, further ones under 更多; which role sees which is told by the project's menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import Resolver404, resolve, reverse
from django.utils.functional import Promise

from cheyi.foundation.access.viewer import Viewer
from cheyi.foundation.scope import current_or_none

MOST = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the rail: where it leads, who sees it, and the letter after G that opens it.

    ``phone`` marks the landing of a role that works on a phone: its other pages come in the phone's frame too.
    ``count`` tells what is new there, as its badge: one cheap query, on every page of who has the entry. ``also`` names
    views that belong to it though their address does not begin like its own: where people come to them from here.
    """

    key: str
    label: str | Promise
    icon: str
    view: str
    permission: str
    roles: frozenset[str]
    url: str = ""
    current: bool = False
    badge: int = 0
    count: Callable[[Viewer, datetime], int] | None = None
    phone: bool = False
    also: frozenset[str] = frozenset()


_entries: list[Entry] = []


def offer(*entries: Entry) -> None:
    """Put entries on the rail, in the order in which they shall stand."""
    _entries.extend(entries)


def entries_for(viewer: Viewer, path: str = "", *, now: datetime | None = None) -> list[Entry]:
    """All entries of the viewer's roles, each screen once, the one of the present address marked; at a moment, counted."""
    mine: dict[str, Entry] = {}
    for entry in _entries:
        if viewer.roles & entry.roles and viewer.may(entry.permission):
            mine.setdefault(entry.view, entry)
    placed = [replace(entry, url=reverse(entry.view)) for entry in mine.values()]
    best = _place(placed, path)
    return [replace(entry, current=entry is best, badge=_new(entry, viewer, now)) for entry in placed]


def _new(entry: Entry, viewer: Viewer, now: datetime | None) -> int:
    """What is new; a page that says what went wrong stands outside every scope and counts nothing."""
    return entry.count(viewer, now) if entry.count and now and current_or_none() else 0


def _place(entries: list[Entry], path: str) -> Entry | None:
    """The entry that a page belongs to: one that names its view, else the one whose address its own begins with."""
    below = [entry for entry in entries if path.startswith(entry.url)]
    view = _view_at(path)
    naming = [entry for entry in entries if view in entry.also]
    return max(
        [one for one in naming if one in below] or naming[:1] or below, key=lambda one: len(one.url), default=None
    )


def _view_at(path: str) -> str:
    try:
        return resolve(path).view_name if path else ""
    except Resolver404:
        return ""


def split(entries: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    """The entries that stand on the rail, and those that stand under 更多: one alone is not worth a menu."""
    shown = len(entries) if len(entries) <= MOST + 1 else MOST
    return entries[:shown], entries[shown:]


def landing(viewer: Viewer) -> str:
    """Where this viewer's day starts: the first entry of his rail, or the start page."""
    entries = entries_for(viewer)
    return entries[0].url if entries else reverse("foundation:start")


def works_on_phone(viewer: Viewer) -> bool:
    """Whether this viewer's day starts on a phone's page."""
    entries = entries_for(viewer)
    return bool(entries) and entries[0].phone
