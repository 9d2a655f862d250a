"""The one search box: packages register who answers what; the groups come in their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from cheyi.foundation.access.viewer import Viewer
from cheyi.foundation.models import Store


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One line of the answer. ``url`` is the viewer's main action on it, ``file_url`` what Tab opens.

    ``symbol`` is the icon's name where neither a plate nor a code stands in front.
    """

    url: str
    action: str | Promise
    title: str
    detail: str = ""
    note: str = ""
    plate: str = ""
    is_nev: bool = False
    code: str = ""
    status_key: str = ""
    status: str | Promise = ""
    file_url: str = ""
    preview_url: str = ""
    symbol: str = "search"


@dataclass(frozen=True, slots=True)
class HitGroup:
    """Hits under one heading; ``kind`` is ``things`` or ``actions`` (what ⇧↵ takes)."""

    heading: str | Promise
    hits: tuple[SearchHit, ...]
    kind: str = "things"


Searcher = Callable[[str, Viewer, Store, datetime], HitGroup | None]
_searchers: list[tuple[int, Searcher]] = []


def searcher(order: int) -> Callable[[Searcher], Searcher]:
    """Register a function (text, viewer, store, now) -> HitGroup or None; lower orders stand first."""

    def register(function: Searcher) -> Searcher:
        _searchers.append((order, function))
        _searchers.sort(key=lambda pair: pair[0])
        return function

    return register


def groups(text: str, *, viewer: Viewer, store: Store, now: datetime) -> list[HitGroup]:
    """What the packages answer in the open store, without empty groups."""
    answers = (function(text, viewer, store, now) for _, function in _searchers)
    return [group for group in answers if group is not None and group.hits]
