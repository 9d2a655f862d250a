"""The middleware that answers refusals, missing rights and missing things, once for all pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from cheyi.foundation import refusals
from cheyi.foundation.acts import act, audit
from cheyi.foundation.pages.answers import fragment, screen
from cheyi.foundation.pages.doors import NoRight
from cheyi.foundation.pages.numbers import MOST_DIGITS
from cheyi.kernel import Refused


class RefusalMiddleware:
    """422 for a refusal, 403 for a missing right, 404 for what is not there for this viewer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; only exceptions are handled here."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _arguments: object, named: Mapping[str, object]
    ) -> HttpResponse | None:
        """An id of more digits than a table counts names nothing, wherever it would be looked up."""
        if any(isinstance(one, int) and len(str(one)) > MOST_DIGITS for one in named.values()):
            return self.process_exception(request, Http404(request.path))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer for our own exceptions; others stay errors."""
        if isinstance(exception, Refused):
            left_out = str(exception.facts.get("places", ""))
            words = refusals.sentence(exception)
            way = refusals.way_out(exception.code, getattr(request, "viewer", None))
            return problem(request, 422, exception.code, words, field=exception.field, left_out=left_out, way=way)
        if isinstance(exception, NoRight):
            _record(request, "foundation.access.refused", exception.permission)
            words, who = _("Your role does not include this"), _("Ask the manager, or the administrator for the right")
            return problem(request, 403, "foundation.access.no_right", words, who=who)
        if isinstance(exception, (Http404, ObjectDoesNotExist)):
            _record(request, "foundation.access.not_found", request.path)
            return problem(request, 404, "foundation.access.not_found", _("That is not here, or not for this store"))
        return None


@act
def _record(request: HttpRequest, code: str, what: str) -> None:
    viewer = getattr(request, "viewer", None)
    if viewer is not None:
        audit(viewer, code, None, what=what, now=request.now)  # type: ignore[attr-defined]


def problem(
    request: HttpRequest,
    status: int,
    code: str,
    message: str,
    *,
    field: str = "",
    who: str = "",
    left_out: str = "",
    way: refusals.WayOut | None = None,
) -> HttpResponse:
    """An error in the shape that was asked for: problem JSON, a fragment beside the form, or a page; ``who`` can help.

    ``left_out`` are the places of those files of the field that cannot be kept: the browser takes them out. ``way`` leads to
    the page that mends it.
    """
    if request.path.startswith("/api/"):
        return problem_json(status, code, message, fields={field: message} if field else {})
    if request.headers.get("HX-Request"):
        said = {"code": code, "message": message, "field": field, "who": who, "left_out": left_out, "way": way}
        answer = fragment(request, "ui/_problem.html", status=status, **said)
        answer.headers["HX-Retarget"] = "#notice"
        answer.headers["HX-Reswap"] = "innerHTML"
    else:
        said = {"code": code, "message": message, "who": who, "way": way}
        answer = screen(request, "ui/error.html", status=status, status_code=status, **said)
    answer.headers["X-Problem"] = code
    return answer


def problem_json(status: int, code: str, message: str, *, fields: dict[str, str] | None = None) -> JsonResponse:
    """The one problem schema of the API: status, code, message in the asked language, fields."""
    body = {"status": status, "code": code, "message": message, "fields": fields or {}}
    return JsonResponse(body, status=status, content_type="application/problem+json")
