"""扫一扫: a label, a plate or a number leads the technician to his job, or shows a part and the job that it goes to."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from cheyi.foundation.pages import go, page, screen
from cheyi.workshop.queries.scanning import LEAST, scanned

LONGEST = 80


@page("workshop.line.start_job", methods=("GET",))
def scan(request: Any) -> HttpResponse:
    """One box for a hand scanner or a thumb; what means one job only opens it."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    found = scanned(text, request.viewer, store=request.store, now=request.now)
    if len(found.jobs) == 1 and not found.parts:
        return go(request, "workshop:job", line_id=found.jobs[0].line.pk)
    return screen(request, "workshop/phone_scan.html", text=text, found=found, least=LEAST)
