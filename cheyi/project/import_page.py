"""The page that takes over a business's own tables: an empty file to fill in, a try, and the writing of what is right."""

from __future__ import annotations

import base64
import tempfile
from pathlib import Path
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from cheyi.foundation.importing import ImportKind
from cheyi.foundation.pages import fragment, go, page, say, screen
from cheyi.foundation.tables import LARGEST_BYTES
from cheyi.kernel import Refused
from cheyi.project.access import APPLY
from cheyi.project.importing import KINDS, Outcome, run_file, title, write_template, write_to_correct

OFFERED = ("customers", "vehicles", "parts", "stock", "operations")
"""The kinds in the order in which they build on each other; colleagues have a page of their own."""
MOST_ROWS = 5_000
"""More keep the others waiting too long: the command takes them over, best at night."""
SHOWN = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(APPLY, methods=("GET",))
def import_page(request: Any, table: str = OFFERED[0]) -> HttpResponse:
    """What can be taken over, with the columns of one kind."""
    chosen = _kind(table)
    columns = [(title(column), column.required, column.example) for column in chosen.columns]
    kinds = [KINDS[code] for code in OFFERED]
    return screen(request, "project/import.html", kinds=kinds, chosen=chosen, columns=columns, most=MOST_ROWS)


@page(APPLY, methods=("GET",))
def template(request: Any, table: str) -> HttpResponse:  # noqa: ARG001 - what every page takes
    """An empty file with all heads, each with a note."""
    chosen = _kind(table)
    with tempfile.TemporaryDirectory(prefix="cheyi-template-") as directory:
        path = Path(directory) / f"{chosen.code}.xlsx"
        write_template(chosen, path)
        content = path.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="{chosen.code}.xlsx"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


@page(APPLY, methods=("POST",), asks=True)
def try_out(request: Any) -> HttpResponse:
    """What would become of a file; nothing is written, and nothing of it is kept."""
    outcome = _run(request, apply=False)
    return fragment(
        request,
        "project/_import_outcome.html",
        outcome=outcome,
        table=request.POST["table"],
        shown=SHOWN,
        doubts=outcome.doubts(),
        to_correct=_to_correct(outcome) if outcome.bad else "",
    )


def _written(request: Any) -> None:
    """Write the file before the answer's transaction begins: an import is one act of its own, and may come twice."""
    request.outcome = _run(request, apply=True)
    if not request.outcome.applied:
        raise Refused("project.import.to_correct", field="file", rows=len(request.outcome.bad))


@page(APPLY, methods=("POST",), before=_written)
def apply(request: Any) -> HttpResponse:
    """Write a file whose rows are all right, and say what became of them."""
    counts = request.outcome.counts
    told = {kind: counts.get(kind, 0) for kind in ("new", "here", "linked")}
    say(request, _("Written: %(new)s new, %(here)s on file already, %(linked)s linked") % told)
    return go(request, "import-table", table=_kind(request.POST["table"]).code)


def _kind(code: str) -> ImportKind:
    if code not in OFFERED:
        raise Http404(code)
    return KINDS[code]


def _run(request: Any, *, apply: bool) -> Outcome:
    kind, file = _kind(request.POST.get("table", "")), request.FILES.get("file")
    if file is None:
        raise Refused("project.import.no_file", field="file")
    if file.size > LARGEST_BYTES:
        raise Refused("foundation.table.too_large", field="file", limit=LARGEST_BYTES // 1024**2)
    try:
        return run_file(
            kind,
            file.read(),
            store=request.store,
            by=request.viewer,
            now=request.now,
            apply=apply,
            name=file.name,
            most=MOST_ROWS,
            spare=bool(request.POST.get("spare")),
        )
    except Refused as refused:
        raise Refused(refused.code, field="file", **refused.facts) from refused


def _to_correct(outcome: Outcome) -> str:
    """The file to correct as an address that downloads it: it holds people's numbers, so it lies on no disk of ours."""
    with tempfile.TemporaryDirectory(prefix="cheyi-correct-") as directory:
        path = Path(directory) / "rows.csv"
        write_to_correct(path, head=outcome.head, rows=outcome.to_correct())
        return "data:text/csv;base64," + base64.b64encode(path.read_bytes()).decode()
