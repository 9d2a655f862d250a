"""Two addresses for whoever watches the server: alive, and able to work; neither tells any detail."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from cheyi.foundation import disk

log = structlog.get_logger(__name__)


def is_ready() -> bool:
    """Whether the database answers and the disk takes writes."""
    try:
        if not disk.space().takes_writes:
            return False
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except (DatabaseError, OSError):
        log.exception("not ready")
        return False
    return True


class Health:
    """Answers ``/healthz`` and ``/readyz`` before anything else looks at the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the two addresses, pass on the others."""
        if request.path == "/healthz":
            return HttpResponse("ok", content_type="text/plain")
        if request.path == "/readyz":
            ready = is_ready()
            return HttpResponse("ok" if ready else "not ready", status=200 if ready else 503, content_type="text/plain")
        return self.get_response(request)
