"""Answers when something outside the rules goes wrong: no such address, a stale form, a full disk, a database away.

Never a bare error page: each says what happened, that nothing was half saved, and how to go on.
"""

from __future__ import annotations

import errno
import sys
from dataclasses import dataclass

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import is_valid_path
from django.utils.encoding import iri_to_uri
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext as _

from cheyi.foundation import disk
from cheyi.foundation.pages.answers import fragment
from cheyi.foundation.refusals import sentence
from cheyi.foundation.web.refusing import problem_json
from cheyi.kernel import Refused

log = structlog.get_logger(__name__)
DISK_FULL = "53100"
RETRY_AFTER = "5"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a failed request is told."""

    status: int
    code: str
    message: str


def _is_disk_full(error: BaseException | None) -> bool:
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    if isinstance(error, DatabaseError):
        return "disk is full" in str(error) or getattr(error.__cause__, "sqlstate", "") == DISK_FULL
    return False


def trouble_of(error: BaseException | None) -> Trouble:
    """What an exception means for whoever sent the request."""
    if _is_disk_full(error):
        words = sentence(Refused("foundation.disk.read_only", free=disk.space().megabytes))
        return Trouble(503, "foundation.disk.read_only", words)
    if isinstance(error, (OperationalError, InterfaceError)):
        text = _("The database did not answer in time. Nothing was saved; try again in a moment")
        return Trouble(503, "foundation.database.busy", text)
    return Trouble(500, "foundation.program.wrong", _("Something in the program went wrong. Nothing was saved"))


def answer(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """The trouble in the shape that was asked for; needs neither the database nor a viewer."""
    if request.path.startswith("/api/"):
        return problem_json(trouble.status, trouble.code, trouble.message)
    number = getattr(request, "number", "") if trouble.status >= 500 else ""
    context = {"status_code": trouble.status, "code": trouble.code, "message": trouble.message, "number": number}
    if request.headers.get("HX-Request"):
        response = fragment(request, "ui/_problem.html", status=trouble.status, **context)
        response.headers["HX-Retarget"] = "#notice"
        response.headers["HX-Reswap"] = "innerHTML"
    else:
        response = fragment(request, "ui/error.html", status=trouble.status, **context)
    response.headers["X-Problem"] = trouble.code
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500."""
    trouble = trouble_of(sys.exc_info()[1])
    try:
        response = answer(request, trouble)
    except Exception:
        log.exception("even the error page failed")
        response = HttpResponse(trouble.message, status=trouble.status, content_type="text/plain; charset=utf-8")
    if trouble.status == 503:
        response.headers["Retry-After"] = RETRY_AFTER
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404: an address that does not exist answers as a thing that is not there for this viewer.

    One that was typed with a slash too many or too few leads to the page that was meant.
    """
    del exception
    meant = request.path.rstrip("/") + ("" if request.path.endswith("/") else "/")
    if request.method in ("GET", "HEAD") and request.path != meant and is_valid_path(meant):
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(escape_leading_slashes(iri_to_uri(meant)) + (f"?{query}" if query else ""))
    words = _("That is not here, or not for this store")
    return answer(request, Trouble(404, "foundation.access.not_found", words))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400: the request itself is malformed."""
    del exception
    return answer(request, Trouble(400, "foundation.form.unreadable", _("This request cannot be read")))


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token, usually from a page opened before the last sign-in."""
    log.info("form without a valid token", reason=reason)
    if request.headers.get("HX-Request"):
        words = _("This page is too old to be sent. Load it again; what you typed can be copied from here")
    else:
        words = _("This page was too old and was not sent. Go back, copy what you typed, load it again and send")
    return answer(request, Trouble(403, "foundation.form.stale", words))
