"""How a verb or a question becomes an address: the same permissions, scopes, idempotency and refusals as pages have."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.utils import check_csrf

from cheyi.foundation import refusals
from cheyi.foundation.access import Viewer
from cheyi.foundation.acts import to_undo
from cheyi.foundation.api.reading import StrictParser
from cheyi.foundation.api.wording_shapes import place, sentence
from cheyi.foundation.pages.doors import Door, NoRight
from cheyi.foundation.pages.once import once
from cheyi.foundation.scope import using
from cheyi.foundation.web.refusing import problem_json
from cheyi.foundation.web.viewers import viewer_by_token
from cheyi.kernel import Refused

JSON, FORM = "application/json", "multipart/form-data"
APPROVER = "Approver-Token"
Before = Callable[[Any, dict[str, Any]], None]


class Problem(Schema):
    """The one shape of every error."""

    status: int
    code: str
    message: str
    fields: dict[str, str]


PROBLEMS = dict.fromkeys((400, 401, 403, 404, 413, 415, 422, 503), Problem)
ASKED_PROBLEMS = dict.fromkeys((400, 401, 403, 404, 422, 503), Problem)


def signed_in(request: HttpRequest) -> Any:
    """The viewer by session or bearer token, or nothing."""
    return getattr(request, "viewer", None)


def make_api(version: str) -> NinjaAPI:
    """The API object with our error shape on every failure."""
    api = NinjaAPI(
        title="Cheyi",
        version=version,
        auth=signed_in,
        docs_url=None,
        openapi_url="/openapi.json",
        parser=StrictParser(),
    )

    @api.exception_handler(AuthenticationError)
    def no_viewer(request: HttpRequest, error: Any) -> HttpResponse:
        return problem_json(401, "foundation.account.unknown", _("Sign in, or send a token"))

    @api.exception_handler(ValidationError)
    def bad_shape(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = {place(one): sentence(one) for one in error.errors}
        said = "; ".join(f"{name} {text}".strip() for name, text in fields.items())
        message = _("Something in the call does not fit: %(fields)s") % {"fields": said}
        return problem_json(422, "foundation.form.invalid", message, fields=fields)

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Exception) -> HttpResponse:
        return problem_json(404, "foundation.access.not_found", _("That is not here, or not for this store"))

    @api.exception_handler(HttpError)
    def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem_json(
            error.status_code, "foundation.form.unreadable", refusals.sentence(Refused("foundation.form.unreadable"))
        )

    return api


def verb(
    router: Router,
    path: str,
    *,
    permission: str,
    response: type[Schema],
    approver: bool = False,
    before: Before | None = None,
) -> Callable[..., Any]:
    """Register ``POST path`` for a verb: permission, scope, one effect per ``Idempotency-Key``.

    The function takes (request, path arguments, body) and returns an instance or attributes of ``response``. With
    ``approver`` the description names the header of a second person (``second_person`` reads it). ``before`` works on
    uploaded files before the transaction begins; it gets the request and the arguments.
    """

    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            _csrf(request)
            with using(request.viewer.scope):
                if before is not None:
                    before(request, kwargs)
                call = functools.partial(_as_json, function, response, request, *args, **kwargs)
                return once(request, call, owner=f"user:{request.viewer.user_id}")

        run.__signature__ = inspect.signature(function, eval_str=True)  # type: ignore[attr-defined]
        answers = {200: response, **PROBLEMS}
        extra = _headers(approver=approver)
        registered = router.post(path, auth=_may(permission), response=answers, by_alias=True, openapi_extra=extra)(run)
        run.door = Door("permission", permission, methods=frozenset({"POST"}))  # type: ignore[attr-defined]
        run.media = FORM if before is not None else JSON  # type: ignore[attr-defined]
        return registered

    return wrap


def question(router: Router, path: str, *, permission: str, response: Any) -> Callable[..., Any]:
    """Register ``GET path``: permission and scope."""

    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(request: Any, *args: Any, **kwargs: Any) -> Any:
            with using(request.viewer.scope):
                return function(request, *args, **kwargs)

        run.__signature__ = inspect.signature(function, eval_str=True)  # type: ignore[attr-defined]
        registered = router.get(path, auth=_may(permission), response={200: response, **ASKED_PROBLEMS})(run)
        run.door = Door("permission", permission, methods=frozenset({"GET"}))  # type: ignore[attr-defined]
        return registered

    return wrap


def second_person(request: Any) -> Viewer | None:
    """Who agrees to what one person may not do alone: the owner of the token in the header, or None without one.

    Raises Refused ``foundation.account.unknown_approver`` for a token that is worthless, or of another store.
    """
    text = request.headers.get(APPROVER, "").strip()
    if not text:
        return None
    found = viewer_by_token(text, request.now)
    if found is None or found[1].pk != request.store.pk:
        raise Refused("foundation.account.unknown_approver", field="approver")
    return found[0]


def _may(permission: str) -> Callable[[HttpRequest], Any]:
    """The door, asked before the call is read: nobody 401, without the right 403."""

    def door(request: HttpRequest) -> Viewer | None:
        viewer: Viewer | None = signed_in(request)
        if viewer is not None and not viewer.may(permission):
            raise NoRight(permission)
        return viewer

    return door


def _csrf(request: Any) -> None:
    if not getattr(request, "_dont_enforce_csrf_checks", False) and check_csrf(request) is not None:
        raise NoRight("foundation.form.csrf")


def _as_json(
    function: Callable[..., Any], shape: type[Schema], request: Any, *args: Any, **kwargs: Any
) -> HttpResponse:
    answer = shape.model_validate(function(request, *args, **kwargs), from_attributes=True)
    response = HttpResponse(answer.model_dump_json(by_alias=True), content_type=JSON)
    if (undoable := to_undo()) is not None:
        response.headers["X-Undo"] = str(undoable.uid)
    return response


def _headers(*, approver: bool) -> dict[str, Any]:
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "Your own name for this act; sent again it gives the kept answer and has no second effect",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    }
    second = {
        "name": APPROVER,
        "in": "header",
        "required": False,
        "description": "A token of the second person who agrees, where one person may not decide alone",
        "schema": {"type": "string", "maxLength": 100, "pattern": "^[!-~]+$"},
    }
    return {"parameters": [key, second] if approver else [key]}


__all__ = ["PROBLEMS", "Problem", "make_api", "question", "second_person", "signed_in", "verb"]
