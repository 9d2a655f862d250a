"""The request as our pages see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

if TYPE_CHECKING:
    from cheyi.foundation.access.viewer import Viewer
    from cheyi.foundation.models import Store


@dataclass(slots=True)
class Toast:
    """A sentence shown after an act, with the audit row whose act can be undone."""

    text: str
    undo: str = ""


class PageRequest(HttpRequest):
    """What the middleware adds: the viewer, the clock read at the edge, the open store, the toasts to show."""

    viewer: Viewer
    now: datetime
    store: Store
    toasts: list[Toast]
    photos: dict[str, list[Any]]
    csp_nonce: str
    link: Any
